"""What holds of the cost of any answers, and that a rendering read back has what its answers said."""

import os
import re
from decimal import Decimal

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from scaffold.answers.problems import AnswersError
from scaffold.answers.project import resolve
from scaffold.answers.sources import Source, merge
from scaffold.answers.usage import NOTHING_USED, UsageAnswers
from scaffold.blueprint import inventory_of
from scaffold.cost.comparison import compare_costs
from scaffold.cost.inventory import FargateTasks, Inventory
from scaffold.cost.lines import cost_of, lines
from scaffold.cost.prices import load_prices
from scaffold.cost.reading import inventories_of
from scaffold.facts import facts_of
from scaffold.render import render
from scaffold.repository.reading import repository_of
from tests.cost.tables import value_of
from tests.render.answer_space import answers

EXAMPLES = int(os.environ.get("PROPERTY_EXAMPLES", "150"))
PRICES = load_prices()

searched = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)

amounts = st.decimals(0, 10_000, places=3)
counts = st.integers(0, 6)
architectures = st.sampled_from(["arm64", "x86_64"])
tasks = st.builds(
    FargateTasks,
    architectures,
    st.sampled_from([256, 512, 4096]),
    st.sampled_from([512, 1024, 30720]),
    counts,
    st.booleans(),
)


def inventories() -> st.SearchStrategy[Inventory]:
    nats = st.sampled_from(["per-az", "single", "regional", "none"])

    @st.composite
    def built(draw: st.DrawFn) -> Inventory:
        zones, nat = draw(st.integers(2, 6)), draw(nats)
        gateways = {"none": 0, "single": 1}.get(nat, zones)
        names = draw(st.lists(st.sampled_from(["sts", "logs", "ecr.api", "sqs"]), unique=True))
        return Inventory(
            environment="prod",
            region=draw(st.sampled_from(["us-east-1", "eu-north-1", ""])),
            production=True,
            azs=zones,
            nat=nat,
            nat_gateways=gateways,
            public_ipv4=gateways,
            s3_endpoint=draw(st.booleans()),
            interface_endpoints=tuple((name, zones) for name in sorted(names)),
            clusters=(clusters := draw(st.integers(0, 2))),
            auto_mode=draw(st.integers(0, clusters)),
            load_balancers=draw(counts),
            kms_keys=draw(counts),
            alarms=draw(counts),
            capacity_providers=tuple(draw(st.lists(architectures, max_size=2))),
            fargate=tuple(draw(st.lists(tasks, max_size=3))),
            ecs_instances=tuple(draw(st.lists(st.tuples(architectures, counts), max_size=2))),
            functions=tuple(draw(st.lists(architectures, max_size=2))),
            durable_functions=draw(counts),
            http_apis=draw(counts),
            state_machines=draw(counts),
        )

    return built()


OF_FUNCTIONS = (
    "api_requests_millions",
    "durable_operations_millions",
    "durable_gb_written",
    "durable_gb_retained",
    "state_transitions_millions",
)
usages = st.builds(
    lambda east, share, service, s3, internet, instances, requests, seconds, lcus, logs, more: (
        UsageAnswers.model_validate(
            {
                "east_west_tb": east,
                "crossing_share": share,
                "aws_service_tb": service,
                "s3_tb": s3,
                "internet_tb": internet,
                "instances": instances,
                "requests_millions": requests,
                "lambda_gb_seconds": seconds,
                "load_balancer_lcus": lcus,
                "logs_gb": logs,
                **more,
            }
        )
    ),
    amounts,
    st.none() | st.decimals(0, 1, places=2),
    amounts,
    amounts,
    amounts,
    st.lists(
        st.fixed_dictionaries(
            {"type": st.sampled_from(["m7g.large", "m6i.xlarge", "g6.xlarge", "z9.huge"]), "count": counts},
            optional={
                "hours": st.decimals(0, 720, places=1),
                "for": st.sampled_from(["self-managed", "eks-auto-mode", "ecs-managed-instances"]),
            },
        ),
        max_size=3,
    ),
    amounts,
    amounts,
    amounts,
    amounts,
    st.fixed_dictionaries({}, optional=dict.fromkeys(OF_FUNCTIONS, amounts)),
)
FLEET = re.compile(r"(lmi|ecs)-fleet")
TRAFFIC = (
    "east_west_tb",
    "aws_service_tb",
    "s3_tb",
    "internet_tb",
    "requests_millions",
    "load_balancer_lcus",
    "logs_gb",
    *OF_FUNCTIONS,
)


