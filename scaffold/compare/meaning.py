"""What is there against what is rendered, by address and argument: whatever file it is in and however it is laid out.

For repositories that scaffold made. What is equal to Terraform is equal here; see `normal` for expressions.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import PurePosixPath

from scaffold.compare import bodies, objects
from scaffold.compare.difference import AttributeDifference, ResourceDifference, ResourceStatus, Side
from scaffold.compare.elements import Element, Written, assigned, declared, tested
from scaffold.compare.kinds import Kinds
from scaffold.compare.pairing import apart, paired
from scaffold.compare.pieces import Piece, shown
from scaffold.files import File
from scaffold.hcl import Attribute, Block, modules, parse_cached

_NULL_IS_ABSENT = frozenset(("resource", "data", "ephemeral", "provider"))


def compare_meaning(
    rendered: Iterable[File], there: Iterable[File], unread: Iterable[str] = ()
) -> tuple[ResourceDifference, ...]:
    """Compare two repositories by what they declare.

    Args:
        rendered: the files as they would be rendered.
        there: the files that are there.
        unread: the paths of files that are there and could not be read; that of a folder ends in `/`.

    Returns:
        What differs, in address order. What is not found and may be in a file that could not be read is `unknown`.
    """
    ours, theirs = list(rendered), list(there)
    comparison = _Repositories(ours, theirs, list(unread))
    found = [*comparison.terraform(), *comparison.variables(), *comparison.tests(), *comparison.kubernetes()]
    return tuple(sorted(found, key=lambda one: (one.address, one.place.file, one.place.line)))


class _Repositories:
    """Both repositories, and what they are compared by."""

    def __init__(self, rendered: list[File], there: list[File], unread: list[str]) -> None:
        self.rendered = rendered
        self.there = there
        self.unread = unread
        self.modules = (modules(rendered), modules(there))
        self.kinds = Kinds(*self.modules)

    def terraform(self) -> Iterator[ResourceDifference]:
        """Yield what the `.tf` files of each folder declare differently."""
        ours, theirs = (_by_folder(each, ".tf") for each in (self.rendered, self.there))
        for folder in {**ours, **theirs}:
            left, right = apart(ours.get(folder, []), theirs.get(folder, []))
            if left or right:
                yield from paired(
                    _address(folder),
                    [element for file in left for element in declared(Written(file))],
                    [element for file in right for element in declared(Written(file))],
                    partial(self._elements, folder),
                    self._unreadable(folder),
                )

    def variables(self) -> Iterator[ResourceDifference]:
        """Yield what `.tfvars` files of one path assign differently."""
        ours, theirs = ({f.path: f for f in each if f.path.endswith(".tfvars")} for each in (self.rendered, self.there))
        for path in {**ours, **theirs}:
            yield from self._files(path, ours.get(path), theirs.get(path), assigned, _folder(path))

    def tests(self) -> Iterator[ResourceDifference]:
        """Yield what `.tftest.hcl` files hold differently; a renamed file is found by the runs it shares."""
        folders, others = ({path: module.path for module in each for path, _ in module.tests} for each in self.modules)
        files, there = ({file.path: file for file in each} for each in (self.rendered, self.there))
        same = _same_tests(
            {files[path]: folders[path] for path in folders}, {there[path]: others[path] for path in others}
        )
        for path, folder in folders.items():
            other = same.get(path)
            yield from self._files(other or path, files[path], there[other] if other else None, tested, folder)
        for path in others.keys() - same.values():
            yield from self._files(path, None, there[path], tested, others[path])

    def kubernetes(self) -> Iterator[ResourceDifference]:
        """Yield the objects of YAML files that differ, within each folder tree that manifests are rendered to."""
        ours, theirs = ([file for file in each if objects.is_manifest(file)] for each in (self.rendered, self.there))
        trees = {_folder(file.path) for file in ours}
        grouped: tuple[dict[str, list[File]], ...] = ({}, {})
        for found, files in zip(grouped, (ours, theirs), strict=True):
            for file in files:
                found.setdefault(_tree(file.path, trees), []).append(file)
        for tree in {**grouped[0], **grouped[1]}:
            left, right = grouped[0].get(tree, []), grouped[1].get(tree, [])
            if Counter(_identity(file) for file in left) != Counter(_identity(file) for file in right):
                yield from self._tree(tree, left, right, trees)

    def _tree(
        self, tree: str, rendered: list[File], there: list[File], trees: set[str]
    ) -> Iterator[ResourceDifference]:
        left, right = ({file.path: objects.objects(file, tree) for file in files} for files in (rendered, there))
        unreadable = [path for path, found in right.items() if found is None] + [
            path for path in self.unread if path.endswith((".yaml", ".yml")) and _tree(path, trees) == tree
        ]
        ours, theirs = (
            {path: tuple(one.key for one in found or ()) for path, found in side.items()} for side in (left, right)
        )

        def differences(a: objects.KubernetesObject, b: objects.KubernetesObject) -> list[AttributeDifference]:
            return [*objects.Comparison(a.file, b.file, ours, theirs).differences(a.node, b.node)]

        yield from paired(
            _address(tree),
            [one for found in left.values() for one in found or ()],
            [one for found in right.values() for one in found or ()],
            differences,
            unreadable,
        )

    def _files(
        self,
        path: str,
        rendered: File | None,
        there: File | None,
        read: Callable[[Written], Iterator[Element]],
        folder: str,
    ) -> Iterator[ResourceDifference]:
        if rendered is not None and there is not None and rendered.text == there.text:
            return
        left = [*read(Written(rendered))] if rendered else []
        right = [*read(Written(there))] if there else []
        broken = [path] if path in self.unread or (there is not None and parse_cached(there.text).problems) else []
        yield from paired(f"{path}: ", left, right, partial(self._elements, folder), broken)
        yield from _run_order(path, left, right)

    def _elements(self, folder: str, rendered: Element, there: Element) -> list[AttributeDifference]:
        """Return what differs between two elements of one name."""
        left, right = rendered.content, there.content
        if rendered.text == there.text:
            return []
        if isinstance(left, Attribute) and isinstance(right, Attribute):
            kind = self.kinds.of_folder(folder).get(left.name, "dynamic") if rendered.name == left.name else "dynamic"
            ours, theirs = (Piece(each.expression.text, each.line) for each in (left, right))
            comparison = bodies.Comparison(rendered.written, there.written, broken=right.broken)
            path = "" if rendered.name.startswith("terraform.required_providers.") else "value"
            return [*comparison.values(path, ours, theirs, kind)]
        if isinstance(left, Block) and isinstance(right, Block):
            null_is_absent = left.type in _NULL_IS_ABSENT
            comparison = bodies.Comparison(rendered.written, there.written, null_is_absent, right.broken)
            return [*comparison.bodies(left.body, right.body, self.kinds.schema(left, folder))]
        sides = (
            Side(shown(rendered.text, there.text), rendered.place),
            Side(shown(there.text, rendered.text), there.place),
        )
        return [AttributeDifference("value", *sides, known=not right.broken)]

    def _unreadable(self, folder: str) -> list[str]:
        """Return the files of a folder that may declare what is not found."""
        broken = [
            file.path
            for file in self.there
            if _folder(file.path) == folder
            and (file.path.endswith(".tf.json") or (file.path.endswith(".tf") and parse_cached(file.text).problems))
        ]
        return broken + [path for path in self.unread if _may_declare(path, folder)]


def _run_order(path: str, rendered: list[Element], there: list[Element]) -> Iterator[ResourceDifference]:
    """Yield a difference where a test file's runs come in another order: each sees the state the last one left."""
    ours, theirs = ([each for each in side if each.name.startswith("run.")] for side in (rendered, there))
    names = {each.name for each in ours} & {each.name for each in theirs}
    left, right = ([each for each in side if each.name in names] for side in (ours, theirs))
    if [each.name for each in left] != [each.name for each in right]:
        first, second = (
            Side(", ".join(each.name.removeprefix("run.") for each in side), side[0].place) for side in (left, right)
        )
        difference = AttributeDifference("order", first, second)
        yield ResourceDifference(f"{path}: runs", ResourceStatus.CHANGED, right[0].place, (difference,))


