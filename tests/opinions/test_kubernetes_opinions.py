"""E10 to E13, on the manifests of presets with one thing changed, and on repositories in the styles of others."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings

from scaffold.answers.problems import AnswersError
from scaffold.answers.project import resolve
from scaffold.answers.sources import Source, merge
from scaffold.evaluate.root import Place
from scaffold.facts import Facts, facts_of
from scaffold.files import File
from scaffold.opinions import workloads
from scaffold.opinions.engine import judge
from scaffold.opinions.opinion import Judgement, Status
from scaffold.render import render
from scaffold.repository.model import Manifest
from scaffold.repository.reading import read_repository, repository_of
from tests.render.answer_space import answers
from tests.support.rendering import preset

OURS = ("E10", "E11", "E12", "E13")
REPOSITORIES = Path(__file__).parent / "repositories"
PROD = "k8s/prod"


def said(files: tuple[File, ...]) -> dict[str, list[Judgement]]:
    return {one.opinion.id: list(one.judgements) for one in judge(facts_of(repository_of(files)), OURS)}


@cache
def unmutated() -> dict[str, list[Judgement]]:
    return said(preset("eks-auto-prod").files)


def new(files: tuple[File, ...]) -> list[tuple[str, Status, str, int]]:
    """Return what is broken or unknown in changed files."""
    return [
        (name, each.status, each.place.file, each.place.line)
        for name, judgements in said(files).items()
        for each in judgements
        if each.status in (Status.BROKEN, Status.UNKNOWN)
    ]


def changed(path: str, old: str, new_text: str) -> tuple[File, ...]:
    found = []
    for file in preset("eks-auto-prod").files:
        if file.path == path:
            assert old in file.text, f"{path} has no {old}"
            file = replace(file, text=file.text.replace(old, new_text))
        found.append(file)
    return tuple(found)


def without(*paths: str) -> tuple[File, ...]:
    files = preset("eks-auto-prod").files
    assert {file.path for file in files} >= set(paths)
    return tuple(file for file in files if file.path not in paths)


@pytest.mark.parametrize("name", OURS)
def test_the_manifests_of_a_preset_keep_the_opinion(name: str) -> None:
    assert unmutated()[name]
    assert {each.status for each in unmutated()[name]} == {Status.KEPT}


MUTATIONS = [
    ("E10", "nodepool-spot.yaml", "karpenter.sh/v1", "karpenter.sh/v1beta1"),
    ("E10", "nodepool-spot.yaml", "group: eks.amazonaws.com", "group: karpenter.k8s.aws"),
    ("E10", "nodepool-spot.yaml", "kind: NodeClass", "kind: EC2NodeClass"),
    ("E10", "nodepool-spot.yaml", "eks.amazonaws.com/instance-category", "karpenter.k8s.aws/instance-category"),
    ("E10", "nodepool-spot.yaml", "    consolidateAfter: 1m\n", ""),
    ("E10", "nodepool-spot.yaml", "expireAfter: 336h", "expireAfter: 505h"),
    ("E10", "nodepool-spot.yaml", "expireAfter: 336h", "expireAfter: Never"),
    ("E10", "nodepool-spot.yaml", "nodes: 10%", "nodes: 100%"),
    ("E10", "nodepool-spot.yaml", "nodes: 10%", "nodes: 0"),
    ("E10", "nodepool-spot.yaml", "  weight: 80\n", ""),
    ("E10", "nodeclass-private.yaml", "eks.amazonaws.com/v1", "eks.amazonaws.com/v1beta1"),
    ("E10", "nodeclass-private.yaml", "role: ", "note: "),
    ("E10", "nodeclass-private.yaml", "role: ", "role: another-"),
    ("E11", "storageclass-gp3.yaml", "ebs.csi.eks.amazonaws.com", "ebs.csi.aws.com"),
    ("E11", "storageclass-gp3.yaml", "type: gp3", "type: gp2"),
    ("E11", "storageclass-gp3.yaml", '  encrypted: "true"\n', ""),
    ("E11", "storageclass-gp3.yaml", 'encrypted: "true"', 'encrypted: "false"'),
    ("E11", "storageclass-gp3.yaml", "WaitForFirstConsumer", "Immediate"),
    ("E11", "storageclass-gp3.yaml", "volumeBindingMode: WaitForFirstConsumer", ""),
    ("E11", "storageclass-gp3.yaml", "allowVolumeExpansion: true", ""),
    ("E12", "ingressclass-alb.yaml", "eks.amazonaws.com/alb", "ingress.k8s.aws/alb"),
    ("E12", "ingressclass-alb.yaml", "apiGroup: eks.amazonaws.com", "apiGroup: elbv2.k8s.aws"),
    ("E12", "ingressclass-alb.yaml", "    name: alb", "    name: other"),
    ("E12", "ingressclassparams-alb.yaml", "eks.amazonaws.com/v1", "elbv2.k8s.aws/v1beta1"),
    ("E12", "ingress-sample.yaml", "target-type: ip", "target-type: instance"),
    ("E12", "ingress-sample.yaml", "ingressClassName: alb", "ingressClassName: other"),
    ("E13", "deployment-sample.yaml", "              cpu: ", "              ephemeral-storage: "),
    ("E13", "deployment-sample.yaml", "livenessProbe", "startupProbe"),
    ("E13", "deployment-sample.yaml", "readinessProbe", "startupProbe"),
    ("E13", "deployment-sample.yaml", "minDomains: 3", "minDomains: 2"),
    ("E13", "deployment-sample.yaml", "          minDomains: 3\n", ""),
    ("E13", "deployment-sample.yaml", "topology.kubernetes.io/zone", "kubernetes.io/os"),
    ("E13", "poddisruptionbudget-sample.yaml", "name: sample\nspec", "name: other\n  namespace: other\nspec"),
    ("E13", "horizontalpodautoscaler-sample.yaml", "        name: memory", "        name: cpu"),
    ("E13", "horizontalpodautoscaler-sample.yaml", "    name: sample\n  #", "    name: other\n  #"),
    ("E13", "service-sample.yaml", "  trafficDistribution: PreferSameZone\n", ""),
    ("E13", "service-sample.yaml", "PreferSameZone", "PreferClose"),
    ("E13", "service-sample.yaml", "trafficDistribution: PreferSameZone", "internalTrafficPolicy: Local"),
    (
        "E13",
        "service-sample.yaml",
        "metadata:",
        "metadata:\n  annotations: {service.kubernetes.io/topology-mode: Auto}",
    ),
]


@pytest.mark.parametrize(("name", "file", "old", "new_text"), MUTATIONS)
def test_one_change_breaks_just_its_opinion(name: str, file: str, old: str, new_text: str) -> None:
    if file.startswith("poddisruptionbudget"):
        old, new_text = "app.kubernetes.io/name: sample", "app.kubernetes.io/name: other"
    found = new(changed(f"{PROD}/{file}", old, new_text))
    assert {(each[0], each[1]) for each in found} == {(name, Status.BROKEN)}


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("E12", "ingressclass-alb.yaml"),
        ("E12", "ingressclassparams-alb.yaml"),
        ("E13", "poddisruptionbudget-sample.yaml"),
        ("E13", "horizontalpodautoscaler-sample.yaml"),
    ],
)
def test_a_missing_object_breaks_just_its_opinion(name: str, file: str) -> None:
    found = new(without(f"{PROD}/{file}"))
    assert {(each[0], each[1]) for each in found} == {(name, Status.BROKEN)}


@pytest.mark.parametrize("file", ["ingressclass-alb.yaml", "poddisruptionbudget-sample.yaml"])
def test_what_may_be_in_an_unread_file_is_unknown(file: str) -> None:
    broken_file = File(f"{PROD}/other.yaml", "apiVersion: v1\nkind: Secret\ndata: [\n")
    assert {each[1] for each in new((*without(f"{PROD}/{file}"), broken_file))} == {Status.UNKNOWN}


def test_a_worker_without_a_service_is_not_asked_for_what_serves_requests() -> None:
    gone = ["service", "horizontalpodautoscaler", "poddisruptionbudget"]
    assert new(without(*(f"{PROD}/{kind}-sample.yaml" for kind in gone))) == []


ACCESS = """
resource "aws_iam_role" "own" {
  name               = "own"
  assume_role_policy = "{}"
}

