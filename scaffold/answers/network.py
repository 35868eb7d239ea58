"""Answers about the network: VPC, NAT and VPC endpoints."""

from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field

from scaffold.answers.base import RetentionDays, Strict, UnfitError
from scaffold.answers.problems import Problem

if TYPE_CHECKING:
    from scaffold.answers.model import Answers

Nat = Literal["per-az", "single", "regional", "none"]
EndpointProfile = Literal["none", "minimal", "standard", "private"]

LARGEST_VPC, SMALLEST_VPC = 16, 22
"""VPC prefix lengths: /16 is the most AWS allows; below /22 a public subnet would be smaller than AWS's /28."""

PRIVATE_NEWBITS, PUBLIC_NEWBITS = 3, 6
"""Each AZ has a fixed slot: private subnets are the first six eighths of the VPC, public ones lie in the seventh."""

RFC_1918 = tuple(IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))

SHARED = IPv4Network("100.64.0.0/10")
"""Shared address space (RFC 6598), which a VPC of any other block may have as well."""

SMALLEST_POD_SUBNET = 22
"""Private subnets smaller than this run out of pod addresses (N5)."""


def _cidr(value: str) -> str:
    try:
        network = IPv4Network(value)
    except ValueError as error:
        message = f"{value!r} is not an IPv4 CIDR block: {error}"
        if around := _block_around(value):
            raise UnfitError(message, f"Use {around}.") from None
        raise ValueError(message) from None
    return str(network)


def _block_around(address: str) -> IPv4Network | None:
    try:
        return IPv4Network(address, strict=False)
    except ValueError:
        return None


Cidr = Annotated[str, AfterValidator(_cidr)]
ServiceName = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$")]


class NetworkAnswers(Strict):
    """The VPC, how it reaches the internet, and which AWS services it reaches privately."""

    cidr: Cidr = Field(
        default="10.0.0.0/16",
        description="The VPC's IPv4 CIDR block, /16 to /22. Every subnet is carved from it.",
        json_schema_extra={"opinion": "N5"},
    )
    nat: Nat | None = Field(
        default=None,
        description="NAT gateways: per-az, single, regional or none. null: per-az in production, single elsewhere.",
        json_schema_extra={"opinion": "N1"},
    )
    endpoints: EndpointProfile | None = Field(
        default=None,
        description="Interface endpoints: none, minimal (ecr.dkr), standard (ecr.api, ecr.dkr, sts, logs) or private "
        "(all that the capacity needs without NAT). null: private without NAT, else standard in production and none "
        "elsewhere.",
        json_schema_extra={"opinion": "N3"},
    )
    extra_endpoints: list[ServiceName] = Field(
        default_factory=list,
        description="More interface endpoints, by service name: ssm, kms, secretsmanager, …",
        json_schema_extra={"opinion": "N3"},
    )
    dynamodb_endpoint: bool = Field(
        default=True,
        description="The DynamoDB gateway endpoint. It is free; the S3 one is always there.",
        json_schema_extra={"opinion": "N2"},
    )
    public_subnets: bool | None = Field(
        default=None,
        description="Public subnets. null: where a zonal NAT gateway or an internet-facing load balancer needs them.",
    )
    pod_cidr: Cidr | None = Field(
        default=None,
        description="A secondary CIDR block for pods, such as 100.64.0.0/16; null gives pods addresses of the VPC's.",
        json_schema_extra={"opinion": "N5"},
    )
    log_retention_days: RetentionDays = Field(
        default=365, description="Days to keep VPC flow logs and query logs.", json_schema_extra={"opinion": "N7"}
    )
    query_logs: bool | None = Field(
        default=None,
        description="Log which names the VPC looks up, to an encrypted log group of the environment's own. "
        "null: in production.",
        json_schema_extra={"opinion": "N8"},
    )


def query_logs(answers: "Answers") -> bool:
    """Return whether DNS queries are logged, with the default resolved (N8).

    Production alone by default: its log is what is asked for after an incident. A development network looks up much
    and is asked about seldom, and every query is paid for by the GB.
    """
    return answers.production if answers.network.query_logs is None else answers.network.query_logs


def runs_out_of_pod_addresses(answers: "Answers") -> bool:
    """Return whether pods take their addresses from private subnets that are too small for them (N5)."""
    private = IPv4Network(answers.network.cidr).prefixlen + PRIVATE_NEWBITS
    return "eks-auto-mode" in answers.capacity and not answers.network.pod_cidr and private > SMALLEST_POD_SUBNET


