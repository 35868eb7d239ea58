"""E14, E17 and E19: what runs on Auto Mode's nodes, on the renderings of presets with one thing changed."""

from dataclasses import replace

import pytest

from scaffold.facts import facts_of
from scaffold.files import File
from scaffold.opinions.engine import judge
from scaffold.opinions.opinion import Judgement, Status
from scaffold.repository.reading import repository_of
from tests.support.rendering import preset

OURS = ("E14", "E17", "E19")
PROD = "k8s/prod"
EKS = "modules/eks-auto-mode"


def said(*files: File) -> dict[str, list[Judgement]]:
    return {one.opinion.id: list(one.judgements) for one in judge(facts_of(repository_of(files)), OURS)}


def faults(*files: File) -> set[tuple[str, Status]]:
    return {
        (name, each.status)
        for name, judgements in said(*files).items()
        for each in judgements
        if each.status is not Status.KEPT
    }


@pytest.mark.parametrize("name", ["eks-auto-dev", "eks-auto-prod", "platform"])
def test_a_preset_keeps_all(name: str) -> None:
    found = said(*preset(name).files)
    assert {name: {each.status for each in judgements} for name, judgements in found.items()} == {
        name: {Status.KEPT} for name in OURS
    }


def changed(path: str, old: str, new: str) -> list[File]:
    found = []
    for file in preset("eks-auto-prod").files:
        if file.path == path:
            assert old in file.text, f"{path} has no {old}"
            file = replace(file, text=file.text.replace(old, new))
        found.append(file)
    return found


DENY, DNS = f"{PROD}/networkpolicy-default-deny.yaml", f"{PROD}/networkpolicy-allow-dns.yaml"
SWITCH = f"{PROD}/configmap-amazon-vpc-cni.yaml"

MUTATIONS = [
    ("E14", f"{PROD}/nodeclass-private.yaml", "spec:\n", "spec:\n  metadataOptions: {httpPutResponseHopLimit: 2}\n"),
    ("E14", f"{PROD}/nodeclass-private.yaml", "spec:\n", "spec:\n  amiSelectorTerms: [{alias: al2023@latest}]\n"),
    ("E14", f"{PROD}/nodepool-spot.yaml", "karpenter.sh/capacity-type", "kubernetes.io/os"),
    ("E14", f"{PROD}/deployment-sample.yaml", "kubernetes.io/arch: arm64", "kubernetes.io/os: windows"),
    ("E14", f"{EKS}/addons.tf", '"metrics-server"', '"vpc-cni"'),
    ("E14", f"{EKS}/addons.tf", "# Without it", 'resource "helm_release" "cni" {\n  chart = "cilium"\n}\n\n# And'),
    ("E17", DENY, "[Ingress, Egress]", "[Ingress]"),
    ("E17", DENY, "[Ingress, Egress]", "[Egress]"),
    ("E17", DENY, "podSelector: {}", "podSelector: {matchLabels: {app: other}}"),
    ("E17", DENY, "namespace: sample", "namespace: other"),
    ("E17", DENY, "spec:\n", "spec:\n  ingress: [{}]\n  egress: [{}]\n"),
    ("E17", DNS, "port: 53", "port: 54"),
    ("E17", SWITCH, '"true"', '"false"'),
    ("E17", SWITCH, "name: amazon-vpc-cni", "name: other"),
]


@pytest.mark.parametrize(("name", "path", "old", "new"), MUTATIONS)
def test_one_change_breaks_just_its_opinion(name: str, path: str, old: str, new: str) -> None:
    files = [file if file.path != f"{PROD}/nodepool-spot.yaml" else windows(file) for file in changed(path, old, new)]
    assert faults(*files) == {(name, Status.BROKEN)}


def windows(file: File) -> File:
    """Return a manifest with Windows wherever a requirement is about the operating system."""
    old = "kubernetes.io/os\n          operator: In\n          values: [spot]"
    return replace(file, text=file.text.replace(old, old.replace("spot", "windows")))


def test_without_a_node_pool_for_arm64_the_sample_waits_for_ever() -> None:
    files = [file for file in preset("eks-auto-prod").files if "/nodepool-" not in file.path]
    assert faults(*files) == {("E19", Status.BROKEN)}


@pytest.mark.parametrize("path", [DENY, DNS, SWITCH])
def test_a_missing_object_breaks_e17_or_is_unknown_beside_an_unreadable_file(path: str) -> None:
    files = [file for file in preset("eks-auto-prod").files if file.path != path]
    assert faults(*files) == {("E17", Status.BROKEN)}
    unread = File(f"{PROD}/other.yaml", "apiVersion: v1\nkind: Secret\ndata: [\n")
    assert faults(*files, unread) == {("E17", Status.UNKNOWN)}


