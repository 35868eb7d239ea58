"""The answers of one environment, as one model."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Protocol, get_args

from pydantic import AfterValidator, Discriminator, Field, Tag

from scaffold.answers import durable, ecs, eks, functions, lmi, network
from scaffold.answers.base import Strict, Text, distinct
from scaffold.answers.durable import DurableAnswers
from scaffold.answers.ecs import EcsAnswers
from scaffold.answers.eks import EksAnswers
from scaffold.answers.functions import FunctionsAnswers
from scaffold.answers.lmi import LmiAnswers
from scaffold.answers.network import EndpointProfile, Nat, NetworkAnswers
from scaffold.answers.problems import Problem
from scaffold.answers.regions import REGIONS
from scaffold.answers.state import RESERVED_PREFIXES, RESERVED_SUFFIXES, StateAnswers
from scaffold.answers.usage import UsageAnswers

Capacity = Literal["eks-auto-mode", "ecs", "lambda-managed-instances", "lambda-durable", "lambda"]
Arch = Literal["arm64", "x86_64"]

LONGEST_NAME = 24
"""Of a project, so that the names of its resources keep within AWS's limits."""

OF_THE_ENVIRONMENT = ("environment", "production")
"""The fields of `Answers` that are no answers for all environments."""

PRODUCTION_NAMES = frozenset({"prod", "production", "live"})
ENVIRONMENT_NAME = r"^[a-z][a-z0-9-]{0,10}[a-z0-9]$"

PROFILES: Mapping[str, tuple[str, ...]] = {
    "none": (),
    "minimal": ("ecr.dkr",),
    "standard": ("ecr.api", "ecr.dkr", "logs", "sts"),
}
"""The interface endpoints of each profile but `private` (N3)."""


class ComponentAnswers(Protocol):
    """What the module of a component's answers says of them, beside their model."""

    @property
    def REFUSED(self) -> Mapping[str, tuple[str, str, str]]:  # noqa: N802 (a constant of the module)
        """The keys that people will try in vain: for each the opinion's id, why not, and the mend."""

    @property
    def SAME_EVERYWHERE(self) -> tuple[str, ...]:  # noqa: N802 (a constant of the module)
        """The keys that no environment may override."""

    @property
    def REQUIRED(self) -> Mapping[str, object]:  # noqa: N802 (a constant of the module)
        """The keys without a default, each with a value that a module rendered by itself is rendered with."""

    def rules(self, answers: "Answers") -> Iterator[Problem]:
        """Yield what the opinions have against one environment's answers."""

    def required_endpoints(self, answers: "Answers") -> tuple[str, ...]:
        """Return the interface endpoints that it cannot do without when there is no NAT (N10)."""

    def needs_public_subnets(self, answers: "Answers") -> bool:
        """Return whether it puts something into public subnets."""

    def needs_network(self, answers: "Answers") -> bool:
        """Return whether it runs in a VPC."""


COMPONENTS: Mapping[str, tuple[str, ComponentAnswers]] = {
    "eks-auto-mode": ("eks", eks),
    "ecs": ("ecs", ecs),
    "lambda-managed-instances": ("lmi", lmi),
    "lambda-durable": ("durable", durable),
    "lambda": ("functions", functions),
}
"""Each value of `capacity`, with its key in the answers and what is known of its answers."""


def _region(value: str) -> str:
    if value not in REGIONS:
        raise ValueError(f"{value!r} is not a region this edition knows")
    return value


def _tag(value: str) -> str:
    if value.lower().startswith("aws:"):
        raise ValueError("AWS reserves tags that begin with aws:")
    return value


def _kind_of_azs(value: object) -> str:
    return "names" if isinstance(value, list) else "count"


def _name(value: str) -> str:
    if value.startswith("sg-"):
        raise ValueError("AWS refuses security groups whose name begins with sg-")
    return value


# The characters AWS allows in a tag's value, less the ones beyond ASCII that look like others.
TagValue = Annotated[
    Text,
    Field(min_length=1, max_length=256, pattern=r"^[A-Za-z0-9_.:/=+@-]([A-Za-z0-9 _.:/=+@-]*[A-Za-z0-9_.:/=+@-])?$"),
    AfterValidator(_tag),
]
_TAG_CHARACTERS = "Letters, digits, inner spaces and _.:/=+@-."
ZoneNames = Annotated[
    list[Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z]+)+-\d[a-z]$")]],
    Field(min_length=2, max_length=6),
    AfterValidator(distinct),
]


