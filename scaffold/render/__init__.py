"""From the blueprint to files in memory."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from scaffold.answers.project import Project
from scaffold.blueprint import Blueprint, build
from scaffold.cost.lines import EnvironmentCost
from scaffold.errors import ScaffoldError
from scaffold.files import ANSWERS_FILE, File
from scaffold.hcl.format import format_hcl, tidy
from scaffold.render.components import Component, TemplateTree, discover
from scaffold.render.engine import Engine, engine_of
from scaffold.resources import TEMPLATES

_BASE = "project"
_HCL = (".tf", ".tfvars", ".hcl")

_ANSWERS_HEADER = """\
# The answers this repository was rendered from. Change them and run: scaffold update .
# What is not here has its default; `scaffold answers --schema` describes every answer.
"""


class RenderError(ScaffoldError):
    """The templates do not make a repository; the text names the file."""


@dataclass(frozen=True, slots=True)
class Rendering:
    """A rendered repository.

    Attributes:
        files: its files, in path order.
        kubernetes_versions: for each folder of manifests, the Kubernetes version they are meant for.
        blueprint: the facts it was rendered from.
    """

    files: tuple[File, ...]
    kubernetes_versions: Mapping[str, str]
    blueprint: Blueprint


def render(project: Project, templates: Path = TEMPLATES) -> Rendering:
    """Render a project.

    Args:
        project: the validated answers.
        templates: the folder of components.

    Raises:
        ScaffoldError: a template is not as it should be; never for any valid answers with our own templates.
    """
    blueprint = build(project)
    files = render_files(blueprint, project.given, folders_of(project, templates))
    return Rendering(
        files,
        _kubernetes_versions(blueprint),
        blueprint,
    )


def folders_of(project: Project, templates: Path = TEMPLATES) -> tuple[Path, ...]:
    """Return the folders that a project's components lie in: ours, and those from elsewhere."""
    return (templates, *project.model.elsewhere)


def render_files(
    blueprint: Blueprint, given: Mapping[str, Any], templates: tuple[Path, ...] = (TEMPLATES,)
) -> tuple[File, ...]:
    """Return a repository's files, in path order.

    Args:
        blueprint: the facts that the templates read.
        given: the answers as they were given, for `scaffold.yaml`.
        templates: the folders of components.

    Raises:
        ScaffoldError: a template is not as it should be; never for any valid answers with our own templates.
    """
    known = {name: component for folder in templates for name, component in discover(folder).items()}
    engine, facts = engine_of(templates), facts_of(blueprint)
    parts: dict[str, list[str]] = {}
    fresh: set[str] = set()
    names = (_BASE, *blueprint.project["components"])
    for name in names:
        if name not in known:
            raise RenderError(f"{templates[0]} has no component {name}.")
        if missing := [need for need in known[name].needs if need not in names]:
            raise RenderError(f"templates/{name}/component.yaml: it needs {', '.join(missing)}, not in this project.")
        for tree in known[name].trees:
            for path, text in render_tree(engine, known[name], tree, facts):
                if path in fresh and not tree.append:
                    raise RenderError(f"templates/{name}: {path} is already written by another template.")
                fresh.add(path)
                if text.strip():
                    parts.setdefault(path, []).append(text)
    parts[ANSWERS_FILE] = [answers_yaml(given)]
    files = tuple(finish(path, texts) for path, texts in sorted(parts.items()))
    _refuse_clashes(files)
    return files


def _kubernetes_versions(blueprint: Blueprint) -> dict[str, str]:
    # A component whose facts name a version has manifests for it.
    return {
        f"k8s/{environment['name']}": facts["kubernetes_version"]
        for environment in blueprint.environments
        for facts in environment.values()
        if isinstance(facts, dict) and "kubernetes_version" in facts
    }


def answers_yaml(given: Mapping[str, Any]) -> str:
    """Return the text of `scaffold.yaml` for answers as they were given."""
    return _ANSWERS_HEADER + yaml.safe_dump(dict(given), sort_keys=False, allow_unicode=True, width=120)


def facts_of(blueprint: Blueprint) -> dict[str, Any]:
    """Return what every template may read: the project's facts, those of environments and modules, and the cost."""
    return {
        "project": blueprint.project,
        "environments": blueprint.environments,
        "modules": {blueprint.keys[name]: facts for name, facts in blueprint.modules.items()},
        "keys": blueprint.keys,
        "costs": [_cost_table(cost) for cost in blueprint.costs],
    }


def render_tree(
    engine: Engine, component: Component, tree: TemplateTree, facts: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    """Yield the path in the repository and the text of each file that a component's tree of templates makes.

    A template reads the facts as `facts_of` has them, with the environments that have the component, and with its
    `module` and, where the tree is rendered for each of them, its `environment`.
    """
    key = facts["keys"].get(component.name, "")
    environments = [each for each in facts["environments"] if not key or key in each]
    shared = {**facts, "environments": environments, "module": facts["modules"].get(key, {})}
    for environment in environments if tree.each == "environment" else [None]:
        context = shared if environment is None else {**shared, "environment": environment}
        target = tree.target.replace("{environment}", environment["name"] if environment else "")
        for template, path in component.files_of(tree):
            if all(_fact(context, fact, component) for fact in component.conditions[template]):
                name = f"{component.name}/{template}"
                yield _contained(target, path.removesuffix(".j2")), engine.render(name, context)


def _cost_table(cost: EnvironmentCost) -> dict[str, Any]:
    return {
        "environment": cost.environment,
        "lines": [{"item": line.item, "usd": f"{line.usd:,.2f}", "formula": line.formula} for line in cost.lines],
        "usd": f"{cost.usd:,.2f}",
        "basis": cost.basis,
        "used": any(line.kind == "usage" for line in cost.lines),
        "unpriced": [{"what": each.what, "reason": each.reason} for each in cost.unpriced],
    }


def _fact(context: Mapping[str, Any], path: str, component: Component) -> bool:
    value: Any = context
    for part in path.split("."):
        if not isinstance(value, Mapping) or part not in value:
            raise RenderError(f"templates/{component.name}/component.yaml: there is no fact {path}.")
        value = value[part]
    return bool(value)


def _contained(target: str, path: str) -> str:
    joined = posixpath.join(target, path)
    normal = posixpath.normpath(joined)
    if posixpath.isabs(joined) or ".." in joined.split("/") or normal == posixpath.curdir:
        raise RenderError(f"{joined} lies outside the repository.")
    return normal


def finish(path: str, texts: list[str]) -> File:
    """Return the parts of a file as one: HCL in its canonical format, Markdown without runs of blank lines."""
    text = "\n".join(texts)
    if path.endswith(_HCL):
        return File(path, _formatted(text))
    if path.endswith(".md"):
        text = re.sub(r"\n{3,}", "\n\n", text).strip("\n")
    return File(path, text if text.endswith("\n") else f"{text}\n", executable=text.startswith("#!"))


@lru_cache(maxsize=1024)
def _formatted(text: str) -> str:
    # Renderings of one process have most of their texts in common.
    return format_hcl(tidy(text))


def _refuse_clashes(files: tuple[File, ...]) -> None:
    # A file system that ignores case would let one of the two overwrite the other.
    seen: dict[str, str] = {}
    for file in files:
        other = seen.setdefault(file.path.casefold(), file.path)
        if other != file.path:
            raise RenderError(f"{file.path} and {other} are one path where case does not count.")
