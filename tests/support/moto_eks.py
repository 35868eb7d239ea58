"""What moto lacks for a cluster with Auto Mode: settings it forgets, access entries, add-ons, Pod Identity, its logs.

moto 5.2 keeps of a new cluster only what EKS knew years ago, so that every plan after an apply wants to replace it, and
answers 404 for the rest. Shapes follow the EKS API reference; what Terraform does not read is left out.
"""

import itertools
import json
import re
import time
from typing import Any
from urllib.parse import unquote, urlparse

from moto.eks import urls
from moto.eks.models import Cluster, eks_backends
from moto.eks.responses import EKSResponse
from moto.logs.models import DeliverySource, LogsBackend

ACCOUNT = "123456789012"
FORGOTTEN = {
    "accessConfig": {"authenticationMode": "CONFIG_MAP"},
    "computeConfig": {"enabled": False},
    "storageConfig": {"blockStorage": {"enabled": False}},
    "upgradePolicy": {"supportType": "EXTENDED"},
    "zonalShiftConfig": None,
    "deletionProtection": False,
}
"""The settings that moto drops, with what EKS takes when they are not given."""

NETWORK_DEFAULTS = {
    "ipFamily": "ipv4",
    "serviceIpv4Cidr": "172.20.0.0/16",
    "elasticLoadBalancing": {"enabled": False},
}
VPC_DEFAULTS = {
    "clusterSecurityGroupId": "sg-0123456789abcdef0",
    "endpointPublicAccess": True,
    "endpointPrivateAccess": False,
    "publicAccessCidrs": ["0.0.0.0/0"],
}
PATH = re.compile(
    r"/clusters/(?P<cluster>[^/]+)/(?P<kind>access-entries|addons|pod-identity-associations)"
    r"(?:/(?P<id>.+?))?(?:/(?P<policies>access-policies)(?:/(?P<policy>.+))?)?$"
)
Answer = tuple[int, dict[str, str], str]
ids = itertools.count(1)


def extend_eks() -> None:
    """Teach moto's EKS what this module knows; twice does no harm."""
    if not hasattr(EKSResponse, "create_cluster_as_moto_does"):
        EKSResponse.create_cluster_as_moto_does = EKSResponse.create_cluster
        EKSResponse.create_cluster = _create_cluster
        for kind in ("access-entries", "addons", "pod-identity-associations"):
            urls.url_paths[f"{{0}}/clusters/(?P<name>[^/]+)/{kind}$"] = _answer
            urls.url_paths[f"{{0}}/clusters/(?P<name>[^/]+)/{kind}/(?P<rest>.+)$"] = _answer
        LogsBackend.put_delivery_source_as_moto_does = LogsBackend.put_delivery_source
        LogsBackend.put_delivery_source = _put_delivery_source


def _create_cluster(response: Any) -> Any:
    """Create a cluster that keeps everything it is given."""
    result = response.create_cluster_as_moto_does()
    cluster = result.result["cluster"]
    for name, default in FORGOTTEN.items():
        given = response._get_param(name)
        snake_case = re.sub("([A-Z])", lambda match: "_" + match[1].lower(), name)
        setattr(cluster, snake_case, default if given is None else given)
    cluster.kubernetes_network_config = NETWORK_DEFAULTS | (response._get_param("kubernetesNetworkConfig") or {})
    cluster.resources_vpc_config = VPC_DEFAULTS | cluster.resources_vpc_config
    return result


def _put_delivery_source(
    logs: Any, name: str, resource_arn: str, log_type: str, tags: dict[str, str]
) -> DeliverySource:
    """Create a source of logs for a cluster too, which moto does not know as a service that has any."""
    if not resource_arn.startswith("arn:aws:eks:"):
        source: DeliverySource = logs.put_delivery_source_as_moto_does(name, resource_arn, log_type, tags)
        return source
    source = DeliverySource(logs.account_id, logs.region_name, name, resource_arn, log_type, tags)
    logs.delivery_sources[name] = source
    logs.tag_resource(source.arn, tags)
    return source


