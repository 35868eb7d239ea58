"""The roles that terraform-aws-modules/eks/aws makes for the cluster and for Auto Mode's nodes."""

from collections.abc import Iterator, Mapping

from scaffold.evaluate.community.building import both, trust_policy
from scaffold.evaluate.community.eks_inputs import Eks
from scaffold.evaluate.references import joined
from scaffold.evaluate.root import Argument, Instance
from scaffold.evaluate.values import Joined, Symbol, Value

_CLUSTER_POLICIES = (
    "AmazonEKSComputePolicy",
    "AmazonEKSBlockStoragePolicy",
    "AmazonEKSLoadBalancingPolicy",
    "AmazonEKSNetworkingPolicy",
)
_NODE_POLICIES = ("AmazonEKSWorkerNodeMinimalPolicy", "AmazonEC2ContainerRegistryPullOnly")


def roles_of(eks: Eks, create: bool | None) -> Iterator[Instance]:
    """Yield the roles of the cluster and of Auto Mode's nodes, each with its policies."""
    wanted = both(create, eks.on("create_iam_role", True))
    auto = eks.auto_mode
    if auto is not True and eks.inputs.on("create_auto_mode_iam_resources") is True:
        auto = True
    if wanted is not False:
        # Before version 20.31 it trusted with sts:AssumeRole alone, and could not make an Auto Mode cluster.
        both_actions = trust_policy("eks.amazonaws.com", "sts:AssumeRole", "sts:TagSession")
        one_action = trust_policy("eks.amazonaws.com", "sts:AssumeRole")
        trust = eks.by_version("assume_role_policy", {19: one_action, 20: both_actions, 21: both_actions})
        role = _role(eks, "this", eks.read("iam_role_name").value, "-cluster", trust, wanted)
        yield role
        yield _attachment(eks, role, "this", "AmazonEKSClusterPolicy", wanted)
        if auto is not False:
            for policy in _CLUSTER_POLICIES:
                yield _attachment(eks, role, "this", policy, both(wanted, auto))
        yield from _additional(eks, role, "additional", eks.inputs.read("iam_role_additional_policies"), wanted)
    wanted = both(create, auto, eks.inputs.on("create_node_iam_role", default=True))
    if wanted is not False:
        trust = trust_policy("ec2.amazonaws.com", "sts:AssumeRole", "sts:TagSession")
        node = _role(eks, "eks_auto", eks.inputs.read("node_iam_role_name").value, "-eks-auto", trust, wanted)
        yield node
        for policy in _NODE_POLICIES:
            yield _attachment(eks, node, "eks_auto", policy, wanted)
        more = eks.inputs.read("node_iam_role_additional_policies")
        yield from _additional(eks, node, "eks_auto_additional", more, wanted)


def _role(eks: Eks, name: str, given: Value, suffix: str, trust: Value, sure: bool | None) -> Instance:
    called = joined(eks.name.value, suffix) if given is None else given
    return eks.inputs.make(
        "aws_iam_role",
        name,
        {"name_prefix": eks.inputs.argument(called), "assume_role_policy": eks.inputs.argument(trust)},
        sure=sure,
    )


def _attachment(eks: Eks, role: Instance, name: str, policy: str, sure: bool | None) -> Instance:
    return eks.inputs.make(
        "aws_iam_role_policy_attachment",
        name,
        {
            "policy_arn": eks.inputs.argument(managed_policy(policy)),
            "role": eks.inputs.argument(eks.inputs.output(role, "name")),
        },
        key=policy,
        sure=sure,
    )


def _additional(eks: Eks, role: Instance, name: str, given: Argument, sure: bool | None) -> Iterator[Instance]:
    of = eks.inputs.argument(eks.inputs.output(role, "name"))
    if isinstance(given.value, Mapping):
        for key, policy in given.value.items():
            arguments = {"policy_arn": Argument(policy, given.place), "role": of}
            yield eks.inputs.make("aws_iam_role_policy_attachment", name, arguments, key=key, sure=sure)
    elif given.value is not None:
        key = Symbol(f"each.key of {name}")
        arguments = {"policy_arn": Argument(Symbol(f"each.value of {name}"), given.place), "role": of}
        yield eks.inputs.make("aws_iam_role_policy_attachment", name, arguments, key=key, sure=None)


def managed_policy(name: str) -> Joined:
    """Return the ARN of a policy that AWS manages."""
    return Joined(("arn:", Symbol("data.aws_partition.current.partition"), f":iam::aws:policy/{name}"))
