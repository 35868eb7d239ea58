"""Reading the dated price file, and the user's own over it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from scaffold.answers.problems import AnswersError
from scaffold.answers.sources import Source, from_file
from scaffold.errors import ScaffoldError
from scaffold.resources import DATA

REFERENCE_REGION = "us-east-1"
"""The region whose prices stand in for those another lacks."""

LARGEST_USD = 1_000_000
"""No list price of AWS's is higher; one that is was mistyped."""

REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-[0-9]\Z")
"""What the name of an AWS region looks like, such as eu-west-1, us-gov-east-1 or eusc-de-east-1."""

_USD = re.compile(r"[0-9]+(\.[0-9]{1,12})?([eE][+-]?[0-9]{1,2})?\Z")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_SHARE = "_share"
_WORDS = (
    ("answers are", "prices are"),
    ("YAML file of answers", "YAML file of prices"),
    ("`name: platform`, one answer to a line", "`hours_per_month: 730`, one entry to a line"),
    ("the answer's name, such as `azs: 3`", "the entry's name, such as `hours_per_month: 730`"),
    ("than the answers do", "than the price file that is shipped does"),
)
"""What reading says of answers, and what it is to say of prices."""

_SHIPPED = DATA / "prices.yaml"
_INSTANCES = "instances"
_HOURS = (1, 8784)


class PricesError(ScaffoldError):
    """A price file is not as it should be; the text names the file, the line and the entry."""


@dataclass(frozen=True, slots=True)
class Price:
    """A list price.

    Attributes:
        usd: USD for the unit that the price's name ends in; of a `share`, the share of another price.
        region: the region it is of.
        date: when it was read, as YYYY-MM-DD; empty where a file of the user's own does not say.
        source: the address of the page it is from.
    """

    usd: Decimal
    region: str
    date: str
    source: str


@dataclass(frozen=True, slots=True)
class PriceTable:
    """The prices of one region, with those of the reference region where it has none of its own.

    Attributes:
        hours_per_month: how many hours make a month.
        prices: each price by its name; instance types by theirs, with the dot.
    """

    hours_per_month: int
    prices: Mapping[str, Price]

    def __getitem__(self, name: str) -> Price:
        """Return a price that every file has."""
        return self.prices[name]

    def instance(self, kind: str) -> Price | None:
        """Return the price of an instance type on demand for an hour, or None where nobody gave one."""
        return self.prices.get(kind) if "." in kind else None


@dataclass(frozen=True, slots=True)
class Prices:
    """List prices.

    Attributes:
        hours_per_month: how many hours make a month.
        regions: for each region, each price by its name, instance types among them.
    """

    hours_per_month: int
    regions: Mapping[str, Mapping[str, Price]]

    def of(self, region: str) -> PriceTable:
        """Return the prices that hold in a region; of one without prices, or an empty text, the reference region's."""
        return PriceTable(self.hours_per_month, {**self.regions[REFERENCE_REGION], **self.regions.get(region, {})})


@cache
def load_prices(path: Path | None = None) -> Prices:
    """Read the shipped price file, and another over it.

    Args:
        path: a file of the same form, of which every part may be left out; what it says replaces the shipped price.

    Raises:
        PricesError: a file cannot be read, or has an entry that is unknown or no price.
    """
    shipped = _read(_SHIPPED, frozenset())
    if path is None:
        return shipped
    own = _read(path, frozenset(name for name in shipped.regions[REFERENCE_REGION] if "." not in name))
    regions = {region: {**shipped.regions.get(region, {}), **prices} for region, prices in own.regions.items()}
    return Prices(own.hours_per_month or shipped.hours_per_month, {**shipped.regions, **regions})


def _read(path: Path, known: frozenset[str]) -> Prices:
    try:
        source = from_file(path)
    except AnswersError as error:
        problem = error.problems[0]
        text = f"{problem.message} {problem.mend}"
        for of_answers, of_prices in _WORDS:
            text = text.replace(of_answers, of_prices)
        raise PricesError(f"{problem.source or problem.path}: {text}") from None
    hours = source.data.get("hours_per_month", 0)
    if "hours_per_month" in source.data and (type(hours) is not int or not _HOURS[0] <= hours <= _HOURS[1]):
        raise _wrong(source, "hours_per_month", f"{hours!r} is no number of hours from {_HOURS[0]} to {_HOURS[1]}.")
    for key in source.data:
        if key not in ("date", "hours_per_month", "regions"):
            raise _wrong(source, str(key), "is not known; a price file has date, hours_per_month and regions.")
    regions = source.data.get("regions", {})
    if not isinstance(regions, Mapping):
        raise _wrong(source, "regions", "is not a mapping from regions to prices.")
    date = _date(source, "date", source.data, "")
    prices = {region: dict(_region(source, region, entries, date, known)) for region, entries in regions.items()}
    return Prices(hours, prices)


def _date(source: Source, path: str, entries: Mapping[str, Any], otherwise: str) -> str:
    if "date" not in entries:
        return otherwise
    date = entries["date"]
    if not isinstance(date, str) or not _DATE.match(date):
        raise _wrong(source, path, f"{date!r} is no date such as 2027-01-31.")
    return date


def _region(source: Source, region: str, entries: Any, date: str, known: frozenset[str]) -> Iterator[tuple[str, Price]]:
    path = f"regions.{region}"
    if not REGION.match(region):
        raise _wrong(source, path, f"is no name of a region such as {REFERENCE_REGION}.")
    if not isinstance(entries, Mapping):
        raise _wrong(source, path, "is not a mapping from names to prices.")
    read = _date(source, f"{path}.date", entries, date)
    for name, entry in entries.items():
        if name == "date":
            continue
        if name == _INSTANCES:
            if not isinstance(entry, Mapping):
                raise _wrong(source, f"{path}.{name}", "is not a mapping from instance types to prices.")
            for kind, price in entry.items():
                if "." not in kind:
                    raise _wrong(source, f"{path}.{name}.{kind}", "is no instance type such as m7g.large.")
                yield kind, _price(source, f"{path}.{name}.{kind}", price, region, read)
        elif known and name not in known:
            near = get_close_matches(name[:60], known, 1)
            mend = f"Did you mean {near[0]}?" if near else f"Known are {', '.join(sorted(known))} and {_INSTANCES}."
            raise _wrong(source, f"{path}.{name}", f"is no price that is used. {mend}")
        else:
            yield name, _price(source, f"{path}.{name}", entry, region, read)


def _price(source: Source, path: str, entry: Any, region: str, date: str) -> Price:
    mend = 'Write {usd: 0.045, source: "https://…"}.'
    if not isinstance(entry, Mapping) or "usd" not in entry or not set(entry) <= {"usd", "source", "date"}:
        raise _wrong(source, path, f"is not a price with its source. {mend}")
    text = str(entry["usd"])
    if not _USD.match(text) or (usd := Decimal(text)) > LARGEST_USD:
        raise _wrong(source, path, f"{text} is no price in USD. {mend}")
    if path.endswith(_SHARE) and usd > 1:
        raise _wrong(source, path, f"{text} is more than 1; it is a share of another price, such as 0.12.")
    read = _date(source, f"{path}.date", entry, date)
    return Price(usd, region, read, str(entry.get("source") or source.label))


def _wrong(source: Source, path: str, message: str) -> PricesError:
    return PricesError(f"{source.place(path)}: {path}: {message}")
