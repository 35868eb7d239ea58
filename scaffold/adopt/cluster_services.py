"""The answers about what AWS runs beside the nodes: the logs of Auto Mode's controllers, and EKS capabilities."""

from collections.abc import Iterator
from typing import get_args

from scaffold.adopt.findings import Finding, Gap, Inferred, NotExpressible, answer
from scaffold.answers.eks import Capability, ManagedLog
from scaffold.compare.cast import Cast, text
from scaffold.evaluate.displayed import displayed
from scaffold.evaluate.root import Instance

_LOGS = {f"AUTO_MODE_{name.upper().replace('-', '_')}_LOGS": name for name in get_args(ManagedLog)}
_CAPABILITIES = {name.upper(): name for name in get_args(Capability)}


def service_answers(cast: Cast, cluster: Instance) -> Iterator[Finding]:
    """Yield what a root module says of `eks.managed_logs`, `eks.capabilities` and `eks.argocd_*`.

    Args:
        cast: the root module.
        cluster: its cluster.
    """
    logs = [
        each
        for each in cast.root.of("aws_cloudwatch_log_delivery_source")
        if text(each.get("log_type")).startswith("AUTO_MODE_") or not isinstance(each.get("log_type"), str)
    ]
    yield from _chosen(cast, cluster, "eks.managed_logs", logs, "log_type", _LOGS)
    capabilities = list(cast.root.of("aws_eks_capability"))
    yield from _chosen(cast, cluster, "eks.capabilities", capabilities, "type", _CAPABILITIES)
    for each in capabilities:
        if each.get("type") == "ARGOCD":
            yield from _argocd(each)


def _chosen(
    cast: Cast, cluster: Instance, path: str, instances: list[Instance], argument: str, names: dict[str, str]
) -> Iterator[Finding]:
    if cast.root.unread:
        yield Gap(path, f"{cast.root.unread[0].what} {cast.root.unread[0].reason}")
        return
    found: dict[str, Instance] = {}
    for each in instances:
        value = each.get(argument)
        if not isinstance(value, str) or each.many or not each.certain:
            yield Gap(path, f"{each.address} cannot be evaluated")
            return
        if value in names:
            found[names[value]] = each
        else:
            yield NotExpressible(f"{each.address} is {displayed(value)}; there is no answer for it", each.place)
    chosen = [name for name in names.values() if name in found]
    yield Inferred(path, chosen, found[chosen[0]].place if chosen else cluster.place, "" if chosen else "there is none")


def _argocd(capability: Instance) -> Iterator[Finding]:
    centre = ("configuration", "argo_cd", "aws_idc")
    yield from answer("eks.argocd_idc_instance_arn", capability.body.at(*centre, "idc_instance_arn"))
    yield from answer("eks.argocd_idc_region", capability.body.at(*centre, "idc_region"))
    groups: list[str] = []
    inner = next(
        (argo for each in capability.body.blocks.get("configuration", ()) for argo in each.blocks.get("argo_cd", ())),
        None,
    )
    for mapping in inner.blocks.get("rbac_role_mapping", ()) if inner is not None else ():
        for identity in mapping.blocks.get("identity", ()):
            group = identity.get("id")
            if not isinstance(group, str):
                yield Gap("eks.argocd_admin_groups", f"{displayed(group)} cannot be evaluated")
                return
            if (mapping.get("role"), identity.get("type")) == ("ADMIN", "SSO_GROUP"):
                groups.append(group)
            else:
                yield NotExpressible(
                    f"{capability.address} gives {displayed(identity.get('type'))} {group} the role "
                    f"{displayed(mapping.get('role'))}; the answers know groups that administer it",
                    capability.place,
                )
    if groups:
        yield Inferred("eks.argocd_admin_groups", groups, capability.place)
