from random import Random

import pytest

from scaffold.compare.difference import ResourceDifference, ResourceStatus
from scaffold.compare.meaning import compare_meaning
from scaffold.files import File
from tests.hcl.messy_hcl import Messy


def differences(rendered: str, there: str, path: str = "main.tf") -> tuple[ResourceDifference, ...]:
    return compare_meaning([File(path, rendered)], [File(path, there)])


def paths(rendered: str, there: str, path: str = "main.tf") -> list[str]:
    return [attribute.path for each in differences(rendered, there, path) for attribute in each.attributes]


def resource(kind: str, *lines: str) -> str:
    return f'resource "{kind}" "this" {{\n' + "".join(f"  {line}\n" for line in lines) + "}\n"


GROUP = "aws_security_group"
WEB = 'ingress {\n from_port = 80\n to_port = 80\n protocol = "tcp"\n }'
TLS = 'ingress {\n from_port = 443\n to_port = 443\n protocol = "tcp"\n }'
READ = 'statement {\n actions = ["s3:Get*"]\n }'
LIST = 'statement {\n actions = ["s3:List*"]\n }'


@pytest.mark.parametrize(
    ("rendered", "there"),
    [
        pytest.param(
            resource("aws_eks_cluster", 'name = "a"', "vpc_config {", "subnet_ids = [var.a, var.b]", "}"),
            resource("aws_eks_cluster", "vpc_config {", "subnet_ids = [var.b, var.a]", "}", 'name = "a"'),
            id="a set of texts",
        ),
        pytest.param(resource(GROUP, WEB, TLS), resource(GROUP, TLS, WEB), id="blocks that are a set"),
        pytest.param(
            resource("aws_db_instance", "port = 5432"), resource("aws_db_instance", 'port = "5432"'), id="1 = '1'"
        ),
        pytest.param(resource("aws_vpc", "count = 1"), resource("aws_vpc", 'count = "1"'), id="a count"),
        pytest.param(resource("aws_vpc", "tags = null"), resource("aws_vpc"), id="null is none"),
        pytest.param(
            resource("aws_vpc", "depends_on = [aws_a.b, module.c]"),
            resource("aws_vpc", 'depends_on = [module.c, "aws_a.b"]'),
            id="depends_on",
        ),
        pytest.param(
            resource("aws_vpc", "lifecycle {", "ignore_changes = [tags, cidr_block]", "}"),
            resource("aws_vpc", "lifecycle {", "ignore_changes = [cidr_block, tags]", "}"),
            id="ignore_changes",
        ),
        pytest.param(
            'variable "a" {\n type = set(string)\n default = ["x", "y"]\n}\n',
            'variable "a" {\n type = set( string )\n default = ["y", "x"]\n}\n',
            id="a default that is a set",
        ),
        pytest.param(
            "locals {\n a = 1\n b = 2\n}\n", "locals {\n b = 2\n}\nlocals { a = 1 }\n", id="locals in two blocks"
        ),
        pytest.param(
            'terraform {\n required_version = ">= 1.10"\n backend "s3" {\n key = "a"\n }\n}\n',
            'terraform {\n backend "s3" {\n key = "a"\n }\n}\nterraform {\n required_version = ">= 1.10"\n}\n',
            id="settings in two blocks",
        ),
        pytest.param(
            resource("aws_iam_role", 'assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [] })'),
            resource(
                "aws_iam_role", "assume_role_policy = <<-EOT", '{"Statement": [],', '"Version": "2012-10-17"}', "EOT"
            ),
            id="jsonencode and JSON",
        ),
        pytest.param(
            'output "a" {\n value = 1\n}\n', '\ufeffoutput "a" {\r\n\r\n  value = 1 # one\r\n}', id="BOM, CRLF, comment"
        ),
        pytest.param(
            'variable "a" {\n validation {\n condition = true\n error_message = "A."\n }\n validation {\n'
            ' condition = false\n error_message = "B."\n }\n}\n',
            'variable "a" {\n validation {\n condition = false\n error_message = "B."\n }\n validation {\n'
            ' condition = true\n error_message = "A."\n }\n}\n',
            id="validations",
        ),
    ],
)
def test_what_is_the_same_to_terraform_is_no_difference(rendered: str, there: str) -> None:
    assert differences(rendered, there) == ()


