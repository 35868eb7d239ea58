"""Lines that dependency bots change: a version in a place where a tool pins one.

Renovate and Dependabot raise the versions of actions, hooks, providers, modules, images and packages. Only such places
count: `kubernetes_version = "1.35"` is an answer, and `port = 8443` is no version at all.
"""

import re

_VERSION = r"v?\d+(?:\.\d+)*(?:[-+][0-9A-Za-z][0-9A-Za-z.+-]*)?"
_CONSTRAINT = r"(?:[~^<>=!]{0,2}\s*)"

_LONGEST_LINE = 500
"""Characters beyond which a line is no pin that a person wrote."""

# `pin` is what a bump replaces, `version` what orders it.
_PINS = tuple(
    re.compile(pattern)
    for pattern in (
        # GitHub Actions; a hash has its version in the comment behind it
        rf"\buses:\s*[\w./-]+@(?P<pin>(?P<version>{_VERSION})|[0-9a-f]{{40}}\s+#\s*(?P<named>{_VERSION}))\s*$",
        rf"\brev:\s*[\"']?(?P<pin>(?P<version>{_VERSION}))[\"']?\s*$",  # pre-commit
        rf"[?&]ref=(?P<pin>(?P<version>{_VERSION}))\"",  # modules from git
        rf"(?<![\w-])(?:required_)?version\s*=\s*\"{_CONSTRAINT}(?P<pin>(?P<version>{_VERSION}))\"",  # Terraform, TOML
        rf"\b(?:terraform|node|python|go|java|dotnet)[-_]version:\s*[\"']?{_CONSTRAINT}"
        rf"(?P<pin>(?P<version>{_VERSION}))[\"']?\s*$",
        rf"(?:\bimage:\s*|^\s*FROM\s+(?:--\S+\s+)?)[\"']?[\w.:/-]+:"
        rf"(?P<pin>(?P<version>{_VERSION})(?:@sha256:[0-9a-f]{{64}})?)[\"']?(?:\s+AS\s+\S+)?\s*$",
        rf"^\s*\"[@\w./-]+\":\s*\"{_CONSTRAINT}(?P<pin>(?P<version>\d+\.\d+\.\d+[-+.0-9A-Za-z]*))\",?\s*$",  # npm
        rf"<(?:[\w.-]+\.)?version>(?P<pin>(?P<version>{_VERSION}))</",  # Maven
        rf"<PackageReference\b[^>]*\bVersion=\"(?P<pin>(?P<version>{_VERSION}))\"",  # NuGet
        rf"^\s*[A-Za-z][\w.\[\]-]*\s*==\s*(?P<pin>(?P<version>{_VERSION}))\s*$",  # pip
        r"^\s*[a-z][\w-]*\s*=\s*\"(?P<pin>(?P<version>\d+\.\d+\.\d+))\"\s*$",  # Cargo
    )
)


def is_bump(old: str, new: str) -> bool:
    """Return whether two lines are the same but for the version that they pin."""
    before, after = _split(old), _split(new)
    return before is not None and after is not None and before[0] == after[0] and before[1] != after[1]


def higher(first: str, second: str) -> str:
    """Return the line of two that are each other's bump that pins the higher version; of equals, the first."""
    one, other = _split(first), _split(second)
    if one is None or other is None:
        return first
    return second if order(other[1]) > order(one[1]) else first


def _split(line: str) -> tuple[str, str] | None:
    """Return a line without its version, and the version; None where it pins none."""
    for pin in _PINS if len(line) <= _LONGEST_LINE else ():
        if match := pin.search(line):
            version = match["version"] or match["named"]
            return line[: match.start("pin")] + "\0" + line[match.end("pin") :].rstrip(), version
    return None


def order(version: str) -> tuple[tuple[int, ...], bool, str]:
    """Return what orders versions such as `v1.30-alpine`: the numbers, then a release above its previews."""
    numbers, dash, suffix = version.removeprefix("v").partition("-")
    found = [int(number[:18]) for number in re.findall(r"\d+", numbers)]
    while found and found[-1] == 0:
        found.pop()
    return tuple(found), not dash, suffix
