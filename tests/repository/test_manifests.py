import pytest

from scaffold.evaluate.root import Argument, Body, Instance, Place, Root
from scaffold.evaluate.values import Joined, Key, Symbol, Value
from scaffold.files import File
from scaffold.repository.manifests import declared_manifests, written_manifests
from scaffold.repository.model import Manifest
from scaffold.repository.reading import repository_of

CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {}\n"


def of(**texts: str) -> list[tuple[str, str, int]]:
    return [(one.kind, one.name, one.node.line) for one in found(**texts).manifests]


def found(**texts: str):  # type: ignore[no-untyped-def] # what written_manifests returns
    return written_manifests([File(f"{name}.yaml", text) for name, text in texts.items()])


def declared(kind: str, argument: str, value: Value, *text: str) -> tuple[Manifest, ...]:
    place = Place("main.tf", 1)
    body = Body({argument: Argument(value, Place("main.tf", 2))}, {}, frozenset(), place)
    root = Root(".", "", (Instance(f"{kind}.x", False, kind, "x", None, "", body),), ())
    return declared_manifests([root, root], {"main.tf": "\n".join(text)}).manifests


def test_each_document_and_each_item_of_a_list_is_an_object() -> None:
    items = "---\nkind: List\napiVersion: v1\nitems:\n  - apiVersion: v1\n    kind: Secret\n    metadata: {name: b}\n"
    assert of(a=CONFIG_MAP.format("a") + items) == [("ConfigMap", "a", 1), ("Secret", "b", 9)]


@pytest.mark.parametrize(
    "text",
    [
        "services:\n  web: &web {image: nginx}\n  other: *web\n",
        "on: push\njobs: {}\n",
        "image: nginx\nkind: blue\n",
        "Resources:\n  A: !Ref B\n",
        "extra:\n  - apiVersion: v1\n    kind: &kind Secret\n    other: *kind\n",
        "",
        "[[[[",
    ],
)
def test_yaml_that_is_no_manifest_is_passed_over(text: str) -> None:
    manifests = found(a=text)
    assert (manifests.manifests, manifests.problems, manifests.unread) == ((), (), ())


def test_a_broken_manifest_is_a_problem() -> None:
    manifests = found(a="apiVersion: v1\nkind: Secret\ndata: [\n", b=CONFIG_MAP.format("b"))
    assert [(problem.rule, problem.file, problem.line) for problem in manifests.problems] == [
        ("yaml-syntax", "a.yaml", 4)
    ]
    assert [each.what for each in manifests.unread] == ["a.yaml"]
    assert [one.name for one in manifests.manifests] == ["b"]


def test_helm_templates_are_unread_once_for_each_chart() -> None:
    text = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: {{ .Release.Name }}\n"
    files = [
        File("charts/x/Chart.yaml", "apiVersion: v2\nname: x\n"),
        File("charts/x/crds/a.yaml", CONFIG_MAP.format("crd")),
        File("charts/x/templates/a.yaml", text),
        File("charts/x/templates/deep/b.yaml", text),
        File("jinja/c.yaml", text),
    ]
    manifests = written_manifests(files)
    assert [one.name for one in manifests.manifests] == ["crd"]
    assert [each.what for each in manifests.unread] == ["charts/x/templates/", "jinja/c.yaml"]
    assert not manifests.problems


def test_a_patch_is_no_object_and_what_it_changes_is_marked() -> None:
    kustomization = (
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [a.yaml, https://x.example/y]\n"
        "patches:\n  - path: patch.yaml\n  - target: {kind: Secret}\n    patch: '[]'\n"
    )
    manifests = found(
        a=CONFIG_MAP.format("a"),
        b=CONFIG_MAP.format("b"),
        kustomization=kustomization,
        patch=CONFIG_MAP.format("a"),
        secret="apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n",
    )
    assert {one.name: one.patched for one in manifests.manifests if one.name} == {
        "a": "kustomization.yaml",
        "b": "",
        "s": "kustomization.yaml",
    }
    assert not any(one.file == "patch.yaml" for one in manifests.manifests)
    assert [each.what for each in manifests.unread] == ["https://x.example/y"]


def test_a_heredoc_of_terraform_is_an_object_with_its_own_lines() -> None:
    name = Symbol("aws_iam_role.node.name", "aws_iam_role.node", "name")
    value = Joined(("apiVersion: v1\nkind: NodeClass\nmetadata: {name: a}\nspec:\n  role: ", name, "\n"))
    (one,) = declared("kubectl_manifest", "yaml_body", value, 'resource "x" "y" {', "  yaml_body = <<-YAML", "…")
    role = one.node.at("spec", "role")
    assert role is not None
    assert (one.kind, role.string, role.line) == ("NodeClass", "${aws_iam_role.node.name}", 7)


def test_a_map_of_terraform_is_an_object_at_its_argument() -> None:
    value: dict[Key, Value] = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "a"},
        "n": 1,
        "b": True,
        "u": Symbol("var.u"),
    }
    (one,) = declared("kubernetes_manifest", "manifest", value)
    assert (one.name, one.node.line) == ("a", 2)
    assert [(each.value, each.text) for each in (one.node.fields[name] for name in "nbu")] == [
        (1, "1"),
        (True, "true"),
        ("${var.u}", "${var.u}"),
    ]


