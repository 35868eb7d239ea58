"""C3: ECS Managed Instances are chosen by what they have, start in private subnets, and two roles are kept apart."""

from collections.abc import Iterator

from scaffold.evaluate.root import Instance
from scaffold.evaluate.values import Joined, Value
from scaffold.facts import Facts
from scaffold.facts.addresses import several
from scaffold.facts.ecs import EcsCapacityProvider
from scaffold.facts.iam import Role, role_of
from scaffold.facts.rights import rights_of
from scaffold.opinions.ecs_services import in_private_subnets
from scaffold.opinions.judging import broken, kept, unknown
from scaffold.opinions.opinion import Judgement, Opinion

INFRASTRUCTURE_POLICY = "AmazonECSInfrastructureRolePolicyForManagedInstances"
INSTANCE_POLICY = "AmazonECSInstanceRolePolicyForManagedInstances"
"""Source: the page that the opinion names, and `managed-instances-instance-profile.html` beside it."""

INSTANCE_ROLE = "ecsInstanceRole"
"""How the name of the instances' role starts, or `INFRASTRUCTURE_POLICY` does not let ECS pass it. Source: likewise."""

_ROLE = ("managed_instances_provider", "infrastructure_role_arn")


def _judge(facts: Facts) -> Iterator[Judgement]:
    for ecs in facts.ecs:
        for provider in ecs.providers:
            if provider.managed_instances:
                found = [*_selection(provider), *_network(facts, provider), *_roles(provider)]
                message = f"{provider.address} chooses private instances by what they have, with two roles."
                yield from found or [kept(message, provider.instance.place)]


def _selection(provider: EcsCapacityProvider) -> Iterator[Judgement]:
    place = provider.place_of_launch("instance_requirements")
    vcpus = provider.launch("instance_requirements", "vcpu_count", "min")
    types = several(provider.launch("instance_requirements", "allowed_instance_types"))
    if vcpus is None:
        yield broken(f"{provider.address} says nothing of what its instances have to have.", place)
    elif types and all(isinstance(each, str) and "*" not in each for each in types):
        yield broken(
            f"{provider.address} names instance types one by one: none starts when those are not to be had.",
            provider.place_of_launch("instance_requirements", "allowed_instance_types"),
            "Say how many vCPUs and how much memory an instance has, and leave the types out.",
        )


def _network(facts: Facts, provider: EcsCapacityProvider) -> Iterator[Judgement]:
    path = ("network_configuration", "subnets")
    title = f"an instance of {provider.address}"
    subnets = several(provider.launch(*path))
    yield from in_private_subnets(facts, provider.root, title, subnets, provider.place_of_launch(*path))


def _roles(provider: EcsCapacityProvider) -> Iterator[Judgement]:
    infrastructure = role_of(provider.root, provider.instance.get(*_ROLE))
    instances = _role_of_instances(provider)
    address, place = provider.address, provider.instance.place_of(*_ROLE)
    if infrastructure is None or instances is None:
        what = "infrastructure role" if infrastructure is None else "instance profile's role"
        yield unknown(f"{address}: its {what} is not made in this root module.", place)
        return
    if infrastructure.instance is instances.instance:
        yield broken(
            f"{address}: ECS and its instances have one role, {instances.instance.address}.",
            place,
            "Make a role for ECS, and another for the instance profile.",
        )
        return
    yield from _role(provider, infrastructure, "ecs.amazonaws.com", INFRASTRUCTURE_POLICY)
    yield from _role(provider, instances, "ec2.amazonaws.com", INSTANCE_POLICY)
    yield from _passed(provider, infrastructure, instances)


def _role_of_instances(provider: EcsCapacityProvider) -> Role | None:
    profile = provider.refers.find(provider.launch("ec2_instance_profile_arn"))
    if profile is None or profile.data or profile.type != "aws_iam_instance_profile":
        return None
    return role_of(provider.root, profile.get("role"))


