"""Regular expressions that a repository brings: those that Python reads as Go does, and only in bounded time.

Go's take linear time whatever they are; Python's go back and try again, and a few letters can take it for ever.
"""

import re

from scaffold.evaluate.arguments import UnknownError

MAX_WORK = 500_000
"""How many steps a search may take, at worst."""

_LONGEST = 200
# What Go's and Python's regular expressions agree about.
_SIMPLE = re.compile(
    r"(?:[\w\s\-:/,;@=!<>'\"#&~`%.]|\\[dws.\-/+*?^$()\[\]{}|\\]|\[\^?[^\]\[\\&|~]+\]|[+*?^$]|\{\d{1,3}(?:,\d{0,3})?\}|\((?!\?)|\)|\|)*\Z"
)
_TOKEN = re.compile(r"\\.|\[[^\]]*\]|(?P<times>[+*?]|\{[\d,]*\})|(?P<bracket>[(|)])|.", re.DOTALL)


def pattern_of(pattern: str, subject: str) -> re.Pattern[str]:
    """Return a regular expression to be searched for in a text.

    Raises:
        UnknownError: Python reads it otherwise than Go does, or may take more than `MAX_WORK` steps.
    """
    if len(pattern) > _LONGEST or not _SIMPLE.match(pattern) or work_of(pattern, subject) > MAX_WORK:
        raise UnknownError
    try:
        # `$` is the very end in Go, and `\d`, `\w`, `\s` are of ASCII alone.
        return re.compile(re.sub(r"(?<!\\)\$", r"\\Z", pattern), re.ASCII)
    except re.error as error:
        raise UnknownError from error


def work_of(pattern: str, subject: str) -> int:
    """Return how many steps a search takes at worst, and no less than one more than `MAX_WORK` where it is too many.

    Each place to begin at, each repetition and each alternative multiplies them. What is repeated and can itself match
    in several ways takes exponentially many.
    """
    size = len(subject) + 1
    work = 1 if pattern.startswith("^") and "|" not in pattern else size
    varied = [False]  # for each bracket that is open, whether what is in it can match in several ways
    closed = False  # whether what was just closed could
    for token in _TOKEN.finditer(pattern):
        times, bracket = token["times"], token["bracket"]
        if times:
            if closed and times != "?":
                return MAX_WORK + 1
            varied[-1] |= not times[1:-1].isdigit()
            work *= _ways(times, size)
        elif bracket == "(":
            varied.append(False)
        elif bracket == "|":
            varied[-1] = True
            work *= 2
        closed = bracket == ")" and len(varied) > 1 and varied.pop()
        varied[-1] |= closed
        if work > MAX_WORK:
            return MAX_WORK + 1
    return work


def _ways(times: str, size: int) -> int:
    """Return in how many ways something can be repeated: `*`, `?`, `{3}`, `{1,3}`."""
    if times == "?":
        return 2
    least, comma, most = times[1:-1].partition(",")
    if times[0] == "{" and not comma:
        return 1
    return min(size, int(most or size) - int(least or 0) + 1) if times[0] == "{" else size
