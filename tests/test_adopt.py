"""The answers inferred of a repository, against what it was rendered from, and of repositories of another making."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings

from scaffold.adopt.answers_file import answers_file, comment
from scaffold.adopt.findings import Adoption, Gap, Inferred
from scaffold.adopt.inference import infer
from scaffold.answers.document import read_document
from scaffold.answers.problems import AnswersError
from scaffold.answers.project import examine, resolve
from scaffold.answers.sources import Source, from_text, merge
from scaffold.compare.roles import compare_roles
from scaffold.evaluate.root import Place
from scaffold.files import ANSWERS_FILE, File
from scaffold.presets import find_preset, load_presets
from scaffold.render import render
from scaffold.repository.reading import read_repository, repository_of
from tests.render.answer_space import answers

FOREIGN = Path(__file__).parent / "adopt_repositories"
OPINIONS = Path(__file__).parent / "opinions" / "repositories"
PRESETS = [preset.name for preset in load_presets()]


def without_answers(data: Mapping[str, Any]) -> tuple[File, ...]:
    """Return what answers render, without anything that says which answers those were."""
    files = render(resolve(merge([Source(data, "test")]))).files
    return tuple(file for file in files if file.path != ANSWERS_FILE and not file.path.startswith(".scaffold/"))


def adopted(files: tuple[File, ...]) -> tuple[Adoption, str]:
    adoption = infer(repository_of(files))
    return adoption, answers_file(adoption)


def leaves(data: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in data.items():
        if isinstance(value, Mapping):
            yield from leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def of(path: str) -> Adoption:
    return infer(read_repository(FOREIGN / path))


def value(adoption: Adoption, path: str) -> Any:
    (found,) = [each for each in adoption.inferred if each.path == path]
    return found.value


def gap(adoption: Adoption, path: str) -> Gap:
    (found,) = [each for each in adoption.gaps if each.path == path]
    return found


@pytest.mark.parametrize("preset", PRESETS)
def test_what_a_preset_renders_is_adopted_so_that_it_renders_the_same(preset: str) -> None:
    files = without_answers(find_preset(preset).source.data)
    adoption, text = adopted(files)
    again = without_answers(read_document(text, ANSWERS_FILE).data)
    assert [file.path for file in again if file not in files] == []
    assert len(again) == len(files)
    assert {each.path.rpartition("state.")[2] for each in adoption.gaps} <= {"bucket", "key"}
    assert not adoption.not_expressible


@pytest.mark.parametrize("preset", PRESETS)
def test_every_answer_of_a_preset_is_inferred_or_a_gap(preset: str) -> None:
    data = find_preset(preset).source.data
    adoption, text = adopted(without_answers(data))
    given_, found = (resolve(merge([source])) for source in (Source(data, "preset"), from_text(text, ANSWERS_FILE)))
    gaps = {each.path for each in adoption.gaps}
    for before, after in zip(given_.environments, found.environments, strict=True):
        said = dict(leaves(after.model_dump()))
        for path, wanted in leaves(before.model_dump(exclude_unset=True)):
            # `arch` says nothing where neither a node nor a function runs.
            assert said[path] == wanted or path in gaps or wanted is None or (path == "arch" and not before.capacity), (
                path
            )


@settings(max_examples=25, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(answers())
def test_whatever_is_rendered_is_adopted_without_a_difference_in_meaning(data: dict[str, Any]) -> None:
    try:
        files = without_answers(data)
    except AnswersError:
        assume(False)
    adoption, text = adopted(files)
    # What is a gap has its default afterwards, whatever it was.
    assume({each.path.rpartition("state.")[2] for each in adoption.gaps} <= {"bucket", "key"})
    again = without_answers(read_document(text, ANSWERS_FILE).data)
    differences = compare_roles(repository_of(again), repository_of(files))
    # Where EKS refuses a zone, which subnets it gets is known to AWS alone.
    unknown = [each for each in differences if [one.path for one in each.attributes] == ["vpc_config.subnet_ids"]]
    assert [each for each in differences if each not in unknown] == []
    assert {file.path for file in again} == {file.path for file in files}


def test_a_community_modules_inputs_are_where_answers_come_from() -> None:
    adoption = of("community_vpc")
    origins = {each.path: (each.value, each.place.line, each.how) for each in adoption.inferred}
    assert origins["network.nat"] == ("single", 23, "module.vpc.single_nat_gateway")
    assert origins["network.cidr"] == ("10.8.0.0/16", 16, "module.vpc.cidr")
    assert origins["azs"] == (["eu-west-1a", "eu-west-1b", "eu-west-1c"], 18, "module.vpc.azs")
    assert origins["owner"][0] == "checkout"
    assert origins["name"][0] == "shop"
    assert gap(adoption, "cost_center").required
    assert "prod stands in its place" in gap(adoption, "environments").reason


def test_layers_of_one_environment_are_read_together_and_what_differs_is_the_environments_own() -> None:
    adoption = of("raw_layers")
    assert set(adoption.data["environments"]) == {"prod", "staging"}
    assert adoption.data["environments"]["prod"]["network"] == {"cidr": "10.20.0.0/16"}
    assert adoption.data["environments"]["staging"]["network"] == {"cidr": "10.21.0.0/16"}
    assert value(adoption, "capacity") == ["eks-auto-mode"]
    assert value(adoption, "cost_center") == "4711"


def test_each_file_of_variables_is_an_environment() -> None:
    adoption = of("tfvars")
    found = {name: answers["network"] for name, answers in adoption.data["environments"].items()}
    assert found == {
        "dev": {"cidr": "10.60.0.0/16", "nat": "single"},
        "production": {"cidr": "10.61.0.0/16", "nat": "per-az"},
    }
    assert value(adoption, "azs") == 3
    assert value(adoption, "name") == "orders"


def test_what_the_answers_rules_refuse_is_a_gap_with_their_reason() -> None:
    refused = gap(of("raw_layers"), "environments.staging.eks.kubernetes_version")
    assert "live/staging/cluster/main.tf:12" in refused.reason
    assert "not in standard support" in refused.reason


def test_a_variable_nobody_sets_is_a_gap_never_a_guess() -> None:
    adoption = of("raw_layers")
    assert "var.office" in gap(adoption, "environments.prod.eks.public_access_cidrs").reason
    assert not any("public_access_cidrs" in each.path for each in adoption.inferred)


def test_what_no_answer_can_say_is_listed_with_its_place() -> None:
    things = [(each.what.partition(":")[0], each.place) for each in of("raw_layers").not_expressible]
    assert ("aws_eks_node_group.workers", Place("live/prod/cluster/main.tf", 21)) in things
    wide = [each.what for each in of("seven_zones").not_expressible]
    assert any("7 availability zones" in each for each in wide)
    assert any("secondary CIDR block" in each for each in wide)


def test_an_absence_says_nothing_where_a_module_is_not_known() -> None:
    text = (
        'resource "aws_vpc" "it" {\n  cidr_block = "10.0.0.0/16"\n}\n\nmodule "more" {\n  source = "acme/net/aws"\n}\n'
    )
    adoption = infer(repository_of([File("prod/main.tf", text)]))
    assert "module.more" in gap(adoption, "network.nat").reason
    assert "module.more" in gap(adoption, "network.endpoints").reason
    assert {each.path for each in adoption.inferred} == {"network.cidr"}


@pytest.mark.parametrize(
    "path", [*sorted(path.name for path in FOREIGN.iterdir()), *sorted(path.name for path in OPINIONS.iterdir())]
)
def test_every_foreign_repository_gives_a_file_that_reads_back_and_only_lacks_what_it_says_it_lacks(path: str) -> None:
    folder = FOREIGN / path if (FOREIGN / path).is_dir() else OPINIONS / path
    adoption = infer(read_repository(folder))
    text = answers_file(adoption)
    assert read_document(text, ANSWERS_FILE).data == adoption.data
    _, problems = examine(merge([from_text(text, ANSWERS_FILE)]))
    lacking = {each.path.rpartition(".")[2] for each in adoption.gaps if each.required}
    assert {each.path.rpartition(".")[2] for each in problems if each.level == "error"} <= lacking


def test_hostile_names_begin_no_line_of_their_own() -> None:
    text = answers_file(of("hostile"))
    assert "mallory" in text
    for line in text.splitlines():
        assert not line.lstrip().startswith(("owner: mallory", "cost_center: mallory", "name: mallory"))
    assert read_document(text, ANSWERS_FILE).data == of("hostile").data
    assert all(line.isprintable() for line in text.splitlines())


@pytest.mark.parametrize("evil", ["a\nname: x", "a\r\nb", "a\x85b", "a\u2028b", "\x1b[31m", "\x00", "a\ud800b"])
def test_a_comment_is_one_line_of_printable_characters(evil: str) -> None:
    assert comment(evil).isprintable()
    adoption = Adoption(
        data={"name": "shop"},
        inferred=(Inferred("name", "shop", Place(f"{evil}.tf", 1), evil),),
        gaps=(Gap(f"network.{evil}", evil), Gap("owner", evil, required=True)),
        not_expressible=(),
    )
    assert read_document(answers_file(adoption), ANSWERS_FILE).data == {"name": "shop"}


@pytest.mark.parametrize(
    "text", ["on", "1.35", "0123", "~", "a: b", "- x", "#", "'", "2026-01-01", "1_000", "=", "é", "\n"]
)
def test_every_text_is_written_so_that_it_reads_back_as_that_text(text: str) -> None:
    adoption = Adoption({"owner": text}, (Inferred("owner", text, Place("main.tf", 1)),), (), ())
    assert read_document(answers_file(adoption), ANSWERS_FILE).data == {"owner": text}


def test_two_vpcs_of_one_environment_are_not_mixed() -> None:
    vpc = 'resource "aws_vpc" "{0}" {{\n  cidr_block = "10.{1}.0.0/16"\n}}\n'
    files = [File("prod/main.tf", vpc.format("main", 0) + vpc.format("old", 1))]
    adoption = infer(repository_of(files))
    assert value(adoption, "network.cidr") == "10.0.0.0/16"
    assert [each.what for each in adoption.not_expressible] == [
        "aws_vpc.old is a second VPC; an environment has one, and these answers are aws_vpc.main's"
    ]


def test_an_environment_whose_name_says_otherwise_keeps_its_production_flag() -> None:
    text = (
        'provider "aws" {\n  region = "us-east-1"\n}\n\nresource "aws_vpc" "it" {\n  cidr_block = "10.0.0.0/16"\n}\n\n'
        'variable "environment" {\n  default = "production"\n}\n'
    )
    adoption = infer(repository_of([File("environments/acme/main.tf", text)]))
    assert adoption.data["environments"] == {"acme": {"production": True}}


def test_the_place_of_the_state_that_is_there_is_never_taken_over() -> None:
    adoption = of("raw_layers")
    assert not any(".state." in f".{each.path}" for each in adoption.inferred)
    reason = gap(adoption, "environments.prod.state.bucket").reason
    assert "live/prod/network/main.tf:11" in reason
    assert "would destroy" in reason
    assert "live/prod/network/main.tf:12" in gap(adoption, "environments.prod.state.key").reason


ZONES = 'locals {\n  zones = ["us-east-1a", "us-east-1b"]\n}\n'
NETWORK = (
    ZONES
    + """
