"""What a repository of somebody else's has that costs money, and what cannot be told of it."""

from collections.abc import Mapping

import pytest

from scaffold.blueprint import inventory_of
from scaffold.cost.inventory import FargateTasks, Inventory
from scaffold.cost.reading import inventories_of
from scaffold.facts import facts_of
from scaffold.files import File
from scaffold.presets import load_presets
from scaffold.repository.reading import repository_of
from tests.support.rendering import preset

NETWORK = """\
provider "aws" {
  region = "eu-west-1"
}

resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "private" {
  for_each          = toset(["a", "b"])
  vpc_id            = aws_vpc.this.id
  availability_zone = "eu-west-1${each.key}"
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id
}

resource "aws_subnet" "public" {
  vpc_id            = aws_vpc.this.id
  availability_zone = "eu-west-1a"
}

resource "aws_eip" "nat" {}

resource "aws_eip" "bastion" {}

resource "aws_nat_gateway" "this" {
  allocation_id = aws_eip.nat.id
  subnet_id     = aws_subnet.public.id
}

resource "aws_route_table" "private" {
  vpc_id = aws_vpc.this.id

  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = aws_nat_gateway.this.id
  }
}

resource "aws_route_table_association" "private" {
  for_each       = aws_subnet.private
  subnet_id      = each.value.id
  route_table_id = aws_route_table.private.id
}

resource "aws_vpc_endpoint" "sts" {
  vpc_id            = aws_vpc.this.id
  service_name      = "com.amazonaws.eu-west-1.sts"
  vpc_endpoint_type = "Interface"
  subnet_ids        = [for each in aws_subnet.private : each.id]
}
"""


def read(files: Mapping[str, str]) -> tuple[Inventory, ...]:
    return inventories_of(facts_of(repository_of([File(path, text) for path, text in files.items()])))


def one(files: Mapping[str, str]) -> Inventory:
    (found,) = read(files)
    return found


def reasons(inventory: Inventory) -> dict[str, str]:
    return {each.what: each.reason for each in inventory.unpriced}


def test_a_network_is_counted():
    found = one({"main.tf": NETWORK})
    assert found == Inventory(
        environment=".",
        region="eu-west-1",
        production=None,
        azs=2,
        nat="single",
        nat_gateways=1,
        public_ipv4=2,
        interface_endpoints=(("sts", 2),),
    )


@pytest.mark.parametrize(
    ("block", "what", "reason"),
    [
        (
            'variable "n" {}\nresource "aws_kms_key" "x" {\n  count = var.n\n}\n',
            "aws_kms_key.x[count.index]",
            "it cannot be evaluated how many there are",
        ),
        ('resource "aws_db_instance" "x" {}\n', "aws_db_instance.x", "aws_db_instance is not priced here"),
        (
            'resource "aws_instance" "x" {}\n',
            "aws_instance.x",
            "aws_instance is not priced here; say what runs in usage.instances",
        ),
        (
            'module "x" {\n  source = "cloudposse/ec2/aws"\n}\n',
            "module.x",
            "is cloudposse/ec2/aws, whose inside is not known here",
        ),
        (
            'variable "ids" {}\nresource "aws_vpc_endpoint" "x" {\n  vpc_id = aws_vpc.this.id\n'
            '  service_name = "com.amazonaws.eu-west-1.logs"\n  vpc_endpoint_type = "Interface"\n'
            "  subnet_ids = var.ids\n}\n",
            "aws_vpc_endpoint.x",
            "it cannot be evaluated in how many AZs it is",
        ),
        (
            'variable "kind" {}\nresource "aws_eks_capability" "x" {\n  type = var.kind\n}\n',
            "aws_eks_capability.x",
            "it cannot be evaluated which capability it is",
        ),
        (
            'variable "arch" {}\nresource "aws_lambda_capacity_provider" "x" {\n  instance_requirements {\n'
            "    architectures = var.arch\n  }\n}\n",
            "aws_lambda_capacity_provider.x",
            "it cannot be evaluated which architecture its instances have",
        ),
    ],
)
def test_what_cannot_be_told_is_said_and_is_not_nothing(block, what, reason):
    before, after = one({"main.tf": NETWORK}), one({"main.tf": NETWORK + block})
    assert reasons(after) == {what: reason}
    assert after.kms_keys == before.kms_keys
    assert after.interface_endpoints == before.interface_endpoints


