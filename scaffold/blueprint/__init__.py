"""Everything that follows from the answers, before a line is rendered. Pure functions over frozen data."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from typing import Any, Protocol, cast

from packaging.version import Version

from scaffold.answers.model import Answers
from scaffold.answers.project import Project
from scaffold.blueprint import durable, ecs, eks, environment, functions, lmi, network
from scaffold.blueprint.environment import ProviderFacts
from scaffold.cost.inventory import Inventory
from scaffold.cost.lines import EnvironmentCost, cost_of
from scaffold.cost.prices import load_prices

TERRAFORM_VERSION = "1.10"
"""The first Terraform that locks S3 state without DynamoDB (S1)."""


class ComponentBlueprint(Protocol):
    """The functions by which a component's facts join the blueprint."""

    def environment_facts(self, answers: Answers) -> Any:
        """Return what holds for one environment, as a frozen dataclass."""

    def module_facts(self, environments: Sequence[Any]) -> Any:
        """Return what the shared module must serve, as a frozen dataclass."""

    def aws_provider_version(self, facts: Any) -> str:
        """Return the first provider minor that has every argument the module uses."""

    def costs(self, environment: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what it adds to an environment's `Inventory`, by field; the environment has its facts."""

    @property
    def PROVIDERS(self) -> tuple[ProviderFacts, ...]:  # noqa: N802 (a constant of the module)
        """The providers that it needs beside AWS's."""


COMPONENTS: Mapping[str, tuple[str, ComponentBlueprint]] = {
    "network": ("network", network),
    "eks-auto-mode": ("eks", eks),
    "ecs": ("ecs", ecs),
    "lambda-managed-instances": ("lmi", lmi),
    "lambda-durable": ("durable", durable),
    "lambda": ("functions", functions),
}
"""Each component's key in the answers and the facts, and its blueprint; the network is where something runs in one."""


@dataclass(frozen=True, slots=True)
class Blueprint:
    """All facts, as the plain data that templates read.

    Attributes:
        project: what holds for the whole repository.
        environments: the facts of each environment, with a key for each of its components.
        modules: the facts of each component's module.
        keys: each component's key in the facts.
        costs: what each environment costs a month, with the usage that its answers say.
    """

    project: dict[str, Any]
    environments: tuple[dict[str, Any], ...]
    modules: dict[str, dict[str, Any]]
    keys: Mapping[str, str]
    costs: tuple[EnvironmentCost, ...]


def build(project: Project) -> Blueprint:
    """Return everything that follows from a project's answers."""
    components = _components_of(project.model)
    names = [name for name in components if any(_has(name, each) for each in project.environments)]
    facts_of: dict[str, dict[str, Any]] = {each.environment: {} for each in project.environments}
    modules: dict[str, Any] = {}
    versions = ["6.0"]
    for name in names:
        key, component = components[name]
        for answers in project.environments:
            if _has(name, answers):
                facts_of[answers.environment][key] = component.environment_facts(answers)
        facts = component.module_facts([each[key] for each in facts_of.values() if key in each])
        modules[name] = _plain(facts)
        versions.append(component.aws_provider_version(facts))

    aws = ProviderFacts("aws", "hashicorp/aws", f"~> {max(versions, key=Version)}")
    environments = tuple(
        {
            **_plain(environment.environment_facts(answers)),
            "providers": [_plain(each) for each in _providers(aws, facts_of[answers.environment], components)],
            **{key: _plain(facts) for key, facts in facts_of[answers.environment].items()},
        }
        for answers in project.environments
    )
    return Blueprint(
        project={
            "name": project.name,
            "environments": [each["name"] for each in environments],
            "components": names,
            "aws_provider_version": max(versions, key=Version),
            "terraform_version": TERRAFORM_VERSION,
            "enforce_tags": [each["name"] for each in environments if each["enforce_tags"]],
        },
        environments=environments,
        modules=modules,
        keys={name: components[name][0] for name in names},
        costs=tuple(
            cost_of(inventory_of(facts, project.model), answers.usage, load_prices())
            for facts, answers in zip(environments, project.environments, strict=True)
        ),
    )


def _components_of(model: type[Answers]) -> Mapping[str, tuple[str, ComponentBlueprint]]:
    """Return every component there is: those from elsewhere are their own blueprint."""
    others = {name: each for name, each in model.components.items() if name not in COMPONENTS}
    return {**COMPONENTS, **cast("Mapping[str, tuple[str, ComponentBlueprint]]", others)}


def _has(name: str, answers: Answers) -> bool:
    return answers.has_network if name == "network" else name in answers.capacity


def inventory_of(environment: Mapping[str, Any], model: type[Answers] = Answers) -> Inventory:
    """Return what an environment will have that costs money, from its facts."""
    # The project's own key is that of the state bucket.
    counts: dict[str, Any] = {"kms_keys": 1}
    for key, component in _components_of(model).values():
        for name, more in component.costs(environment).items() if key in environment else ():
            counts[name] = counts[name] + more if name in counts else more
    for name in ("capacity_providers", "ecs_instances", "fargate", "functions"):
        # In an order that does not depend on which component says so.
        counts[name] = tuple(sorted(counts.get(name, ())))
    return Inventory(environment["name"], environment["region"], environment["production"], **counts)


def _providers(
    aws: ProviderFacts, facts: Mapping[str, Any], components: Mapping[str, tuple[str, ComponentBlueprint]]
) -> list[ProviderFacts]:
    others = {provider for key, component in components.values() if key in facts for provider in component.PROVIDERS}
    return sorted({aws, *others}, key=lambda provider: provider.name)


def _plain(value: Any) -> Any:
    """Return facts as nothing but texts, numbers, booleans, lists and mappings: templates get no objects."""
    return _lists(asdict(value) if is_dataclass(value) and not isinstance(value, type) else value)


def _lists(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _lists(inner) for key, inner in value.items()}
    return [_lists(inner) for inner in value] if isinstance(value, list | tuple) else value