def _role(provider: EcsCapacityProvider, role: Role, service: str, policy: str) -> Iterator[Judgement]:
    address, trust = role.instance.address, role.instance.place_of("assume_role_policy")
    trusts = role.trusts(service, "sts:AssumeRole")
    if trusts is None:
        yield unknown(f"{address}: whether {service} may assume it cannot be told.", trust)
    elif not trusts:
        yield broken(f"{address} does not let {service} use sts:AssumeRole.", trust, f"Trust {service} with it.")
    has = role.has(policy)
    own = rights_of(provider.root, role)
    if has or own.statements:
        return
    if has is None or own.doubt:
        yield unknown(f"{address}: nobody can say whether it has {policy}.", role.instance.place)
    else:
        yield broken(f"{address} lacks {policy}.", role.instance.place, f"Attach {policy}.")


def _passed(provider: EcsCapacityProvider, infrastructure: Role, instances: Role) -> Iterator[Judgement]:
    """Yield that AWS's policy does not let ECS pass the instances' role, which then fails when a task starts."""
    own = rights_of(provider.root, infrastructure)
    if own.doubt or any(each.allows("iam:PassRole") for each in own.statements):
        return
    start = _start(instances.instance)
    if start is not None and not start.startswith(INSTANCE_ROLE):
        yield broken(
            f"{infrastructure.instance.address} may not pass {instances.instance.address} to instances: "
            f"{INFRASTRUCTURE_POLICY} is for roles called {INSTANCE_ROLE}…",
            instances.instance.place_of("name"),
            f"Allow iam:PassRole on it, or let its name start with {INSTANCE_ROLE}.",
        )


def _start(role: Instance) -> str | None:
    """Return how a role's name starts, as far as it is known; None where nothing of it is."""
    name: Value = role.get("name") or role.get("name_prefix")
    if isinstance(name, Joined):
        name = name.parts[0]
        return name if isinstance(name, str) and len(name) >= len(INSTANCE_ROLE) else None
    return name if isinstance(name, str) else None


_EXAMPLE = """\
resource "aws_ecs_capacity_provider" "managed" {
  name    = "managed"
  cluster = "shop"

  managed_instances_provider {
    infrastructure_role_arn = aws_iam_role.infrastructure.arn

    instance_launch_template {
      ec2_instance_profile_arn = aws_iam_instance_profile.instances.arn

      network_configuration {
        subnets = [aws_subnet.private.id]
      }

      instance_requirements {
        vcpu_count {
          min = 2
        }

        memory_mib {
          min = 4096
        }
      }
    }
  }
}

resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "private" {
  vpc_id     = aws_vpc.this.id
  cidr_block = "10.0.0.0/20"
}

resource "aws_route_table" "private" {
  vpc_id = aws_vpc.this.id
}

resource "aws_route_table_association" "private" {
  subnet_id      = aws_subnet.private.id
  route_table_id = aws_route_table.private.id
}

resource "aws_iam_role" "infrastructure" {
  name = "shop-infrastructure"

  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ecs.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "infrastructure" {
  role       = aws_iam_role.infrastructure.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonECSInfrastructureRolePolicyForManagedInstances"
}

resource "aws_iam_role" "instances" {
  name = "ecsInstanceRole-shop"

  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ec2.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "instances" {
  role       = aws_iam_role.instances.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonECSInstanceRolePolicyForManagedInstances"
}

resource "aws_iam_instance_profile" "instances" {
  name = "shop-instances"
  role = aws_iam_role.instances.name
}
"""

OPINION = Opinion(
    id="C3",
    title="ECS Managed Instances: chosen by attributes, in private subnets, one role for ECS and one for instances",
    why="A list of instance types leaves tasks waiting when those are short. One role for both would let code on an "
    "instance start others.",
    mend="Set instance_requirements with vcpu_count and memory_mib, name private subnets, and make an infrastructure "
    "role and an instance profile with AWS's policies for managed instances.",
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/infrastructure_IAM_role.html",
    judge=_judge,
    good={"main.tf": _EXAMPLE},
    bad={"main.tf": _EXAMPLE.replace("ecsInstanceRole-shop", "shop-instances")},
)