def _answer(request: Any, full_url: str, headers: Any) -> Answer:
    """Answer a request about an access entry, an add-on or a Pod Identity association."""
    path = PATH.search(unquote(urlparse(full_url).path))
    assert path is not None
    # Authorization: AWS4-HMAC-SHA256 Credential=<key>/<date>/<region>/eks/aws4_request, …
    region = headers["Authorization"].split("/")[2]
    cluster = eks_backends[ACCOUNT][region].clusters.get(path["cluster"])
    if cluster is None:
        return _not_found(path["cluster"])
    body = json.loads(request.data) if request.data else {}
    if path["policies"]:
        return _access_policies(cluster, path, request.method, body)
    return {"access-entries": _access_entries, "addons": _addons, "pod-identity-associations": _associations}[
        path["kind"]
    ](cluster, path["id"], request.method, body)


def _access_entries(cluster: Cluster, principal: str | None, method: str, body: dict[str, Any]) -> Answer:
    if method == "POST" and principal is None:
        principal = body["principalArn"]
        body = {"kubernetesGroups": [], "type": "STANDARD", "username": principal, "tags": {}, **body}
        arn = f"{cluster.arn.replace(':cluster/', ':access-entry/')}/{next(ids)}"
        _store(cluster, "entries")[principal] = {"clusterName": cluster.name, "accessEntryArn": arn, **_times(), **body}
    return _crud(_store(cluster, "entries"), principal, method, body, one="accessEntry", many="accessEntries")


def _access_policies(cluster: Cluster, path: re.Match[str], method: str, body: dict[str, Any]) -> Answer:
    policies = _store(cluster, f"policies of {path['id']}")
    if method == "DELETE":
        policies.pop(path["policy"], None)
        return _found({})
    if method == "POST":
        policies[body["policyArn"]] = {"accessScope": body["accessScope"], "policyArn": body["policyArn"]}
    answer = {"clusterName": cluster.name, "principalArn": path["id"]}
    if method == "POST":
        return _found(answer | {"associatedAccessPolicy": policies[body["policyArn"]]})
    return _found(answer | {"associatedAccessPolicies": list(policies.values())})


def _addons(cluster: Cluster, name: str | None, method: str, body: dict[str, Any]) -> Answer:
    addons = _store(cluster, "addons")
    if method == "POST" and name is None:
        name = body["addonName"]
        associations = [
            _associate(cluster, {"namespace": "kube-system", **association})["associationArn"]
            for association in body.pop("podIdentityAssociations", [])
        ]
        addons[name] = {
            "clusterName": cluster.name,
            "addonArn": f"{cluster.arn.replace(':cluster/', ':addon/')}/{name}/{next(ids)}",
            "addonVersion": "v1.0.0-eksbuild.1",
            "status": "ACTIVE",
            "health": {"issues": []},
            "podIdentityAssociations": associations,
            "tags": {},
            **_times(),
            **body,
        }
    return _crud(addons, name, method, body, one="addon", many="addons")


def _associations(cluster: Cluster, identity: str | None, method: str, body: dict[str, Any]) -> Answer:
    if method == "POST" and identity is None:
        identity = _associate(cluster, body)["associationId"]
    return _crud(_store(cluster, "associations"), identity, method, body, one="association", many="associations")


def _associate(cluster: Cluster, body: dict[str, Any]) -> dict[str, Any]:
    identity = f"a-{next(ids):017}"
    arn = f"{cluster.arn.replace(':cluster/', ':podidentityassociation/')}/{identity}"
    association = {"clusterName": cluster.name, "associationArn": arn, "associationId": identity, "tags": {}}
    _store(cluster, "associations")[identity] = association | _times() | body
    return _store(cluster, "associations")[identity]


def _crud(items: dict[str, Any], name: str | None, method: str, body: dict[str, Any], *, one: str, many: str) -> Answer:
    """Answer for one item (created, read, changed or deleted), or for the list of all."""
    if name is None:
        return _found({many: list(items.values() if many == "associations" else items)})
    if name not in items:
        return _not_found(name)
    if method == "DELETE":
        return _found({one: items.pop(name)})
    if method == "POST":
        items[name].update(body)
    return _found({one: items[name]})


def _store(cluster: Cluster, kind: str) -> dict[str, Any]:
    """Return a cluster's items of a kind; they go when the cluster goes."""
    store: dict[str, Any] = cluster.__dict__.setdefault("more", {}).setdefault(kind, {})
    return store


def _times() -> dict[str, float]:
    return {"createdAt": time.time(), "modifiedAt": time.time()}


def _found(body: dict[str, Any]) -> Answer:
    return 200, {"Content-Type": "application/json"}, json.dumps(body)


def _not_found(name: str) -> Answer:
    return 404, {"x-amzn-errortype": "ResourceNotFoundException"}, json.dumps({"message": f"{name} not found"})