def test_a_regional_nat_gateway_is_billed_in_each_az():
    zonal = "  allocation_id = aws_eip.nat.id\n  subnet_id     = aws_subnet.public.id\n"
    regional = '  vpc_id = aws_vpc.this.id\n  availability_mode = "regional"\n'
    found = one({"main.tf": NETWORK.replace(zonal, regional)})
    assert (found.nat, found.nat_gateways, found.public_ipv4) == ("regional", 2, 4)


CLUSTER = 'resource "aws_eks_cluster" "this" {\n  name = "x"\n}\n'
INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: {name}
  annotations: {{{annotations}}}
spec: {{}}
"""
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {type: LoadBalancer}\n"


def test_ingresses_and_services_of_type_load_balancer_are_load_balancers():
    ingress = INGRESS.format(name="a", annotations="")
    found = one({"main.tf": CLUSTER, "k8s/ingress.yaml": ingress, "k8s/service.yaml": SERVICE})
    assert (found.clusters, found.auto_mode, found.load_balancers) == (1, 0, 2)


def test_ingresses_of_one_group_share_a_load_balancer():
    group = "alb.ingress.kubernetes.io/group.name: shared"
    files = {f"k8s/{name}.yaml": INGRESS.format(name=name, annotations=group) for name in "ab"}
    assert one({"main.tf": CLUSTER, **files}).load_balancers == 1


CLASS = "apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: {name: web}\nspec: {controller: CONTROLLER}\n"


@pytest.mark.parametrize(
    ("spec", "controller", "counted"),
    [
        ("{ingressClassName: alb}", None, True),
        ("{ingressClassName: nginx}", None, False),
        ("{ingressClassName: web}", None, False),
        ("{ingressClassName: web}", "eks.amazonaws.com/alb", True),
        ("{ingressClassName: web}", "ingress.k8s.aws/alb", True),
        ("{ingressClassName: web}", "k8s.io/ingress-nginx", False),
        ('{ingressClassName: "${class}"}', None, True),
    ],
)
def test_an_ingress_is_a_load_balancer_where_its_class_may_make_an_alb(spec, controller, counted):
    files = {"main.tf": CLUSTER, "ingress.yaml": INGRESS.format(name="a", annotations="").replace("{}", spec)}
    if controller:
        files["class.yaml"] = CLASS.replace("CONTROLLER", controller)
    found = one(files)
    said = {} if counted else {"Ingress a of ingress.yaml": "it is not known what load balancer its class makes"}
    assert (found.load_balancers, reasons(found)) == (int(counted), said)


def test_the_class_of_an_ingress_may_be_in_its_annotation():
    ingress = INGRESS.format(name="a", annotations="kubernetes.io/ingress.class: nginx")
    assert one({"main.tf": CLUSTER, "ingress.yaml": ingress}).load_balancers == 0


def test_a_gateway_load_balancer_is_not_taken_for_an_alb():
    lb = 'resource "aws_lb" "alb" {}\nresource "aws_lb" "x" {\n  load_balancer_type = "gateway"\n}\n'
    found = one({"main.tf": lb})
    assert found.load_balancers == 1
    assert reasons(found) == {"aws_lb.x": "a gateway load balancer is not priced here"}


@pytest.mark.parametrize(
    "kind",
    [
        "aws_kms_replica_key",
        "aws_kms_external_key",
        "aws_secretsmanager_secret",
        "aws_elasticache_serverless_cache",
        "aws_globalaccelerator_accelerator",
        "aws_ec2_transit_gateway",
        "aws_cloudwatch_composite_alarm",
        "aws_route53_resolver_endpoint",
        "aws_rds_cluster",
        "aws_opensearchserverless_collection",
        "aws_ec2_client_vpn_endpoint",
        "aws_kinesis_stream",
        "aws_lambda_provisioned_concurrency_config",
    ],
)
def test_known_kinds_that_cost_are_not_dropped(kind):
    assert reasons(one({"main.tf": f'resource "{kind}" "x" {{}}\n'})) == {f"{kind}.x": f"{kind} is not priced here"}


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        ('billing_mode = "PAY_PER_REQUEST"', {}),
        ('billing_mode = "PROVISIONED"', {"aws_dynamodb_table.x": "its provisioned capacity is not priced here"}),
        ("", {"aws_dynamodb_table.x": "its provisioned capacity is not priced here"}),
        (
            "billing_mode = var.mode",
            {"aws_dynamodb_table.x": "it cannot be evaluated whether its capacity is provisioned, for a price"},
        ),
    ],
)
def test_a_table_is_not_priced_unless_it_is_paid_by_request(mode, said):
    table = (
        f'resource "aws_kms_key" "x" {{}}\nvariable "mode" {{}}\nresource "aws_dynamodb_table" "x" {{\n  {mode}\n}}\n'
    )
    assert reasons(one({"main.tf": table})) == said


@pytest.mark.parametrize(("number", "said"), [("2", True), ("-1", False), ("var.n", True)])
def test_a_community_functions_provisioned_concurrency_is_not_dropped(number, said):
    call = (
        'variable "n" {}\nmodule "x" {\n  source = "terraform-aws-modules/lambda/aws"\n  function_name = "x"\n'
        f"  provisioned_concurrent_executions = {number}\n}}\n"
    )
    address = "module.x.aws_lambda_provisioned_concurrency_config.current_version[0]"
    assert (address in reasons(one({"main.tf": call}))) is said


def test_a_load_balancer_goes_to_the_cluster_whose_folder_has_its_name_or_else_to_none():
    clusters = {f"live/{name}/main.tf": CLUSTER for name in ("dev", "prod")}
    named = read({**clusters, "k8s/prod/service.yaml": SERVICE})
    assert {each.environment: each.load_balancers for each in named} == {"live/dev": 0, "live/prod": 1}
    for each in read({**clusters, "k8s/service.yaml": SERVICE}):
        assert each.load_balancers == 0
        assert reasons(each) == {
            "Service a of k8s/service.yaml": "it is not known to which cluster's load balancers it belongs"
        }


def test_a_root_module_with_nothing_that_costs_is_left_out():
    assert read({"main.tf": 'resource "aws_iam_role" "x" {}\n'}) == ()


def service(strategy: str, *more: str, least: str = "4", task: str = "") -> str:
    """Return a cluster with a service of tasks of half a vCPU and a GB, scaled from `least` on."""
    return f"""\
