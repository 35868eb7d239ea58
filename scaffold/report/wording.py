"""How the reports on a difference say what all of them say."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from scaffold.report.documents.diff import AttributeEntry, DiffDocument, ResourceEntry
from scaffold.report.documents.verification import OpinionEntry

if TYPE_CHECKING:
    from rich.text import Text

OPINIONS_IN_ORDER = ("broken", "unknown", "skipped", "kept")
"""What an opinion may say, the most pressing first."""

_LONGEST_VALUE = 200
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""What a terminal may obey, or shows in another order than it is written in; not a tab."""


def opinion_counts(opinions: Sequence[OpinionEntry]) -> str:
    """Return how many things each status was said of: `1 broken, 2 unknown, 30 kept`."""
    count: Counter[str] = Counter(opinion.status for opinion in opinions)
    return ", ".join(f"{count[status]} {status}" for status in OPINIONS_IN_ORDER if count[status]) or "none apply"


def price_line(opinion: OpinionEntry) -> str:
    """Return what breaking an opinion costs a month, or empty where that is not known."""
    if opinion.usd is None:
        return ""
    usd = Decimal(opinion.usd)
    says = f"Costs ${usd:,.2f} a month" if usd >= 0 else f"Mending it costs ${-usd:,.2f} a month more than it saves"
    return f"{says}: {opinion.formula}."


def place_of(file: str | None, line: int | None) -> str:
    """Return where something stands: `main.tf:7`, or as much of it as is known, or a dash."""
    return ":".join(str(part) for part in (file, line) if part) or "-"


def visible(text: str) -> str:
    """Return a text on one line, with what a terminal would obey and what no encoding has as backslashes and digits."""
    shown = _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
    return shown.encode("utf-8", "backslashreplace").decode()


def shown(part: "str | tuple[str, str] | Text") -> "str | tuple[str, str] | Text":
    """Return a part of a line that is printed, `visible`; what is a `Text` already is our own."""
    if isinstance(part, str):
        return visible(part)
    return (visible(part[0]), part[1]) if isinstance(part, tuple) else part


def visible_lines(text: str) -> str:
    """Return a text with each of its lines `visible`, and none that GitHub Actions would take for a command."""
    first, *others = map(visible, text.split("\n"))
    return "\n".join([first, *(re.sub(r"^(\s*):(?=:)", r"\1\\x3a", line) for line in others)])


def visible_json(text: str) -> str:
    """Return JSON that says the same, with what a terminal would obey written as JSON's own escapes."""
    return _CONTROL.sub(lambda found: found[0] if found[0] == "\n" else f"\\u{ord(found[0]):04x}", text)


def attribute_line(attribute: AttributeEntry) -> str:
    """Return what differs in an attribute, on one line: `path: rendered → there (file:line)`."""
    rendered, there = (_short(side) for side in (attribute.rendered, attribute.there))
    unknown = "" if attribute.known else " (not known; may be the same)"
    place = f" ({attribute.file}:{attribute.line})" if attribute.file else ""
    return f"{attribute.path}: {rendered} → {there}{place}{unknown}"


def _short(text: str | None) -> str:
    if text is None:
        return "not set"
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_VALUE else f"{line[: _LONGEST_VALUE - 1]}…"


def kept_ids(opinions: Iterable[OpinionEntry]) -> list[str]:
    """Return the ids of the opinions that everything they are about keeps, in their order."""
    statuses: dict[str, set[str]] = {}
    for opinion in opinions:
        statuses.setdefault(opinion.id, set()).add(opinion.status)
    return [key for key, found in statuses.items() if found == {"kept"}]


def with_lines(document: DiffDocument) -> Iterator[tuple[ResourceEntry, int | None]]:
    """Yield every resource that differs, with its line there; None where its file and line are the rendering's."""
    absent = {file.path for file in document.files if file.status == "missing"}
    for resource in document.resources:
        is_there = resource.status != "missing" and resource.file not in absent
        yield resource, resource.line if is_there else None
