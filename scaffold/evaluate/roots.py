"""The root modules of a repository, each evaluated with each set of variables that it is written for."""

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from scaffold.evaluate.blocks import body_of
from scaffold.evaluate.declarations import Declarations, declarations_of
from scaffold.evaluate.inside import Inside, Tree
from scaffold.evaluate.production import STAGE, said
from scaffold.evaluate.root import Place, Root, Unread
from scaffold.evaluate.values import Key, Value
from scaffold.evaluate.variables import is_automatic, precedence, settings
from scaffold.hcl import Document, Module


def roots_of(
    modules: tuple[Module, ...], variable_files: Mapping[str, Document], unread: tuple[Unread, ...]
) -> tuple[Root, ...]:
    """Return a repository's root modules with everything they make, in path order.

    Args:
        modules: every folder of Terraform files.
        variable_files: every `.tfvars` file, by path.
        unread: what could not be read; each goes to the root modules that its file belongs to.

    Returns:
        For each root module, one `Root` with the variables that Terraform loads by itself, or one for each other
        `.tfvars` file in its folder or in a folder of it that holds no module. Nothing raises.
    """
    declared = {module.path: declarations_of(module) for module in modules if module.files}
    files = _by_module(variable_files, declared)
    tested = _called_by_tests(modules)
    return tuple(
        root
        for path in _root_paths(declared, tested)
        for root in _variants(declared, path, {name: variable_files[name] for name in files.get(path, ())}, unread)
    )


def _by_module(paths: Iterable[str], declared: Mapping[str, Declarations]) -> dict[str, list[str]]:
    """Group files by the module whose folder is the nearest around them."""
    grouped: dict[str, list[str]] = {}
    for path in sorted(paths):
        folder = _module_around(path, declared)
        if folder is not None:
            grouped.setdefault(folder, []).append(path)
    return grouped


def _module_around(path: str, declared: Mapping[str, Declarations]) -> str | None:
    return next((str(folder) for folder in PurePosixPath(path).parents if str(folder) in declared), None)


def _called_by(declared: Declarations) -> Iterator[str]:
    for _, block in declared.calls.values():
        source = block.body.value("source")
        if isinstance(source, str) and source.startswith(("./", "../")):
            yield posixpath.normpath(posixpath.join(declared.path, source))


def _called_by_tests(modules: tuple[Module, ...]) -> set[str]:
    called = set()
    for module in modules:
        for _, document in module.tests:
            for run in document.body.blocks_of("run"):
                for block in run.body.blocks_of("module"):
                    source = block.body.value("source")
                    if isinstance(source, str):
                        called.add(posixpath.normpath(posixpath.join(module.path, source)))
    return called


def _root_paths(declared: Mapping[str, Declarations], tested: set[str]) -> list[str]:
    """Return the folders that nothing calls, and of those that only call one another, what looks like a root module."""
    calls = {path: set(_called_by(module)) - {path} for path, module in declared.items()}
    called = tested.union(*calls.values())
    roots = [path for path in declared if path not in called]
    seen: set[str] = set()
    _reach(roots + [path for path in tested if path in declared], calls, seen)
    while left := [path for path in declared if path not in seen]:
        chosen = next((path for path in left if declared[path].is_root), left[0])
        roots.append(chosen)
        _reach([chosen], calls, seen)
    return sorted(roots)


def _reach(paths: list[str], calls: Mapping[str, set[str]], seen: set[str]) -> None:
    waiting = list(paths)
    while waiting:
        path = waiting.pop()
        if path in calls and path not in seen:
            seen.add(path)
            waiting.extend(calls[path])


def _variants(
    declared: Mapping[str, Declarations], path: str, files: Mapping[str, Document], unread: tuple[Unread, ...]
) -> Iterator[Root]:
    automatic = sorted(
        (name for name in files if is_automatic(name) and str(PurePosixPath(name).parent) == path), key=precedence
    )
    others = [
        name
        for name, document in files.items()
        if name not in automatic
        and any(attribute.name in declared[path].variables for attribute in document.body.attributes)
    ]
    for chosen in others or [""]:
        documents = [files[name] for name in (*automatic, *filter(None, [chosen]))]
        yield _root(declared, path, chosen, settings(documents), unread)


def _root(
    declared: Mapping[str, Declarations],
    path: str,
    variables: str,
    given: Mapping[str, Value],
    unread: tuple[Unread, ...],
) -> Root:
    tree = Tree(declared, path)
    inside = Inside(tree, declared[path], {name: _constant(value) for name, value in given.items()})
    instances = tuple(inside.instances())
    tags = _default_tags(inside)
    if tree.work.exhausted:
        reason = "is too large to be evaluated as a whole"
        tree.unread.append(Unread(path, reason, Place(declared[path].path, 1)))
    mine = (each for each in unread if _concerns(each, tree, path, variables, declared))
    return Root(
        path,
        variables,
        instances,
        tuple(dict.fromkeys((*mine, *tree.unread))),
        tags,
        _production(path, variables, inside, tags),
        _region(inside),
    )


def _constant(value: Value) -> Callable[[], Value]:
    return lambda: value


def _concerns(unread: Unread, tree: Tree, path: str, variables: str, declared: Mapping[str, Declarations]) -> bool:
    file = unread.place.file
    if not file.endswith(".tfvars"):
        return str(PurePosixPath(file).parent) in tree.folders
    around = _module_around(file, declared) == path
    return around and (is_automatic(file) or file == variables or not variables)


def _default_tags(inside: Inside) -> Mapping[Key, Value]:
    for file, block in inside.declared.providers:
        if block.labels == ("aws",) and block.body.attribute("alias") is None:
            for tags in block.body.blocks_of("default_tags"):
                value = body_of(tags, inside.scope, file).get("tags")
                if isinstance(value, Mapping):
                    return dict(value)
    return {}


def _region(inside: Inside) -> Value:
    for file, block in inside.declared.providers:
        if block.labels == ("aws",) and block.body.attribute("alias") is None:
            return body_of(block, inside.scope, file).get("region")
    return None


def _production(path: str, variables: str, inside: Inside, tags: Mapping[Key, Value]) -> bool | None:
    """Return what the folder's name says, or else the name of the file of variables, or else values."""
    for text in (
        *reversed(PurePosixPath(path).parts),
        PurePosixPath(variables).stem,
        str(PurePosixPath(variables).parent),
    ):
        found = said({text})
        if found is not None:
            return found
    values = [inside.variable(name) for name in STAGE if name in inside.declared.variables]
    values += [inside.local(name) for name in STAGE if name in inside.declared.locals]
    values += [value for key, value in tags.items() if isinstance(key, str) and key.lower() in STAGE]
    return said({value for value in values if isinstance(value, str)})
