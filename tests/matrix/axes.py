"""The answers that the covering array varies, each with the values worth having: one for every way it can come out.

The first value of each is a plain one that gets along with the first of all others.
"""

from dataclasses import dataclass
from typing import Any, get_args

from scaffold.answers.durable import LONGEST_EXECUTION
from scaffold.answers.durable import Runtime as DurableRuntime
from scaffold.answers.eks import DEFAULT_KUBERNETES_VERSION, KUBERNETES_VERSIONS, SAMPLE_IMAGE
from scaffold.answers.functions import Runtime as LambdaRuntime
from scaffold.answers.lmi import Runtime

CLUSTER, ECS, FUNCTIONS = "eks-auto-mode", "ecs", "lambda-managed-instances"
DURABLE, LAMBDA = "lambda-durable", "lambda"

CAPACITIES = (
    [CLUSTER, ECS, FUNCTIONS, DURABLE, LAMBDA],
    [CLUSTER],
    [FUNCTIONS],
    [ECS],
    [CLUSTER, FUNCTIONS],
    [DURABLE, LAMBDA],
    [],
)
"""All of it, each of those that have a network by itself, the first two together, those that need none, and none."""

ZONE_NAMES = "names"
"""Stands for the names of two zones, which begin with the region's."""

ENVIRONMENTS = (("dev", False), ("prod", True), ("test", True), ("live", False))
"""Names, each with whether it is production: as its name says, and against it."""

RETENTIONS = (365, 30, 3653)
"""Long enough for an audit, too short for one, and the longest."""

MAYBE = (None, True, False)

ACCOUNT = "arn:aws:iam::123456789012"
ADMIN = {"principal_arn": f"{ACCOUNT}:role/admin", "policy": "admin"}
NAMESAKES = (
    {"principal_arn": f"{ACCOUNT}:role/a/ci", "policy": "edit", "namespaces": ["sample", "true"]},
    {"principal_arn": f"{ACCOUNT}:role/b/ci", "policy": "view"},
)
INSTANCE = "arn:aws:sso:::instance/ssoins-0123456789abcdef"
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/0a0a0a0a-0a0a-0a0a-0a0a-0a0a0a0a0a0a"
SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:"
NEEDED = [
    *(
        "ec2",
        "ecr.api",
        "ecr.dkr",
        "eks-auth",
        "elasticloadbalancing",
        "lambda",
        "logs",
        "monitoring",
        "sqs",
        "sts",
        "xray",
    )
]
"""All that any capacity needs without NAT, named one by one."""


@dataclass(frozen=True, slots=True)
class Axis:
    """One answer that is varied.

    Attributes:
        path: its dotted path; `environment` stands for an environment's name and whether it is production.
        values: what it is given.
        component: what has to be in `capacity` for the answer to mean anything; empty for what always does.
        shared: whether all environments have it in common.
    """

    path: str
    values: tuple[Any, ...]
    component: str = ""
    shared: bool = False


def _of(component: str, key: str, values: dict[str, tuple[Any, ...]], *shared: str) -> tuple[Axis, ...]:
    return tuple(Axis(f"{key}.{name}", its, component, name in shared) for name, its in values.items())