@pytest.mark.parametrize("kind", ["kubernetes_storage_class", "kubernetes_storage_class_v1"])
def test_a_storage_class_in_terraforms_own_form_is_read_with_the_providers_defaults(kind: str) -> None:
    text = (
        f'resource "{kind}" "x" {{\n  metadata {{\n    name = "gp3"\n  }}\n'
        '  storage_provisioner = "ebs.csi.eks.amazonaws.com"\n  parameters = { type = var.type }\n}\n'
        'variable "type" {\n}\n'
    )
    repository = repository_of([File("main.tf", text)])
    (one,) = repository.manifests
    assert (one.kind, one.api_version, one.name, one.node.line) == ("StorageClass", "storage.k8s.io/v1", "gp3", 1)
    assert {name: (node.value, node.line) for name, node in one.node.fields.items() if not node.fields} == {
        "apiVersion": ("storage.k8s.io/v1", 1),
        "kind": ("StorageClass", 1),
        "provisioner": ("ebs.csi.eks.amazonaws.com", 5),
        "reclaimPolicy": ("Delete", 1),
        "volumeBindingMode": ("Immediate", 1),
        "allowVolumeExpansion": (True, 1),
    }
    assert one.node.fields["parameters"].strings() == {"type": "${var.type}"}
    assert not repository.unread


@pytest.mark.parametrize(
    "value", [Symbol("each.value"), None, "[broken", Joined((Symbol("var.x"), "\nkind: A")), 7, ""]
)
def test_an_object_of_terraform_that_cannot_be_evaluated_is_unread(value: Value) -> None:
    place = Place("main.tf", 1)
    body = Body({"yaml_body": Argument(value, place)}, {}, frozenset(), place)
    root = Root(".", "", (Instance("kubectl_manifest.x", False, "kubectl_manifest", "x", None, "", body),), ())
    manifests = declared_manifests([root], {})
    assert not manifests.manifests
    assert [each.what for each in manifests.unread] == ["kubectl_manifest.x"]


def test_charts_and_objects_in_terraforms_own_form_are_unread() -> None:
    body = Body({}, {}, frozenset(), Place("main.tf", 1))
    instances = tuple(
        Instance(f"{kind}.x", data, kind, "x", None, "", body)
        for kind, data in [("helm_release", False), ("kubernetes_service_v1", False), ("kubernetes_service_v1", True)]
    )
    manifests = declared_manifests([Root(".", "", instances, ())], {})
    assert [each.what for each in manifests.unread] == ["helm_release.x", "kubernetes_service_v1.x"]


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: v1\nkind: " + "[" * 10_000,
        "apiVersion: v1\nkind: A\n" + "a: &a [x]\nb: *a\n",
        "apiVersion: v1\nkind: A\n\x00",
        "apiVersion: [v1]\nkind: {a: b}\n",
        "apiVersion: v1\nkind: List\nitems: {a: b}\n",
        "apiVersion: v1\nkind: List\nitems: [1, null, [a]]\n",
        "apiVersion: v1\nkind: A\nmetadata: 7\n",
        "apiVersion: kustomize.config.k8s.io/v1\nkind: Kustomization\npatches: 7\nresources: {a: b}\n",
        "apiVersion: kustomize.config.k8s.io/v1\nkind: Kustomization\npatches: [7, {path: [a]}, {target: a}]\n",
        "apiVersion: v1\nkind: A\n" + "x" * 1_900_000,
    ],
)
def test_hostile_yaml_neither_crashes_nor_hangs(text: str) -> None:
    found(a=text)
