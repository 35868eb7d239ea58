"""The node groups and Fargate profiles of terraform-aws-modules/eks/aws."""

from collections.abc import Iterator, Mapping

from scaffold.evaluate.community.building import Inputs, both, index, trust_policy, truth
from scaffold.evaluate.community.eks_roles import managed_policy
from scaffold.evaluate.root import Argument, Instance
from scaffold.evaluate.values import Joined, Key, Symbol, Value

_POLICIES = ("AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryReadOnly")
_CNI = "AmazonEKS_CNI_Policy"


def node_groups(inputs: Inputs, cluster: Instance, create: bool | None, subnets: Argument) -> Iterator[Instance]:
    """Yield the managed node groups with their roles, and the Fargate profiles.

    Args:
        inputs: of the call.
        cluster: the cluster that the call makes.
        create: whether the call makes anything; None where nobody can say.
        subnets: where they run unless they say otherwise.
    """
    name = inputs.argument(inputs.output(cluster, "name"))
    defaults = _settings(inputs.read("eks_managed_node_group_defaults").value)
    given = inputs.read("eks_managed_node_groups")
    for key, group in given.value.items() if isinstance(given.value, Mapping) else ():
        settings = {**defaults, **_settings(group)}
        sure = both(create, truth(settings.get("create", True)), True if isinstance(key, str) else None)
        if sure is not False:
            yield from _group(inputs, name, key, settings, subnets, given, sure)
    profiles = inputs.read("fargate_profiles")
    for key, profile in profiles.value.items() if isinstance(profiles.value, Mapping) else ():
        settings = _settings(profile)
        arguments = {
            "cluster_name": name,
            "fargate_profile_name": Argument(settings.get("name", key), profiles.place),
            "subnet_ids": Argument(settings.get("subnet_ids", subnets.value), profiles.place),
        }
        inside = f"module.fargate_profile{index(key)}"
        yield inputs.make("aws_eks_fargate_profile", "this", arguments, inside=inside, sure=create)


def _cni_policy(inputs: Inputs) -> Value:
    family = inputs.read("ip_family", "cluster_ip_family").value
    if family in (None, "ipv4"):
        return managed_policy(_CNI)
    if family == "ipv6":
        account = Symbol("data.aws_caller_identity.current.account_id")
        partition = Symbol("data.aws_partition.current.partition")
        return Joined(("arn:", partition, ":iam::", account, ":policy/AmazonEKS_CNI_IPv6_Policy"))
    return Symbol(f"{inputs.call.address}: the policy of the CNI, which depends on the IP family")


def _settings(value: Value) -> dict[str, Value]:
    return {key: each for key, each in value.items() if isinstance(key, str)} if isinstance(value, Mapping) else {}


def _group(
    inputs: Inputs,
    cluster: Argument,
    key: Key,
    settings: dict[str, Value],
    subnets: Argument,
    given: Argument,
    sure: bool | None,
) -> Iterator[Instance]:
    inside = f"module.eks_managed_node_group{index(key)}"

    def at(value: Value) -> Argument:
        return Argument(value, given.place)

    own = both(sure, truth(settings.get("create_iam_role", True)))
    arn = settings.get("iam_role_arn")
    if own is not False:
        called = at(settings.get("iam_role_name", Symbol(f"the role's name of {inside}")))
        trust = inputs.argument(trust_policy("ec2.amazonaws.com", "sts:AssumeRole"))
        arguments = {"name_prefix": called, "assume_role_policy": trust}
        role = inputs.make("aws_iam_role", "this", arguments, inside=inside, sure=own, place=given.place)
        arn = inputs.output(role, "arn")
        yield role
        more = settings.get("iam_role_additional_policies")
        policies: dict[Key, Value] = {policy: managed_policy(policy) for policy in _POLICIES}
        if isinstance(more, Mapping):
            policies.update(more)
        cni = truth(settings.get("iam_role_attach_cni_policy", True))
        if cni is not False:
            policies.setdefault(_CNI, _cni_policy(inputs))
        for policy, policy_arn in policies.items():
            yield inputs.make(
                "aws_iam_role_policy_attachment",
                "this",
                {"policy_arn": at(policy_arn), "role": inputs.argument(inputs.output(role, "name"))},
                key=policy,
                inside=inside,
                sure=both(own, cni) if policy == _CNI else own,
                place=given.place,
            )
    wanted = ("ami_type", "capacity_type", "instance_types")
    yield inputs.make(
        "aws_eks_node_group",
        "this",
        {
            "cluster_name": cluster,
            "node_role_arn": at(arn),
            "subnet_ids": at(settings.get("subnet_ids", subnets.value)),
            **{name: at(settings[name]) for name in wanted if name in settings},
        },
        inside=inside,
        sure=sure,
        place=given.place,
    )
