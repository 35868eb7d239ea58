"""Reading the dated price file."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

from scaffold.answers.document import read_document
from scaffold.errors import ScaffoldError
from scaffold.resources import DATA

REFERENCE_REGION = "us-east-1"


class PricesError(ScaffoldError):
    """A price file is not as it should be; the text names the file and the entry."""


@dataclass(frozen=True, slots=True)
class Prices:
    """List prices in USD.

    Attributes:
        date: when they were read, as in the file.
        hours_per_month: how many hours make a month.
        regions: for each region, each price by its name.
    """

    date: str
    hours_per_month: int
    regions: Mapping[str, Mapping[str, Decimal]]

    def region_for(self, region: str) -> str:
        """Return the region itself if it has prices, else the one whose prices stand in for it."""
        return region if region in self.regions else REFERENCE_REGION


@cache
def load_prices(path: Path = DATA / "prices.yaml") -> Prices:
    """Read a price file.

    Raises:
        PricesError: the file lacks an entry or has one that is no price.
    """
    data = read_document(path.read_text(encoding="utf-8"), str(path)).data
    try:
        regions = {
            region: {name: _usd(entry) for name, entry in entries.items()}
            for region, entries in data["regions"].items()
        }
        if REFERENCE_REGION not in regions:
            raise KeyError(REFERENCE_REGION)
        return Prices(str(data["date"]), int(data["hours_per_month"]), regions)
    except (KeyError, TypeError, AttributeError, ValueError, InvalidOperation) as error:
        raise PricesError(f"{path}: not a price file: {error!r}.") from None


def _usd(entry: Any) -> Decimal:
    usd = Decimal(str(entry["usd"]))
    if not usd.is_finite() or usd < 0:
        raise ValueError(f"{entry['usd']} is no price")
    return usd
