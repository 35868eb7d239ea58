"""From merged answers to one validated set of answers per environment, or every reason why not."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import reduce
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from scaffold.answers.model import ENVIRONMENT_NAME, OF_THE_ENVIRONMENT, PRODUCTION_NAMES, Answers, rules
from scaffold.answers.problems import AnswersError, Problem
from scaffold.answers.regions import REGIONS
from scaffold.answers.sources import Merged, holds, overlay

DEFAULT_ENVIRONMENTS = ("dev", "prod")

MOST_ENVIRONMENTS = 8

_LONGEST_WORD = 40
"""Longer ones are not compared with known names: no name is nearly as long."""

# What stands in for a required answer that is missing, so that the rules can still judge the others.
_STAND_INS = {"name": "platform", "region": "us-east-1", "owner": "owner", "cost_center": "cost-center"}


def same_everywhere(model: type[Answers] = Answers) -> tuple[str, ...]:
    """Return the answers no environment may override, by path.

    The project's name is one, since every resource's name begins with it, and what a component is for all together.
    """
    components = model.components.values()
    return ("name", *(f"{key}.{name}" for key, each in components for name in each.SAME_EVERYWHERE))


@dataclass(frozen=True, slots=True)
class Project:
    """A validated project.

    Attributes:
        environments: the answers of each environment, in the order they were named.
        given: the answers as they were given, without defaults; what `scaffold.yaml` holds.
        warnings: what the opinions advise against but allow.
    """

    environments: tuple[Answers, ...]
    given: Mapping[str, Any]
    warnings: tuple[Problem, ...] = ()

    @property
    def model(self) -> type[Answers]:
        """The model of its answers: `Answers`, or what components from elsewhere have made of it."""
        return type(self.environments[0])

    @property
    def name(self) -> str:
        """The project's name."""
        return self.environments[0].name


def resolve(merged: Merged, model: type[Answers] = Answers) -> Project:
    """Validate merged answers, each environment with its overrides.

    Args:
        merged: the answers.
        model: what can be answered.

    Raises:
        AnswersError: with every problem of every environment, in path order.
    """
    resolved, problems = examine(merged, model)
    errors = [problem for problem in problems if problem.level == "error"]
    if errors:
        raise AnswersError(errors)
    return Project(resolved, _in_model_order(merged.data, model), problems)


def examine(merged: Merged, model: type[Answers] = Answers) -> tuple[tuple[Answers, ...], tuple[Problem, ...]]:
    """Return what merged answers make of each environment, and every problem with them, in path order.

    Where there are errors, the answers are what is left without the wrong ones, with stand-ins for missing ones.
    """
    problems: list[Problem] = []
    common = {key: value for key, value in merged.data.items() if key != "environments"}
    for key in OF_THE_ENVIRONMENT:
        if key in common:
            del common[key]
            problems.append(
                Problem(key, "unknown", "belongs to one environment.", f"Write it as environments.<name>.{key}.")
                if key == "production"
                else Problem(key, "unknown", "is not an answer.", "Name environments under environments.")
            )
    named, environment_problems = _environments(merged, model)
    problems += environment_problems

    resolved: list[Answers] = []
    for name, override in named.items():
        answers, found = _resolve_one(name, common, override, model)
        problems += found
        if answers is not None:
            resolved.append(answers)
    problems += _shared_buckets(resolved, named)

    located = sorted(
        {replace(problem, source=problem.source or _source(problem, merged)) for problem in problems},
        key=lambda problem: (problem.path, problem.rule, problem.message),
    )
    return tuple(resolved), tuple(located)


def _source(problem: Problem, merged: Merged) -> str:
    # A member of a list that lacks something was given, and has a place.
    return "not given" if problem.rule == "required" and "." not in problem.path else merged.place(problem.path)


