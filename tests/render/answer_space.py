"""Answers of every kind, for properties that hold whatever is answered."""

from typing import Any

from hypothesis import strategies as st

from scaffold.answers.base import LOG_RETENTION_DAYS
from scaffold.answers.eks import KUBERNETES_VERSIONS

# Names that mean something else to HCL, YAML or make, where they stand bare.
ENVIRONMENTS = ("dev", "prod", "test", "for", "in", "on", "no", "null", "true", "eu-1", "live", "all", "e2e")
OWNERS = ("team-shop", "true", "0123", "1e3", "a: b", "x == y", "2026-01-01", "_team_", "you@example.com", "A / B + C")

retention = st.sampled_from(LOG_RETENTION_DAYS)
maybe = st.none() | st.booleans()


def some(strategies: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Return mappings with any of these keys."""
    return st.fixed_dictionaries({}, optional=strategies)


def subset(*values: str) -> st.SearchStrategy[list[str]]:
    """Return lists of any of these values."""
    return st.lists(st.sampled_from(values), unique=True)


def network() -> st.SearchStrategy[dict[str, Any]]:
    """Return answers about the network."""
    blocks = ("10.0.0.0/16", "10.32.0.0/20", "172.20.0.0/16", "192.168.0.0/19", "192.168.252.0/22", "100.64.0.0/16")
    return some(
        {
            "cidr": st.sampled_from(blocks),
            "nat": st.sampled_from(["per-az", "single", "regional", "none", None]),
            "endpoints": st.sampled_from(["none", "minimal", "standard", "private", None]),
            "extra_endpoints": subset("ssm", "kms", "secretsmanager", "ecr.api", "sagemaker.runtime"),
            "dynamodb_endpoint": st.booleans(),
            "public_subnets": maybe,
            "pod_cidr": st.sampled_from([None, "100.65.0.0/16", "100.127.252.0/22"]),
            "log_retention_days": retention,
            "query_logs": maybe,
        }
    )


def eks() -> st.SearchStrategy[dict[str, Any]]:
    """Return answers about the cluster."""
    account = "arn:aws:iam::123456789012"
    entry = st.fixed_dictionaries(
        {
            "principal_arn": st.sampled_from([f"{account}:role/a", f"{account}:role/path/a", f"{account}:user/b@c.de"]),
            "policy": st.sampled_from(["view", "edit", "admin"]),
            "namespaces": subset("sample", "default", "true"),
        }
    )
    others = some(
        {
            "kubernetes_version": st.sampled_from(KUBERNETES_VERSIONS),
            "public_access_cidrs": subset("203.0.113.0/24", "198.51.100.7/32"),
            "builtin_node_pools": subset("general-purpose", "system"),
            "node_pools": subset("spot", "graviton"),
            "node_pool_max_cpu": st.integers(2, 10_000),
            "expire_after_hours": st.integers(1, 504),
            "access_entries": st.lists(entry, max_size=3, unique_by=lambda each: each["principal_arn"]),
            "creator_admin": maybe,
            "deletion_protection": maybe,
            "zonal_shift": maybe,
            "upgrade_policy": st.sampled_from(["STANDARD", "EXTENDED"]),
            "addons": subset("metrics-server", "amazon-cloudwatch-observability"),
            "log_retention_days": retention,
            "managed_logs": subset("compute", "block-storage", "load-balancing", "ipam"),
            "service_ipv4_cidr": st.sampled_from([None, "10.100.0.0/16", "172.16.0.0/24"]),
            "ingress": st.sampled_from(["internal", "internet-facing"]),
            "certificate_arn": st.sampled_from([None, f"arn:aws:acm:us-east-1:123456789012:certificate/{'0a' * 18}"]),
            "same_node_traffic": st.booleans(),
            "internal_traffic_policy": st.sampled_from(["Cluster", "Local"]),
            "sample_image": st.sampled_from(["registry.example:5000/team/app:1.0", f"nginx@sha256:{'0' * 64}"]),
        }
    )
    return st.tuples(others, capabilities()).map(lambda parts: {**parts[0], **parts[1]})


def capabilities() -> st.SearchStrategy[dict[str, Any]]:
    """Return answers about EKS capabilities; Argo CD comes with the instance that it needs."""
    argocd = st.fixed_dictionaries(
        {
            "capabilities": st.sampled_from([["argocd"], ["kro", "argocd", "ack"]]),
            "argocd_idc_instance_arn": st.just("arn:aws:sso:::instance/ssoins-0123456789abcdef"),
        },
        optional={
            "argocd_idc_region": st.sampled_from([None, "eu-west-1"]),
            "argocd_admin_groups": subset(
                "0a1b2c3d-0000-4000-8000-000000000000", f"0a0a0a0a0a-{'0a' * 4}{'-0a0a' * 3}-{'0a' * 6}"
            ),
        },
    )
    return some({"capabilities": subset("ack", "kro")}) | argocd


AUTHORIZERS: tuple[dict[str, Any], ...] = (
    {},
    {"authorizer": "jwt", "jwt_issuer": "https://login.example.com/", "jwt_audience": ["orders"]},
)
"""How the API of durable functions lets callers in, the same in every environment."""


def durable(**given: Any) -> st.SearchStrategy[dict[str, Any]]:
    """Return answers about durable functions, with some that are given."""
    others = some(
        {
            "execution_timeout": st.integers(1, 31_622_400),
            "retention_period": st.integers(1, 90),
            "throttling_rate_limit": st.integers(1, 10_000),
            "throttling_burst_limit": st.integers(1, 5_000),
            "alarm_topic_arns": st.sampled_from([[], ["arn:aws:sns:us-east-1:123456789012:alarms"]]),
            "log_retention_days": retention,
        }
    )
    return others.map(lambda answers: {**given, **answers})


SHARED_LMI: dict[str, st.SearchStrategy[Any]] = {
    "runtime": st.sampled_from(["python3.13", "nodejs24.x", "java21", "dotnet10", "provided.al2023"]),
    "event_source": st.sampled_from(["sqs", "none"]),
}
"""What no environment may override."""


def lmi(**more: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return answers about Managed Instances, with a cap; `more` are further answers."""
    scaling: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
        [{}, {"scaling_mode": "Auto"}, {"scaling_mode": "Manual", "target_value": 60}]
    )
    types: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
        [{}, {"allowed_instance_types": ["m*"]}, {"excluded_instance_types": ["*.metal", "c8g.large"]}]
    )
    others = some(
        {
            "memory_size": st.sampled_from([8192, 16384, 32768]),
            "execution_environment_memory_gib_per_vcpu": st.sampled_from([None, 2, 4, 8]),
            "per_execution_environment_max_concurrency": st.sampled_from([None, 1, 8]),
            "timeout": st.integers(5, 900),
            "alarm_topic_arns": st.sampled_from([[], ["arn:aws:sns:us-east-1:123456789012:alarms"]]),
            "log_retention_days": retention,
            **more,
        }
    )
    return st.tuples(scaling, types, others, st.integers(2, 15_000)).map(
        lambda parts: {**parts[0], **parts[1], **parts[2], "max_vcpu_count": parts[3]}
    )


