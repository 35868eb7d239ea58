"""The access entries and add-ons of terraform-aws-modules/eks/aws."""

from collections.abc import Iterator, Mapping

from scaffold.evaluate.community.building import both, either, item, truth
from scaffold.evaluate.community.eks_inputs import Eks
from scaffold.evaluate.displayed import displayed
from scaffold.evaluate.root import Argument, Body, Instance
from scaffold.evaluate.values import Symbol, Value

_POD_IDENTITY = "pod_identity_association"


def access(eks: Eks, cluster: Instance, create: bool | None) -> Iterator[Instance]:
    """Yield the access entries with their policies, the creator's first."""
    name = eks.inputs.argument(eks.inputs.output(cluster, "id"))
    creator = eks.inputs.read("enable_cluster_creator_admin_permissions", default=False)
    if truth(creator.value) is not False:
        yield from _entry(
            eks,
            name,
            "cluster_creator",
            Argument(Symbol("data.aws_iam_session_context.current[0].issuer_arn"), creator.place),
            {"admin": {"policy_arn": "AmazonEKSClusterAdminPolicy", "access_scope": {"type": "cluster"}}},
            both(create, truth(creator.value)),
        )
    entries = eks.inputs.read("access_entries")
    if isinstance(entries.value, Mapping):
        for key, entry in entries.value.items():
            given = entry if isinstance(entry, Mapping) else {}
            sure = create if isinstance(entry, Mapping) and isinstance(key, str) else None
            principal = given.get("principal_arn", Symbol(f"principal_arn of {key}"))
            policies = given.get("policy_associations", {})
            kind = given.get("type", "STANDARD")
            yield from _entry(eks, name, key, Argument(principal, entries.place), policies, sure, kind)


def _entry(
    eks: Eks,
    cluster: Argument,
    key: object,
    principal: Argument,
    policies: Value,
    sure: bool | None,
    kind: Value = None,
) -> Iterator[Instance]:
    arguments = {
        "cluster_name": cluster,
        "principal_arn": principal,
        "type": Argument("STANDARD" if kind is None else kind, principal.place),
    }
    name = key if isinstance(key, str) else Symbol(f"each.key of {eks.inputs.call.address} access_entries")
    yield eks.inputs.make("aws_eks_access_entry", "this", arguments, key=name, sure=sure, place=principal.place)
    for policy, association in policies.items() if isinstance(policies, Mapping) else ():
        given = association if isinstance(association, Mapping) else {}
        yield eks.inputs.make(
            "aws_eks_access_policy_association",
            "this",
            {
                "cluster_name": cluster,
                "principal_arn": principal,
                "policy_arn": Argument(given.get("policy_arn", Symbol(f"policy_arn of {policy}")), principal.place),
            },
            {"access_scope": (_scope(given.get("access_scope"), principal),)},
            key=f"{key}_{policy}" if isinstance(key, str) and isinstance(policy, str) else Symbol("each.key"),
            sure=sure,
            place=principal.place,
        )


def addons(eks: Eks, cluster: Instance, create: bool | None) -> Iterator[Instance]:
    """Yield the add-ons."""
    given = eks.read("addons")
    for key, addon in given.value.items() if isinstance(given.value, Mapping) else ():
        settings = addon if isinstance(addon, Mapping) else {}
        name: Value = settings.get("name") or key
        sure = create if isinstance(key, str) else None
        before = truth(settings.get("before_compute")) is True
        yield eks.inputs.make(
            "aws_eks_addon",
            "before_compute" if before else "this",
            {
                "cluster_name": eks.inputs.argument(eks.inputs.output(cluster, "id")),
                "addon_name": Argument(name, given.place),
                "service_account_role_arn": Argument(settings.get("service_account_role_arn"), given.place),
                **_conflicts(eks, addon, given),
            },
            {_POD_IDENTITY: tuple(_associations(settings.get(_POD_IDENTITY), given))},
            key=key,
            sure=sure,
            unsure_blocks=frozenset([_POD_IDENTITY] if isinstance(settings.get(_POD_IDENTITY), Symbol) else []),
            place=given.place,
        )


def _conflicts(eks: Eks, addon: Value, given: Argument) -> dict[str, Argument]:
    """Return what is done about an add-on's settings that somebody changed."""
    own = eks.inputs.read("bootstrap_self_managed_addons").value
    old = either(own is None or truth(own), "OVERWRITE", "NONE", "resolve_conflicts_on_create of the module")
    defaults = {
        "resolve_conflicts_on_create": eks.by_version("resolve_conflicts_on_create", {20: old, 21: "NONE"}),
        "resolve_conflicts_on_update": eks.by_version(
            "resolve_conflicts_on_update", {20: "OVERWRITE", 21: "OVERWRITE"}
        ),
    }
    if not isinstance(addon, Mapping | None):
        return {name: Argument(Symbol(f"{name} of {displayed(addon)}"), given.place) for name in defaults}
    return {name: Argument(item(addon or {}, name, default), given.place) for name, default in defaults.items()}


def _associations(associations: Value, given: Argument) -> Iterator[Body]:
    """Yield the blocks of an add-on's pod identity associations, a list of objects."""
    for each in associations if isinstance(associations, tuple) else ():
        settings = each if isinstance(each, Mapping) else {}
        arguments = {key: Argument(value, given.place) for key, value in settings.items() if isinstance(key, str)}
        yield Body(arguments, {}, frozenset(), given.place)


def _scope(scope: Value, principal: Argument) -> Body:
    given = scope if isinstance(scope, Mapping) else {}
    arguments = {key: Argument(value, principal.place) for key, value in given.items() if isinstance(key, str)}
    return Body(arguments, {}, frozenset(), principal.place)
