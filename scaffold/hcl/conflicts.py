"""Conflicts of a merge that are not resolved: both sides are read, and nothing in them is vouched for."""

from bisect import bisect_left

from scaffold.hcl.model import Problem


class Conflicts:
    """The conflicts of a text, by lines.

    Attributes:
        text: the text with its markers emptied, so that each line keeps its number.
    """

    def __init__(self, text: str) -> None:
        """Find the markers: `<<<<<<< `, `||||||| `, `=======`, `>>>>>>> `; the first or the last may be missing."""
        lines = text.split("\n")
        self._starts: list[int] = []
        self._ends: list[int] = []
        for number, line in enumerate(lines, 1):
            within = len(self._starts) > len(self._ends)
            if line.startswith("<<<<<<< ") and not within:
                self._starts.append(number)
            elif line.startswith(">>>>>>> "):
                if not within:
                    self._starts.append(number)
                self._ends.append(number)
            elif not (within and (line.startswith("||||||| ") or line.rstrip("\r") == "=======")):
                continue
            lines[number - 1] = ""
        if len(self._starts) > len(self._ends):
            self._ends.append(len(lines))
        self.text = "\n".join(lines) if self._starts else text

    def __bool__(self) -> bool:
        """Return whether there are any."""
        return bool(self._starts)

    def touch(self, start: int, end: int) -> bool:
        """Return whether one is in the lines from `start` to `end`, or around them."""
        at = bisect_left(self._ends, start)
        return at < len(self._starts) and self._starts[at] <= end

    def problems(self) -> list[Problem]:
        """Return what is to be told of them."""
        message = "There are unresolved conflict markers from here on; keep one side, and remove them."
        return [Problem(message, line, 1) for line in self._starts]