def rules(answers: "Answers") -> Iterator[Problem]:
    """Yield what the network opinions (N1, N3, N5, N8, N9, N10) have against one environment's answers."""
    yield from _cidr_rules(answers)
    yield from _nat_rules(answers)
    yield from _endpoint_rules(answers)
    if answers.production and not query_logs(answers):
        yield Problem(
            "network.query_logs",
            "N8",
            "without query logs nobody can tell afterwards which names a compromised workload looked up.",
            "Leave query_logs out.",
            level="warning",
        )


def _cidr_rules(answers: "Answers") -> Iterator[Problem]:
    vpc = IPv4Network(answers.network.cidr)
    for path, block in (("network.cidr", vpc), ("network.pod_cidr", answers.network.pod_cidr)):
        if block is None:
            continue
        block = IPv4Network(block)
        if not LARGEST_VPC <= block.prefixlen <= SMALLEST_VPC:
            yield Problem(
                path,
                "N5",
                f"{block} is a /{block.prefixlen}; subnets for up to six AZs are carved from a /{LARGEST_VPC} to a "
                f"/{SMALLEST_VPC}.",
                f"Use a block such as {block.network_address}/{LARGEST_VPC}.",
            )
        elif not any(block.subnet_of(private) for private in (*RFC_1918, SHARED)):
            yield Problem(
                path,
                "N5",
                f"{block} is not private address space: traffic to its real owner would stay in the VPC.",
                "Use a block of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10.",
            )
    if answers.network.pod_cidr:
        yield from _pod_rules(vpc, IPv4Network(answers.network.pod_cidr))
    if answers.network.pod_cidr and "eks-auto-mode" not in answers.capacity:
        yield Problem(
            "network.pod_cidr",
            "N5",
            "a CIDR block for pods is of no use without a cluster.",
            "Remove it, or add eks-auto-mode to capacity.",
        )
    if runs_out_of_pod_addresses(answers):
        private = vpc.prefixlen + PRIVATE_NEWBITS
        yield Problem(
            "network.cidr",
            "N5",
            f"private subnets are /{private}: EKS gives every pod an address, and {2 ** (32 - private) - 5} run out.",
            "Use a larger block, or set network.pod_cidr: 100.64.0.0/16.",
            level="warning",
        )


def _pod_rules(vpc: IPv4Network, pods: IPv4Network) -> Iterator[Problem]:
    if vpc.overlaps(pods):
        yield Problem(
            "network.pod_cidr",
            "N5",
            f"{pods} overlaps the VPC's {vpc}.",
            "Use a block outside the VPC's, such as 100.64.0.0/16.",
        )
    # Source: "IPv4 CIDR block association restrictions",
    # https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html.
    elif any(pods.subnet_of(private) and not vpc.subnet_of(private) for private in RFC_1918):
        yield Problem(
            "network.pod_cidr",
            "N5",
            f"AWS does not add {pods} to a VPC of {vpc}: the two are of different private ranges.",
            "Use a block of 100.64.0.0/10, or of the VPC's own range.",
        )


def _nat_rules(answers: "Answers") -> Iterator[Problem]:
    if answers.nat == "single" and answers.az_count > 1:
        yield Problem(
            "network.nat",
            "N1",
            f"one NAT gateway serves all AZs of {answers.environment}: traffic from the others pays $0.01/GB each way, "
            "and its AZ is a single point of failure.",
            "Use nat: per-az where that matters.",
            level="warning",
        )
    if answers.network.public_subnets is False and answers.nat in ("per-az", "single"):
        yield Problem(
            "network.public_subnets",
            "N1",
            f"a zonal NAT gateway (nat: {answers.nat}) stands in a public subnet.",
            "Use nat: regional or none, or leave public_subnets out.",
        )
    if answers.network.public_subnets and answers.nat == "none":
        yield Problem(
            "network.public_subnets",
            "N1",
            "public subnets open a way to the internet that nat: none has just closed.",
            "Leave public_subnets out, or choose a NAT.",
            level="warning",
        )


def _endpoint_rules(answers: "Answers") -> Iterator[Problem]:
    for service in ("s3", "dynamodb"):
        if service in answers.network.extra_endpoints:
            yield Problem(
                "network.extra_endpoints",
                "N2",
                f"{service} is reached through its gateway endpoint, which is free; an interface endpoint is not.",
                f"Take {service} out of extra_endpoints.",
            )
    if answers.nat != "none":
        return
    missing = [service for service in answers.required_endpoints if service not in answers.interface_endpoints]
    if missing:
        yield Problem(
            "network.endpoints",
            "N10",
            f"nat is none, and {', '.join(answers.capacity)} cannot do without {', '.join(missing)}.",
            "Use endpoints: private, or add them to network.extra_endpoints.",
        )
