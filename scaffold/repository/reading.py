"""From a folder, or from files in memory, to a `Repository`. Nothing is run, downloaded or asked."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from scaffold.errors import ScaffoldError
from scaffold.evaluate.root import Place, Root, Unread
from scaffold.evaluate.roots import roots_of
from scaffold.files import TERRAGRUNT, File
from scaffold.hcl import Document, Module, modules, parse_cached
from scaffold.repository.manifests import declared_manifests, written_manifests
from scaffold.repository.model import Repository
from scaffold.repository.skips import skips_of
from scaffold.verify.verdict import Finding
from scaffold.workspace.reading import list_files, project_of, read_files

_TERRAFORM = (".tf", ".tfvars")
_JSON = (".tf.json", ".tfvars.json")
_YAML = (".yaml", ".yml")
_GITIGNORE = ".gitignore"
_NAMED = 5


def read_repository(root: Path) -> Repository:
    """Read a folder's Terraform and manifests; what cannot be read is among the problems, and the rest goes on.

    Links, nested git repositories and what Terraform downloads (`.terraform`) are passed over.

    Raises:
        TargetError: the folder cannot be read.
    """
    return repository_of(*read_files(root, _is_wanted), list_files(root))


def repository_of(
    files: Iterable[File], unread: Iterable[tuple[str, str]] = (), paths: Iterable[str] | None = None
) -> Repository:
    """Return what files in memory, such as a rendering's, make.

    Args:
        files: the files; those of other languages are passed over.
        unread: the path of each file that ought to be among them and is not, and why: `is a link`.
        paths: the paths of all files there are, where those in memory are not all.
    """
    everything = sorted(files, key=lambda file: file.path)
    given = [file for file in everything if _is_wanted(file.path)]
    read = modules(given)
    variables = {file.path: parse_cached(file.text) for file in given if file.path.endswith(".tfvars")}
    left = (
        *_not_read(unread),
        *_not_understood(file.path for file in given),
        *_broken(read, variables),
        *_terragrunt(given, read),
    )
    roots = _with_production(
        roots_of(read, variables, tuple(each.unread for each in left if each.concerns_roots)), given
    )
    written = written_manifests(given)
    declared = declared_manifests(roots, {file.path: file.text for file in given if file.path.endswith(".tf")})
    skips = skips_of(given)
    return Repository(
        modules=read,
        roots=roots,
        manifests=(*written.manifests, *declared.manifests),
        problems=(
            *(each.problem for each in left if each.problem),
            *_syntax_of_tests(read),
            *written.problems,
            *skips.problems,
        ),
        skips=skips.skips,
        unread=(
            *(each.unread for each in left if not each.concerns_roots),
            *written.unread,
            *declared.unread,
        ),
        paths=tuple(sorted(paths if paths is not None else (file.path for file in everything))),
        gitignores={file.path: file.text for file in given if PurePosixPath(file.path).name == _GITIGNORE},
    )


def require_something(repository: Repository, root: Path) -> None:
    """Refuse a repository that holds nothing to compare or judge.

    Raises:
        ScaffoldError: it has neither Terraform nor Kubernetes objects; the text names the files that are not read.
    """
    if not repository.modules and not repository.manifests:
        raise ScaffoldError(_nothing(repository, root, "no Terraform (.tf) and no Kubernetes manifests"))


def require_terraform(repository: Repository, root: Path) -> None:
    """Refuse a repository that holds no Terraform to infer anything from.

    Raises:
        ScaffoldError: it has none; the text names the files that are not read.
    """
    if not repository.modules:
        raise ScaffoldError(_nothing(repository, root, "no Terraform (.tf)"))


def _nothing(repository: Repository, root: Path, what: str) -> str:
    problems = repository.problems
    named = "".join(f"\n  {_with_file(problem)}" for problem in problems[:_NAMED])
    more = f"\n  and {len(problems) - _NAMED} more" if len(problems) > _NAMED else ""
    if any((problem.file or "").endswith((TERRAGRUNT, *_JSON)) for problem in problems):
        return f"{root} holds Terraform that is not evaluated here, so that all of it is unknown.{named}{more}"
    return f"{root} holds {what} that can be read.{named}{more}"


def _with_file(problem: Finding) -> str:
    file = problem.file or ""
    return problem.message if problem.message.startswith(file) else f"{file}: {problem.message}"


@dataclass(frozen=True, slots=True)
class _Left:
    """Something that is not read: what opinions are to know of it, and what a person is told, if anything."""

    unread: Unread
    problem: Finding | None
    concerns_roots: bool = True


def _is_wanted(path: str) -> bool:
    name = PurePosixPath(path).name
    return path.endswith((*_TERRAFORM, *_JSON, *_YAML, ".tftest.hcl")) or name in (TERRAGRUNT, _GITIGNORE)


def _not_read(unread: Iterable[tuple[str, str]]) -> Iterator[_Left]:
    mend = "Put a UTF-8 file that can be read in its place, or move it away."
    for path, reason in unread:
        if PurePosixPath(path).name == _GITIGNORE:
            continue
        problem = Finding("unread", f"{path} {reason}, so nothing in it is known.", path, None, mend)
        # A linked folder is a module of its own: whoever calls it finds no such module here.
        concerns_roots = not path.endswith((*_YAML, ".tftest.hcl", "/"))
        yield _Left(Unread(path, reason, Place(path, 1)), problem, concerns_roots)


def _not_understood(paths: Iterable[str]) -> Iterator[_Left]:
    for path in paths:
        if path.endswith(_JSON):
            reason = "is Terraform's JSON syntax, which is not read here"
            problem = Finding("unread", f"{path} {reason}.", path, 1, "Write it in Terraform's own syntax.")
            yield _Left(Unread(path, reason, Place(path, 1)), problem)


def _broken(read: Sequence[Module], variables: Mapping[str, Document]) -> Iterator[_Left]:
    for path, document in (*(file for module in read for file in module.files), *variables.items()):
        if document.problems:
            line = document.problems[0].line
            yield _Left(Unread(path, "does not parse", Place(path, line)), _syntax(path, document))


def _syntax_of_tests(read: Sequence[Module]) -> Iterator[Finding]:
    yield from (_syntax(path, document) for module in read for path, document in module.tests if document.problems)


def _syntax(path: str, document: Document) -> Finding:
    """Return the first problem of a file: those after it mostly follow from it."""
    problem = document.problems[0]
    return Finding("syntax", problem.message, path, problem.line, "Mend it, and see what terraform validate says.")


def _terragrunt(files: Sequence[File], read: Sequence[Module]) -> Iterator[_Left]:
    """Yield what Terragrunt gives inputs to: the folder of its file, and the local module it names as its source."""
    by_path = {module.path: module for module in read}
    for file in files:
        if PurePosixPath(file.path).name != TERRAGRUNT:
            continue
        reason = "gives inputs with Terragrunt, which is not evaluated here"
        document = parse_cached(file.text)
        problem = None
        if document.problems:
            problem = _syntax(file.path, document)
        elif not read:  # With Terraform beside it, what concerns its modules is told with what is judged of those.
            mend = "Point scaffold at the Terraform modules that it calls."
            problem = Finding("unread", f"{file.path} {reason}.", file.path, 1, mend)
        yield _Left(Unread(file.path, reason, Place(file.path, 1)), problem)
        block = document.body.block("terraform")
        source = block.body.value("source") if block else None
        if isinstance(source, str) and source.startswith("."):
            folder = os.path.normpath(PurePosixPath(file.path).parent / source.replace("//", "/").partition("?")[0])
            module = by_path.get(folder)
            if module and module.files and folder != str(PurePosixPath(file.path).parent):
                yield _Left(Unread(file.path, reason, Place(module.files[0][0], 1)), None)


def _with_production(roots: Sequence[Root], files: Sequence[File]) -> tuple[Root, ...]:
    """Return the roots with what the repository's own answers say of production, where it has any."""
    project = project_of(files)
    if project is None:
        return tuple(roots)
    flags = {f"environments/{each.environment}": each.production for each in project.environments}
    return tuple(replace(root, production=flags.get(root.path, root.production)) for root in roots)
