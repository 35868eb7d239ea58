"""N8: resolver query logs, where there are any, are each environment's own, and not for everyone to read.

Whether there are any is a choice: the VPC that keeps none keeps the opinion, and it says so.
"""

import re
from collections.abc import Iterator, Sequence

from scaffold.evaluate.root import Instance, Root
from scaffold.evaluate.values import Joined, Symbol
from scaffold.facts import Facts
from scaffold.facts.network import Network
from scaffold.opinions.judging import broken, kept, unknown
from scaffold.opinions.opinion import Judgement, Opinion

_CONFIG, _ASSOCIATION = "aws_route53_resolver_query_log_config", "aws_route53_resolver_query_log_config_association"
_LOG_GROUP = re.compile(r"arn:[\w-]+:logs:")


def _judge(facts: Facts) -> Iterator[Judgement]:
    for root in facts.repository.roots:
        for config in root.of(_CONFIG):
            found = [*_joined(root, config), *_readers(root, config), *_shared(facts.repository.roots, root, config)]
            yield from found
            if not found:
                yield kept(f"{config.address} logs the queries of one environment to a log of its own.", config.place)
    for network in facts.networks:
        yield from _absent(network)


def _absent(network: Network) -> Iterator[Judgement]:
    if not any(network.root.of(_CONFIG, _ASSOCIATION)):
        yield kept(f"{network.vpc.address} keeps no resolver query logs.", network.vpc.place)


def _joined(root: Root, config: Instance) -> Iterator[Judgement]:
    """Judge whether any VPC's queries are logged."""
    of = [root.find(each.get("resolver_query_log_config_id")) for each in root.of(_ASSOCIATION)]
    if config in of:
        return
    doubt = next((f"{each.what} {each.reason}" for each in root.unread), "")
    if None in of or doubt:
        yield unknown(f"It cannot be evaluated whether {config.address} is joined to a VPC.", config.place)
    else:
        yield broken(f"{config.address} is joined to no VPC, so it logs nothing.", config.place, f"Add {_ASSOCIATION}.")


def _readers(root: Root, config: Instance) -> Iterator[Judgement]:
    """Judge the log group; buckets and streams have rights and encryption of their own."""
    group = root.find(config.get("destination_arn"))
    if group is None or group.type != "aws_cloudwatch_log_group" or group.data:
        return
    key, place = group.get("kms_key_id"), group.place_of("kms_key_id")
    if isinstance(key, Symbol | Joined) and root.find(key) is None:
        return  # A key of someone else's, but a key.
    if key in (None, ""):
        yield broken(
            f"{group.address} has no key of its own: whoever reads any logs of the account reads which names are "
            "asked for.",
            place,
            "Encrypt it with a KMS key (kms_key_id) whose policy names its readers.",
        )


def _shared(roots: Sequence[Root], root: Root, config: Instance) -> Iterator[Judgement]:
    """Judge whether production and another environment write to one log."""
    arn, place = config.get("destination_arn"), config.place_of("destination_arn")
    if isinstance(arn, str) and _LOG_GROUP.match(arn) and root.production is not None:
        others = (
            other
            for other in roots
            if other.production is (not root.production)
            and any(each.get("destination_arn") == arn for each in other.of(_CONFIG))
        )
        other = next(others, None)
        if other is not None:
            yield broken(f"{config.address} writes to one log group with {other.variables or other.path}.", place)


_GOOD = """\
resource "aws_route53_resolver_query_log_config" "main" {
  name            = "shop-prod"
  destination_arn = aws_cloudwatch_log_group.queries.arn
}

resource "aws_route53_resolver_query_log_config_association" "main" {
  resolver_query_log_config_id = aws_route53_resolver_query_log_config.main.id
  resource_id                  = aws_vpc.main.id
}

resource "aws_cloudwatch_log_group" "queries" {
  name              = "/vpc/shop-prod/queries"
  kms_key_id        = aws_kms_key.queries.arn
  retention_in_days = 365
}

resource "aws_kms_key" "queries" {
  enable_key_rotation = true
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}
"""

_BAD = """\
resource "aws_route53_resolver_query_log_config" "main" {
  name            = "shop"
  destination_arn = "arn:aws:logs:eu-central-1:111122223333:log-group:queries"
}

resource "aws_route53_resolver_query_log_config_association" "main" {
  resolver_query_log_config_id = aws_route53_resolver_query_log_config.main.id
  resource_id                  = aws_vpc.main.id
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}
"""

OPINION = Opinion(
    id="N8",
    title="Resolver query logs for each environment alone, in a log group that few can read.",
    why="Queries name everything a system talks to. In one log for all environments, whoever debugs development reads "
    "production's, and nobody can keep them for different times.",
    mend="Give each environment an aws_route53_resolver_query_log_config with a log group and a KMS key of its own.",
    source="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-query-logs.html",
    judge=_judge,
    good={"environments/prod/main.tf": _GOOD},
    bad={"environments/dev/main.tf": _BAD, "environments/prod/main.tf": _BAD},
)
