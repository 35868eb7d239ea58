"""What an environment has that costs money, whether it is still to be rendered or lies in a repository."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unpriced:
    """Something that costs money, or may, and is in no line.

    Attributes:
        what: the resource's address, or the answer.
        reason: why it is in none, as a sentence that goes on from it: `is not priced here`.
    """

    what: str
    reason: str


@dataclass(frozen=True, slots=True, order=True)
class FargateTasks:
    """Fargate tasks of one size that an ECS service keeps running.

    Attributes:
        arch: `arm64` or `x86_64`.
        cpu: CPU units of each; 1024 are one vCPU.
        memory: MiB of each.
        count: how many, at least.
        spot: whether they run on Fargate Spot.
    """

    arch: str
    cpu: int
    memory: int
    count: int
    spot: bool = False


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
        fargate: the tasks that ECS services keep running on Fargate.
        ecs_instances: the architecture of each capacity provider of ECS Managed Instances that a service runs on, and
            how many instances it has at least.
        functions: the architecture of each standard Lambda function, durable ones among them.
        durable_functions: how many functions are durable.
        http_apis: how many HTTP APIs of API Gateway.
        state_machines: how many Step Functions state machines.
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
    fargate: tuple[FargateTasks, ...] = ()
    ecs_instances: tuple[tuple[str, int], ...] = ()
    functions: tuple[str, ...] = ()
    durable_functions: int = 0
    http_apis: int = 0
    state_machines: int = 0
    unpriced: tuple[Unpriced, ...] = ()
