"""The answers file's JSON Schema, for editors, and its list of answers, for people."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_origin

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from scaffold.answers.model import ENVIRONMENT_NAME, OF_THE_ENVIRONMENT, Answers
from scaffold.answers.project import MOST_ENVIRONMENTS, model_of
from scaffold.answers.regions import REGIONS


@dataclass(frozen=True, slots=True)
class AnswerEntry:
    """One answer.

    Attributes:
        path: how it is named in files and flags.
        default: its default as YAML, `required`, or `null` where it follows from other answers.
        about: what it is.
    """

    path: str
    default: str
    about: str


def answers_schema(model: type[Answers] = Answers) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of an answers file.

    No answer is required in it: what one file leaves out, another source may give. Lists come from one source whole,
    so what is required of their members is.
    """
    schema = model.model_json_schema()
    definitions = schema.pop("$defs")
    properties = {key: value for key, value in schema["properties"].items() if key not in OF_THE_ENVIRONMENT}
    properties["region"]["enum"] = sorted(REGIONS)
    override = {key: value for key, value in properties.items() if key != "name"}
    override["production"] = {
        "type": "boolean",
        "description": "Whether the environment is held to the opinions for production; by default, whether it is "
        "named prod, production or live.",
    }
    environments = {
        "type": ["object", "null"],
        "description": "The environments by name, each with the answers that differ there; null takes one away that "
        "another source has. Default: dev and prod.",
        "minProperties": 1,
        "maxProperties": MOST_ENVIRONMENTS,
        "propertyNames": {"pattern": ENVIRONMENT_NAME},
        "additionalProperties": {"anyOf": [{"$ref": "#/$defs/Environment"}, {"type": "null"}]},
    }
    definitions["Environment"] = {"type": "object", "properties": override, "additionalProperties": False}
    cleaned: dict[str, Any] = _without_opinions(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "Answers to scaffold",
            "type": "object",
            "properties": {**properties, "environments": environments},
            "additionalProperties": False,
            "$defs": definitions,
        }
    )
    return cleaned


def _without_opinions(value: Any) -> Any:
    # `opinion` is ours, not JSON Schema's.
    if isinstance(value, dict):
        return {key: _without_opinions(inner) for key, inner in value.items() if key != "opinion"}
    return [_without_opinions(inner) for inner in value] if isinstance(value, list) else value


def answer_entries(model: type[Answers] = Answers) -> Iterator[AnswerEntry]:
    """Yield every answer, in the order of the answers file."""
    yield from _entries(model, "")


def _entries(model: type[BaseModel], prefix: str) -> Iterator[AnswerEntry]:
    for name, field in model.model_fields.items():
        inner = model_of(model, name)
        if not prefix and name in OF_THE_ENVIRONMENT:
            if name == "environment":
                yield AnswerEntry("environments", "{dev: {}, prod: {}}", "The environments, and what differs in each.")
            continue
        if inner is not None and get_origin(field.annotation) is None:
            yield from _entries(inner, f"{prefix}{name}.")
            continue
        default = field.get_default(call_default_factory=True)
        yield AnswerEntry(f"{prefix}{name}", _shown(default), field.description or "")


def _shown(default: Any) -> str:
    if default is PydanticUndefined:
        return "required"
    if default is None:
        return "null"
    if isinstance(default, bool):
        return str(default).lower()
    return f"[{', '.join(default)}]" if isinstance(default, list) else str(default)
