"""Components from elsewhere: folders outside the package that declare their answers as data.

What a component of the package says in Python, one from elsewhere says in its `component.yaml`, and nothing in it is
run: its answers become a model of their own, and its facts are those answers.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self, cast

from packaging.version import Version
from pydantic import AfterValidator, Field, TypeAdapter, ValidationError, create_model, model_validator
from pydantic_core import SchemaError

from scaffold.answers.base import LONGEST_TEXT, Strict, distinct
from scaffold.answers.model import Answers, Capacity
from scaffold.answers.network import ServiceName
from scaffold.answers.problems import Problem
from scaffold.blueprint.environment import EnvironmentFacts, ProviderFacts
from scaffold.blueprint.everywhere import Everywhere
from scaffold.render.components import Component, ComponentError, discover, read_components
from scaffold.resources import TEMPLATES
from scaffold.verify.provider_data import load_provider_data

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")

_ANSWER_NAME = r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$"

_MINOR = re.compile(r"[0-9]{1,3}\.(0|[1-9][0-9]{0,2})\Z")

LOWEST_PROVIDER = "6.0"
"""The first minor of the AWS provider that anything is rendered for."""


PARTS = (
    *(f"README.{name}.md.j2" for name in ("diagram", "tools", "first_time", "folders", "decisions", "notes")),
    "Makefile.j2",
    "workflow.test.yml.j2",
    "workflow.drift.yml.j2",
)
"""The files of `parts/` that the project's own templates read."""

_TAKEN = frozenset({*Answers.model_fields, *(field.name for field in fields(EnvironmentFacts)), "providers"})
"""The keys of answers and facts that are another thing's."""


def _a_pattern(pattern: str) -> str:
    try:
        TypeAdapter(Annotated[str, Field(pattern=pattern)])
    except SchemaError as error:
        reason = str(error).splitlines()[-1].strip().removeprefix("error: ").removeprefix("SchemaError: ")
        raise ValueError(f"{pattern!r} is no pattern: {reason.removesuffix('.')}") from None
    return pattern


class DeclaredAnswer(Strict):
    """One answer, as `component.yaml` declares it.

    Attributes:
        type: what it is; `list` is one of texts.
        description: what it is, for people.
        default: what it is where nobody says; without one it has to be given.
        values: what texts there are to choose from.
        pattern: what a text has to look like, as a regular expression; it cannot look ahead or behind.
        minimum: the least a number may be.
        maximum: the most a number may be.
        same_everywhere: whether no environment may override it.
        ask: what the wizard asks; nothing where it is not asked.
    """

    type: Literal["boolean", "integer", "text", "list"]
    description: str = Field(min_length=1)
    default: bool | int | str | list[str] | None = None
    values: Annotated[list[str], Field(min_length=1), AfterValidator(distinct)] | None = None
    pattern: Annotated[str, AfterValidator(_a_pattern)] | None = None
    minimum: int | None = None
    maximum: int | None = None
    same_everywhere: bool = False
    ask: str = ""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.default is not None and not isinstance(self.default, _PYTHON[self.type]):
            raise ValueError(f"the default {self.default!r} is not of type {self.type}")
        if self.type in ("boolean", "integer") and (self.values or self.pattern):
            raise ValueError("values and pattern are for texts and lists")
        if self.type != "integer" and (self.minimum is not None or self.maximum is not None):
            raise ValueError("minimum and maximum are for integers")
        if self.default is not None:
            self._refuse_default()
        return self

    def _refuse_default(self) -> None:
        try:
            TypeAdapter(self.annotation).validate_python(self.default, strict=True)
        except ValidationError as error:
            (first, *_) = error.errors(include_url=False)
            raise ValueError(f"the default {self.default!r} is none of its values: {_message(first)}") from None

    @property
    def annotation(self) -> Any:
        """The type of the answer, for Pydantic."""
        if self.type == "boolean":
            return bool
        if self.type == "integer":
            return Annotated[int, Field(ge=self.minimum, le=self.maximum)]
        text: Any = Annotated[str, Field(pattern=self.pattern)] if self.pattern else str
        if self.values:
            text = Literal[tuple(self.values)]
        return Annotated[list[text], AfterValidator(distinct)] if self.type == "list" else text


_PYTHON: Mapping[str, type] = {"boolean": bool, "integer": int, "text": str, "list": list}


def _message(error: Mapping[str, Any]) -> str:
    """Return what Pydantic says is wrong, in words of ours where its own say less."""
    if error["type"] == "missing":
        return "it is missing"
    text: str = error["msg"]
    return text.removeprefix("Value error, ")[:LONGEST_TEXT]


