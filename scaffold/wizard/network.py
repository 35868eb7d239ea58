"""Questions about the network. They are about production; other environments get what is cheaper, where that works."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, get_args

from scaffold.answers.model import Answers
from scaffold.answers.network import EndpointProfile, Nat, query_logs
from scaffold.answers.project import Project
from scaffold.answers.sources import overlay
from scaffold.answers.usage import NOTHING_USED
from scaffold.blueprint import build
from scaffold.wizard.draft import Draft, nested
from scaffold.wizard.project import has_network
from scaffold.wizard.question import Kind, Option, Question

_NAT_ABOUT: Mapping[str, str] = {
    "per-az": "one in each AZ; an AZ that fails takes no other with it.",
    "single": "one for all AZs: a single point of failure, and traffic from the others pays by the GB.",
    "regional": "one that AWS keeps in every AZ; no public subnets.",
    "none": "no way out; AWS services through endpoints only.",
}

_PROFILE_ABOUT: Mapping[str, str] = {
    "none": "all traffic to AWS services takes the NAT, and pays by the GB.",
    "minimal": "ecr.dkr; with S3, which is free, that is where the gigabytes are.",
    "standard": "ecr.api, ecr.dkr, logs and sts.",
    "private": "all that the capacity needs without NAT.",
}

_SERVICES: Mapping[str, str] = {
    "ecr.api": "container registry, its API",
    "ecr.dkr": "container registry, images",
    "events": "EventBridge",
    "kms": "encryption keys",
    "logs": "CloudWatch Logs",
    "monitoring": "CloudWatch metrics",
    "secretsmanager": "secrets",
    "sns": "topics",
    "sqs": "queues",
    "ssm": "Systems Manager, parameters",
    "states": "Step Functions",
    "sts": "temporary credentials",
    "xray": "traces",
}
"""Services that are often wanted, by the last part of their endpoint's name; any other goes into the answers file.
Source: "AWS services that integrate with AWS PrivateLink", VPC user guide."""


def _monthly(answers: Answers, nat: Nat, endpoints: Sequence[str]) -> Decimal:
    """Return the fixed cost, in USD a month, of one environment's network alone."""
    network = answers.network.model_copy(
        update={"nat": nat, "endpoints": "none", "extra_endpoints": list(endpoints), "public_subnets": None}
    )
    alone = answers.model_copy(update={"network": network, "capacity": [], "usage": NOTHING_USED})
    return build(Project((alone,), {})).costs[0].usd


def _priced(usd: Decimal, about: str) -> str:
    return f"${usd:,.2f} a month; {about}"


def _nats(draft: Draft) -> Sequence[Option]:
    production = draft.production
    nothing = _monthly(production, "none", ())
    nats: tuple[Nat, ...] = get_args(Nat)
    return [Option(nat, _priced(_monthly(production, nat, ()) - nothing, _NAT_ABOUT[nat])) for nat in nats]


def _profiles(draft: Draft) -> Sequence[Option]:
    production = draft.production
    nothing = _monthly(production, "none", ())
    options = []
    for profile in get_args(EndpointProfile):
        network = production.network.model_copy(update={"endpoints": profile})
        services = production.model_copy(update={"network": network}).interface_endpoints
        usd = _monthly(production, "none", services) - nothing
        options.append(Option(profile, _priced(usd, _PROFILE_ABOUT[profile])))
    return options


def _more_services(draft: Draft) -> Sequence[Option]:
    production = draft.production
    nothing = _monthly(production, "none", ())
    usd = _monthly(production, "none", ("sqs",)) - nothing
    there = production.interface_endpoints
    return [Option(name, _priced(usd, f"{about}.")) for name, about in _SERVICES.items() if name not in there]


def _resolved_nat(question: Question, draft: Draft) -> Any:
    return draft.production.nat


def _resolved_profile(question: Question, draft: Draft) -> Any:
    return draft.production.endpoint_profile


def _resolved_query_logs(question: Question, draft: Draft) -> Any:
    return query_logs(draft.production)


def _query_logs(draft: Draft) -> Sequence[Option]:
    return [
        Option(True, "they tell afterwards which names a workload looked up; paid for by the GB."),
        Option(False, "which names it looked up cannot be told."),
    ]


def _for_production(
    elsewhere: Callable[[Answers, Any], Any],
) -> Callable[[Question, Draft, Any], Mapping[str, Any]]:
    """Return how an answer about production is written: for all environments, with what differs in the others."""

    def answers(question: Question, draft: Draft, value: Any) -> Mapping[str, Any]:
        environments = draft.environments
        shared = all(not each.production for each in environments)
        differing = {
            each.environment: {}
            if each.production or shared or elsewhere(each, value) == value
            else nested(question.path, elsewhere(each, value))
            for each in environments
        }
        return overlay(nested(question.path, value), {"environments": differing})

    return answers


def _cheaper_nat(answers: Answers, production: Any) -> Any:
    return "single" if production in ("per-az", "regional") else production


def _cheaper_profile(answers: Answers, production: Any) -> Any:
    return production if answers.nat == "none" else "none"


def _no_query_logs(answers: Answers, production: Any) -> Any:
    return False


def _no_more_services(answers: Answers, production: Any) -> Any:
    return production if answers.nat == "none" else []


QUESTIONS: tuple[Question, ...] = (
    Question(
        path="network.nat",
        prompt="NAT in production",
        why="How private subnets reach the internet; other environments get one NAT gateway, or none with none.",
        kind=Kind.ONE,
        options=_nats,
        proposal=_resolved_nat,
        when=has_network,
        answers=_for_production(_cheaper_nat),
    ),
    Question(
        path="network.endpoints",
        prompt="Interface endpoints in production",
        why="They keep traffic to AWS services off the NAT; other environments get them only without NAT.",
        kind=Kind.ONE,
        options=_profiles,
        proposal=_resolved_profile,
        when=has_network,
        answers=_for_production(_cheaper_profile),
    ),
    Question(
        path="network.extra_endpoints",
        prompt="More interface endpoints",
        why="For services your own code talks to a lot, or at all without NAT.",
        kind=Kind.MANY,
        options=_more_services,
        when=has_network,
        answers=_for_production(_no_more_services),
    ),
    Question(
        path="network.query_logs",
        prompt="Log DNS queries in production",
        why="To an encrypted log of its own; other environments have none.",
        kind=Kind.ONE,
        options=_query_logs,
        proposal=_resolved_query_logs,
        when=has_network,
        answers=_for_production(_no_query_logs),
    ),
)
