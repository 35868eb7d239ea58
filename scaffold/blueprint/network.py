"""What follows from the answers for the network."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Any

from scaffold.answers.base import AUDITABLE_RETENTION_DAYS
from scaffold.answers.model import Answers
from scaffold.answers.network import PRIVATE_NEWBITS, PUBLIC_NEWBITS, query_logs, runs_out_of_pod_addresses
from scaffold.blueprint.environment import ProviderFacts
from scaffold.blueprint.everywhere import Everywhere, departures_of

PUBLIC_OFFSET = 48
"""The first public subnet's number: the seventh eighth of the VPC, counted in sixty-fourths (N5)."""

NAT_MODES = ("per-az", "single", "regional", "none")


@dataclass(frozen=True, slots=True)
class NetworkFacts:
    """One environment's network.

    Attributes:
        cidr: the VPC's block.
        nat: `per-az`, `single`, `regional` or `none`.
        nat_gateways: how many NAT gateways that makes.
        interface_endpoints: service names of the interface endpoints, in name order.
        endpoints_from_private_subnets: whether the endpoints let in only the private subnets, not the whole VPC (N4).
        dynamodb_endpoint: whether there is a DynamoDB gateway endpoint.
        public_subnets: whether there are public subnets.
        internet_gateway: whether anything needs an internet gateway.
        pod_cidr: the secondary block for pods, or an empty text.
        private_cidrs: each AZ's private subnet, by its number.
        public_cidrs: each AZ's public subnet, by its number; empty without public subnets.
        log_retention_days: days to keep flow logs and query logs.
        query_logs: whether DNS queries are logged (N8).
        departures: the opinions that its answers go against, which the code then says.
    """

    cidr: str
    nat: str
    nat_gateways: int
    interface_endpoints: tuple[str, ...]
    endpoints_from_private_subnets: bool
    dynamodb_endpoint: bool
    public_subnets: bool
    internet_gateway: bool
    pod_cidr: str
    private_cidrs: tuple[str, ...]
    public_cidrs: tuple[str, ...]
    log_retention_days: int
    query_logs: bool
    departures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NatFacts:
    """The NAT modes that the module serves.

    Attributes:
        modes: the modes that any environment uses.
        mixed: whether there is more than one, so that the module takes the mode as a variable.
        per_az: whether any environment has one NAT gateway in each AZ.
        single: whether any has one zonal NAT gateway.
        zonal: whether any has either.
        zonal_sometimes: whether some have and some have not.
        regional: whether any has a regional NAT gateway.
        none: whether any has no NAT.
    """

    modes: tuple[str, ...]
    mixed: bool
    per_az: bool
    single: bool
    zonal: bool
    zonal_sometimes: bool
    regional: bool
    none: bool


@dataclass(frozen=True, slots=True)
class NetworkModuleFacts:
    """What the network module must be able to do, for all environments together."""

    nat: NatFacts
    internet_gateway: Everywhere
    public_subnets: Everywhere
    pods: Everywhere
    dynamodb_endpoint: Everywhere
    interface_endpoints: Everywhere
    endpoints_from_private_subnets: Everywhere
    query_logs: Everywhere
    short_log_retention: bool
    departures: tuple[str, ...]


PROVIDERS: tuple[ProviderFacts, ...] = ()


def costs(environment: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what the network adds to an environment's inventory, from the environment's facts."""
    network, azs = environment["network"], environment["azs"]["count"]
    # A regional NAT gateway is billed, and has an address, in every AZ it has spread to.
    gateways = azs if network["nat"] == "regional" else network["nat_gateways"]
    return {
        "azs": azs,
        "nat": network["nat"],
        "nat_gateways": gateways,
        "public_ipv4": gateways,
        "s3_endpoint": True,
        "interface_endpoints": tuple((service, azs) for service in sorted(network["interface_endpoints"])),
        # One for the flow logs, and one for the query logs.
        "kms_keys": 1 + network["query_logs"],
        "log_groups": 1 + network["query_logs"],
    }


def environment_facts(answers: Answers) -> NetworkFacts:
    """Return one environment's network."""
    vpc = IPv4Network(answers.network.cidr)
    private = list(vpc.subnets(PRIVATE_NEWBITS))[: answers.az_count]
    public = list(vpc.subnets(PUBLIC_NEWBITS))[PUBLIC_OFFSET : PUBLIC_OFFSET + answers.az_count]
    return NetworkFacts(
        cidr=answers.network.cidr,
        nat=answers.nat,
        nat_gateways={"per-az": answers.az_count, "single": 1, "regional": 1, "none": 0}[answers.nat],
        interface_endpoints=answers.interface_endpoints,
        endpoints_from_private_subnets=answers.endpoint_profile == "private",
        dynamodb_endpoint=answers.network.dynamodb_endpoint,
        public_subnets=answers.public_subnets,
        internet_gateway=answers.public_subnets or answers.nat == "regional",
        pod_cidr=answers.network.pod_cidr or "",
        private_cidrs=tuple(str(subnet) for subnet in private),
        public_cidrs=tuple(str(subnet) for subnet in public) if answers.public_subnets else (),
        log_retention_days=answers.network.log_retention_days,
        query_logs=query_logs(answers),
        departures=_departures(answers),
    )


def _departures(answers: Answers) -> tuple[str, ...]:
    against = {"N1": answers.production and answers.nat == "single", "N5": runs_out_of_pod_addresses(answers)}
    return tuple(opinion for opinion, departs in against.items() if departs)


def module_facts(environments: Sequence[NetworkFacts]) -> NetworkModuleFacts:
    """Return what the module must serve so that all environments can use it."""
    used = {environment.nat for environment in environments}
    zonal = used & {"per-az", "single"}
    with_endpoints = [environment for environment in environments if environment.interface_endpoints]
    return NetworkModuleFacts(
        nat=NatFacts(
            modes=tuple(mode for mode in NAT_MODES if mode in used),
            mixed=len(used) > 1,
            per_az="per-az" in used,
            single="single" in used,
            zonal=bool(zonal),
            zonal_sometimes=bool(zonal) and zonal != used,
            regional="regional" in used,
            none="none" in used,
        ),
        internet_gateway=Everywhere.of([environment.internet_gateway for environment in environments]),
        public_subnets=Everywhere.of([environment.public_subnets for environment in environments]),
        pods=Everywhere.of([bool(environment.pod_cidr) for environment in environments]),
        dynamodb_endpoint=Everywhere.of([environment.dynamodb_endpoint for environment in environments]),
        interface_endpoints=Everywhere.of([bool(environment.interface_endpoints) for environment in environments]),
        endpoints_from_private_subnets=Everywhere.of(
            [environment.endpoints_from_private_subnets for environment in with_endpoints] or [False]
        ),
        query_logs=Everywhere.of([environment.query_logs for environment in environments]),
        short_log_retention=any(
            environment.log_retention_days < AUDITABLE_RETENTION_DAYS for environment in environments
        ),
        departures=departures_of(environments),
    )


def aws_provider_version(facts: NetworkModuleFacts) -> str:
    """Return the first provider minor with every argument used; regional NAT came with 6.24 (provider changelog)."""
    return "6.24" if facts.nat.regional else "6.0"