@searched
@given(inventories(), usages)
def test_every_formula_gives_its_figure(inventory: Inventory, usage: UsageAnswers) -> None:
    found = lines(inventory, usage, PRICES)
    for each in found:
        assert abs(value_of(each.formula) - each.usd) <= abs(each.usd) * Decimal("1e-20"), each
    assert len({each.id for each in found}) == len(found)


@searched
@given(inventories(), usages)
def test_without_usage_only_what_is_fixed_is_paid(inventory: Inventory, usage: UsageAnswers) -> None:
    assert {each.kind for each in lines(inventory, NOTHING_USED, PRICES)} <= {"fixed"}
    fleet = {each.id for each in lines(inventory, NOTHING_USED, PRICES) if FLEET.match(each.id)}
    used = {each.id for each in lines(inventory, usage, PRICES) if each.kind == "fixed"}
    assert used | fleet == {each.id for each in lines(inventory, NOTHING_USED, PRICES)}


@searched
@given(inventories(), usages, st.sampled_from(TRAFFIC), amounts)
def test_more_traffic_never_costs_less(inventory: Inventory, usage: UsageAnswers, what: str, more: Decimal) -> None:
    grown = usage.model_copy(update={what: getattr(usage, what) + more})
    assert cost_of(inventory, grown, PRICES).usd >= cost_of(inventory, usage, PRICES).usd


@searched
@given(st.integers(2, 5), st.sampled_from(["per-az", "single", "regional"]), st.integers(0, 5), amounts)
def test_another_az_and_another_endpoint_never_cost_less(azs: int, nat: str, endpoints: int, traffic: Decimal) -> None:
    def usd(zones: int, services: int) -> Decimal:
        gateways = 1 if nat == "single" else zones
        inventory = Inventory(
            environment="prod",
            region="us-east-1",
            production=True,
            azs=zones,
            nat=nat,
            nat_gateways=gateways,
            public_ipv4=gateways,
            interface_endpoints=tuple((f"s{number}", zones) for number in range(services)),
        )
        usage = UsageAnswers.model_validate({"east_west_tb": traffic, "internet_tb": traffic})
        return cost_of(inventory, usage, PRICES).usd

    assert usd(azs + 1, endpoints) >= usd(azs, endpoints)
    assert usd(azs, endpoints + 1) > usd(azs, endpoints)


@searched
@given(inventories(), usages)
def test_a_set_of_answers_compared_with_itself_differs_in_no_line(inventory: Inventory, usage: UsageAnswers) -> None:
    cost = cost_of(inventory, usage, PRICES)
    compared = compare_costs([cost], [cost])
    assert len(compared) == len(cost.lines)
    assert all(each.difference == 0 for each in compared)


@settings(searched, max_examples=max(1, EXAMPLES // 5))
@given(answers())
def test_a_rendering_read_back_has_what_its_answers_said(data: dict[str, object]) -> None:
    try:
        project = resolve(merge([Source(data, "test")]))
    except AnswersError:
        assume(False)
        raise
    rendering = render(project)
    said = {each["name"]: inventory_of(each) for each in rendering.blueprint.environments}
    read = {each.environment: each for each in inventories_of(facts_of(repository_of(rendering.files)))}
    assert read == said