AXES = (
    Axis("capacity", CAPACITIES),
    Axis("environment", ENVIRONMENTS),
    Axis("region", ("us-east-1", "us-west-1", "ap-northeast-2", "eu-central-1", "ca-central-1", "us-gov-west-1")),
    Axis("owner", ("team-shop", "true", "a: b == c", "0123")),
    Axis("cost_center", ("off", 4711, "2026-01-01")),
    Axis("arch", ("arm64", "x86_64")),
    Axis("azs", (2, 3, 4, 6, ZONE_NAMES)),
    *_of(
        "",
        "network",
        {
            "cidr": ("10.0.0.0/16", "172.20.0.0/16", "192.168.252.0/22", "100.64.0.0/18"),
            "nat": (None, "per-az", "single", "regional", "none"),
            "endpoints": (None, "none", "minimal", "standard", "private"),
            "extra_endpoints": ([], ["ssm", "sagemaker.runtime"], NEEDED),
            "dynamodb_endpoint": (True, False),
            "public_subnets": MAYBE,
            "log_retention_days": RETENTIONS,
            "query_logs": MAYBE,
        },
    ),
    Axis("network.pod_cidr", (None, "100.65.0.0/16", "10.96.252.0/22"), CLUSTER),
    *_of(
        CLUSTER,
        "eks",
        {
            "kubernetes_version": (
                DEFAULT_KUBERNETES_VERSION,
                *(version for version in KUBERNETES_VERSIONS if version != DEFAULT_KUBERNETES_VERSION),
            ),
            "public_access_cidrs": ([], ["203.0.113.0/24"], ["203.0.113.0/24", "198.51.100.7/32"], ["0.0.0.0/0"]),
            "builtin_node_pools": (["general-purpose", "system"], ["general-purpose"], ["system"], []),
            "node_pools": (["spot", "graviton"], ["spot"], ["graviton"], []),
            "node_pool_max_cpu": (100, 2),
            "node_pool_max_memory_gib": (400, 4),
            "expire_after_hours": (336, 1),
            "access_entries": ([], [ADMIN], list(NAMESAKES)),
            "creator_admin": MAYBE,
            "deletion_protection": MAYBE,
            "zonal_shift": MAYBE,
            "upgrade_policy": ("STANDARD", "EXTENDED"),
            "addons": (
                ["metrics-server", "amazon-cloudwatch-observability"],
                ["metrics-server"],
                ["amazon-cloudwatch-observability"],
                [],
            ),
            "log_retention_days": RETENTIONS,
            "managed_logs": (["compute"], ["compute", "block-storage", "load-balancing", "ipam"], ["ipam"], []),
            "capabilities": ([], ["ack", "kro"], ["argocd"], ["argocd", "ack", "kro"]),
            "argocd_idc_instance_arn": (None, INSTANCE),
            "argocd_idc_region": (None, "eu-west-1"),
            "argocd_admin_groups": ([], ["0a1b2c3d-0000-4000-8000-000000000000"]),
            "service_ipv4_cidr": (None, "10.100.0.0/16", "172.20.0.0/24"),
            "ingress": ("internal", "internet-facing"),
            "certificate_arn": (None, CERTIFICATE),
            "same_node_traffic": (False, True),
            "internal_traffic_policy": ("Cluster", "Local"),
            "sample_image": (SAMPLE_IMAGE, "registry.example:5000/team/app:1.0", f"nginx@sha256:{'0' * 64}"),
        },
    ),
    *_of(
        ECS,
        "ecs",
        {
            "kind": ("service", "mcp-server", "batch"),
            "capacity_provider": ("fargate", "fargate-spot", "managed-instances"),
            "image": (None, "123456789012.dkr.ecr.us-east-1.amazonaws.com/app:1.4.2", f"team/app@sha256:{'0' * 64}"),
            "command": (None, ["/app", "--say", '${x} %{y} "z"']),
            "user": ("10001:10001", "nobody"),
            "cpu": (512, 256, 16384),
            "memory": (1024, 2048, 32768),
            "container_port": (8080, 3000),
            "health_path": ("/", "/health"),
            "health_command": (
                None,
                ["CMD", "/app", "--healthy"],
                ["CMD-SHELL", "curl -fs http://127.0.0.1/ || exit 1"],
            ),
            "secrets": (
                {},
                {"KEY": f"{SECRET}key-AbCdEf:json-key::"},
                {"KEY": "arn:aws:ssm:us-east-1:123456789012:parameter/a/b", "for": f"{SECRET}other-AbCdEf"},
            ),
            "load_balancer": ("none", "internal", "internet-facing"),
            "certificate_arn": (None, CERTIFICATE),
            "idle_timeout": (None, 60, 4000),
            "jwt": (None, {"issuer": "https://id.example", "jwks_endpoint": "https://id.example/jwks.json"}),
            "cognito": (
                None,
                {
                    "user_pool_arn": "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_AbCdEfGhI",
                    "user_pool_client_id": "0a1b2c3d4e",
                    "user_pool_domain": "shop",
                },
            ),
            "deployment": ("rolling", "blue-green", "canary", "linear"),
            "min_tasks": (None, 1, 4),
            "max_tasks": (10, 2),
            "scaling": ("cpu", "requests", "step"),
            "requests_per_task": (1000, 1),
            "schedules": (
                [],
                [{"cron": "0 7 ? * MON-FRI *", "min_tasks": 4, "max_tasks": 8, "timezone": "Europe/Berlin"}],
            ),
            "execute_command": (False, True),
            "adot": (False, True),
            "batch": (
                {},
                {
                    "max_concurrency": 1,
                    "tolerated_failure_percentage": 0,
                    "heartbeat_seconds": 60,
                    "timeout_seconds": 61,
                },
            ),
            "alarm_topic_arns": ([], ["arn:aws:sns:us-east-1:123456789012:alarms"]),
            "log_retention_days": RETENTIONS,
        },
        "kind",
        "capacity_provider",
        "load_balancer",
        "deployment",
        "scaling",
        "adot",
    ),
    *_of(
        FUNCTIONS,
        "lmi",
        {
            "max_vcpu_count": (64, 2, 15000),
            "scaling_mode": ("Auto", "Manual"),
            "target_value": (None, 60),
            "allowed_instance_types": (None, ["m*"], ["m8g.xlarge"], ["m7i.xlarge", "c7a.2xlarge"]),
            "excluded_instance_types": (None, ["*.metal", "c8g.large"]),
            "runtime": get_args(Runtime),
            "memory_size": (4096, 2048, 6144, 32768),
            "execution_environment_memory_gib_per_vcpu": (None, 2, 4, 8),
            "per_execution_environment_max_concurrency": (None, 1, 512),
            "timeout": (60, 5, 900),
            "event_source": ("sqs", "none"),
            "alarm_topic_arns": ([], ["arn:aws:sns:us-east-1:123456789012:alarms"]),
            "log_retention_days": RETENTIONS,
        },
        "runtime",
        "event_source",
    ),
    *_of(
        LAMBDA,
        "functions",
        {
            "shapes": (["queue"], ["fan-out"], ["command"], ["queue", "fan-out"], ["command", "queue", "fan-out"]),
            "fan_out_source": ("eventbridge", "sns"),
            "runtime": get_args(LambdaRuntime),
            "memory_size": (512, 128, 10240),
            "timeout": (30, 3, 900),
            "maximum_concurrency": (10, 2, 1000),
            "reserved_concurrency": (None, 1, 150),
            "vpc": (False, True),
            "alarm_topic_arns": ([], ["arn:aws:sns:us-east-1:123456789012:alarms"]),
            "log_retention_days": RETENTIONS,
        },
        "shapes",
        "fan_out_source",
        "runtime",
        "vpc",
    ),
    *_of(
        DURABLE,
        "durable",
        {
            "runtime": get_args(DurableRuntime),
            "execution_timeout": (604_800, 1, LONGEST_EXECUTION),
            "retention_period": (14, 1, 90),
            "authorizer": ("iam", "jwt"),
            "jwt_issuer": (None, "https://login.example.com/"),
            "jwt_audience": ([], ["orders"], ["orders", "https://orders.example.com"]),
            "throttling_rate_limit": (50, 1, 10_000),
            "throttling_burst_limit": (100, 1, 5_000),
            "alarm_topic_arns": ([], ["arn:aws:sns:us-east-1:123456789012:alarms"]),
            "log_retention_days": RETENTIONS,
        },
        "runtime",
        "authorizer",
    ),
    Axis("state.bucket", (None, "the-state-of-all-shops")),
    Axis("state.key", (None, "a/b-c_d.tfstate")),
    Axis("state.enforce_tags", (False, True)),
    Axis("usage.internet_tb", (0, "1.5")),
)

NOT_VARIED = {
    "name": "what a name may be is asked of its pattern and of hostile texts",
    "production": "comes with the axis `environment`",
    "usage": "prices and renders nothing but the README's table; one answer of it stands for all",
}
"""Answers without an axis, each with the reason."""

INTERACTING = ("capacity", "arch", "network.nat", "network.endpoints", "azs", "environment")
"""The answers of which every three values that can be are together somewhere."""