class Answers(Strict):
    """Everything that is asked about one environment.

    `environment` and `production` come from the `environments` mapping; every other field is an answer that an
    environment may override, except `name`.

    Attributes:
        components: each value of `capacity`, with its key and what is known of its answers.
        elsewhere: the folders of the components that do not come with the package.
    """

    components: ClassVar[Mapping[str, tuple[str, ComponentAnswers]]] = COMPONENTS
    elsewhere: ClassVar[tuple[Path, ...]] = ()

    name: Annotated[str, AfterValidator(_name)] = Field(
        description=f"The project's name: 2 to {LONGEST_NAME} lower-case letters, digits and hyphens. Resource names "
        "begin with it.",
        pattern=rf"^[a-z][a-z0-9-]{{0,{LONGEST_NAME - 2}}}[a-z0-9]$",
    )
    environment: str = Field(pattern=ENVIRONMENT_NAME)
    production: bool
    region: Annotated[str, AfterValidator(_region)] = Field(description="The AWS region, such as eu-central-1.")
    owner: TagValue = Field(
        description=f"The team that answers for these resources; the Owner tag. {_TAG_CHARACTERS}",
        json_schema_extra={"opinion": "S2"},
    )
    cost_center: TagValue = Field(
        description=f"Who pays; the CostCenter tag. {_TAG_CHARACTERS}", json_schema_extra={"opinion": "S2"}
    )
    capacity: Annotated[list[Capacity], AfterValidator(distinct)] = Field(
        default_factory=list,
        description=f"What runs: {', '.join(get_args(Capacity))}. Empty: a network alone. "
        "More come from a folder of --templates.",
    )
    arch: Arch = Field(
        default="arm64",
        description="The CPU architecture of nodes, functions and samples alike.",
        json_schema_extra={"opinion": "L4"},
    )
    azs: Annotated[
        Annotated[int, Field(ge=2, le=6), Tag("count")] | Annotated[ZoneNames, Tag("names")],
        Discriminator(_kind_of_azs),
    ] = Field(
        default=3,
        description="How many availability zones (2 to 6), or their names.",
        json_schema_extra={"opinion": "N9"},
    )
    network: NetworkAnswers = Field(default_factory=NetworkAnswers)
    eks: EksAnswers = Field(default_factory=EksAnswers)
    ecs: EcsAnswers = Field(default_factory=EcsAnswers)
    lmi: LmiAnswers = Field(default_factory=LmiAnswers)
    durable: DurableAnswers = Field(default_factory=DurableAnswers)
    functions: FunctionsAnswers = Field(default_factory=FunctionsAnswers)
    state: StateAnswers = Field(default_factory=StateAnswers)
    usage: UsageAnswers = Field(default_factory=UsageAnswers)

    @property
    def az_count(self) -> int:
        """How many availability zones are used."""
        return self.azs if isinstance(self.azs, int) else len(self.azs)

    @property
    def has_network(self) -> bool:
        """Whether there is a VPC: nothing else is asked for, or something runs in one (F4)."""
        return not self.capacity or any(each.needs_network(self) for each in self._components)

    @property
    def nat(self) -> Nat:
        """The NAT mode, with the default resolved: per-az in production, else single (N1)."""
        return self.network.nat or ("per-az" if self.production else "single")

    @property
    def endpoint_profile(self) -> EndpointProfile:
        """The endpoint profile, with the default resolved (N3)."""
        if self.network.endpoints is not None:
            return self.network.endpoints
        if self.nat == "none":
            return "private"
        return "standard" if self.production else "none"

    @property
    def required_endpoints(self) -> tuple[str, ...]:
        """The interface endpoints that the capacity cannot do without when there is no NAT (N10), in name order."""
        return tuple(sorted({service for each in self._components for service in each.required_endpoints(self)}))

    @property
    def interface_endpoints(self) -> tuple[str, ...]:
        """The interface endpoints, by service name in name order."""
        profile = self.endpoint_profile
        chosen = self.required_endpoints or PROFILES["standard"] if profile == "private" else PROFILES[profile]
        return tuple(sorted({*chosen, *self.network.extra_endpoints}))

    @property
    def public_subnets(self) -> bool:
        """Whether there are public subnets, with the default resolved."""
        if self.network.public_subnets is not None:
            return self.network.public_subnets
        return self.nat in ("per-az", "single") or any(each.needs_public_subnets(self) for each in self._components)

    @property
    def _components(self) -> list[ComponentAnswers]:
        return [answers for name, (_, answers) in self.components.items() if name in self.capacity]

    @property
    def state_bucket(self) -> str:
        """The name of the state bucket, with the default resolved (S1)."""
        return self.state.bucket or f"{self.name}-{self.environment}-tfstate-{self.region}"

    @property
    def state_key(self) -> str:
        """The state's key in its bucket, with the default resolved (S1)."""
        return self.state.key or f"{self.environment}/{self.name}.tfstate"


def rules(answers: Answers) -> Iterator[Problem]:
    """Yield everything the opinions have against one environment's answers."""
    yield from _place_rules(answers)
    if answers.has_network:
        yield from network.rules(answers)
    for name, (_, component) in answers.components.items():
        if name in answers.capacity:
            yield from component.rules(answers)


def _place_rules(answers: Answers) -> Iterator[Problem]:
    region = REGIONS[answers.region]
    if isinstance(answers.azs, list):
        outside = [name for name in answers.azs if name[:-1] != answers.region]
        if outside:
            yield Problem(
                "azs",
                "N9",
                f"{', '.join(outside)} is not in {answers.region}.",
                f"Name zones such as {answers.region}a, or give their number.",
            )
    if answers.az_count > region.zones:
        yield Problem(
            "azs",
            "N9",
            f"{answers.region} gives an account {region.zones} availability zones, not {answers.az_count}.",
            f"Use {region.zones} or fewer, or another region.",
        )
    if answers.state_bucket.startswith(RESERVED_PREFIXES) or answers.state_bucket.endswith(RESERVED_SUFFIXES):
        yield Problem(
            "state.bucket",
            "S1",
            f"S3 keeps names such as {answers.state_bucket} for itself.",
            f"Name one that does not begin with {', '.join(RESERVED_PREFIXES)} or end in "
            f"{', '.join(RESERVED_SUFFIXES)}.",
        )