@pytest.mark.parametrize(
    ("rendered", "there", "expected"),
    [
        (
            resource(GROUP, WEB, TLS),
            resource(GROUP, WEB, TLS.replace("443", "8443")),
            ["ingress[1].from_port", "ingress[1].to_port"],
        ),
        (resource(GROUP, WEB, TLS), resource(GROUP, TLS), ["ingress[0]"]),
        (resource(GROUP, WEB), resource(GROUP, WEB, TLS), ["ingress[1]"]),
        (resource(GROUP, WEB), resource(GROUP), ["ingress"]),
        (
            resource("aws_eks_cluster", "vpc_config {", "subnet_ids = [var.a]", "}"),
            resource("aws_eks_cluster", "vpc_config {", "subnet_ids = [var.b]", "}"),
            ["vpc_config.subnet_ids"],
        ),
        (
            resource("aws_vpc", 'tags = { Name = "a", "a/b" = 1 }'),
            resource("aws_vpc", 'tags = { Name = "b", "a/b" = 2 }'),
            ["tags.Name", 'tags["a/b"]'],
        ),
        (resource("aws_vpc", "tags = var.a"), resource("aws_vpc", "tags = merge(var.a, {})"), ["tags"]),
        (resource("aws_vpc", "count = 1"), resource("aws_vpc", "count = true"), ["count"]),
        (resource("aws_vpc", "for_each = var.a"), resource("aws_vpc", "count = 1"), ["for_each", "count"]),
        (resource("aws_vpc", "provider = aws.a"), resource("aws_vpc", "provider = aws.b"), ["provider"]),
        (resource("aws_vpc", "depends_on = [aws_a.b]"), resource("aws_vpc"), ["depends_on"]),
        (resource("aws_vpc", "lifecycle {", "prevent_destroy = true", "}"), resource("aws_vpc"), ["lifecycle"]),
        (
            resource("aws_vpc", "x = jsonencode({ a = [{ b = 1 }] })"),
            resource("aws_vpc", "x = jsonencode({ a = [{ b = 2 }] })"),
            ["x.a[0].b"],
        ),
        (resource("unheard_of", "a = 1"), resource("unheard_of", 'a = "1"'), ["a"]),
        (
            resource("unheard_of", WEB, TLS),
            resource("unheard_of", TLS, WEB),
            ["ingress[0].from_port", "ingress[0].to_port", "ingress[1].from_port", "ingress[1].to_port"],
        ),
        ('module "a" {\n source = "./x"\n b = null\n}\n', 'module "a" {\n source = "./x"\n}\n', ["b"]),
        (
            resource(GROUP, 'dynamic "ingress" {', "for_each = var.a", "content {", "from_port = 1", "}", "}"),
            resource(GROUP, 'dynamic "ingress" {', "for_each = var.b", "content {", "from_port = 2", "}", "}"),
            ["dynamic.ingress.for_each", "dynamic.ingress.content.from_port"],
        ),
        (
            f'data "aws_iam_policy_document" "a" {{\n{READ}\n{LIST}\n}}\n',
            f'data "aws_iam_policy_document" "a" {{\n{LIST}\n}}\n',
            ["statement[0]"],
        ),
        (
            'terraform {\n required_providers {\n aws = { source = "hashicorp/aws", version = "~> 6.0" }\n }\n}\n',
            'terraform {\n required_providers {\n aws = { source = "hashicorp/aws", version = "~> 7.0" }\n }\n}\n',
            ["version"],
        ),
    ],
)
def test_a_difference_has_its_path(rendered: str, there: str, expected: list[str]) -> None:
    assert paths(rendered, there) == expected