resource "aws_eks_cluster" "this" {
  name     = "shop"
  role_arn = "arn:aws:iam::111122223333:role/cluster"

  compute_config {
    enabled = true
  }
}

resource "aws_eks_access_entry" "own" {
  cluster_name  = aws_eks_cluster.this.name
  principal_arn = aws_iam_role.own.arn
  type          = "EC2"
}

resource "aws_eks_access_policy_association" "own" {
  cluster_name  = aws_eks_cluster.this.name
  principal_arn = aws_iam_role.own.arn
  policy_arn    = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSAutoNodePolicy"

  access_scope {
    type = "cluster"
  }
}
"""
NODE_CLASS = "apiVersion: eks.amazonaws.com/v1\nkind: NodeClass\nmetadata:\n  name: own\nspec:\n  role: own\n"


@pytest.mark.parametrize(
    ("old", "new_text", "status"),
    [
        ("", "", Status.KEPT),
        ('"EC2"', '"STANDARD"', Status.BROKEN),
        ("AmazonEKSAutoNodePolicy", "AmazonEKSViewPolicy", Status.BROKEN),
        ('name               = "own"', 'name               = "other"', Status.BROKEN),
        ('name               = "own"', "name               = var.name", Status.UNKNOWN),
        ("aws_iam_role.own.arn", "var.role_arn", Status.UNKNOWN),
        (
            'resource "aws_iam_role" "own" {',
            'module "more" {\n  source = "x/y/z"\n}\n\nresource "aws_iam_role" "own" {',
            Status.KEPT,
        ),
        (
            "enabled = true",
            'enabled       = true\n    node_role_arn = "arn:aws:iam::111122223333:role/own"',
            Status.KEPT,
        ),
    ],
)
def test_the_role_of_a_node_class_needs_an_access_entry(old: str, new_text: str, status: Status) -> None:
    text = 'variable "name" {}\nvariable "role_arn" {}\n' + (ACCESS.replace(old, new_text) if old else ACCESS)
    judgements = said((File("main.tf", text), File("nodeclass.yaml", NODE_CLASS)))["E10"]
    assert [(each.status, each.place) for each in judgements] == [
        (status, Place("nodeclass.yaml", 1 if status is Status.KEPT else 6))
    ]


def test_in_an_opaque_module_there_may_be_an_access_entry() -> None:
    text = ACCESS.replace('"EC2"', '"STANDARD"') + 'module "more" {\n  source = "cloudposse/more/aws"\n}\n'
    (judgement,) = said((File("main.tf", text), File("nodeclass.yaml", NODE_CLASS)))["E10"]
    assert judgement.status is Status.UNKNOWN
    assert "module.more" in judgement.message


@pytest.mark.parametrize(
    ("flag", "expected"), [("true", {Status.BROKEN}), ("var.auto", {Status.UNKNOWN}), ("false", set())]
)
def test_manifests_are_judged_by_whether_the_cluster_is_in_auto_mode(flag: str, expected: set[Status]) -> None:
    cluster = f"""
