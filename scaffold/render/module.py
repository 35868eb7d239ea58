"""One component as a publishable module, in HashiCorp's standard module structure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from scaffold.answers.project import Project
from scaffold.blueprint import build
from scaffold.errors import ScaffoldError
from scaffold.files import File
from scaffold.hcl import Block, parse_cached
from scaffold.render import Rendering, facts_of, finish, folders_of, render_tree
from scaffold.render.components import Component, TemplateTree, discover
from scaffold.render.engine import engine_of
from scaffold.render.escape import markdown_text
from scaffold.resources import TEMPLATES

MODULE_TREE = "module"

_EXAMPLE = TemplateTree("example", "examples/complete")


class NoSuchModuleError(ScaffoldError):
    """There is no such component, or it has no module; the text names those there are."""


def publishable(templates: tuple[Path, ...] = (TEMPLATES,)) -> list[str]:
    """Return the names of the components that can be rendered as a module of their own."""
    return [name for folder in templates for name, component in discover(folder).items() if _has_module(component)]


def render_module(name: str, project: Project, templates: Path = TEMPLATES) -> Rendering:
    """Render one component as a module: its files at the root, `examples/`, `tests/` and a README with its interface.

    Args:
        name: the component.
        project: the answers; the module serves what their environments ask for.
        templates: the folder of components.

    Raises:
        NoSuchModuleError: there is no such component, or it has no module.
    """
    folders = folders_of(project, templates)
    known = {each: component for folder in folders for each, component in discover(folder).items()}
    if name not in known or not _has_module(known[name]):
        raise NoSuchModuleError(f"{name} is not a module; there are {', '.join(publishable(folders))}.")
    component, blueprint, engine = known[name], build(project), engine_of(folders)
    # Whether an opinion is gone against is for whoever calls the module, and its example does not.
    blueprint = replace(
        blueprint, modules={key: {**facts, "departures": []} for key, facts in blueprint.modules.items()}
    )
    facts = facts_of(blueprint)
    files: list[File] = []
    trees = [TemplateTree(MODULE_TREE, "") for tree in component.trees if tree.source == MODULE_TREE]
    for tree in (*trees, _EXAMPLE):
        for path, text in render_tree(engine, component, tree, facts):
            files.append(finish(path, [text]))
    files.append(File("README.md", _readme(component, files)))
    # What a module costs depends on who calls it.
    return Rendering(tuple(sorted(files, key=lambda file: file.path)), {}, replace(blueprint, costs=()))


def _has_module(component: Component) -> bool:
    return any(tree.source == MODULE_TREE for tree in component.trees)


def _readme(component: Component, files: Sequence[File]) -> str:
    root = [file for file in files if "/" not in file.path and file.path.endswith(".tf")]
    blocks = [block for file in root for block in parse_cached(file.text).body.blocks]
    lines = [
        f"# {component.title}",
        "",
        f"{component.why[:1].upper()}{component.why[1:]}",
        "",
        "[`examples/complete`](examples/complete) shows it in use; `terraform test` runs its tests without an account.",
        "",
        "## Requirements",
        "",
        "| name | version |",
        "|---|---|",
        *_requirements(blocks),
        "",
        "## Inputs",
        "",
        "| name | description | type | default |",
        "|---|---|---|---|",
        *(_input(block) for block in sorted(blocks, key=_name) if block.type == "variable"),
        "",
        "## Outputs",
        "",
        "| name | description |",
        "|---|---|",
        *(
            f"| `{block.labels[0]}` | {_description(block)} |"
            for block in sorted(blocks, key=_name)
            if block.type == "output"
        ),
        "",
        "## Resources",
        "",
        *(f"- `{'.'.join(block.labels)}`" for block in sorted(blocks, key=_name) if block.type == "resource"),
        "",
    ]
    return "\n".join(lines)


def _name(block: Block) -> tuple[str, ...]:
    return block.labels


def _requirements(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        if block.type == "terraform":
            yield f"| terraform | {_cell(block.body.value('required_version'))} |"
            for providers in block.body.blocks_of("required_providers"):
                for provider in providers.body.attributes:
                    value = provider.expression.value
                    version = value.get("version") if isinstance(value, dict) else ""
                    yield f"| {provider.name} | {_cell(version)} |"


def _input(block: Block) -> str:
    kind, default = block.body.attribute("type"), block.body.attribute("default")
    shown = f"`{_cell(default.expression.text)}`" if default else "required"
    type_text = _cell(kind.expression.text if kind else "any")
    return f"| `{block.labels[0]}` | {_description(block)} | `{type_text}` | {shown} |"


def _description(block: Block) -> str:
    text = block.body.value("description")
    return markdown_text(text) if isinstance(text, str) else ""


def _cell(value: object) -> str:
    return " ".join(str(value if value is not None else "").split()).replace("|", "\\|")
