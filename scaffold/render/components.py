"""Components: folders of templates that say what they are, what they need and where their files go."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from scaffold.answers.document import DocumentError, read_document
from scaffold.errors import ScaffoldError
from scaffold.files import bytes_of


class ComponentError(ScaffoldError):
    """A component's folder is not as it should be; the text names the file and the key."""


@dataclass(frozen=True, slots=True)
class TemplateTree:
    """A folder of templates and where its files go.

    Attributes:
        source: the folder, relative to the component's.
        target: where in the repository; `{environment}` stands for the environment's name.
        each: `environment` when it is rendered once for each environment that has the component, else empty.
        append: whether its files are added to the end of files of the same path, rather than being files of their own.
    """

    source: str
    target: str
    each: str = ""
    append: bool = False


@dataclass(frozen=True, slots=True)
class Component:
    """One component.

    Attributes:
        name: its folder's name.
        file: its `component.yaml`.
        key: its key in the answers and the facts; empty where it has neither.
        title: its name for people.
        why: one line on when to choose it.
        needs: components that must be there too.
        trees: its folders of templates.
        conditions: for every file in its folders, relative to the component's, the facts that must be true for it to be
            rendered: its own and those of its folders.
        declared: what one from elsewhere says of its answers and needs, as it is written.
        problems: what is wrong with its `component.yaml`, each with the file and the path in it.
    """

    name: str
    file: Path
    key: str
    title: str
    why: str
    needs: tuple[str, ...]
    trees: tuple[TemplateTree, ...]
    conditions: Mapping[str, tuple[str, ...]]
    declared: Mapping[str, Any]
    problems: tuple[str, ...] = ()

    def files_of(self, tree: TemplateTree) -> Iterator[tuple[str, str]]:
        """Yield each template of a tree: its path relative to the component, and its path relative to the tree."""
        prefix = f"{tree.source}/"
        for template in self.conditions:
            if template.startswith(prefix):
                yield template, template.removeprefix(prefix)


_DECLARED = {
    "answers": dict,
    "endpoints": list,
    "public_subnets": bool,
    "aws_provider_version": str,
    "providers": dict,
    "inventory": dict,
}
_KEYS = {
    "name": str,
    "key": str,
    "title": str,
    "why": str,
    "needs": list,
    "trees": list,
    "when": dict,
    **_DECLARED,
}
_KEY = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*\Z")


@cache
def discover(templates: Path) -> Mapping[str, Component]:
    """Return every component of a templates folder by name; a component is a folder with a `component.yaml`.

    Raises:
        ComponentError: a `component.yaml` is not as it should be; with all problems of all of them.
    """
    found = read_components(templates)
    if problems := [problem for component in found.values() for problem in component.problems]:
        raise ComponentError("\n".join(problems))
    return found


@cache
def read_components(templates: Path) -> Mapping[str, Component]:
    """Return what `discover` does, with the problems in the components, for who has more to say of them.

    Raises:
        ComponentError: a `component.yaml` cannot be read at all.
    """
    return {path.parent.name: _load(path) for path in sorted(templates.glob("*/component.yaml"))}


def _load(path: Path) -> Component:
    try:
        written = read_document(bytes_of(path).decode(), str(path)).data
    except DocumentError as error:
        raise ComponentError(str(error)) from None
    except UnicodeDecodeError:
        raise ComponentError(f"{path}: it is not UTF-8; save it as such.") from None
    # What is of another kind than it should be is a problem, and read no further.
    data: dict[str, Any] = {key: value for key, value in written.items() if isinstance(value, _KEYS.get(key, ()))}
    folder = path.parent
    templates = sorted(
        file.relative_to(folder).as_posix()
        for file in folder.rglob("*")
        if file.is_file() and not file.is_symlink() and file != path
    )
    key = data.get("key", folder.name.replace("-", "_"))
    trees, when = data.get("trees", []), data.get("when", {})
    problems = [
        *(f"{key} is not a key of that kind; known are {', '.join(_KEYS)}." for key in written if key not in data),
        *_name_problems(written.get("name"), folder.name, key),
        *(f"needs.{place}: this is no component's name." for place in _no_texts(data.get("needs", []))),
        *(f"trees.{place}: {said}" for place, tree in enumerate(trees) if (said := _tree_problem(tree))),
        *(f"when.{place}: {said}" for place, fact in when.items() if (said := _when_problem(place, fact, templates))),
    ]
    return Component(
        name=folder.name,
        file=path,
        key=key,
        title=data.get("title", folder.name),
        why=data.get("why", ""),
        needs=tuple(data.get("needs", [])),
        trees=tuple(_tree(tree) for tree in trees if not _tree_problem(tree)),
        conditions=_conditions(when, templates),
        declared={key: value for key, value in data.items() if key in _DECLARED},
        problems=tuple(f"{path}: {problem}" for problem in problems),
    )


def _name_problems(name: Any, folder: str, key: str) -> Iterator[str]:
    if name != folder:
        yield f"name is {name!r}, but the folder is {folder!r}."
    if not _KEY.match(key):
        yield f"key is {key!r}; use lower-case letters, digits and underscores."


def _no_texts(values: Sequence[Any]) -> Iterator[int]:
    return (place for place, value in enumerate(values) if not isinstance(value, str))


def _meant(place: str, templates: Sequence[str]) -> list[str]:
    return [name for name in templates if name in (place, f"{place}.j2") or name.startswith(f"{place}/")]


def _when_problem(place: str, fact: Any, templates: Sequence[str]) -> str:
    if not isinstance(fact, str):
        return f"{fact!r} is no fact's name."
    return "" if _meant(place, templates) else f"when names {place}, and there is no such template."


def _conditions(when: Mapping[str, str], templates: Sequence[str]) -> dict[str, tuple[str, ...]]:
    conditions: dict[str, tuple[str, ...]] = dict.fromkeys(templates, ())
    for place, fact in when.items():
        for name in _meant(place, templates):
            conditions[name] += (fact,)
    return conditions


def _tree_problem(tree: Any) -> str:
    known = {"from", "to", "each", "append"}
    if not isinstance(tree, dict) or not {"from", "to"} <= set(tree) <= known:
        return f"a tree has from and to, and may have each and append; this has {tree!r}."
    if not isinstance(tree["from"], str) or not isinstance(tree["to"], str):
        return "from and to are folders."
    if tree.get("each", "environment") != "environment":
        return f"each is {tree['each']!r}; write each: environment, or leave it out for a tree that is rendered once."
    if not isinstance(tree.get("append", False), bool):
        return f"append is {tree['append']!r}; it is true or false."
    return ""


def _tree(tree: Mapping[str, Any]) -> TemplateTree:
    return TemplateTree(tree["from"], tree["to"], tree.get("each", ""), tree.get("append", False))
