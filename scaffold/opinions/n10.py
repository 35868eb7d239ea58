"""N10: a network without a way out has the endpoints that its workloads cannot do without."""

from collections.abc import Collection, Iterator, Sequence

from scaffold.answers.ecs import EcsAnswers
from scaffold.answers.lmi import LmiAnswers
from scaffold.answers.model import Answers, Capacity
from scaffold.evaluate.root import Instance
from scaffold.evaluate.values import Symbol, Value
from scaffold.facts import Facts
from scaffold.facts.addresses import several
from scaffold.facts.containers import pairs
from scaffold.facts.documents import step
from scaffold.facts.network import Network
from scaffold.opinions.judging import broken, kept, shown, unknown
from scaffold.opinions.networks import elsewhere
from scaffold.opinions.opinion import Judgement, Opinion


def _judge(facts: Facts) -> Iterator[Judgement]:
    for network in facts.networks:
        workloads = list(_workloads(facts, network))
        if workloads and network.nat_mode in ("none", "unknown"):
            yield _network(facts, network, workloads)


def _workloads(facts: Facts, network: Network) -> Iterator[tuple[Capacity, Instance]]:
    """Yield what runs in subnets without a way out, each as the capacity that the answers call it."""
    for cluster in facts.clusters:
        if cluster.root is network.root and _is_inside(network, cluster.subnet_ids):
            yield "eks-auto-mode", cluster.cluster
    for ecs in facts.ecs:
        for service in ecs.services:
            if ecs.root is network.root and _is_inside(network, service.subnets):
                yield "ecs", service.instance
    for workflow in facts.workflows:
        for state in workflow.tasks:
            if workflow.root is network.root and _is_inside(network, step(state.network, "Subnets")):
                yield "ecs", workflow.instance
    for provider in facts.capacity_providers:
        if provider.root is network.root and _is_inside(network, provider.subnets):
            yield "lambda-managed-instances", provider.instance


def _is_inside(network: Network, subnet_ids: Value) -> bool:
    subnets = [subnet for value in several(subnet_ids) if (subnet := network.subnet(value)) is not None]
    return bool(subnets) and all(subnet.role in ("isolated", "unknown") for subnet in subnets)


def _network(facts: Facts, network: Network, workloads: Sequence[tuple[Capacity, Instance]]) -> Judgement:
    _, first = workloads[0]
    there = {each.service for each in network.endpoints if each.instance.certain}
    missing = [service for service in ("s3", *_required(facts, network, workloads)) if service not in there]
    if not missing:
        return kept(f"{network.vpc.address} has no NAT, and every endpoint that {first.address} needs.", first.place)
    what = f"{', '.join(missing)}, which {first.address} cannot do without"
    if doubt := _doubt(facts, network, missing):
        return unknown(f"{network.vpc.address} has no NAT and no endpoint here for {what}; but {doubt}.", first.place)
    return broken(
        f"{network.vpc.address} has no NAT and no endpoint for {what}.",
        first.place,
        f"Add VPC endpoints for {', '.join(missing)}, or a NAT gateway.",
    )


def _required(facts: Facts, network: Network, workloads: Sequence[tuple[Capacity, Instance]]) -> tuple[str, ...]:
    """Return what the answers' own rule asks for."""
    queue = any(network.root.of("aws_lambda_event_source_mapping")) and any(network.root.of("aws_sqs_queue"))
    answers = Answers.model_construct(
        capacity=list(dict.fromkeys(capacity for capacity, _ in workloads)),
        ecs=_ecs(facts, network),
        lmi=LmiAnswers.model_construct(event_source="sqs" if queue else "none"),
    )
    return answers.required_endpoints


def _ecs(facts: Facts, network: Network) -> EcsAnswers:
    """Return the answers about ECS that endpoints depend on."""
    here = [ecs for ecs in facts.ecs if ecs.root is network.root]
    secrets = [
        value
        for ecs in here
        for task in ecs.tasks
        for container in task.containers or ()
        for _, value in pairs(container.get("secrets"), to="valueFrom")
    ]
    return EcsAnswers.model_construct(
        kind="batch" if any(each.tasks and each.root is network.root for each in facts.workflows) else "service",
        capacity_provider="managed-instances"
        if any(one.managed_instances for ecs in here for one in ecs.providers)
        else "fargate",
        execute_command=any(service.execute_command is True for ecs in here for service in ecs.services),
        secrets={str(place): _arn(value) for place, value in enumerate(secrets)},
    )


def _arn(secret: Value) -> str:
    """Return the ARN of a secret or a parameter, or one like it: of which service it is."""
    if isinstance(secret, Symbol):
        kind = "secretsmanager" if ".aws_secretsmanager_secret" in f".{secret.of}" else "ssm"
        return f":{kind}:" if secret.of else ""
    return shown(secret)


def _doubt(facts: Facts, network: Network, missing: Collection[str]) -> str:
    if network.nat_mode == "unknown":
        return "whether it has none cannot be evaluated"
    if any(each.service is None for each in network.endpoints):
        return "the service of one cannot be evaluated"
    other = next((each for _, each in elsewhere(facts, network, "aws_vpc_endpoint")), None)
    if other is not None:
        return f"{other.address} of another root module may be for it"
    return network.doubt_of_endpoints(*missing) or network.doubt("aws_subnet", "aws_route_table")


_NETWORK = """\
locals {
  endpoints = ["ec2", "ecr.api", "ecr.dkr", "eks-auth", "elasticloadbalancing", "logs", "sts", "xray"]
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "private" {
  vpc_id     = aws_vpc.main.id
  cidr_block = cidrsubnet(aws_vpc.main.cidr_block, 3, 0)
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id       = aws_vpc.main.id
  service_name = "com.amazonaws.eu-central-1.s3"
}

resource "aws_vpc_endpoint" "interface" {
  for_each = toset(local.endpoints)

  vpc_id            = aws_vpc.main.id
  service_name      = "com.amazonaws.eu-central-1.${each.key}"
  vpc_endpoint_type = "Interface"
  subnet_ids        = [aws_subnet.private.id]
}

resource "aws_eks_cluster" "main" {
  name     = "shop"
  role_arn = "arn:aws:iam::111122223333:role/shop"

  vpc_config {
    subnet_ids = [aws_subnet.private.id]
  }
}
"""

OPINION = Opinion(
    id="N10",
    title="Without NAT, every VPC endpoint that the workloads need.",
    why="What cannot reach a service it needs does not say so: nodes do not join, images are not pulled, logs vanish.",
    mend="Add the missing endpoints, or a NAT gateway.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html",
    judge=_judge,
    good={"main.tf": _NETWORK},
    bad={"main.tf": _NETWORK.replace('"sts", "xray"', '"xray"')},
)