resource "aws_ecs_cluster" "x" {{
  name = "x"
}}

resource "aws_ecs_task_definition" "x" {{
  family = "x"
  cpu    = "512"
  memory = "1024"
  {task}
}}

resource "aws_ecs_service" "x" {{
  name            = "x"
  cluster         = aws_ecs_cluster.x.id
  task_definition = aws_ecs_task_definition.x.arn
  desired_count   = 9
  {strategy}
}}

resource "aws_appautoscaling_target" "x" {{
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/${{aws_ecs_cluster.x.name}}/${{aws_ecs_service.x.name}}"
  min_capacity       = {least}
  max_capacity       = 20
}}
{"".join(more)}"""


ON_FARGATE = 'launch_type = "FARGATE"'
ARM64 = 'runtime_platform {\n    cpu_architecture = "ARM64"\n  }'
VARIABLE = 'variable "x" {}\n'


def share(provider: str, weight: int, base: int = 0) -> str:
    return (
        f"capacity_provider_strategy {{\n    capacity_provider = {provider}\n    weight = {weight}\n"
        f"    base = {base}\n  }}\n"
    )


MIXED = share('"FARGATE_SPOT"', 4) + share('"FARGATE"', 1, 2)


def test_a_service_on_fargate_runs_at_least_what_its_scaling_goes_down_to():
    found = one({"main.tf": service(ON_FARGATE)})
    assert (found.fargate, found.unpriced) == ((FargateTasks("x86_64", 512, 1024, 4),), ())
    unscaled = service(ON_FARGATE).partition('resource "aws_appautoscaling_target"')[0]
    assert one({"main.tf": unscaled}).fargate[0].count == 9
    assert read({"main.tf": service(ON_FARGATE, least="0")}) == ()


@pytest.mark.parametrize(
    ("least", "fargate", "spot"), [(1, 1, 0), (2, 2, 0), (3, 3, 0), (4, 3, 1), (7, 3, 4), (12, 4, 8)]
)
def test_the_base_comes_first_and_what_does_not_divide_is_on_fargate(least, fargate, spot):
    found = one({"main.tf": service(MIXED, least=str(least), task=ARM64)})
    counts = {each.spot: each.count for each in found.fargate}
    assert (counts.get(False, 0), counts.get(True, 0)) == (fargate, spot)
    assert {each.arch for each in found.fargate} == {"arm64"}


PROVIDER = 'resource "aws_ecs_capacity_provider" "x" {\n  name = "x"\n  BLOCK {}\n}\n'
ON_OWN = share("aws_ecs_capacity_provider.x.name", 1)


@pytest.mark.parametrize(("least", "instances"), [(1, 1), (2, 2), (4, 4)])
def test_managed_instances_are_one_for_each_task_until_every_az_has_one(least, instances):
    managed = PROVIDER.replace("BLOCK", "managed_instances_provider")
    text = service(ON_OWN, managed, least=str(least), task=ARM64)
    assert one({"main.tf": text}).ecs_instances == (("arm64", instances),)
    assert one({"main.tf": NETWORK + text}).ecs_instances == (("arm64", min(instances, 2)),)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (service('launch_type = "EC2"'), "its tasks run on EC2; say what runs in usage.instances"),
        (
            service(ON_OWN, PROVIDER.replace("BLOCK", "auto_scaling_group_provider")),
            "its tasks run on the instances of aws_ecs_capacity_provider.x; say what runs in usage.instances",
        ),
        (VARIABLE + service("launch_type = var.x"), "it cannot be evaluated on which capacity its tasks run"),
        (VARIABLE + service(share("var.x", 1)), "it cannot be evaluated on which capacity its tasks run"),
        (VARIABLE + service(ON_FARGATE, least="var.x"), "it cannot be evaluated how many tasks it runs at least"),
        (
            VARIABLE + service(ON_FARGATE).replace('"1024"', "var.x"),
            "it cannot be evaluated how large its tasks are",
        ),
        (
            VARIABLE + service(ON_FARGATE, task="runtime_platform {\n    cpu_architecture = var.x\n  }"),
            "it cannot be evaluated which architecture its tasks have",
        ),
        (
            service(ON_FARGATE).replace("aws_ecs_task_definition.x.arn", '"other:1"'),
            "its task definition is not known",
        ),
        (
            VARIABLE + service(ON_FARGATE + "\n  count = var.x").replace("service.x.", "service.x[0]."),
            "it cannot be evaluated how many there are",
        ),
        (
            service(ON_FARGATE + '\n  scheduling_strategy = "DAEMON"'),
            "how many tasks it runs is not known here; say what runs in usage.instances",
        ),
    ],
)
def test_what_cannot_be_told_of_a_service_is_said_and_is_not_nothing(text, reason):
    found = one({"main.tf": text})
    assert (found.fargate, found.ecs_instances) == ((), ())
    assert list(reasons(found).values()) == [reason]


@pytest.mark.parametrize(
    ("cpu", "memory"), [("512", "1024"), ('".5 vCPU"', '"1 GB"'), ('"0.5 vcpu"', '"1GB"'), ('"512"', '"1024"')]
)
def test_sizes_are_read_however_they_are_written(cpu, memory):
    text = service(ON_FARGATE).replace('"512"', cpu).replace('"1024"', memory)
    assert one({"main.tf": text}).fargate == (FargateTasks("x86_64", 512, 1024, 4),)


BALANCER = 'resource "aws_lb" "x" {{\n  internal = {internal}\n  subnets = {subnets}\n}}\n'


def test_an_internet_facing_load_balancer_has_a_public_address_in_each_subnet():
    facing = BALANCER.format(internal="false", subnets='["a", "b"]')
    assert one({"main.tf": facing}).public_ipv4 == 2
    assert one({"main.tf": BALANCER.format(internal="true", subnets='["a", "b"]')}).public_ipv4 == 0
    unknown = one({"main.tf": VARIABLE + BALANCER.format(internal="false", subnets="var.x")})
    assert (unknown.load_balancers, unknown.public_ipv4) == (1, 0)
    assert reasons(unknown) == {"aws_lb.x": "it cannot be evaluated how many public addresses it has"}


FUNCTION = 'resource "aws_lambda_function" "{name}" {{\n  function_name = "{name}"\n{more}}}\n'
ARM = '  architectures = ["arm64"]\n'
DURABLE = "  durable_config {\n    execution_timeout = 60\n  }\n"
MANAGED = (
    "  capacity_provider_config {\n    lambda_managed_instances_capacity_provider_config {\n"
    '      capacity_provider_arn = "arn"\n    }\n  }\n'
)


def test_functions_are_counted_by_their_architecture_and_those_on_managed_instances_are_not():
    found = one(
        {
            "main.tf": FUNCTION.format(name="a", more="")
            + FUNCTION.format(name="b", more=ARM + DURABLE)
            + FUNCTION.format(name="c", more=ARM + MANAGED)
        }
    )
    assert (found.functions, found.durable_functions, found.unpriced) == (("arm64", "x86_64"), 1, ())


API = 'resource "aws_apigatewayv2_api" "x" {{\n  name = "x"\n  protocol_type = "{kind}"\n}}\n'
MACHINE = 'resource "aws_sfn_state_machine" "x" {{\n{more}}}\n'


def test_http_apis_and_standard_state_machines_are_counted_and_their_other_kinds_are_said():
    found = one({"main.tf": API.format(kind="HTTP") + MACHINE.format(more="")})
    assert (found.http_apis, found.state_machines, found.unpriced) == (1, 1, ())
    found = one({"main.tf": API.format(kind="WEBSOCKET") + MACHINE.format(more='  type = "EXPRESS"\n')})
    assert (found.http_apis, found.state_machines) == (0, 0)
    assert reasons(found) == {
        "aws_apigatewayv2_api.x": "aws_apigatewayv2_api of the kind WEBSOCKET is not priced here",
        "aws_sfn_state_machine.x": "aws_sfn_state_machine of the kind EXPRESS is not priced here",
    }


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ("  architectures = var.x\n", "it cannot be evaluated which architecture it has"),
        (
            '  dynamic "durable_config" {\n    for_each = var.x\n    content {}\n  }\n',
            "it cannot be evaluated whether it is durable",
        ),
        (
            '  dynamic "capacity_provider_config" {\n    for_each = var.x\n    content {}\n  }\n',
            "it cannot be evaluated whether it runs on Managed Instances",
        ),
        ("  count = var.x\n", "it cannot be evaluated how many there are"),
    ],
)
def test_what_cannot_be_told_of_a_function_is_said(more, reason):
    found = one({"main.tf": 'variable "x" {}\n' + FUNCTION.format(name="a", more=more)})
    assert list(reasons(found).values()) == [reason]


CERTIFICATE = "ecs.certificate_arn=arn:aws:acm:us-east-1:123456789012:certificate/0a0a0a0a-0a0a-0a0a-0a0a-0a0a0a0a0a0a"
BALANCED = ("capacity=[ecs]", CERTIFICATE)
EVERY_CAPACITY = "capacity=[lambda, lambda-durable, lambda-managed-instances, ecs, eks-auto-mode]"


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        *((each.name, ()) for each in load_presets()),
        ("platform", ("network.query_logs=true",)),
        ("platform", ("network.query_logs=false",)),
        ("platform", ("eks.capabilities=[ack, kro]",)),
        ("platform", ("eks.managed_logs=[]",)),
        ("platform", ("eks.managed_logs=[compute, ipam]", "eks.addons=[]")),
        ("network-only", ("capacity=[ecs]",)),
        ("network-only", ("capacity=[ecs]", "ecs.capacity_provider=managed-instances", "ecs.min_tasks=5")),
        ("network-only", ("capacity=[ecs]", "ecs.capacity_provider=fargate-spot", "ecs.min_tasks=7")),
        ("network-only", ("capacity=[ecs]", "ecs.kind=mcp-server")),
        ("network-only", ("capacity=[ecs]", "ecs.kind=batch")),
        ("network-only", (*BALANCED, "ecs.load_balancer=internet-facing", "ecs.deployment=canary")),
        ("network-only", (*BALANCED, "ecs.load_balancer=internal", "ecs.scaling=step")),
        ("network-only", ("capacity=[lambda-durable]",)),
        ("network-only", ("capacity=[lambda]", "functions.shapes=[command, queue, fan-out]")),
        ("network-only", ("capacity=[lambda]", "functions.shapes=[fan-out]", "functions.fan_out_source=sns")),
        ("network-only", (EVERY_CAPACITY, "lmi.max_vcpu_count=24")),
    ],
)
def test_what_is_asked_for_is_read_back(name, settings):
    rendering = preset(name, *settings)
    said = {each["name"]: inventory_of(each) for each in rendering.blueprint.environments}
    read_back = inventories_of(facts_of(repository_of(rendering.files)))
    assert {each.environment: each for each in read_back} == said
    assert all(each.unpriced == () for each in read_back)
