"""Draws `docs/render.svg`: a real run of `scaffold render`, as the terminal shows it. `python -m maintenance.picture`.

It is the run of a machine without Terraform, so that what the picture says does not depend on who draws it.
"""

import contextlib
import io
import os
import tempfile
from pathlib import Path

from rich.console import Console

from scaffold.answers.project import resolve
from scaffold.answers.sources import merge
from scaffold.pipeline import render_to
from scaffold.presets import find_preset
from scaffold.report.text import show_render
from scaffold.verify import Level

PICTURE = Path(__file__).parent.parent / "docs" / "render.svg"


def draw(picture: Path) -> None:
    """Render the preset `platform` with full verification and save what it prints as a picture."""
    console = Console(record=True, width=118, file=io.StringIO(), force_terminal=True)
    os.environ["PATH"] = ""
    picture = picture.resolve()
    project = resolve(merge([find_preset("platform").source]))
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        document = render_to(
            Path("platform"),
            project,
            level=Level.FULL,
            dry_run=False,
            force=False,
            progress=lambda _: None,
        )
        console.print("[bold]$ scaffold render platform --preset platform[/]", highlight=False)
        show_render(console, document)
    picture.write_text(console.export_svg(title="scaffold"), encoding="utf-8")


if __name__ == "__main__":
    draw(PICTURE)