SHARED_ECS: dict[str, st.SearchStrategy[Any]] = {
    "kind": st.sampled_from(["service", "service", "mcp-server", "batch"]),
    "capacity_provider": st.sampled_from(["fargate", "fargate-spot", "managed-instances"]),
    "load_balancer": st.sampled_from(["none", "internal", "internet-facing"]),
    "deployment": st.sampled_from(["rolling", "blue-green", "canary", "linear"]),
    "scaling": st.sampled_from(["cpu", "requests", "step"]),
    "adot": st.booleans(),
}
"""What no environment may override."""


def ecs(**more: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return answers about ECS; `more` are further answers."""
    account = "us-east-1:123456789012"
    sizes: st.SearchStrategy[dict[str, Any]] = st.sampled_from([{}, {"cpu": 256, "memory": 512}, {"memory": 4096}])
    images: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
        [
            {},
            {
                "image": f"123456789012.dkr.ecr.us-east-1.amazonaws.com/app@sha256:{'0' * 64}",
                "command": ["/app", "${a} %{b}"],
                "health_command": ["CMD", "/app", "--healthy"],
                "health_path": "/health",
            },
        ]
    )
    others = some(
        {
            "container_port": st.sampled_from([1024, 65535]),
            "user": st.sampled_from(["65534", "app:app"]),
            "secrets": st.sampled_from(
                [
                    {},
                    {"A": f"arn:aws:secretsmanager:{account}:secret:a-AbCdEf"},
                    {
                        "for": f"arn:aws:secretsmanager:{account}:secret:a-AbCdEf:k::",
                        "B": f"arn:aws:ssm:{account}:parameter/b",
                    },
                ]
            ),
            "certificate_arn": st.just(f"arn:aws:acm:{account}:certificate/0a0a0a0a-0a0a-0a0a-0a0a-0a0a0a0a0a0a"),
            "idle_timeout": st.sampled_from([None, 300, 4000]),
            "jwt": st.sampled_from(
                [None, {"issuer": "https://id.example", "jwks_endpoint": "https://id.example/keys"}]
            ),
            "min_tasks": st.sampled_from([None, 2, 5]),
            "schedules": st.sampled_from([[], [{"cron": "0 7 ? * * *", "min_tasks": 3, "max_tasks": 9}]]),
            "execute_command": st.booleans(),
            "alarm_topic_arns": st.sampled_from([[], ["arn:aws:sns:us-east-1:123456789012:alarms"]]),
            "log_retention_days": retention,
            **more,
        }
    )
    return st.tuples(sizes, images, others).map(lambda parts: {**parts[0], **parts[1], **parts[2]})


SHARED_FUNCTIONS: dict[str, st.SearchStrategy[Any]] = {
    "shapes": st.sampled_from([["queue"], ["fan-out"], ["command"], ["command", "queue", "fan-out"]]),
    "fan_out_source": st.sampled_from(["eventbridge", "sns"]),
    "runtime": st.sampled_from(["python3.14", "nodejs24.x"]),
    "vpc": st.booleans(),
}
"""What no environment may override."""


def functions(**more: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return answers about Lambda functions; `more` are further answers."""
    return some(
        {
            "memory_size": st.integers(128, 10240),
            "timeout": st.integers(3, 900),
            "maximum_concurrency": st.integers(2, 10),
            "reserved_concurrency": st.none() | st.integers(10, 150),
            "alarm_topic_arns": st.sampled_from([[], ["arn:aws:sns:us-east-1:123456789012:alarms"]]),
            "log_retention_days": retention,
            **more,
        }
    )


def of_one_environment(**more: st.SearchStrategy[Any]) -> dict[str, st.SearchStrategy[Any]]:
    """Return what may differ between environments, and `more` about Managed Instances."""
    return {
        "region": st.sampled_from(["us-east-1", "us-west-2", "ap-northeast-2"]),
        "owner": st.sampled_from(OWNERS),
        "cost_center": st.sampled_from(["4711", "off", "c:d"]) | st.integers(0, 9999),
        "capacity": subset("eks-auto-mode", "ecs", "lambda-managed-instances", "lambda-durable", "lambda"),
        "arch": st.sampled_from(["arm64", "x86_64"]),
        "azs": st.integers(2, 4),
        "network": network(),
        "eks": eks(),
        "ecs": ecs(),
        "lmi": lmi(**more),
        "durable": durable(),
        "functions": functions(),
        "state": some({"key": st.sampled_from(["a.tfstate", "a/b-c_d.tfstate"]), "enforce_tags": st.booleans()}),
    }


def _environments() -> st.SearchStrategy[dict[str, Any]]:
    override = some({**of_one_environment(), "production": st.booleans()})
    return st.dictionaries(st.sampled_from(ENVIRONMENTS), override, min_size=1, max_size=3)


def answers() -> st.SearchStrategy[dict[str, Any]]:
    """Return answers that are mostly valid; what the rules still refuse is for the test to leave out."""
    common = of_one_environment(**SHARED_LMI)
    common["ecs"] = ecs(**SHARED_ECS)
    common["functions"] = functions(**SHARED_FUNCTIONS)
    required = {key: common.pop(key) for key in ("region", "owner", "cost_center", "capacity", "lmi")}
    runtimes = ("python3.14", "nodejs22.x")
    common["durable"] = st.one_of(*(durable(**given, runtime=each) for given in AUTHORIZERS for each in runtimes))
    zones = st.lists(st.sampled_from("abcd"), min_size=2, max_size=4, unique=True)
    named = zones.map(lambda letters: [f"us-east-1{letter}" for letter in letters])
    common["azs"] |= named
    return st.fixed_dictionaries(
        {"name": st.sampled_from(["shop", "on", "null", "a-1"]), **required},
        optional={**common, "environments": _environments()},
    )