def _environments(merged: Merged, model: type[Answers]) -> tuple[dict[str, dict[str, Any]], list[Problem]]:
    given = merged.data.get("environments")
    if given is None:
        return {name: {} for name in DEFAULT_ENVIRONMENTS}, []
    mend = "Write environments: {dev: {}, prod: {}}, each with the answers that differ there."
    if not isinstance(given, dict):
        return {"dev": {}}, [Problem("environments", "type", "is not a mapping from names to answers.", mend)]
    problems: list[Problem] = []
    if not 1 <= len(given) <= MOST_ENVIRONMENTS:
        message = f"has {len(given)} environments; a project has 1 to {MOST_ENVIRONMENTS}."
        problems.append(Problem("environments", "value", message, mend))
    usable: dict[str, dict[str, Any]] = {}
    for name, override in given.items():
        path = f"environments.{name}"
        if not re.fullmatch(ENVIRONMENT_NAME, name):
            problems.append(
                Problem(
                    path,
                    "value",
                    f"{name!r} cannot name an environment.",
                    "Use 2 to 12 lower-case letters, digits and hyphens.",
                )
            )
        elif not isinstance(override, dict):
            problems.append(
                Problem(path, "type", "is not a mapping of the answers that differ there.", "Write {} for none.")
            )
        else:
            usable[name] = override
            for shared in same_everywhere(model):
                if holds(override, shared):
                    problems.append(
                        Problem(
                            f"{path}.{shared}",
                            "value",
                            "is the same in all environments.",
                            f"Set {shared} outside environments.",
                        )
                    )
    return usable or {"dev": {}}, problems


def _resolve_one(
    name: str, common: Mapping[str, Any], override: Mapping[str, Any], model: type[Answers]
) -> tuple[Answers | None, list[Problem]]:
    problems: list[Problem] = []
    production = override.get("production", name in PRODUCTION_NAMES)
    if not isinstance(production, bool):
        problems.append(
            Problem(f"environments.{name}.production", "type", "is not true or false.", "Write production: true.")
        )
        production = False
    differing = {key: value for key, value in override.items() if key != "production"}
    for key in ("environment", "environments"):
        if key in differing:
            del differing[key]
            problems.append(Problem(f"environments.{name}.{key}", "unknown", "is not an answer here.", "Remove it."))
    data = overlay(common, differing)

    def locate(problem: Problem) -> Problem:
        inside = holds(differing, problem.path)
        return replace(problem, path=f"environments.{name}.{problem.path}") if inside else problem

    answers, type_problems = _validate({**data, "environment": name, "production": production}, differing, model)
    problems += [locate(problem) for problem in type_problems]
    broken = {problem.path for problem in type_problems}
    if answers is not None:
        for problem in rules(answers):
            if problem.path not in broken:
                problems.append(locate(problem))
    return answers, problems