CLUSTER = """
resource "aws_eks_cluster" "this" {
  name = "a"

  compute_config {
    enabled    = true
    node_pools = %s
  }
}
"""

POOL = """
apiVersion: karpenter.sh/v1
kind: NodePool
metadata:
  name: own
spec:
  template:
    spec:
      nodeClassRef:
        group: eks.amazonaws.com
        kind: NodeClass
        name: %s
      requirements: [%s]
"""

WORKER = """
apiVersion: apps/v1
kind: Deployment
metadata:
  name: worker
spec:
  template:
    spec:
      %s
"""

ARM64 = "nodeSelector: {kubernetes.io/arch: arm64}"
ARM64_BY_AFFINITY = (
    "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: "
    "[{matchExpressions: [{key: kubernetes.io/arch, operator: In, values: [arm64]}]}]}}}"
)
ADDON = ARM64 + "\n      tolerations: [{key: CriticalAddonsOnly, operator: Exists}]"


def e19(pools: str, *manifests: str) -> list[Status]:
    files = [File(f"k8s/{number}.yaml", text) for number, text in enumerate(manifests)]
    terraform = [File("main.tf", CLUSTER % pools)] if pools else []
    return sorted(each.status for each in said(*terraform, *files)["E19"])


def test_without_a_built_in_pool_there_is_no_default_node_class() -> None:
    assert e19("[]", POOL % ("default", "")) == [Status.BROKEN]
    assert e19("[]", POOL % ("private", "")) == [Status.KEPT]
    assert e19('["system"]', POOL % ("default", "")) == [Status.KEPT]
    assert e19("[]") == [Status.UNKNOWN]


@pytest.mark.parametrize(
    ("pod", "pools", "requirement", "status"),
    [
        (ARM64, '["general-purpose"]', None, Status.BROKEN),
        (ARM64_BY_AFFINITY, '["general-purpose"]', None, Status.BROKEN),
        (ADDON, '["general-purpose"]', None, Status.BROKEN),
        (ADDON, '["system"]', None, Status.KEPT),
        (ARM64, '["system"]', "", Status.KEPT),
        (ARM64, '["system"]', "{key: kubernetes.io/arch, operator: In, values: [amd64]}", Status.BROKEN),
        (ARM64, '["system"]', "{key: kubernetes.io/arch, operator: In, values: [amd64, arm64]}", Status.KEPT),
        (ARM64, "", "{key: kubernetes.io/arch, operator: In, values: [amd64]}", Status.BROKEN),
        (ARM64, "", '{key: kubernetes.io/arch, operator: In, values: ["${arch}"]}', Status.KEPT),
    ],
)
def test_an_arm64_pod_needs_a_pool_that_makes_arm64_nodes(
    pod: str, pools: str, requirement: str | None, status: Status
) -> None:
    manifests = [WORKER % pod] if requirement is None else [WORKER % pod, POOL % ("private", requirement)]
    found = e19(pools, *manifests)
    assert found == sorted([status, Status.KEPT] if pools else [status])


def test_nodes_beside_auto_mode_may_have_what_they_want() -> None:
    group = 'resource "aws_eks_node_group" "windows" {\n  cluster_name = aws_eks_cluster.this.name\n}\n'
    addon = (
        'resource "aws_eks_addon" "cni" {\n  cluster_name = aws_eks_cluster.this.name\n  addon_name = "vpc-cni"\n}\n'
    )
    windows = File("k8s/worker.yaml", WORKER % "nodeSelector: {kubernetes.io/os: windows}")
    mixed = said(File("main.tf", CLUSTER % '["system"]' + addon + group), windows)
    assert [each.status for each in mixed["E14"]] == [Status.KEPT]
    pure = said(File("main.tf", CLUSTER % '["system"]' + addon), windows)
    assert [each.status for each in pure["E14"]] == [Status.BROKEN, Status.BROKEN]


@pytest.mark.parametrize(
    "spec",
    [
        "spec: 5",
        "spec: {policyTypes: 5, podSelector: []}",
        "spec: {policyTypes: [Egress], egress: [5, {ports: [x]}]}",
        "spec: {podSelector: '${x}', egress: '${y}'}",
    ],
)
def test_network_policies_of_any_shape_are_judged(spec: str) -> None:
    policy = f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: a\n{spec}\n"
    files = (File("main.tf", CLUSTER % '["system"]'), File("k8s/a.yaml", policy), File("k8s/b.yaml", WORKER % "a: 1"))
    assert {each.status for each in said(*files)["E17"]} == {Status.BROKEN}
