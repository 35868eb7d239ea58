"""What an environment has that costs money, whether it is still to be rendered or lies in a repository."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ALARMS_OF_FUNCTION = 5
"""Throttles, errors, CPU utilization, failed starts and dead letters; a queue has one more (L8)."""

CONTAINER_INSIGHTS_GROUPS = 4
"""Application, dataplane, host and performance: what the CloudWatch add-on writes to."""


@dataclass(frozen=True, slots=True)
class Unpriced:
    """Something that costs money, or may, and is in no line.

    Attributes:
        what: the resource's address, or the answer.
        reason: why it is in none, as a sentence that goes on from it: `is not priced here`.
    """

    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Inventory:
    """What an environment has that costs money.

    Attributes:
        environment: its name; in a repository of somebody else's, the path of the root module.
        region: the AWS region; empty where it is not known.
        production: whether it is production; None where nothing says so.
        azs: in how many AZs workloads run; 0 where there is no network or that is not known.
        nat: `per-az`, `single`, `regional`, `none`, `mixed`, or `unknown`.
        nat_gateways: how many NAT gateways are billed; a regional one is in each AZ it has spread to.
        public_ipv4: how many public IPv4 addresses they and others hold.
        s3_endpoint: whether S3 is reached through a gateway endpoint.
        interface_endpoints: the service of each interface endpoint and in how many AZs it is, in name order.
        clusters: how many EKS clusters.
        auto_mode: how many of them run in Auto Mode.
        capabilities: the EKS capabilities, `ack`, `argocd` or `kro`, in name order.
        load_balancers: how many load balancers.
        kms_keys: how many customer-managed keys, that of the state bucket among them.
        log_groups: how many log groups; they cost by what is written to them.
        alarms: how many CloudWatch alarms.
        capacity_providers: the architecture of each capacity provider of Lambda Managed Instances, `arm64` or `x86_64`.
        unpriced: what could not be counted.
    """

    environment: str
    region: str
    production: bool | None
    azs: int = 0
    nat: str = "none"
    nat_gateways: int = 0
    public_ipv4: int = 0
    s3_endpoint: bool = False
    interface_endpoints: tuple[tuple[str, int], ...] = ()
    clusters: int = 0
    auto_mode: int = 0
    capabilities: tuple[str, ...] = ()
    load_balancers: int = 0
    kms_keys: int = 0
    log_groups: int = 0
    alarms: int = 0
    capacity_providers: tuple[str, ...] = ()
    unpriced: tuple[Unpriced, ...] = ()


def inventory_of_facts(environment: Mapping[str, Any]) -> Inventory:
    """Return what an environment will have, from its facts in the blueprint."""
    network, azs = environment["network"], environment["azs"]["count"]
    eks, lmi = environment.get("eks"), environment.get("lmi")
    # A regional NAT gateway is billed, and has an address, in every AZ it has spread to.
    gateways = azs if network["nat"] == "regional" else network["nat_gateways"]
    return Inventory(
        environment=environment["name"],
        region=environment["region"],
        production=environment["production"],
        azs=azs,
        nat=network["nat"],
        nat_gateways=gateways,
        public_ipv4=gateways,
        s3_endpoint=True,
        interface_endpoints=tuple((service, azs) for service in sorted(network["interface_endpoints"])),
        clusters=1 if eks else 0,
        auto_mode=1 if eks else 0,
        capabilities=tuple(eks["capabilities"]) if eks else (),
        load_balancers=1 if eks else 0,
        # One for the state bucket, one for the flow logs, one for the query logs, and one for each capacity.
        kms_keys=2 + network["query_logs"] + bool(eks) + bool(lmi),
        log_groups=1 + network["query_logs"] + _log_groups_of_cluster(eks) + bool(lmi),
        alarms=ALARMS_OF_FUNCTION + lmi["sqs"] if lmi else 0,
        capacity_providers=(environment["arch"],) if lmi else (),
    )


def _log_groups_of_cluster(eks: Mapping[str, Any] | None) -> int:
    if not eks:
        return 0
    insights = "amazon-cloudwatch-observability" in eks["addons"]
    return 1 + (CONTAINER_INSIGHTS_GROUPS if insights else 0) + bool(eks["managed_logs"])
