"""The shipped provider schemas, read as far as they are asked for."""

import json
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

Schema = dict[str, Any]
"""A block: `{"attributes": {name: [flags, type]}, "blocks": {name: block with "nesting", "min", "max"}}`.

Flags are `r` required, `o` optional, `c` computed, `oc` both; types are those of `terraform providers schema -json`.
Keys that would be empty are absent.
"""


@dataclass(frozen=True)
class ProviderData:
    """The file's lines by what they describe; a line is only decoded when it is asked for.

    Attributes:
        versions: the version of each provider, by its source address (`hashicorp/aws`).
    """

    versions: dict[str, str]
    _names: str
    _lines: dict[tuple[str, str], str]

    def schema(self, kind: str, name: str) -> Schema | None:
        """Return the schema of a type, or nothing when this edition does not carry it.

        Args:
            kind: `resource`, `data` or `provider`.
            name: the type's name, `aws_vpc`; of a provider, `aws`.
        """
        return _decoded(self._lines[kind, name]) if (kind, name) in self._lines else None

    def known(self, kind: str) -> list[str]:
        """Return the names of all types of `kind` that this edition carries."""
        return [name for line_kind, name in self._lines if line_kind == kind]

    def exists(self, kind: str, name: str) -> bool:
        """Return whether the provider has the type at all, whether this edition carries it or not."""
        return (kind, name) in self._lines or name in self.all_names[kind]

    @cached_property
    def all_names(self) -> dict[str, frozenset[str]]:
        """The names of all types of the AWS provider, for `resource` and `data`."""
        return {kind: frozenset(names) for kind, names in json.loads(self._names).items()}


@cache
def load_provider_data() -> ProviderData:
    """Read the shipped file: about two milliseconds, once."""
    text = files("scaffold").joinpath("data", "aws_provider.jsonl").read_text(encoding="utf-8")
    header, names, *lines = text.splitlines()
    by_type: dict[tuple[str, str], str] = {}
    for line in lines:
        _, kind, _, name, _ = line.split('"', 4)
        by_type[kind, name] = line
    return ProviderData(json.loads(header)["providers"], names, by_type)


@cache
def _decoded(line: str) -> Schema:
    schema: Schema = json.loads(line)[2]
    return schema
