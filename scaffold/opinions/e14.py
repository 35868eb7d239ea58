"""E14: nothing is asked of Auto Mode's nodes that they do not do."""

from collections.abc import Iterator, Mapping

from scaffold.evaluate.root import Root
from scaffold.facts import Facts
from scaffold.facts.cluster import Cluster
from scaffold.opinions.clusters import in_auto_mode
from scaffold.opinions.judging import broken, kept, shown
from scaffold.opinions.manifests import AUTO_MODE_GROUP, cluster_of, field, for_each_object, place_at, text_at, title
from scaffold.opinions.opinion import Judgement, Opinion
from scaffold.opinions.workloads import WORKLOADS
from scaffold.repository.model import Manifest

_CNI_ADDON = "vpc-cni"
_CNI_CHARTS = frozenset({"antrea", "aws-vpc-cni", "calico", "cilium", "kube-ovn", "kube-router", "tigera-operator"})
"""The charts that install a CNI."""

_CNI_KINDS = frozenset({"CiliumClusterwideNetworkPolicy", "CiliumNetworkPolicy", "ENIConfig", "Installation"})
"""The kinds of objects that only another CNI reads: Cilium's, Calico's, and those of the VPC CNI as an add-on."""

_CNI_GROUPS = ("cilium.io/", "crd.k8s.amazonaws.com/", "operator.tigera.io/")

_OF_OTHERS: Mapping[str, tuple[str, str]] = {
    "amiFamily": ("chooses an AMI", "nodes run AWS's own Bottlerocket image"),
    "amiSelectorTerms": ("chooses an AMI", "nodes run AWS's own Bottlerocket image"),
    "blockDeviceMappings": ("lays out the node's disks", "the disk's size is ephemeralStorage"),
    "metadataOptions": ("sets the IMDS hop limit", "it is 1 on every node; give pods rights by Pod Identity"),
    "userData": ("runs a script on the node", "nobody changes the image; what it lacks goes into a DaemonSet"),
}
"""The fields of an EC2NodeClass that a NodeClass of Auto Mode does not have: what each does, and what holds instead."""

_OS = "kubernetes.io/os"


def _judge(facts: Facts) -> Iterator[Judgement]:
    yield from in_auto_mode(facts, lambda cluster: _cluster(facts, cluster))
    yield from for_each_object(_is_about, _object, "asks for nothing that Auto Mode's nodes do not do")(facts)


def _has_own_nodes(cluster: Cluster) -> bool:
    """Return whether a cluster has nodes beside those of Auto Mode, for which other rules hold."""
    return bool(cluster.node_groups or cluster.fargate_profiles)


def _cluster(facts: Facts, cluster: Cluster) -> Iterator[Judgement]:
    if not _has_own_nodes(cluster):
        found = list(_other_cnis(facts, cluster))
        yield from found or [kept(f"{cluster.address} has no CNI but Auto Mode's own.", cluster.cluster.place)]


def _other_cnis(facts: Facts, cluster: Cluster) -> Iterator[Judgement]:
    for addon in cluster.addons:
        if addon.get("addon_name") == _CNI_ADDON and addon.certain:
            yield broken(
                f"{addon.address} installs {_CNI_ADDON}, which Auto Mode's nodes do not use.",
                addon.place_of("addon_name"),
                "Remove the add-on; NetworkPolicy and pod subnets are settings of the NodeClass.",
            )
    for root in facts.repository.roots:
        if root is cluster.root or len(facts.clusters) == 1:
            yield from _charts(root)


def _charts(root: Root) -> Iterator[Judgement]:
    for release in root.of("helm_release"):
        chart = shown(release.get("chart")).rpartition("/")[2]
        if chart in _CNI_CHARTS and release.certain:
            yield broken(
                f"{release.address} installs {chart}: Auto Mode brings its own CNI and takes no other.",
                release.place_of("chart"),
                "Remove it; NetworkPolicy works without.",
            )


def _is_about(manifest: Manifest) -> bool:
    group = manifest.api_version.partition("/")[0]
    if manifest.kind in ("NodeClass", "NodePool"):
        return group in (AUTO_MODE_GROUP, "karpenter.sh")
    if manifest.kind in _CNI_KINDS and manifest.api_version.startswith(_CNI_GROUPS):
        return True
    return manifest.kind in WORKLOADS and text_at(manifest.node, *_POD, "nodeSelector", _OS) == "windows"


_POD = ("spec", "template", "spec")


def _object(facts: Facts, manifest: Manifest) -> Iterator[Judgement]:
    cluster = cluster_of(facts, manifest)
    if cluster is not None and _has_own_nodes(cluster):
        return
    if manifest.kind == "NodeClass":
        yield from _node_class(manifest)
    elif manifest.kind == "NodePool":
        yield from _node_pool(manifest)
    elif manifest.kind in WORKLOADS:
        yield _windows(manifest, *_POD, "nodeSelector", _OS)
    else:
        message = f"{title(manifest)} is written for a CNI that Auto Mode does not take."
        yield broken(message, manifest.place, "Write a NetworkPolicy, or set it in the NodeClass.")


def _node_class(manifest: Manifest) -> Iterator[Judgement]:
    for name, (does, instead) in _OF_OTHERS.items():
        if field(manifest.node, "spec", name) is not None:
            message = f"{title(manifest)} {does} ({name}), which Auto Mode has no place for."
            yield broken(message, place_at(manifest, "spec", name), f"Remove it: {instead}.")


def _node_pool(manifest: Manifest) -> Iterator[Judgement]:
    requirements = field(manifest.node, *_POD, "requirements")
    for each in requirements.items if requirements else ():
        values = each.at("values")
        if text_at(each, "key") == _OS and values and any(one.value == "windows" for one in values.items):
            yield _windows(manifest, *_POD, "requirements")


def _windows(manifest: Manifest, *path: str) -> Judgement:
    message = f"{title(manifest)} wants Windows nodes, and Auto Mode's are Linux."
    return broken(message, place_at(manifest, *path), "Run it in a node group beside Auto Mode.")


_NODE_CLASS = """\
apiVersion: eks.amazonaws.com/v1
kind: NodeClass
metadata:
  name: private
spec:
  role: shop-node
  subnetSelectorTerms:
    - tags:
        kubernetes.io/role/internal-elb: "1"
  securityGroupSelectorTerms:
    - tags:
        aws:eks:cluster-name: shop
  %s
"""

OPINION = Opinion(
    id="E14",
    title="No custom AMI, user data, IMDS hop limit, Windows or other CNI on Auto Mode",
    why="Nodes of Auto Mode are AWS's: Bottlerocket, without SSH, with the VPC's own CNI and an IMDS hop limit of 1. "
    "What asks for something else is refused, or runs and does nothing.",
    mend="Leave it out, or run what needs it in managed node groups beside Auto Mode.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/automode-learn-instances.html",
    judge=_judge,
    good={"k8s/nodeclass-private.yaml": _NODE_CLASS % "ephemeralStorage:\n    size: 80Gi"},
    bad={"k8s/nodeclass-private.yaml": _NODE_CLASS % "metadataOptions:\n    httpPutResponseHopLimit: 2"},
)