def _shared_buckets(resolved: Sequence[Answers], named: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for answers in resolved:
        name = answers.environment
        other = first.setdefault(answers.state_bucket, name)
        if other != name:
            yield Problem(
                f"environments.{name}.state.bucket" if holds(named[name], "state.bucket") else "state.bucket",
                "S1",
                f"{answers.state_bucket} would hold the state of {other} and of {name}; each has a bucket of its own.",
                "Leave state.bucket out, or name another bucket in each environment.",
            )


def _validate(
    data: dict[str, Any], differing: Mapping[str, Any], model: type[Answers]
) -> tuple[Answers | None, list[Problem]]:
    """Validate, and where that fails take the bad values out and try again, so that the rules can judge the rest.

    Args:
        data: everything about one environment.
        differing: what of it is the environment's own.
        model: what can be answered.
    """
    problems: dict[str, Problem] = {}
    for _ in range(4):
        try:
            return model.model_validate(data), list(problems.values())
        except ValidationError as error:
            wrong = [(_path(details, data), details) for details in error.errors(include_url=False)]
            for path, details in wrong:
                dotted = ".".join(str(part) for part in path)
                problems.setdefault(dotted, _explain(details, dotted, path, model, holds(differing, dotted)))
                data = _without(data, path)
    return None, list(problems.values())


def _path(details: ErrorDetails, data: Any) -> list[str | int]:
    # pydantic puts the names of union members between the keys; only what leads into the data is a path.
    path: list[str | int] = []
    location = list(details["loc"])
    for index, part in enumerate(location):
        inside = (isinstance(data, dict) and part in data) or (
            isinstance(data, list) and isinstance(part, int) and part < len(data)
        )
        if inside:
            data = data[part]
            path.append(part)
        elif details["type"] == "missing" and index == len(location) - 1:
            path.append(part)
    return path


def _without(data: Mapping[Any, Any], path: list[str | int]) -> dict[Any, Any]:
    """Return the data without the value at a path, or the list it stands in; a required answer gets a stand-in."""
    copy = dict(data)
    head, *rest = path
    inner = copy.pop(head, None)
    if not rest and head in _STAND_INS and "environment" in data:
        copy[head] = _STAND_INS[str(head)]
    elif rest and isinstance(inner, Mapping):
        copy[head] = _without(inner, rest)
    return copy


def _explain(
    details: ErrorDetails, dotted: str, path: list[str | int], model: type[Answers], in_environment: bool
) -> Problem:
    kind, context, value = details["type"], details.get("ctx") or {}, details["input"]
    if kind == "missing":
        member = any(isinstance(part, int) for part in path)
        place = "that entry." if member else f"the answers, or pass --set {dotted}=…."
        return Problem(dotted, "required", "is required.", f"Add {path[-1]}: … to {place}")
    if kind == "extra_forbidden":
        return _explain_unknown(dotted, path, model, in_environment)
    field = _field(path, model)
    rule = _opinion(field) or ("type" if kind.endswith("_type") else "value")
    shown = _shown(value)
    mend = f"{field.description}" if field and field.description else "See `scaffold answers --schema`."
    if kind == "literal_error":
        choices = _choices(str(context["expected"]))
        message = f"{shown} is not one of {', '.join(choices)}."
        return Problem(dotted, rule, message, _did_you_mean(value, choices) or mend)
    if kind == "value_error":
        near = _did_you_mean(value, REGIONS) if dotted.endswith("region") else ""
        mend = getattr(context["error"], "mend", "") or near or mend
        return Problem(dotted, rule, f"{context['error']}.", mend)
    if kind == "model_type":
        return Problem(dotted, rule, f"{shown} is not a mapping.", _mapping_mend(path, model))
    if kind == "string_type" and value is None:
        return Problem(dotted, rule, "is empty.", mend)
    if isinstance(value, str):
        kind = {"too_short": "string_too_short", "too_long": "string_too_long"}.get(kind, kind)
    limits = {
        "greater_than_equal": "is less than {ge}",
        "less_than_equal": "is more than {le}",
        "too_short": "has fewer than {min_length} members",
        "too_long": "has more than {max_length} members",
        "string_too_short": "is shorter than {min_length} characters",
        "string_too_long": "is longer than {max_length} characters",
        "string_pattern_mismatch": "does not have the form it needs",
        "string_type": "is not text; put it in quotes",
        "int_type": "is not a whole number",
        "bool_type": "is not true or false",
        "list_type": "is not a list",
    }
    text = limits.get(kind, details["msg"].lower()).format(**context)
    return Problem(dotted, rule, f"{shown} {text}.", mend)


def _mapping_mend(path: list[str | int], model: type[Answers]) -> str:
    if not isinstance(path[-1], int):
        return f"Write the answers of {path[-1]} inside it, or leave it out."
    member = _model([part for part in path if isinstance(part, str)], model)
    required = [name for name, field in member.model_fields.items() if field.is_required()] if member else []
    return f"Write {{{', '.join(f'{name}: …' for name in required)}}}."


def _explain_unknown(dotted: str, path: list[str | int], model: type[Answers], in_environment: bool) -> Problem:
    refused = {f"{key}.{name}": why for key, each in model.components.values() for name, why in each.REFUSED.items()}
    if dotted in refused:
        rule, message, mend = refused[dotted]
        return Problem(dotted, rule, message, mend)
    parents = [part for part in path[:-1] if isinstance(part, str)]
    known = _known(parents, model, in_environment)
    outer, *inner = str(path[-1]).split(".")
    if inner and outer in known and (outer == "environments" or _model([*parents, outer], model)):
        nested = reduce(lambda value, key: f"{{{key}: {value}}}", reversed(inner), "…")
        mend = f"Write {outer}: {nested}; a dot leads into a mapping only in --set."
    else:
        mend = _did_you_mean(path[-1], known) or f"Known here: {', '.join(known)}."
    return Problem(dotted, "unknown", "is not an answer.", mend)


def _known(parents: list[str], model: type[Answers], in_environment: bool) -> list[str]:
    inner = _model(parents, model)
    known = [field.alias or name for name, field in inner.model_fields.items()] if inner else []
    known = [name for name in known if name not in OF_THE_ENVIRONMENT]
    if in_environment:
        known = [name for name in known if ".".join([*parents, name]) not in same_everywhere(model)]
    if inner is model:
        known.append("production" if in_environment else "environments")
    return known


def _did_you_mean(value: Any, known: Iterable[str]) -> str:
    near = get_close_matches(str(value)[:_LONGEST_WORD], known, 3, cutoff=0.5)
    # Of equally near names, the one of the same letters: two that changed places are the commonest slip.
    near.sort(key=lambda name: sorted(name) != sorted(str(value)))
    return f"Did you mean {near[0]}?" if near else ""


def _model(path: list[str], model: type[Answers]) -> type[BaseModel] | None:
    found: type[BaseModel] | None = model
    for part in path:
        found = model_of(found, part)
    return found


def _field(path: list[str | int], model: type[Answers]) -> FieldInfo | None:
    names = [part for part in path if isinstance(part, str)]
    parent = _model(names[:-1], model) if names else None
    fields = parent.model_fields.items() if parent else ()
    return next((field for name, field in fields if names[-1] in (name, field.alias)), None)


def _types(annotation: Any) -> Iterator[Any]:
    yield annotation
    for argument in get_args(annotation):
        yield from _types(argument)


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _opinion(field: FieldInfo | None) -> str:
    extra = field.json_schema_extra if field else None
    return str(extra.get("opinion", "")) if isinstance(extra, dict) else ""


def _choices(expected: str) -> list[str]:
    return re.findall(r"'([^']*)'", expected)


def _shown(value: Any) -> str:
    text = {"None": "null", "True": "true", "False": "false"}.get(repr(value), repr(value))
    return text if len(text) <= 60 else f"{text[:57]}…"


def _in_model_order(data: Mapping[str, Any], answers: type[Answers]) -> dict[str, Any]:
    """Return the data with known keys in the order of the model, so that the order they came in leaves no trace."""
    top = ["name", "region", "owner", "cost_center", "environments", "capacity", "arch", "azs"]
    rank = list(dict.fromkeys([*top, *answers.model_fields]))

    def ordered(value: Any, model: type[BaseModel] | None) -> Any:
        if isinstance(value, list):
            return [ordered(member, model) for member in value]
        if not isinstance(value, Mapping):
            return value
        fields = list(model.model_fields) if model else []
        keys = sorted(value, key=lambda key: (fields.index(key) if key in fields else len(fields), key))
        inner = {key: model_of(model, key) for key in keys}
        return {key: ordered(value[key], inner[key]) for key in keys}

    result: dict[str, Any] = {}
    for key in sorted(data, key=rank.index):
        if key == "environments" and isinstance(data[key], Mapping):
            result[key] = {name: ordered(override, answers) for name, override in data[key].items()}
        else:
            result[key] = ordered(data[key], _model([key], answers))
    return result


def model_of(model: type[BaseModel] | None, key: str) -> type[BaseModel] | None:
    """Return the model that a field of a model holds, or None where it holds a plain value."""
    field = model.model_fields.get(key) if model else None
    return next((kind for kind in _types(field.annotation) if _is_model(kind)), None) if field else None
