"""The price file, and the user's own over it."""

from decimal import Decimal
from pathlib import Path

import pytest

from scaffold.answers.usage import NOTHING_USED, UsageAnswers
from scaffold.cost.inventory import Inventory
from scaffold.cost.lines import cost_of
from scaffold.cost.prices import REFERENCE_REGION, PricesError, load_prices
from tests.cost.tables import line


def test_every_price_has_its_source_and_its_date():
    for region, prices in load_prices().regions.items():
        assert prices
        for price in prices.values():
            assert price.source.startswith("https://aws.amazon.com/")
            assert (price.region, price.date in ("2026-11-20", "2026-11-27")) == (region, True)


def own(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "prices.yaml"
    path.write_text(text)
    return path


def test_a_file_of_ones_own_replaces_what_it_says_and_nothing_else(tmp_path: Path):
    path = own(
        tmp_path,
        """\
date: 2027-01-31
hours_per_month: 730
regions:
  us-east-1:
    nat_gateway_hour: {usd: 0.05, source: "https://example.com/contract"}
    instances:
      z9.huge: {usd: 9, date: 2027-02-01}
  eu-central-1:
    date: 2027-01-15
    interface_endpoint_hour: {usd: 0.012}
""",
    )
    prices, shipped = load_prices(path), load_prices()
    here, there = prices.of(REFERENCE_REGION), prices.of("eu-central-1")
    assert prices.hours_per_month == 730
    assert (here["nat_gateway_hour"].usd, here["nat_gateway_hour"].date) == (Decimal("0.05"), "2027-01-31")
    assert here["nat_gateway_hour"].source == "https://example.com/contract"
    assert here["kms_key_month"] == shipped.of(REFERENCE_REGION)["kms_key_month"]
    huge = here.instance("z9.huge")
    assert huge is not None
    assert (huge.usd, huge.source, huge.date) == (Decimal(9), str(path), "2027-02-01")
    assert there["interface_endpoint_hour"].date == "2027-01-15"
    assert there["nat_gateway_hour"].region == REFERENCE_REGION


def test_a_table_of_two_regions_prices_says_which_lines_are_the_others(tmp_path: Path):
    prices = load_prices(own(tmp_path, "regions: {eu-central-1: {kms_key_month: {usd: 1.1}}}"))
    inventory = Inventory("prod", "eu-central-1", production=True, kms_keys=1, load_balancers=1)
    cost = cost_of(inventory, NOTHING_USED, prices)
    assert line(cost, "kms-keys").usd == Decimal("1.1")
    assert cost.basis.endswith("eu-central-1; us-east-1 for Load balancer")


def test_prices_without_a_date_are_not_in_the_dates(tmp_path: Path):
    prices = load_prices(own(tmp_path, "regions: {us-east-1: {kms_key_month: {usd: 1e-3}}}"))
    both = Inventory("prod", "us-east-1", production=True, kms_keys=1, load_balancers=1)
    assert cost_of(both, NOTHING_USED, prices).basis == "list prices of 2026-11-20, us-east-1"
    alone = Inventory("prod", "us-east-1", production=True, kms_keys=1)
    assert cost_of(alone, NOTHING_USED, prices).basis == "your own prices, undated, us-east-1"
    assert cost_of(alone, NOTHING_USED, prices).usd == Decimal("0.001")


@pytest.mark.parametrize("region", ["us-gov-east-1", "eusc-de-east-1", "ap-southeast-7"])
def test_regions_of_every_partition_may_have_prices(tmp_path: Path, region):
    prices = load_prices(own(tmp_path, f"regions: {{{region}: {{lmi_fee_share: {{usd: 1}}}}}}"))
    assert prices.of(region)["lmi_fee_share"].usd == 1


def test_an_instance_without_a_price_is_priced_once_there_is_one(tmp_path: Path):
    usage = UsageAnswers.model_validate({"instances": [{"type": "z9.huge", "count": 2}]})
    inventory = Inventory("prod", "us-east-1", production=True)
    assert cost_of(inventory, usage, load_prices()).unpriced
    prices = load_prices(own(tmp_path, "regions: {us-east-1: {instances: {z9.huge: {usd: 9}}}}"))
    cost = cost_of(inventory, usage, prices)
    assert (cost.usd, cost.unpriced) == (Decimal(2 * 9 * 720), ())


@pytest.mark.parametrize(
    ("text", "line_number", "says"),
    [
        ("- 1\n", None, "prices are a mapping, not a list. Write `hours_per_month: 730`, one entry to a line."),
        ("date: [", 2, "not YAML"),
        ("price: 1\n", 1, "price: is not known; a price file has date, hours_per_month and regions."),
        ("hours_per_month: many\n", 1, "hours_per_month: 'many' is no number of hours"),
        ("hours_per_month: 0\n", 1, "hours_per_month: 0 is no number of hours"),
        ("regions: []\n", 1, "regions: is not a mapping"),
        ("regions:\n  us-east-1: 1\n", 2, "regions.us-east-1: is not a mapping"),
        ("regions:\n  us-east-1:\n    nat_gateway_hours: {usd: 1}\n", 3, "Did you mean nat_gateway_hour?"),
        ("regions:\n  us-east-1:\n    kms_key_month: {usd: much}\n", 3, "much is no price in USD"),
        ("regions:\n  us-east-1:\n    kms_key_month: 0.045\n", 3, "is not a price with its source"),
        ("regions:\n  us-east-1:\n    kms_key_month: {usd: -1}\n", 3, "-1 is no price in USD"),
        ("regions:\n  us-east-1:\n    kms_key_month: {usd: nan}\n", 3, "nan is no price in USD"),
        ("regions:\n  us-east-1:\n    kms_key_month: {usd: 1e999999}\n", 3, "1e999999 is no price in USD"),
        ("regions:\n  us-east-1:\n    kms_key_month: {usd: true}\n", 3, "no price in USD"),
        ("regions:\n  us-east-1:\n    kms_key_month: {usd: 1_000}\n", 3, "1_000 is no price in USD"),
        ("regions:\n  us-east-1:\n    kms_key_month: {usd: 0.0000000000001}\n", 3, "is no price in USD"),
        ("regions:\n  us-east-1:\n    kms_key_month: {usd: 1e9}\n", 3, "1e9 is no price in USD"),
        (
            "regions:\n  us-east-1:\n    lmi_fee_share: {usd: 15}\n",
            3,
            "regions.us-east-1.lmi_fee_share: 15 is more than 1",
        ),
        ("regions:\n  us-east:\n    kms_key_month: {usd: 1}\n", 2, "regions.us-east: is no name of a region"),
        ("regions:\n  US-EAST-1: {}\n", 2, "regions.US-EAST-1: is no name of a region"),
        ("date: foo\n", 1, "date: 'foo' is no date such as 2027-01-31."),
        ("date: [1]\n", 1, "date: [1] is no date"),
        ("date:\n", 1, "date: None is no date"),
        ("regions:\n  us-east-1:\n    date: 2027-1-31\n", 3, "regions.us-east-1.date: '2027-1-31' is no date"),
        (
            "regions:\n  us-east-1:\n    kms_key_month: {usd: 1, date: soon}\n",
            3,
            "regions.us-east-1.kms_key_month.date: 'soon' is no date",
        ),
        ("regions:\n  us-east-1:\n    instances:\n      huge: {usd: 1}\n", 4, "huge: is no instance type"),
        ("regions:\n  us-east-1:\n    instances: 1\n", 3, "is not a mapping from instance types"),
    ],
)
def test_what_is_wrong_with_a_price_file_is_said_with_its_line(tmp_path: Path, text, line_number, says):
    path = own(tmp_path, text)
    with pytest.raises(PricesError) as error:
        load_prices(path)
    assert says in str(error.value)
    assert str(error.value).startswith(f"{path} line {line_number}" if line_number else str(path))


@pytest.mark.parametrize("kind", ["missing", "folder", "binary"])
def test_a_price_file_that_cannot_be_read_is_named(tmp_path: Path, kind):
    path = tmp_path / "prices.yaml"
    if kind == "folder":
        path.mkdir()
    elif kind == "binary":
        path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PricesError, match=r"prices\.yaml") as error:
        load_prices(path)
    assert "answers" not in str(error.value)
