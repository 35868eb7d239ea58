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
        ComponentError: a `component.yaml` is not as it should be.
    """
    return {path.parent.name: _load(path) for path in sorted(templates.glob("*/component.yaml"))}


def _load(path: Path) -> Component:
    try:
        data = read_document(bytes_of(path).decode(), str(path)).data
    except DocumentError as error:
        raise ComponentError(str(error)) from None
    except UnicodeDecodeError:
        raise ComponentError(f"{path}: it is not UTF-8; save it as such.") from None
    for key, value in data.items():
        if not isinstance(value, _KEYS.get(key, ())):
            raise ComponentError(f"{path}: {key} is not a key of that kind; known are {', '.join(_KEYS)}.")
    if data.get("name") != path.parent.name:
        raise ComponentError(f"{path}: name is {data.get('name')!r}, but the folder is {path.parent.name!r}.")
    key = data.get("key", data["name"].replace("-", "_"))
    if not _KEY.match(key):
        raise ComponentError(f"{path}: key is {key!r}; use lower-case letters, digits and underscores.")
    folder = path.parent
    templates = sorted(
        file.relative_to(folder).as_posix()
        for file in folder.rglob("*")
        if file.is_file() and not file.is_symlink() and file != path
    )
    return Component(
        name=data["name"],
        file=path,
        key=key,
        title=data.get("title", data["name"]),
        why=data.get("why", ""),
        needs=tuple(data.get("needs", [])),
        trees=tuple(_tree(path, tree) for tree in data.get("trees", [])),
        conditions=_conditions(path, data.get("when", {}), templates),
        declared={key: value for key, value in data.items() if key in _DECLARED},
    )


def _conditions(path: Path, when: Mapping[str, str], templates: Sequence[str]) -> dict[str, tuple[str, ...]]:
    conditions: dict[str, tuple[str, ...]] = dict.fromkeys(templates, ())
    for place, fact in when.items():
        meant = [name for name in templates if name in (place, f"{place}.j2") or name.startswith(f"{place}/")]
        if not meant:
            raise ComponentError(f"{path}: when names {place}, and there is no such template.")
        for name in meant:
            conditions[name] += (fact,)
    return conditions


def _tree(path: Path, tree: Any) -> TemplateTree:
    known = {"from", "to", "each", "append"}
    if not isinstance(tree, dict) or not {"from", "to"} <= set(tree) <= known:
        raise ComponentError(f"{path}: a tree has from and to, and may have each and append; this has {tree!r}.")
    return TemplateTree(tree["from"], tree["to"], tree.get("each", ""), tree.get("append", False))