def _not_pydantics(name: str) -> str:
    if hasattr(Strict, name):
        raise ValueError(f"{name} cannot name an answer; call it otherwise")
    return name


def _verifiable(version: str) -> str:
    # What a newer provider has beyond the shipped schema would be refused as unknown, and the reason not be seen.
    newest = load_provider_data().versions["hashicorp/aws"].rpartition(".")[0]
    if not _MINOR.match(version):
        raise ValueError(f"{version!r} is no minor of the provider; write one such as {newest}")
    if not Version(LOWEST_PROVIDER) <= Version(version) <= Version(newest):
        raise ValueError(f"{version} is not from {LOWEST_PROVIDER} to {newest}, the newest whose schema is shipped")
    return version


class DeclaredProvider(Strict):
    """A provider that a component needs beside AWS's.

    Attributes:
        source: where it comes from, such as `hashicorp/archive`.
        version: the versions that will do, such as `~> 2.7`.
    """

    source: str = Field(pattern=r"^[A-Za-z0-9._:-]+(/[A-Za-z0-9._-]+){1,2}$")
    version: str = Field(min_length=1)


class Declaration(Strict):
    """What a component from elsewhere says of itself beyond its templates.

    Attributes:
        answers: its answers by name.
        endpoints: the interface endpoints that it cannot do without when there is no NAT.
        public_subnets: whether it puts something into public subnets.
        aws_provider_version: the first provider minor that has every argument it uses.
        providers: the providers that it needs beside AWS's: source and version by name.
        inventory: what it adds to what costs money, by field of `Inventory`.
    """

    answers: Annotated[
        dict[
            Annotated[str, Field(pattern=_ANSWER_NAME, max_length=64), AfterValidator(_not_pydantics)], DeclaredAnswer
        ],
        Field(max_length=50),
    ] = Field(default_factory=dict)
    endpoints: list[ServiceName] = Field(default_factory=list)
    public_subnets: bool = False
    aws_provider_version: Annotated[str, AfterValidator(_verifiable)] = LOWEST_PROVIDER
    providers: dict[str, DeclaredProvider] = Field(default_factory=dict)
    inventory: dict[Literal["kms_keys", "log_groups", "alarms", "load_balancers"], Annotated[int, Field(ge=0)]] = Field(
        default_factory=dict
    )


