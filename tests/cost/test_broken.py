"""What broken opinions cost a month."""

import io
from decimal import Decimal
from pathlib import Path

import pytest
from rich.console import Console

from scaffold.answers.usage import UsageAnswers
from scaffold.cost.broken import price_of
from scaffold.cost.line import CostLine
from scaffold.cost.prices import load_prices
from scaffold.diff import diff
from scaffold.facts import facts_of
from scaffold.files import File
from scaffold.opinions.engine import judge
from scaffold.report.diff_text import show_diff
from scaffold.report.markdown import to_markdown
from scaffold.repository.reading import repository_of
from tests.cost.tables import value_of
from tests.cost.test_reading import NETWORK
from tests.support.rendering import preset, project

CLUSTER = 'resource "aws_eks_cluster" "this" {\n  name = "x"\n  compute_config {\n    enabled = true\n  }\n}\n'
SERVICE = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "web:1"}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{port: 80}]
"""


def priced(usage: dict[str, object], **files: str) -> dict[str, CostLine]:
    facts = facts_of(repository_of([File(path.replace("__", "."), text) for path, text in files.items()]))
    said = UsageAnswers.model_validate(usage)
    return dict(price_of(judge(facts), facts, lambda _: said, load_prices()))


def test_a_single_nat_costs_what_crosses_to_it_less_the_nats_that_would_mend_it():
    found = priced({"internet_tb": 10}, main__tf=NETWORK)["N1"]
    # Half of 10 TB crosses; one more NAT with its address.
    assert found.usd == Decimal(50) - Decimal("32.40") - Decimal("3.60")
    assert value_of(found.formula) == found.usd


def test_at_little_traffic_mending_a_single_nat_costs_more_than_it_saves():
    assert priced({"internet_tb": 1}, main__tf=NETWORK)["N1"].usd < 0


def test_without_the_s3_endpoint_its_traffic_pays_the_nat():
    found = priced({"s3_tb": 2}, main__tf=NETWORK)["N2"]
    assert (found.usd, found.formula) == (Decimal(90), "2 TB x 1000 GB x $0.045/GB")


def test_an_interface_endpoint_for_s3_without_the_free_one_is_paid_for_nothing():
    paid = NETWORK.replace("eu-west-1.sts", "eu-west-1.s3")
    found = priced({}, main__tf=paid)["N3"]
    assert (found.usd, found.formula) == (Decimal("14.40"), "2 AZs x $0.01/h x 720 h")


def test_a_service_without_traffic_distribution_costs_what_crosses_azs():
    found = priced({"east_west_tb": 4}, main__tf=NETWORK + CLUSTER, web__yaml=SERVICE)["E13"]
    assert (found.usd, found.formula) == (Decimal(40), "4 TB x 1000 GB x 1/2 x $0.01/GB x 2 directions")


def test_without_usage_what_is_broken_by_traffic_has_no_price():
    assert priced({}, main__tf=NETWORK + CLUSTER, web__yaml=SERVICE) == {}


@pytest.mark.parametrize("name", ["platform", "network-only"])
def test_what_is_rendered_breaks_nothing_that_costs(name: str):
    facts = facts_of(repository_of(preset(name).files))
    usage = UsageAnswers.model_validate({"internet_tb": 9, "s3_tb": 9, "east_west_tb": 9})
    assert price_of(judge(facts), facts, lambda _: usage, load_prices()) == {}


def test_diff_prices_what_is_broken_at_its_first_place(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(NETWORK)
    answers = project("usage.s3_tb=2", "usage.internet_tb=1")
    opinions = diff(tmp_path, answers, only=["N1", "N2", "N4"]).document.opinions
    prices = {each.id: (each.usd, each.formula) for each in opinions if each.usd is not None}
    assert prices["N2"] == ("90.00", "2 TB x 1000 GB x $0.045/GB")
    # An answer says how the traffic takes the NAT: 2 TB to S3 for want of the endpoint, and 1 TB to the internet.
    assert prices["N1"][0] == "-21.00"
    assert all(each.status == "broken" for each in opinions if each.usd is not None)


def test_the_reports_say_what_is_broken_costs_or_that_mending_it_would(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(NETWORK)
    found = diff(tmp_path, project("usage.s3_tb=2", "usage.internet_tb=1"), only=["N1", "N2"])
    stream = io.StringIO()
    show_diff(Console(file=stream, width=200), found.document, found.files, stat=False)
    for text in (stream.getvalue(), to_markdown(found.document).replace("\\", "")):
        assert "Costs $90.00 a month: 2 TB x 1000 GB x $0.045/GB." in text
        assert "Mending it costs $21.00 a month more than it saves" in text
