"""The shipped schemas against their sources, and the walk over them against another reader of JSON Schema."""

import copy
import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator, FormatChecker

from scaffold.kubernetes import schema
from scaffold.kubernetes.documents import plain, read
from scaffold.kubernetes.formats import FORMATS

MANIFESTS = sorted((Path(__file__).parent / "manifests").iterdir())
OURS_ALONE = {"duplicate-item"}
VALUES = [None, True, 0, -1, 1.5, 99999, "", "x", "Not Valid!", "10%", "100m", [], ["x"], {}, {"x": "y"}, {"x": 1}]


def documents() -> list[dict[str, Any]]:
    return [yaml.safe_load(path.read_text()) for path in MANIFESTS]


def verdicts(document: dict[str, Any], version: str) -> tuple[bool, bool]:
    """Say whether a document is right: by our walk, and by jsonschema."""
    known = schema.schemas(version)
    (node,) = read(yaml.safe_dump(document, allow_unicode=True))
    ours = not [one for one in schema.violations(node, known) if one.rule not in OURS_ALONE]
    name = known.kinds[f"{document['apiVersion']}/{document['kind']}"]
    checker = FormatChecker(formats=())
    for label, form in FORMATS.items():
        checker.checks(label)(form.holds)
    whole = {"$ref": f"#/$defs/{name}", "$defs": dict(known.definitions)}
    return ours, Draft202012Validator(whole, format_checker=checker).is_valid(plain(node))


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every container and key of a document, deepest included."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from places(value[key])


def mutants(document: dict[str, Any], count: int, seed: int) -> Iterator[dict[str, Any]]:
    """Yield copies of a document with one field removed, renamed, retyped or added."""
    chance = random.Random(seed)
    for _ in range(count):
        mutant = copy.deepcopy(document)
        container, key = chance.choice([one for one in places(mutant) if one[1] not in ("apiVersion", "kind")])
        match chance.randrange(4):
            case 0:
                del container[key]
            case 1 if isinstance(container, dict):
                container[f"{key}x"] = container.pop(key)
            case 2 if isinstance(container, dict):
                container["extra"] = chance.choice(VALUES)
            case _:
                container[key] = chance.choice(VALUES)
        yield mutant


@pytest.mark.parametrize("version", schema.versions())
def test_the_walk_agrees_with_jsonschema_over_mutated_manifests(version: str) -> None:
    right = wrong = 0
    for index, document in enumerate(documents()):
        for mutant in mutants(document, 60, seed=index):
            if mutant.get("apiVersion") and mutant.get("kind"):
                ours, theirs = verdicts(mutant, version)
                nulls = any(container[key] is None for container, key in places(mutant))
                assert ours == theirs or (nulls and not ours), mutant
                right, wrong = right + ours, wrong + (not ours)
    assert right > 50
    assert wrong > 300


def test_every_constraint_is_one_that_the_walk_reads() -> None:
    known = {
        *("$ref", "type", "properties", "additionalProperties", "propertyNames", "required", "dependentRequired"),
        *("minProperties", "maxProperties", "oneOf", "items", "minItems", "maxItems", "enum", "format", "pattern"),
        *("minLength", "maxLength", "minimum", "maximum", "description", "x-kubernetes-list-map-keys"),
    }

    def keywords(one: Mapping[str, Any]) -> Iterator[str]:
        yield from one
        for inner in (*one.get("properties", {}).values(), one.get("items"), one.get("propertyNames")):
            yield from keywords(inner) if isinstance(inner, dict) else ()
        if isinstance(one.get("additionalProperties"), dict):
            yield from keywords(one["additionalProperties"])

    for version in schema.versions():
        for name, definition in schema.schemas(version).definitions.items():
            assert set(keywords(definition)) <= known, name


def test_every_reference_and_format_exists() -> None:
    for version in schema.versions():
        shipped = schema.schemas(version)
        assert set(shipped.kinds.values()) <= shipped.definitions.keys()
        for definition in shipped.definitions.values():
            for container, key in places(definition):
                if key == "$ref" and isinstance(container[key], str):
                    assert container[key].removeprefix("#/$defs/") in shipped.definitions
                if key == "format" and isinstance(container[key], str):
                    assert container[key] in FORMATS


def test_the_shipped_file_is_what_its_sources_give() -> None:
    pytest.importorskip("kubernetes_validate", reason="the maintenance dependencies are not installed")
    from maintenance import kubernetes_schemas

    assert kubernetes_schemas.TARGET.read_text() == kubernetes_schemas.text()
    assert kubernetes_schemas.TARGET.stat().st_size < 300_000


def test_what_kubernetes_validate_refuses_is_refused_here_too() -> None:
    kubernetes_validate = pytest.importorskip(
        "kubernetes_validate", reason="the maintenance dependencies are not installed"
    )
    refused = 0
    for index, document in enumerate(documents()):
        if document["apiVersion"].startswith(("karpenter.sh", "eks.amazonaws.com", "kustomize")):
            continue
        for mutant in mutants(document, 25, seed=1000 + index):
            try:
                kubernetes_validate.validate(mutant, "1.35", strict=True)
            except kubernetes_validate.ValidationError:
                refused += 1
                assert not verdicts(mutant, "1.35")[0], mutant
    assert refused > 100


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("cidr", ["10.0.0.0/16", "::/0"], ["10.0.0.0", "10.0.0.0/33", "x/8", ""]),
        ("count-or-percent", [0, 3, "25%"], [-1, "25", "%", "-5%"]),
        ("dns-1035-label", ["web", "a-1"], ["1a", "a_b", "A", "", "a" * 64]),
        ("dns-label", ["web", "1a"], ["-a", "a-", "a.b", "a" * 64]),
        ("dns-subdomain", ["a.b-c.d", "1"], ["a..b", ".a", "A", "a_b", "a" * 254]),
        ("label-key", ["app", "app.kubernetes.io/name", "A_b.c"], ["/a", "a/", "a/b/c", "A.B/c", "-a", "a" * 64]),
        ("label-value", ["", "Web_1.2"], ["-a", "a/b", "a b", "a" * 64]),
        ("port", [1, 65535, "http"], [0, 65536, "HTTP", "80", "a" * 16]),
        ("port-name", ["http", "h2-c"], ["80", "a--b", "-a", "a" * 16]),
        ("quantity", ["100m", "0.5", "128Mi", "1e3", "10G", 5, 1.5], ["100 m", "128MB", "Mi", "1,5", ""]),
        ("config-key", ["app.conf", "..data-x"], ["a b", "a/b", ""]),
    ],
)
def test_values_are_written_as_kubernetes_writes_them(name: str, good: list[object], bad: list[object]) -> None:
    assert [value for value in good if not FORMATS[name].holds(value)] == []
    assert [value for value in bad if FORMATS[name].holds(value)] == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", True),
        ("Off", False),
        ("y", True),
        ("~", None),
        ("0644", 0o644),
        ("0x1F", 31),
        ("+12", 12),
        ("089", 89.0),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("12:30", "12:30"),
        ("2026-11-20", "2026-11-20"),
        ("1.2.3", "1.2.3"),
        ('"1"', "1"),
        ("'yes'", "yes"),
        ("|-\n  yes", "yes"),
        ("1" * 70, float("1" * 70)),
    ],
)
def test_scalars_are_read_as_kubectl_reads_them(text: str, value: object) -> None:
    (node,) = read(f"a: {text}\nb: 1\n")

    assert isinstance(node.value, Mapping)
    scalar = node.value["a"].value
    assert (type(scalar), scalar) == (type(value), value)