resource "aws_vpc" "it" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "private" {
  count             = 2
  vpc_id            = aws_vpc.it.id
  cidr_block        = cidrsubnet("10.0.0.0/16", 4, count.index)
  availability_zone = local.zones[count.index]
}

resource "aws_subnet" "public" {
  count             = 2
  vpc_id            = aws_vpc.it.id
  cidr_block        = cidrsubnet("10.0.0.0/16", 8, 200 + count.index)
  availability_zone = local.zones[count.index]
}

resource "aws_internet_gateway" "it" {
  vpc_id = aws_vpc.it.id
}

resource "aws_nat_gateway" "it" {
  count     = 2
  subnet_id = aws_subnet.public[count.index].id
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.it.id

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.it.id
  }
}

resource "aws_route_table" "private" {
  count  = 2
  vpc_id = aws_vpc.it.id

  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = aws_nat_gateway.it[count.index].id
  }
}

resource "aws_route_table_association" "public" {
  count          = 2
  subnet_id      = aws_subnet.public[count.index].id
  route_table_id = aws_route_table.public.id
}

resource "aws_route_table_association" "private" {
  count          = 2
  subnet_id      = aws_subnet.private[count.index].id
  route_table_id = aws_route_table.private[count.index].id
}
"""
)


def network(text: str) -> Adoption:
    return infer(repository_of([File("prod/main.tf", text)]))


def test_gateways_are_one_for_each_zone_only_where_the_routes_lead_there() -> None:
    assert value(network(NETWORK), "network.nat") == "per-az"
    astray = network(NETWORK.replace("nat_gateway.it[count.index].id", "nat_gateway.it[0].id"))
    assert "aws_subnet.private[1] leads to a NAT gateway of another" in gap(astray, "network.nat").reason
    nobody_knows = network(NETWORK.replace("aws_nat_gateway.it[count.index].id", "var.nat") + 'variable "nat" {}\n')
    assert "cannot be evaluated" in gap(nobody_knows, "network.nat").reason
    unused = network(
        NETWORK.replace("nat_gateway_id = aws_nat_gateway.it[count.index].id", 'transit_gateway_id = "tgw-1"')
    )
    assert "no route leads to aws_nat_gateway.it[0]" in gap(unused, "network.nat").reason


def test_zones_that_are_not_set_are_not_counted() -> None:
    unset = NETWORK.replace("  availability_zone", "  # availability_zone")
    assert unset != NETWORK
    adoption = network(unset)
    assert "are not set" in gap(adoption, "azs").reason
    assert not any("availability zones" in each.what for each in adoption.not_expressible)


def test_what_another_vpc_has_is_not_the_chosen_ones() -> None:
    other = (
        'resource "aws_vpc" "two" {\n  cidr_block = "10.1.0.0/16"\n}\n'
        'resource "aws_subnet" "two" {\n  vpc_id            = aws_vpc.two.id\n  availability_zone = "us-east-1a"\n}\n'
        'resource "aws_nat_gateway" "two" {\n  subnet_id = aws_subnet.two.id\n}\n'
        'resource "aws_vpc_endpoint" "two" {\n  vpc_id            = aws_vpc.two.id\n'
        '  service_name      = "com.amazonaws.us-east-1.sts"\n  vpc_endpoint_type = "Interface"\n}\n'
    )
    adoption = network(NETWORK + other)
    assert value(adoption, "network.nat") == "per-az"
    assert value(adoption, "network.endpoints") == "none"
    assert not any(each.path == "network.extra_endpoints" for each in adoption.inferred)
    assert any("these answers are aws_vpc.it's" in each.what for each in adoption.not_expressible)


@pytest.mark.parametrize(
    "source",
    [
        "terraform-aws-modules/iam/aws//modules/iam-role-for-service-accounts-eks",
        "terraform-aws-modules/eks/aws//modules/karpenter",
        "cloudposse/label/null",
        "git::https://github.com/cloudposse/terraform-null-label.git?ref=0.25.0",
    ],
)
def test_a_module_for_other_things_hides_nothing_of_the_network(source: str) -> None:
    adoption = network(NETWORK + f'module "other" {{\n  source = "{source}"\n}}\n')
    assert value(adoption, "network.nat") == "per-az"
    assert value(adoption, "network.endpoints") == "none"
    assert value(adoption, "azs") == ["us-east-1a", "us-east-1b"]


def test_whoever_made_the_cluster_administers_it_where_the_module_makes_an_entry_for_them() -> None:
    text = (
        'variable "creator" {}\n\nmodule "eks" {\n  source  = "terraform-aws-modules/eks/aws"\n  version = "~> 20.31"\n'
        '\n  cluster_name                             = "shop"\n  enable_cluster_creator_admin_permissions = true\n}\n'
    )
    found = {each.path: each for each in network(text).inferred}
    assert found["eks.creator_admin"].value is True
    assert found["eks.creator_admin"].place.line == 8
    assert not any(each.path == "eks.access_entries" for each in network(text).gaps)
    assert "cluster_creator" in gap(network(text.replace("= true", "= var.creator")), "eks.creator_admin").reason


def test_the_region_may_be_a_variable_with_a_default() -> None:
    text = 'provider "aws" {\n  region = var.region\n}\n\nvariable "region" {\n  default = "eu-west-3"\n}\n'
    assert value(network(NETWORK + text), "region") == "eu-west-3"


def test_an_environment_is_no_name() -> None:
    vpc = 'resource "aws_vpc" "it" {{\n  tags = {{ Name = "{}" }}\n}}\n'
    only = infer(repository_of([File("main.tf", vpc.format("production-vpc"))]))
    assert "production-vpc" in gap(only, "name").reason
    cluster = vpc.format("production-vpc") + 'resource "aws_eks_cluster" "it" {\n  name = "shop-staging"\n}\n'
    assert value(infer(repository_of([File("main.tf", cluster)])), "name") == "shop"


def foreign(path: str) -> Adoption:
    return infer(read_repository(OPINIONS / path))


def said(adoption: Adoption, key: str) -> dict[str, Any]:
    return {each.path: each.value for each in adoption.inferred if each.path.startswith(f"{key}.")}


def test_a_service_of_another_making_says_its_answers() -> None:
    adoption = foreign("ecs_fargate_right")
    assert value(adoption, "capacity") == ["ecs"]
    assert value(adoption, "arch") == "arm64"
    assert said(adoption, "ecs") == {
        "ecs.kind": "service",
        "ecs.capacity_provider": "fargate-spot",
        "ecs.cpu": 512,
        "ecs.memory": 1024,
        "ecs.user": "10001:10001",
        "ecs.container_port": 8080,
        "ecs.idle_timeout": 60,
        "ecs.deployment": "rolling",
        "ecs.min_tasks": 2,
        "ecs.max_tasks": 20,
        "ecs.scaling": "cpu",
        "ecs.log_retention_days": 90,
    }
    origins = {each.path: (each.place.line, each.how) for each in adoption.inferred}
    assert origins["ecs.max_tasks"] == (128, "aws_appautoscaling_target.api.max_capacity")
    assert "DB_PASSWORD" in gap(adoption, "ecs.secrets").reason


@pytest.mark.parametrize(("cpu", "memory"), [('"1 vCPU"', '"2 GB"'), ('"1024"', "2048"), ('"1vcpu"', '"2.0GB"')])
def test_the_size_of_a_task_is_read_in_every_way_ecs_takes_it(cpu: str, memory: str) -> None:
    folder = OPINIONS / "ecs_fargate_right"
    text = (folder / "main.tf").read_text()
    changed = text.replace("= 512\n", f"= {cpu}\n", 1).replace("= 1024\n", f"= {memory}\n", 1)
    assert changed != text
    adoption = infer(repository_of([File("main.tf", changed)]))
    assert (value(adoption, "ecs.cpu"), value(adoption, "ecs.memory")) == (1024, 2048)


def test_what_goes_with_an_image_nobody_knows_is_a_gap_that_says_what_it_was() -> None:
    adoption = foreign("ecs_fargate_right")
    reason = "goes with ecs.image, which is not known"
    assert gap(adoption, "ecs.health_path").reason == f'{reason}: "/health"'
    assert "curl -f http://localhost:8080/health" in gap(adoption, "ecs.health_command").reason


def test_a_batch_says_how_it_is_bounded() -> None:
    adoption = foreign("ecs_batch")
    assert said(adoption, "ecs") == {
        "ecs.kind": "batch",
        "ecs.batch.max_concurrency": 20,
        "ecs.batch.tolerated_failure_percentage": 2,
        "ecs.batch.heartbeat_seconds": 600,
        "ecs.batch.timeout_seconds": 7200,
    }


def test_instances_of_ones_own_are_no_answer() -> None:
    adoption = foreign("ecs_ec2")
    assert "managed-instances are the nearest" in gap(adoption, "ecs.capacity_provider").reason
    assert any("runs on instances of one's own" in each.what for each in adoption.not_expressible)


def test_a_durable_function_says_its_answers_and_an_open_api_is_a_gap() -> None:
    adoption = foreign("durable_raw_wrong")
    assert value(adoption, "capacity") == ["lambda-durable"]
    assert said(adoption, "durable") == {"durable.execution_timeout": 86400, "durable.retention_period": 14}
    (retention,) = [each for each in adoption.inferred if each.path == "durable.retention_period"]
    assert retention.how == "retention_period is not set, which is 14"
    assert "not all that aws_apigatewayv2_api.claims offers" in gap(adoption, "durable.authorizer").reason
    assert "python3.12" in gap(adoption, "durable.runtime").reason


def test_functions_say_what_brings_them_work_and_one_without_is_no_answer() -> None:
    adoption = foreign("functions_careful")
    assert value(adoption, "capacity") == ["lambda"]
    assert said(adoption, "functions") == {
        "functions.shapes": ["queue"],
        "functions.memory_size": 1024,
        "functions.timeout": 60,
        "functions.maximum_concurrency": 5,
        "functions.vpc": False,
        "functions.log_retention_days": 400,
    }
    assert [each.what.partition(" is ")[0] for each in adoption.not_expressible] == [
        'aws_lambda_function.function["intake"]'
    ]


def test_functions_that_differ_are_a_gap() -> None:
    adoption = foreign("functions_plain")
    assert gap(adoption, "functions.timeout").reason == "there are several: 60, 3"
    assert "others are not" in gap(adoption, "functions.vpc").reason


@pytest.mark.parametrize("path", ["durable_raw_right", "durable_raw_wrong", "functions_careful", "functions_fan_out"])
def test_where_there_is_no_vpc_nothing_is_said_or_asked_of_a_network(path: str) -> None:
    adoption = foreign(path)
    assert not [each.path for each in (*adoption.inferred, *adoption.gaps) if each.path.startswith(("network", "azs"))]


def test_endpoints_for_the_private_subnets_alone_are_those_of_the_profile_private() -> None:
    data = {**find_preset("ecs-api").source.data, "network": {"endpoints": "private", "nat": "single"}}
    assert value(adopted(without_answers(data))[0], "network.endpoints") == "private"