def test_both_sides_are_told_as_written_with_their_lines() -> None:
    rendered = resource("aws_vpc", "tags = {", "Name = var.name", "}")
    there = "# mine\n" + resource("aws_vpc", "tags = {", "# mine", 'Name = "${ var.name }-a"', "}")
    (found,) = differences(rendered, there, "modules/network/main.tf")
    (attribute,) = found.attributes
    assert found.address == "modules/network: aws_vpc.this"
    assert attribute.rendered is not None
    assert attribute.there is not None
    assert (attribute.rendered.text, attribute.rendered.place.line) == ("var.name", 3)
    assert (attribute.there.text, attribute.there.place.line) == ('"${ var.name }-a"', 5)


def test_a_long_value_is_cut_so_that_its_difference_is_seen() -> None:
    items = [f'"item-{number}"' for number in range(100)]
    there = [*items[:80], '"mine"', *items[81:]]
    (found,) = differences(
        resource("aws_x", f"a = [{', '.join(items)}]"), resource("aws_x", f"a = [{', '.join(there)}]")
    )
    sides = (found.attributes[0].rendered, found.attributes[0].there)
    assert [side is not None and len(side.text) < 170 for side in sides] == [True, True]
    assert sides[0] is not None
    assert sides[1] is not None
    assert "item-80" in sides[0].text
    assert "mine" in sides[1].text


def test_a_module_called_in_this_repository_takes_the_types_of_its_variables() -> None:
    child = File(
        "modules/a/variables.tf", 'variable "names" {\n type = set(string)\n}\nvariable "n" {\n type = number\n}\n'
    )
    text = 'module "a" {\n source = "../../modules/a"\n names = ["x", "y"]\n n = 1\n}\n'
    there = text.replace('"x", "y"', '"y", "x"').replace("n = 1", 'n = "1"')
    assert (
        compare_meaning([child, File("environments/a/main.tf", text)], [child, File("environments/a/main.tf", there)])
        == ()
    )
    assert compare_meaning([File("a/main.tf", text)], [File("a/main.tf", there)]) != ()


def test_an_element_declared_twice_is_one_and_an_extra_one() -> None:
    one, other = resource("aws_vpc", "a = 1"), resource("aws_vpc", "a = 2")
    found = differences(one, other + one)
    assert [(each.address, each.status, each.place.line) for each in found] == [
        ("aws_vpc.this", ResourceStatus.EXTRA, 1)
    ]
    assert [each.status for each in differences(one + other, one)] == [ResourceStatus.MISSING]


def test_providers_are_told_apart_by_alias() -> None:
    text = 'provider "aws" {\n region = "a"\n}\nprovider "aws" {\n alias = "b"\n region = "b"\n}\n'
    (found,) = differences(text, text.replace('region = "b"', 'region = "c"'))
    assert found.address == "provider.aws.b"


def test_what_may_be_in_a_file_that_does_not_parse_is_unknown() -> None:
    rendered = [File("a/main.tf", resource("aws_vpc")), File("b/main.tf", resource("aws_eip"))]
    found = compare_meaning(rendered, [File("a/main.tf", 'resource "aws_vpc" "oops" {\n')])
    assert [(each.address, each.status) for each in found] == [
        ("a: aws_vpc.oops", ResourceStatus.EXTRA),
        ("a: aws_vpc.this", ResourceStatus.UNKNOWN),
        ("b: aws_eip.this", ResourceStatus.MISSING),
    ]
    assert found[1].reason == "a/main.tf could not be read whole"


@pytest.mark.parametrize("path", ["a/main.tf", "a/main.tf.json", "a/"])
def test_what_may_be_in_a_file_that_could_not_be_read_is_unknown(path: str) -> None:
    (found,) = compare_meaning([File("a/main.tf", resource("aws_vpc"))], [], unread=[path])
    assert found.status == ResourceStatus.UNKNOWN
    (found,) = compare_meaning([File("a/main.tf", resource("aws_vpc"))], [], unread=["b/main.tf"])
    assert found.status == ResourceStatus.MISSING


