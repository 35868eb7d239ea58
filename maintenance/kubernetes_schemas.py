"""Write the Kubernetes schemas that the package ships: `python -m maintenance.kubernetes_schemas`.

Three sources become one compact file, `scaffold/data/kubernetes/schemas.json`:

- the OpenAPI definitions of each Kubernetes version, as bundled by the PyPI package `kubernetes-validate`, cut down to
  the kinds in `KINDS` and what they refer to, with descriptions and server-side-apply hints dropped;
- `maintenance/kubernetes/constraints.yaml`, what the API server checks beyond them;
- `maintenance/kubernetes/custom_resources.yaml`, the kinds of EKS Auto Mode and kustomize.

A definition that is the same in several versions is written once: `{"1.33": …, "1.36": …}` reads "the first from 1.33
on, the second from 1.36 on".
"""

import json
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

VERSIONS = ("1.33", "1.34", "1.35", "1.36", "1.37")
KINDS = {
    "apps/v1": ("DaemonSet", "Deployment", "StatefulSet"),
    "autoscaling/v2": ("HorizontalPodAutoscaler",),
    "batch/v1": ("CronJob", "Job"),
    "networking.k8s.io/v1": ("Ingress", "IngressClass", "NetworkPolicy"),
    "policy/v1": ("PodDisruptionBudget",),
    "rbac.authorization.k8s.io/v1": ("ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"),
    "scheduling.k8s.io/v1": ("PriorityClass",),
    "storage.k8s.io/v1": ("StorageClass",),
    "v1": (
        "ConfigMap",
        "LimitRange",
        "Namespace",
        "PersistentVolumeClaim",
        "Pod",
        "ResourceQuota",
        "Secret",
        "Service",
        "ServiceAccount",
    ),
}
"""The kinds shipped, by `apiVersion`."""

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "scaffold/data/kubernetes/schemas.json"
SOURCES = ROOT / "maintenance/kubernetes"
INT_OR_STRING = {"type": ["integer", "string"]}
QUANTITY = {"type": ["number", "string"], "format": "quantity"}

Schema = dict[str, Any]


def main() -> None:
    """Write the file, and say how big it has become."""
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(text(), encoding="utf-8")
    print(f"{TARGET.relative_to(ROOT)}: {TARGET.stat().st_size / 1000:.0f} kB")


def text() -> str:
    """Return the file's content, one definition to a line so that a new version's diff can be read."""
    custom = _load("custom_resources.yaml")
    by_version = {release: _definitions(release) | custom["definitions"] for release in VERSIONS}
    history = {name: _history(name, by_version) for name in sorted(set().union(*by_version.values()))}
    kinds = {f"{api}/{kind}": _definition_name(api, kind) for api, names in KINDS.items() for kind in names}
    head = {
        "source": f"kubernetes-validate {version('kubernetes-validate')} and maintenance/kubernetes/",
        "versions": VERSIONS,
        "kinds": kinds | custom["kinds"],
    }
    lines = ",\n".join(f"{json.dumps(name)}:{_compact(schemas)}" for name, schemas in history.items())
    return f'{_compact(head)[:-1]},\n"definitions":{{\n{lines}\n}}}}\n'


def _history(name: str, by_version: Mapping[str, Mapping[str, Schema]]) -> dict[str, Schema]:
    """Return the definition by the version that brought each form of it; a version that dropped it changes nothing."""
    history: dict[str, Schema] = {}
    for release, definitions in by_version.items():
        if name in definitions and definitions[name] not in list(history.values())[-1:]:
            history[release] = definitions[name]
    return history


def _definitions(release: str) -> dict[str, Schema]:
    """Return the definitions that the kinds of one Kubernetes version need, cleaned and constrained."""
    bundle = files("kubernetes_validate") / f"kubernetes-json-schema/v{release}.0-local-strict/_definitions.json"
    every: dict[str, Schema] = json.loads(bundle.read_text(encoding="utf-8"))["$defs"]
    kinds = [_definition_name(api, kind) for api, names in KINDS.items() for kind in names]
    needed: dict[str, Schema] = {}
    waiting = list(kinds)
    while waiting:
        name = waiting.pop()
        if name in needed:
            continue
        needed[name] = _cleaned(name, every[name])
        if name in kinds:
            # `status` is the cluster's to write; without it a third of the definitions are not needed.
            needed[name]["properties"].pop("status", None)
            needed[name]["required"] = sorted({*needed[name].get("required", ()), "apiVersion", "kind", "metadata"})
        waiting += _references(needed[name])
    for layer in _load("constraints.yaml"):
        if _number(layer["from"]) <= _number(release):
            for name, constraint in layer["definitions"].items():
                needed[name] = _merged(needed[name], constraint, name)
    return needed


def _cleaned(name: str, schema: Schema) -> Schema:
    if name.endswith(".IntOrString"):
        return dict(INT_OR_STRING)
    if name.endswith(".Quantity"):
        return dict(QUANTITY)
    cleaned: Schema = {}
    for key, value in schema.items():
        match key:
            case "properties":
                cleaned[key] = {field: _cleaned("", inner) for field, inner in value.items()}
            case "items":
                cleaned[key] = _cleaned("", value)
            case "additionalProperties":
                cleaned[key] = value if isinstance(value, bool) else _cleaned("", value)
            case "type":
                # An optional field may be null, which is the same as leaving it out: the reader knows that.
                cleaned[key] = next(one for one in value if one != "null") if isinstance(value, list) else value
            case "$ref":
                cleaned[key] = "#/$defs/" + value.rsplit("/", 1)[1]
            case "required" | "x-kubernetes-list-map-keys":
                cleaned[key] = value
    return cleaned


def _merged(schema: Schema, layer: Mapping[str, Any], where: str) -> Schema:
    """Return the schema with the layer's keywords laid over it, field by field.

    Raises:
        KeyError: when the layer names a field that the schema does not have.
    """
    merged = dict(schema)
    for key, value in layer.items():
        if value is None:
            merged.pop(key, None)
        elif key == "properties" and "$ref" not in schema:
            if lacking := value.keys() - schema["properties"].keys():
                raise KeyError(f"{where} has no field {', '.join(sorted(lacking))}")
            merged[key] = schema["properties"] | {
                field: _merged(schema["properties"][field], constraint, f"{where}.{field}")
                for field, constraint in value.items()
            }
        elif key in ("items", "additionalProperties", "propertyNames"):
            merged[key] = _merged(schema.get(key, {}), value, f"{where}.{key}")
        else:
            merged[key] = value
    return merged


def _references(schema: object) -> Iterator[str]:
    if isinstance(schema, dict):
        if "$ref" in schema:
            yield schema["$ref"].rsplit("/", 1)[1]
        for inner in schema.values():
            yield from _references(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from _references(inner)


def _definition_name(api: str, kind: str) -> str:
    group, _, release = api.rpartition("/")
    return f"io.k8s.api.{group.removesuffix('.k8s.io').split('.')[0] or 'core'}.{release}.{kind}"


def _number(release: str) -> int:
    return int(release.removeprefix("1."))


def _load(name: str) -> Any:
    return yaml.safe_load((SOURCES / name).read_text(encoding="utf-8"))


def _compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


if __name__ == "__main__":
    main()
