"""What holds of the advice on any workload."""

import os
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scaffold.advise.advice import advise
from scaffold.advise.options import OPTIONS
from scaffold.advise.workload import LARGEST_MEMORY, LONGEST_RUN, Workload, workload_from
from scaffold.answers.problems import AnswersError
from scaffold.answers.sources import Source, merge
from scaffold.cost.prices import load_prices
from tests.cost.tables import value_of
from tests.support.rendering import project

EXAMPLES = int(os.environ.get("PROPERTY_EXAMPLES", "150"))
PRICES = load_prices()

searched = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)

rates = st.sampled_from(["0.0001", "0.01", "1", "12.5", "300", "20000", "1000000"]).map(Decimal)
seconds = st.sampled_from(["0.001", "0.2", "30", "899", "900", "901", "86400", "604800", "31622401"]).map(Decimal) | (
    st.just(Decimal(LONGEST_RUN))
)
REQUIRED: dict[str, st.SearchStrategy[Any]] = {
    "traffic": st.sampled_from(["steady", "spiky"]),
    "requests_per_second": rates,
    "run_seconds": seconds,
    "memory_mb": st.sampled_from([1, 128, 2048, 10_240, 10_241, 32_768, 40_000, 122_880, 122_881, LARGEST_MEMORY]),
    "protocol": st.sampled_from(["request", "event", "stream", "batch"]),
}
OTHERS: dict[str, st.SearchStrategy[Any]] = {
    "peak_per_second": rates,
    "busy_seconds": seconds,
    "vcpus": st.sampled_from(["0.001", "0.5", "1", "64"]).map(Decimal),
    "payload_mb": st.sampled_from(["0.001", "1", "1.5", "6", "7", "5000"]).map(Decimal),
    "p95_ms": st.sampled_from([1, 250, 1500, 60_000]),
    "state": st.sampled_from(["none", "workflow", "disk"]),
    "gpu": st.booleans(),
    "kubernetes": st.booleans(),
    "packaging": st.sampled_from(["container", "function"]),
    "arch": st.sampled_from(["arm64", "x86_64"]),
    "region": st.sampled_from(["us-east-1", "eu-central-1", "il-central-1", "us-gov-west-1"]),
}


@st.composite
def workloads(draw: st.DrawFn) -> Workload:
    facts = draw(st.fixed_dictionaries(REQUIRED, optional=OTHERS))
    for part, whole in (("busy_seconds", "run_seconds"), ("requests_per_second", "peak_per_second")):
        if part in facts and whole in facts:
            facts[part], facts[whole] = sorted((facts[part], facts[whole]))
    if facts.get("gpu"):
        facts.pop("arch", None)
    return workload_from(merge([Source(facts, "test")]))


@searched
@given(workloads())
def test_something_is_recommended_and_never_what_cannot_do_it(workload: Workload) -> None:
    advice = advise(workload, PRICES)
    judged = {each.option: each for each in advice.options}
    assert set(judged) == set(OPTIONS)
    assert judged[advice.recommended].possible
    assert advice.options[0].option is advice.recommended
    assert advice.why


@searched
@given(workloads())
def test_what_can_do_it_has_a_price_or_says_why_not_and_what_cannot_says_why(workload: Workload) -> None:
    for each in advise(workload, PRICES).options:
        if not each.possible:
            assert each.estimate is None
            assert any(reason.effect == "no" and reason.text for reason in each.reasons)
            continue
        assert each.estimate is not None
        assert each.estimate.assumptions
        cost = each.estimate.cost
        assert cost is None or (cost.usd > 0 and not cost.unpriced), each
        for line in cost.lines if cost else ():
            assert abs(value_of(line.formula) - line.usd) <= abs(line.usd) * Decimal("1e-20"), line


@searched
@given(workloads())
def test_the_answers_of_every_option_are_answers(workload: Workload) -> None:
    advice = advise(workload, PRICES)
    for each in advice.options:
        if each.possible:
            settings_of_it = replace(advice, recommended=each.option).settings
            resolved = project("lmi.max_vcpu_count=64", *settings_of_it)  # the cap is for the wizard to ask (L3)
            assert resolved.environments[0].capacity == [each.option.capacity]


@searched
@given(workloads(), st.sampled_from([Decimal(2), Decimal(10)]))
def test_more_of_the_same_never_costs_less(workload: Workload, times: Decimal) -> None:
    peak = workload.peak * times
    more = workload.model_copy(
        update={"requests_per_second": workload.requests_per_second * times, "peak_per_second": peak}
    )
    same = workload.model_copy(update={"peak_per_second": workload.peak})
    before, after = ({each.option: each for each in advise(one, PRICES).options} for one in (same, more))
    for option in OPTIONS:
        less, much = before[option].estimate, after[option].estimate
        if less and much and less.cost and much.cost:
            assert much.cost.usd >= less.cost.usd * Decimal("0.999"), option


@searched
@given(
    st.dictionaries(st.sampled_from([*REQUIRED, *OTHERS, "memory"]), st.sampled_from(["", "x", -1, 0, None, True, []]))
)
def test_whatever_is_wrong_is_said_by_the_fact(facts: dict[str, Any]) -> None:
    with pytest.raises(AnswersError) as error:
        workload_from(merge([Source(facts, "test")]))
    assert set(REQUIRED) - set(facts) <= {problem.path for problem in error.value.problems}
    assert all(problem.message and problem.mend for problem in error.value.problems)