def test_an_argument_missing_from_a_broken_file_is_unknown() -> None:
    (found,) = differences(resource("aws_vpc", "a = 1", "b = 2"), resource("aws_vpc", "a = 1") + "x = [\n")
    assert (found.status, [each.known for each in found.attributes]) == (ResourceStatus.UNKNOWN, [False])
    (found,) = differences(resource("aws_vpc", "a = 1", "b = 2"), resource("aws_vpc", "a = 3") + "x = [\n")
    assert (found.status, [each.known for each in found.attributes]) == (ResourceStatus.CHANGED, [True, False])


def test_nothing_is_known_of_the_values_of_a_block_that_does_not_parse() -> None:
    rendered = resource("aws_vpc", "a = 1", "b = var.x", "c = 3") + resource("aws_eip", "a = 1").replace("this", "b")
    sides = "<<<<<<< yours\nc = 4\n=======\nc = 3\n>>>>>>> scaffold 1.0"
    for lines in (("a = 1", "b = var.x", sides), (f"a = 1\n{sides}", "b = var.y"), (sides, "a = 2")):
        (found, *others) = [
            each for each in differences(rendered, resource("aws_vpc", *lines)) if "vpc" in each.address
        ]
        assert found.status == ResourceStatus.UNKNOWN
        assert not any(each.known for each in found.attributes)
        assert others == []


def test_a_tfvars_file_is_known_by_its_path() -> None:
    variable = File("a/v.tf", 'variable "n" {\n type = number\n}\n')
    rendered = [variable, File("a/x.tfvars", "n = 1\nm = 2\n")]
    assert compare_meaning(rendered, [variable, File("a/x.tfvars", 'm = 2\nn = "1"\n')]) == ()
    (found,) = compare_meaning(rendered, [variable, File("a/x.tfvars", "m = 2\n")])
    assert (found.address, found.status) == ("a/x.tfvars: n", ResourceStatus.MISSING)


def test_a_renamed_test_file_is_found_by_its_runs() -> None:
    text = 'run "a" {\n command = plan\n}\nrun "b" {\n command = plan\n}\n'
    rendered = [File("m/main.tf", ""), File("m/tests/a.tftest.hcl", text)]
    there = [File("m/main.tf", ""), File("m/tests/b.tftest.hcl", text.replace("plan", "apply", 1))]
    (found,) = compare_meaning(rendered, there)
    assert (found.address, [each.path for each in found.attributes]) == ("m/tests/b.tftest.hcl: run.a", ["command"])


def test_the_order_of_a_test_files_runs_matters() -> None:
    runs = ['run "a" {\n command = plan\n}\n', 'run "b" {\n command = apply\n}\n']
    (found,) = differences("".join(runs), "".join(reversed(runs)), "tests/a.tftest.hcl")
    assert (found.address, found.attributes[0].path) == ("tests/a.tftest.hcl: runs", "order")


DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec:
  replicas: 2
  template:
    spec:
      containers:
        - name: app
          image: a:1
          args: [a, b, c]
        - name: side
          image: b:1
      tolerations:
        - {key: x}
        - {key: y}