def _same_tests(rendered: Mapping[File, str], there: Mapping[File, str]) -> dict[str, str]:
    """Return the path there of each rendered test file: its own, or else of the one that shares most runs with it.

    Args:
        rendered: the folder of the module that each rendered test file tests.
        there: that of each one there.
    """
    paths = {file.path for file in there}
    same = {file.path: file.path for file in rendered if file.path in paths}
    free = [(file, _runs(file)) for file in there if file.path not in same]
    for file, folder in rendered.items():
        runs = _runs(file)
        near = [each for each in free if file.path not in same and there[each[0]] == folder and each[1] & runs]
        if near:
            best = max(near, key=lambda each: len(each[1] & runs))
            same[file.path] = best[0].path
            free.remove(best)
    return same


def _identity(file: File) -> tuple[str, str]:
    return file.path, file.text


def _may_declare(path: str, folder: str) -> bool:
    """Return whether an unread file, or folder whose path ends in `/`, may declare something in a folder."""
    if path.endswith("/"):
        return f"{folder}/".startswith(path)
    return _folder(path) == folder and path.endswith((".tf", ".tf.json"))


def _by_folder(files: Iterable[File], ending: str) -> dict[str, list[File]]:
    found: dict[str, list[File]] = {}
    for file in files:
        if file.path.endswith(ending):
            found.setdefault(_folder(file.path), []).append(file)
    return found


def _folder(path: str) -> str:
    return str(PurePosixPath(path).parent)


def _tree(path: str, trees: set[str]) -> str:
    """Return the outermost of the folders around a file that manifests are rendered to, or else its own folder."""
    return next((str(above) for above in reversed(PurePosixPath(path).parents) if str(above) in trees), _folder(path))


def _runs(file: File) -> set[str]:
    return {element.name for element in tested(Written(file)) if element.name.startswith("run.")}


def _address(folder: str) -> str:
    return "" if folder == "." else f"{folder}: "
