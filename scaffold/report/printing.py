"""A console by which nothing from outside reaches a terminal that it would obey, whatever it is printed as."""

from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from scaffold.report.wording import visible


class PlainConsole(Console):
    """A console that prints control characters as backslashes and digits, but for its own and line feeds."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Yield what is printed of something."""
        for segment in super().render(renderable, options):
            if segment.control or segment.text.isprintable():
                yield segment
            else:
                yield Segment("\n".join(map(visible, segment.text.split("\n"))), segment.style)