"""


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("image: a:1", "image: a:2", ["spec.template.spec.containers[app].image"]),
        ("[a, b, c]", "[a, c]", ["spec.template.spec.containers[app].args[1]"]),
        ("{key: y}", "{key: z}", ["spec.template.spec.tolerations[1].key"]),
        ("        - {key: x}\n", "", ["spec.template.spec.tolerations[0]"]),
        ("replicas: 2", "replicas: 2.0", []),
        ("replicas: 2", 'replicas: "2"', ["spec.replicas"]),
        ("replicas: 2", "replicas: 2\n  paused: null", []),
        ("apps/v1", "apps/v1beta1", ["apiVersion"]),
    ],
)
def test_objects_are_compared_field_by_field(old: str, new: str, expected: list[str]) -> None:
    assert old in DEPLOYMENT
    assert paths(DEPLOYMENT, DEPLOYMENT.replace(old, new), "k8s/dev/a.yaml") == expected


def test_the_order_of_init_containers_matters_and_that_of_containers_does_not() -> None:
    text = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  initContainers: [{name: a}, {name: b}]\n"
    assert paths(text, text.replace("{name: a}, {name: b}", "{name: b}, {name: a}"), "a.yaml") == [
        "spec.initContainers"
    ]
    text = text.replace("initContainers", "containers")
    assert paths(text, text.replace("{name: a}, {name: b}", "{name: b}, {name: a}"), "a.yaml") == []


def test_one_is_not_true_in_an_object() -> None:
    text = "apiVersion: v1\nkind: A\nx: 1\n"
    (found,) = differences(text, text.replace("x: 1", "x: true"), "k8s/a.yaml")
    assert found.address == "k8s: A"


def test_an_object_that_may_be_in_an_unreadable_file_is_unknown() -> None:
    (found,) = differences(DEPLOYMENT, "apiVersion: v1\nkind: {{ .Values.kind }}\n", "k8s/dev/a.yaml")
    assert (found.address, found.status) == ("k8s/dev: Deployment shop/api", ResourceStatus.UNKNOWN)
    assert found.reason == "k8s/dev/a.yaml could not be read whole"


def test_a_kustomization_names_objects_by_whatever_files() -> None:
    config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s}\n"
    top = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [%s]\n"
    rendered = [
        File("k8s/a.yaml", config % "a"),
        File("k8s/b.yaml", config % "b"),
        File("k8s/kustomization.yaml", top % "a.yaml, b.yaml"),
    ]
    joined = [
        File("k8s/all.yaml", config % "a" + "---\n" + config % "b"),
        File("k8s/kustomization.yaml", top % "all.yaml"),
    ]
    assert compare_meaning(rendered, joined) == ()
    (found,) = compare_meaning(rendered, [*rendered[:2], File("k8s/kustomization.yaml", top % "b.yaml")])
    assert [each.path for each in found.attributes] == ["resources[0]"]


def test_other_yaml_is_not_compared() -> None:
    assert differences("on: push\n", "on: pull\n", ".github/workflows/a.yml") == ()


@pytest.mark.parametrize("seed", range(30))
def test_no_file_raises(seed: int) -> None:
    chance = Random(seed)
    good, bad = Messy(chance).file(), Messy(chance).file()
    cut = bad[: chance.randint(0, len(bad))]
    nested = "a {\n" * 200 + "x = " + "[" * 200
    for path in ("main.tf", "a.tftest.hcl", "a.tfvars", "k8s/a.yaml"):
        for one in (good, bad):
            assert differences(one, one, path) == ()
            for other in (
                cut,
                nested,
                f'resource "a" "b" {{\n{cut}',
                "\x00\ufffd",
                "apiVersion: v1\nkind: A\nx: [" + "[" * 500,
            ):
                differences(one, other, path)
                differences(other, one, path)


def test_thousands_of_blocks_and_items_do_not_take_for_ever() -> None:
    many = resource(GROUP, *(WEB.replace("80", str(number)) for number in range(1500)))
    other = resource(GROUP, *(WEB.replace("80", str(number)) for number in range(20000, 21500)))
    assert len(paths(many, other)) == 3000
    names = "".join(resource("aws_vpc", f"a = {number}") for number in range(1500))
    assert len(differences(names, names.replace("a = ", "a = 1"))) > 900


def test_an_argument_that_is_given_twice_on_one_side_is_a_difference() -> None:
    assert paths(resource("aws_vpc", "a = 1"), resource("aws_vpc", "a = 1", "a = 2")) == ["a"]