variable "auto" {{}}

resource "aws_eks_cluster" "this" {{
  name = "shop"

  compute_config {{
    enabled = {flag}
  }}
}}
"""
    storage = "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: a}\nprovisioner: ebs.csi.aws.com\n"
    found = said((File("main.tf", cluster), File("a.yaml", storage)))["E11"]
    assert {each.status for each in found} == expected


def test_an_environments_objects_are_judged_by_its_own_cluster() -> None:
    cluster = 'resource "aws_eks_cluster" "this" {{\n  name = "shop"\n  version = "{}"\n}}\n'
    service = (
        "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, loadBalancerClass: "
        "eks.amazonaws.com/nlb, trafficDistribution: PreferClose}\n---\n"
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 1, template: {metadata: "
        "{labels: {app: web}}, spec: {containers: []}}}\n"
    )
    files = (
        File("environments/dev/main.tf", cluster.format("1.33")),
        File("environments/prod/main.tf", cluster.format("1.35")),
        File("k8s/dev/web.yaml", service),
        File("k8s/prod/web.yaml", service),
    )
    found = [each for each in said(files)["E13"] if "PreferClose" in each.message]
    assert [(each.status, each.place.file) for each in found] == [(Status.BROKEN, "k8s/prod/web.yaml")]


BROKEN, UNKNOWN, KEPT, SKIPPED = Status.BROKEN, Status.UNKNOWN, Status.KEPT, Status.SKIPPED

TABLES: dict[str, list[tuple[str, Status, str, int]]] = {
    "k8s_karpenter": [
        ("E10", BROKEN, "karpenter.yaml", 1),
        ("E10", BROKEN, "karpenter.yaml", 17),
    ],
    "k8s_flux": [
        ("E10", KEPT, "nodes.yaml", 1),
        ("E10", UNKNOWN, "nodes.yaml", 13),
        ("E10", BROKEN, "nodes.yaml", 20),
        ("E10", BROKEN, "nodes.yaml", 25),
        ("E10", BROKEN, "nodes.yaml", 28),
        ("E10", UNKNOWN, "nodes.yaml", 29),
        ("E11", SKIPPED, "storage.yaml", 8),
        ("E11", BROKEN, "storage.yaml", 13),
        ("E11", UNKNOWN, "storage.yaml", 20),
        ("E12", KEPT, "gateway.yaml", 1),
        ("E12", KEPT, "gateway.yaml", 8),
        ("E12", BROKEN, "gateway.yaml", 20),
        ("E12", BROKEN, "ingress.yml", 4),
        ("E12", BROKEN, "ingress.yml", 12),
        ("E12", BROKEN, "ingress.yml", 19),
        ("E12", BROKEN, "ingress.yml", 20),
    ],
    "k8s_helm": [
        ("E12", UNKNOWN, "manifests/ingress.yaml", 6),
        ("E12", KEPT, "manifests/ingress.yaml", 13),
        ("E12", BROKEN, "manifests/ingress.yaml", 29),
        ("E13", KEPT, "manifests/ingress.yaml", 13),
        ("E13", KEPT, "manifests/ingress.yaml", 23),
    ],
    "k8s_kustomize": [
        ("E11", BROKEN, "base/storage.yaml", 8),
        ("E13", UNKNOWN, "base/web.yaml", 1),
        ("E13", UNKNOWN, "base/web.yaml", 14),
        ("E13", UNKNOWN, "base/web.yaml", 15),
        ("E13", UNKNOWN, "base/web.yaml", 16),
        ("E13", KEPT, "base/web.yaml", 19),
    ],
    "k8s_terraform": [
        ("E10", BROKEN, "main.tf", 40),
        ("E11", BROKEN, "main.tf", 45),
        ("E13", BROKEN, "service.yaml", 14),
        ("E13", BROKEN, "service.yaml", 31),
        ("E13", BROKEN, "service.yaml", 49),
    ],
    "k8s_workers": [
        ("E10", KEPT, "nodepool.yaml", 1),
        ("E10", BROKEN, "nodepool.yaml", 25),
        ("E10", BROKEN, "nodepool.yaml", 39),
        ("E13", KEPT, "worker.yaml", 1),
        ("E13", BROKEN, "worker.yaml", 35),
        ("E13", BROKEN, "worker.yaml", 54),
    ],
}


@pytest.mark.parametrize("name", TABLES)
def test_a_foreign_repository_is_judged_as_its_table_says(name: str) -> None:
    found = {
        (one.opinion.id, each.status, each.place.file, each.place.line)
        for one in judge(facts_of(read_repository(REPOSITORIES / name)), OURS)
        for each in one.judgements
    }
    assert sorted(found, key=lambda each: (each[0], each[2], each[3])) == TABLES[name]


TERRAFORM = """\
resource "aws_eks_cluster" "this" {
  name     = "shop"
  role_arn = "arn:aws:iam::111122223333:role/cluster"
  compute_config {
    enabled = FLAG
  }
}
resource "KIND" "x" {
  metadata {
    name = "x"
  }
  storage_provisioner = "ebs.csi.eks.amazonaws.com"
  volume_binding_mode = "Immediate"
  parameters          = { encrypted = "true" }
  spec {
    type = "LoadBalancer"
  }
}
"""


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("kubernetes_storage_class_v1", [("E11", Status.BROKEN, "main.tf", 13)]),
        ("kubernetes_deployment", [("E13", Status.UNKNOWN, "main.tf", 8)]),
        ("kubernetes_stateful_set_v1", [("E13", Status.UNKNOWN, "main.tf", 8)]),
        ("kubernetes_service_v1", [("E12", Status.UNKNOWN, "main.tf", 8), ("E13", Status.UNKNOWN, "main.tf", 8)]),
        ("kubernetes_ingress_v1", [("E12", Status.UNKNOWN, "main.tf", 8)]),
        ("kubernetes_namespace", []),
    ],
)
def test_objects_in_terraforms_own_form_are_judged_or_unknown(
    kind: str, expected: list[tuple[str, Status, str, int]]
) -> None:
    text = TERRAFORM.replace("KIND", kind)
    assert new((File("main.tf", text.replace("FLAG", "true")),)) == expected
    if kind != "kubernetes_storage_class_v1":  # its provisioner is Auto Mode's
        assert new((File("main.tf", text.replace("FLAG", "false")),)) == []


def facts_with(text: str) -> Facts:
    auto_mode = "apiVersion: eks.amazonaws.com/v1\nkind: NodeClass\nmetadata: {name: a}\nspec: {role: a}\n"
    return facts_of(repository_of([File("a.yaml", auto_mode), File("b.yaml", text)]))


@pytest.mark.parametrize(
    "spec",
    [
        "7",
        "[]",
        "${spec}",
        "{template: 7}",
        "{template: {spec: ${pod}}}",
        "{template: {spec: {containers: 7, topologySpreadConstraints: 7, requirements: 7, nodeClassRef: []}}}",
        "{template: {spec: {containers: [7, null, {resources: []}], topologySpreadConstraints: [7]}}}",
        "{selector: 7, parameters: 7, disruption: {budgets: 7}, weight: x, role: [a], metrics: 7, type: []}",
        "{disruption: {budgets: [7, {nodes: [1]}]}, template: {spec: {requirements: [7, {key: [a], values: 7}]}}}",
        "{scaleTargetRef: 7, selector: {matchLabels: 7}, ingressClassName: [a], gatewayClassName: {a: b}}",
        "null",
    ],
)
def test_objects_of_any_shape_are_judged_without_a_crash(spec: str) -> None:
    kinds = {
        "NodePool": "karpenter.sh/v1",
        "NodeClass": "eks.amazonaws.com/v1",
        "StorageClass": "storage.k8s.io/v1",
        "IngressClass": "networking.k8s.io/v1",
        "IngressClassParams": "eks.amazonaws.com/v1",
        "Ingress": "networking.k8s.io/v1",
        "Gateway": "gateway.networking.k8s.io/v1",
        "GatewayClass": "gateway.networking.k8s.io/v1",
        "Service": "v1",
        "Deployment": "apps/v1",
        "StatefulSet": "apps/v1",
        "PodDisruptionBudget": "policy/v1",
        "HorizontalPodAutoscaler": "autoscaling/v2",
    }
    documents = [
        f"apiVersion: {group}\nkind: {kind}\nmetadata: {{annotations: 7}}\nspec: {spec}\n"
        for kind, group in kinds.items()
    ]
    judge(facts_with("---\n".join(documents)), OURS)


def test_many_workloads_are_judged_in_one_go() -> None:
    workload = (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: w{0}}}\nspec: {{template: {{metadata: {{labels: "
        "{{a: b{0}}}}}, spec: {{containers: [{{name: a}}]}}}}}}\n---\n"
        "apiVersion: v1\nkind: Service\nmetadata: {{name: w{0}}}\nspec: {{selector: {{a: b{0}}}}}\n"
    )
    facts = facts_with("---\n".join(workload.format(number) for number in range(500)))
    (result,) = judge(facts, ["E13"])
    assert Place("b.yaml", 1) in {each.place for each in result.judgements}


@pytest.mark.parametrize("labels", ["{{team: a}}", "{{team: a, app: b{0}}}"])
def test_many_workloads_that_share_a_label_are_not_compared_with_all_services(
    labels: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    workload = (
        f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{{{name: w{{0}}}}}}\nspec: {{{{template: {{{{metadata: "
        f"{{{{labels: {labels}}}}}, spec: {{{{containers: [{{{{name: a}}}}]}}}}}}}}}}}}\n---\n"
        f"apiVersion: v1\nkind: Service\nmetadata: {{{{name: w{{0}}}}}}\nspec: {{{{selector: {labels}}}}}\n"
    )
    facts = facts_with("---\n".join(workload.format(number) for number in range(200)))
    compared = []
    selects = workloads._selects

    def counted(one: Manifest, *arguments: Any) -> bool | None:
        compared.append(one)
        return selects(one, *arguments)

    monkeypatch.setattr(workloads, "_selects", counted)
    (result,) = judge(facts, ["E13"])
    assert Place("b.yaml", 1) in {each.place for each in result.judgements}
    assert 200 <= len(compared) <= 400


@settings(max_examples=40, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(answers())
def test_no_answers_make_manifests_that_break_an_opinion(data: dict[str, Any]) -> None:
    try:
        files = render(resolve(merge([Source(data, "test")]))).files
    except AnswersError:
        assume(False)
    found = judge(facts_of(repository_of(files)), (*OURS, "E14", "E17", "E19"))
    faults = [each for one in found for each in one.judgements if each.status in (Status.BROKEN, Status.UNKNOWN)]
    assert faults == []