@dataclass(frozen=True, slots=True)
class Declared:
    """A component from elsewhere, as the answers and the blueprint know components.

    Attributes:
        component: its folder.
        declaration: what it says of itself.
        model: the model of its answers.
    """

    component: Component
    declaration: Declaration
    model: type[Strict]

    @property
    def REFUSED(self) -> Mapping[str, tuple[str, str, str]]:  # noqa: N802 (the name that modules of answers have)
        """No key is known to be tried in vain."""
        return {}

    @property
    def SAME_EVERYWHERE(self) -> tuple[str, ...]:  # noqa: N802
        """The keys that no environment may override."""
        return tuple(name for name, answer in self.declaration.answers.items() if answer.same_everywhere)

    @property
    def REQUIRED(self) -> Mapping[str, object]:  # noqa: N802
        """The keys without a default, each with the first value that it can have."""
        return {name: _any_value(answer) for name, answer in self.declaration.answers.items() if answer.default is None}

    @property
    def PROVIDERS(self) -> tuple[ProviderFacts, ...]:  # noqa: N802
        """The providers that it needs beside AWS's."""
        return tuple(
            ProviderFacts(name, each.source, each.version) for name, each in self.declaration.providers.items()
        )

    def rules(self, answers: Answers) -> Iterator[Problem]:
        """Yield what is missing: an answer without a default can only be told to be when its component is wanted."""
        for name, answer in self.declaration.answers.items():
            if self._value(answers, name) is None:
                path = f"{self.component.key}.{name}"
                yield Problem(path, "required", f"is required with {self.component.name}.", answer.description)

    def required_endpoints(self, answers: Answers) -> tuple[str, ...]:
        """Return the interface endpoints that it cannot do without when there is no NAT."""
        return tuple(self.declaration.endpoints)

    def needs_public_subnets(self, answers: Answers) -> bool:
        """Return whether it puts something into public subnets."""
        return self.declaration.public_subnets

    def needs_network(self, answers: Answers) -> bool:
        """Return whether it runs in a VPC: whether its `needs` name the network."""
        return "network" in self.component.needs

    def environment_facts(self, answers: Answers) -> dict[str, Any]:
        """Return what holds for one environment: its answers."""
        return {name: self._value(answers, name) for name in self.declaration.answers}

    def module_facts(self, environments: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Return for each answer whether `every`, `some` or `any` environment has it, and its `values`, each once."""
        facts = {}
        for name in self.declaration.answers:
            values = [each[name] for each in environments]
            having = Everywhere.of([bool(value) for value in values])
            once = [value for place, value in enumerate(values) if value not in values[:place]]
            facts[name] = {"every": having.every, "some": having.some, "any": having.any, "values": once}
        return facts

    def aws_provider_version(self, facts: Any) -> str:
        """Return the first provider minor that has every argument it uses."""
        return self.declaration.aws_provider_version

    def costs(self, environment: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what it adds to an environment's inventory, by field."""
        return dict[str, Any](self.declaration.inventory.items())

    def _value(self, answers: Answers, name: str) -> Any:
        return getattr(getattr(answers, self.component.key), name)


def _any_value(answer: DeclaredAnswer) -> object:
    text = answer.values[0] if answer.values else "example"
    values: Mapping[str, object] = {
        "boolean": True,
        "integer": answer.minimum or answer.maximum or 1,
        "text": text,
        "list": [text],
    }
    return values[answer.type]


@cache
def model_with(templates: Path) -> type[Answers]:
    """Return the model of all answers with those of the components in a folder outside the package.

    Args:
        templates: the folder; each folder in it with a `component.yaml` is a component, and a value of `capacity`.

    Raises:
        ComponentError: the folder has no component, or one that is not as it should be; the text names the file.
    """
    if not templates.is_dir():
        raise ComponentError(f"{templates} is not a folder.")
    found = read_components(templates)
    if not found:
        raise ComponentError(f"{templates} has no component: a folder with a component.yaml.")
    if problems := [problem for component in found.values() for problem in _problems(component)]:
        raise ComponentError("\n".join(problems))
    declared = {name: _declared(component) for name, component in found.items()}
    keys = [each.component.key for each in declared.values()]
    for name, each in declared.items():
        if each.component.key in _TAKEN or hasattr(Answers, each.component.key) or keys.count(each.component.key) > 1:
            raise ComponentError(f"{each.component.file}: the key {each.component.key} of {name} is taken.")
    return _extended(declared, templates)


def _problems(component: Component) -> Iterator[str]:
    """Yield all that is wrong with a component, each with its file and the path in it."""
    name = component.name
    if name in discover(TEMPLATES):
        yield f"{component.file}: {name} is a component of scaffold's own; name yours otherwise."
    elif not _NAME.match(name):
        yield f"{component.file}: {name} is no name; use lower-case letters, digits and hyphens."
    yield from component.problems
    for path in component.conditions:
        folder, _, part = path.partition("/")
        # A hidden file is an editor's or a system's.
        if folder == "parts" and part not in PARTS and not part.startswith("."):
            place, known = component.file.parent / path, ", ".join(PARTS)
            yield f"{place}: there is no part of that name, and nothing reads it; known are {known}."
    try:
        Declaration.model_validate(dict(component.declared))
    except ValidationError as error:
        for each in error.errors(include_url=False):
            where = ".".join(str(part) for part in each["loc"])
            yield f"{component.file}: {where}: {_message(each)}."


def _declared(component: Component) -> Declared:
    declaration = Declaration.model_validate(dict(component.declared))
    answers: dict[str, Any] = {name: _field(answer) for name, answer in declaration.answers.items()}
    model = create_model(f"{component.name} answers", __base__=Strict, __doc__=component.why, **answers)
    return Declared(component, declaration, model)


def _field(answer: DeclaredAnswer) -> tuple[Any, Any]:
    if answer.default is None:
        return answer.annotation | None, Field(default=None, description=answer.description)
    return answer.annotation, Field(default=cast("Any", answer.default), description=answer.description)


def _extended(declared: Mapping[str, Declared], templates: Path) -> type[Answers]:
    components = {
        **Answers.components,
        **{name: (each.component.key, each) for name, each in declared.items()},
    }
    given = Answers.model_fields["capacity"]
    capacity: Any = Literal[(*Capacity.__args__, *declared)]  # type: ignore[attr-defined]
    keys: dict[str, Any] = {
        each.component.key: (each.model, Field(default_factory=each.model)) for each in declared.values()
    }
    extended = create_model(
        "Answers",
        __base__=Answers,
        capacity=(
            Annotated[list[capacity], AfterValidator(distinct)],
            Field(default_factory=list, description=f"{given.description} Or {', '.join(declared)}."),
        ),
        **keys,
    )
    extended.components, extended.elsewhere = components, (templates,)
    return extended


def declared_of(model: type[Answers]) -> Iterator[Declared]:
    """Yield the components from elsewhere that a model of answers has."""
    for _, component in model.components.values():
        if isinstance(component, Declared):
            yield component
