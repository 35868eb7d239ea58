"""The usage of an environment: numbers as people write them, exact, and none that cannot be meant."""

import re
from decimal import Decimal
from pathlib import Path

import jsonschema
import pytest

from scaffold.answers.problems import AnswersError
from scaffold.answers.project import resolve
from scaffold.answers.schema import answers_schema
from scaffold.answers.sources import Source, from_text, merge
from tests.support.rendering import LEAST, project

DOCS = Path(__file__).parent.parent.parent / "docs"


@pytest.mark.parametrize("text", ["0", "10", "0.5", '"0.5"', "0.1000", "123456789.123"])
def test_a_number_is_exactly_what_was_written(text: str) -> None:
    found = project(f"usage.east_west_tb={text}").environments[0].usage.east_west_tb
    assert isinstance(found, Decimal)
    assert found == Decimal(text.strip('"'))


@pytest.mark.parametrize(
    "text", ["much", "-1", "nan", "inf", "1e9", "1_000", "0x10", "true", "[1]", "{a: 1}", ".5", "1.", "٣", "9" * 40]
)
def test_what_is_no_amount_is_refused_with_what_would_be_one(text: str) -> None:
    with pytest.raises(AnswersError) as error:
        project(f"usage.east_west_tb={text}")
    (problem,) = error.value.problems
    assert problem.path == "usage.east_west_tb"
    assert "is not a number such as 2 or 0.5" in problem.message


def test_a_share_is_at_most_one_and_a_month_at_most_750_hours() -> None:
    for setting in ("usage.crossing_share=1.01", "usage.instances=[{type: m7g.large, count: 1, hours: 751}]"):
        with pytest.raises(AnswersError, match="is more than"):
            project(setting)


@pytest.mark.parametrize(
    ("member", "says"),
    [
        ("{count: 1}", "is required"),
        ("{type: m7g.large, count: -1}", "is less than 0"),
        ("{type: large, count: 1}", "does not have the form it needs"),
        (
            "{type: m7g.large, count: 1, for: ecs}",
            "is not one of eks-auto-mode, ecs-managed-instances, lambda-managed-instances, self-managed",
        ),
        ("{type: m7g.large, count: 1, purpose: self-managed}", "is not an answer"),
        ("m7g.large", "is not a mapping"),
    ],
)
def test_what_is_wrong_with_an_instance_is_said(member: str, says: str) -> None:
    with pytest.raises(AnswersError, match=re.escape(says)):
        project(f"usage.instances=[{member}]")


def test_the_usage_of_the_documentation_is_one_and_editors_accept_it() -> None:
    (block,) = re.findall(r"```yaml\n(usage:\n.*?)```", (DOCS / "cost.md").read_text(), re.DOTALL)
    source = from_text(block, "cost.md")
    usage = resolve(merge([Source(LEAST, "test"), source])).environments[0].usage
    assert (usage.crossing_share, usage.instances[0].purpose) == (Decimal("0.5"), "eks-auto-mode")
    jsonschema.validate({"usage": {"east_west_tb": 10, "crossing_share": 0.5}}, answers_schema())
    jsonschema.validate(dict(source.data), answers_schema())
