"""Bringing a repository that scaffold made to the current templates and answers, its user's edits kept.

What is rendered has to be clean, or nothing is written. What is merged is written whatever the verifiers say of it: the
findings may be the user's own, and they are reported, as conflicts are.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from scaffold import __version__
from scaffold.answers.document import read_document
from scaffold.answers.edit import with_answers
from scaffold.answers.project import Project
from scaffold.compare.moved_blocks import MOVED_FILE, with_moves
from scaffold.compare.moves import Move, Moves, find_moves, holding
from scaffold.compare.next_apply import next_apply
from scaffold.files import ANSWERS_FILE, File
from scaffold.render import answers_yaml, render
from scaffold.report.documents.problems import ProblemEntry
from scaffold.report.documents.update import DestroyedEntry, MoveEntry, ReplacedEntry, UpdatedFileEntry, UpdateDocument
from scaffold.report.documents.verification import VerificationEntry
from scaffold.resources import TEMPLATES
from scaffold.verify import Level, failed, verify
from scaffold.verify.verdict import Tree, Verdict
from scaffold.workspace.base import Base, read_base
from scaffold.workspace.bumps import order
from scaffold.workspace.decision import Outcome
from scaffold.workspace.ignore import IGNORE_PATH, Section, read_ignore
from scaffold.workspace.manifest import hash_of
from scaffold.workspace.merge import UpdatedFile, UpdatePlan, plan_update
from scaffold.workspace.plan import TargetError, content_of, is_executable
from scaffold.workspace.publish import publish_merged, recover, refuse_unfinished
from scaffold.workspace.reading import read_tree
from scaffold.workspace.three_way import Merged, is_unresolved, like, merge_texts, plain
from scaffold.workspace.version_control import refuse_uncommitted

Progress = Callable[[str], None]

_VERIFIED = (".tf", ".tf.json", ".tftest.hcl", ".tfvars", ".yaml", ".yml")


def open_target(target: Path, *, dry_run: bool, force: bool, progress: Progress) -> tuple[Base, list[str]]:
    """Make sure that a repository can be updated; return what was last rendered into it, and what to tell its user.

    Args:
        target: the repository.
        dry_run: whether nothing will be written.
        force: whether changes that are not committed are no reason to refuse.
        progress: told in one line what takes long.

    Raises:
        TargetError: it is not a project that scaffold rendered, or it has changes that are not committed.
        ScaffoldError: its records cannot be trusted.
    """
    if not target.is_dir() or target.is_symlink():
        raise TargetError(f"{target} is not a folder; name one that scaffold rendered.")
    if dry_run:
        refuse_unfinished(target, "update")
    elif mended := recover(target):
        progress(mended)
    base = read_base(target)
    if base is None:
        raise TargetError(
            f"{target} was not rendered by scaffold: it has no .scaffold/manifest.json. `scaffold adopt` infers "
            "answers from a repository that was made in another way; `scaffold render` makes a new one."
        )
    if ANSWERS_FILE not in base.manifest.hashes:
        raise TargetError(f"{target} holds a module, which has no answers of its own; render it again with module.")
    content = content_of(target, ANSWERS_FILE)
    if content is None:
        raise TargetError(f"{target / ANSWERS_FILE} is not there; restore it from version control.")
    if is_unresolved(content.decode("utf-8", "replace")):
        raise TargetError(f"{target / ANSWERS_FILE} has unresolved conflict markers; resolve them first.")
    notes = []
    if order(base.manifest.version) > order(__version__):
        notes.append(f"scaffold {base.manifest.version}, which is newer than this one, rendered it last.")
    if not dry_run and not force and (warning := refuse_uncommitted(target)):
        notes.append(warning)
    return base, notes


def update(
    target: Path,
    base: Base,
    project: Project,
    *,
    level: Level,
    dry_run: bool,
    progress: Progress,
    notes: Sequence[str] = (),
    templates: Path = TEMPLATES,
) -> UpdateDocument:
    """Merge what a project renders now into a repository, and write it unless what is rendered is not clean.

    Args:
        target: the repository.
        base: what was last rendered into it, from `open_target`.
        project: the answers it is to have.
        level: how much to verify.
        dry_run: whether to do everything but write.
        progress: told in one line what takes long.
        notes: what to tell the user besides.
        templates: the folder of components.

    Raises:
        TargetError: the repository cannot be read or written; it is then as it was.
        ScaffoldError: git is not there, or a template or an answer is not as it should be.
    """
    rendering = render(project, templates)
    answers = _answers(target, project)
    ignore = read_ignore(target)
    if ignore.ignored(ANSWERS_FILE, Section.UPDATE) and answers.text.encode() != content_of(target, ANSWERS_FILE):
        raise TargetError(f"{IGNORE_PATH} ignores {ANSWERS_FILE}, where the new answers belong; take it out there.")
    settled = {} if _is_as_written(target, base, ANSWERS_FILE) else {ANSWERS_FILE: answers}
    plan = plan_update(target, base, rendering.files, __version__, ignore, settled)
    there = read_tree(target)
    after = _resolved(plan, rendering.files, there)
    moves = _moves(plan, rendering.files, there, after)
    apply = next_apply(there.files, after, moves.moved)
    written = [move for move in moves.moved if not ignore.ignored(_moved_file(move.folder), Section.UPDATE)]
    moves = replace(moves, moved=tuple(written))
    plan = _with_moved_files(target, plan, moves.moved)
    contents = (*plan.contents, *plan.records)
    differs = bool(plan.remove) or any(_differs(target, file) for file in contents)

    verdicts = _verify(Tree(rendering.files, rendering.kubernetes_versions), level, progress, target)
    published = not dry_run and differs and not failed(verdicts)
    merged: tuple[Verdict, ...] = ()
    if differs and not plan.conflicts and not failed(verdicts):
        tree = replace(_merged(plan, there), kubernetes_versions=rendering.kubernetes_versions)
        if _verified(tree.files) != _verified(rendering.files):
            merged = _verify(tree, level, progress, target)
    if published:
        publish_merged(target, contents, plan.remove, plan.seen)
    return UpdateDocument(
        target=str(target),
        dry_run=dry_run,
        published=published,
        differs=differs,
        conflicts=len(plan.conflicts),
        from_version=base.manifest.version,
        to_version=__version__,
        files=[UpdatedFileEntry.of(file) for file in plan.files],
        moves=[MoveEntry(_moved_file(move.folder), move.source, move.target) for move in moves.moved],
        commands=list(moves.commands),
        destroys=[DestroyedEntry(each.root, each.address) for each in (*moves.destroyed, *apply.destroyed)],
        replaces=[ReplacedEntry(each.root, each.address, each.argument) for each in apply.replaced],
        notes=[*notes, *apply.notes],
        warnings=[ProblemEntry.of(problem) for problem in project.warnings],
        verification=[VerificationEntry.of(verdict) for verdict in verdicts],
        merged_verification=[VerificationEntry.of(verdict) for verdict in merged],
    )


def _answers(target: Path, project: Project) -> Merged:
    """Return the repository's own answers file with the answers it is to give."""
    yours = (content_of(target, ANSWERS_FILE) or b"").decode("utf-8")
    text = plain(yours)
    given = read_document(text, ANSWERS_FILE).data
    if given == project.given:
        return Merged(yours, 0)
    if (edited := with_answers(text, project.given)) is not None:
        return Merged(like(edited, yours), 0)
    wanted = answers_yaml(project.given)
    merged = merge_texts(answers_yaml(given), yours, wanted, __version__, target)
    if not merged.conflicts and read_document(plain(merged.text), ANSWERS_FILE).data != project.given:
        raise TargetError(
            f"{target / ANSWERS_FILE} is written in a way into which the new answers cannot be merged; put them there "
            "yourself, and run scaffold update without --set."
        )
    return merged


def _is_as_written(target: Path, base: Base, path: str) -> bool:
    """Return whether a file is, byte by byte, as scaffold last wrote it."""
    content = content_of(target, path)
    return content is not None and hash_of(content) == base.manifest.hashes.get(path)


def _resolved(plan: UpdatePlan, rendered: Sequence[File], there: Tree) -> tuple[File, ...]:
    """Return the merged files; what is in conflict is taken to be resolved as it is rendered."""
    if plan.unresolved:
        return there.files
    conflicts = {file.path for file in plan.conflicts}
    merged = {file.path: file for file in _merged(plan, there).files}
    merged |= {file.path: file for file in rendered if file.path in conflicts and file.path in merged}
    return tuple(merged.values())


def _moves(plan: UpdatePlan, rendered: Sequence[File], there: Tree, after: Sequence[File]) -> Moves:
    """Return what the changed addresses ask for, as far as it is true of the merged tree."""
    if plan.unresolved:
        return Moves()
    # What is ignored changes nothing.
    ignored = {file.path for file in plan.files if file.status is Outcome.IGNORED}
    kept = [file for path, file in plan.bases.items() if path in ignored]
    moves = find_moves(plan.bases.values(), [*(file for file in rendered if file.path not in ignored), *kept])
    return moves if moves == Moves() else holding(moves, there.files, after)


def _with_moved_files(target: Path, plan: UpdatePlan, moves: Sequence[Move]) -> UpdatePlan:
    """Add the `moved.tf` that say what moves."""
    files, contents, seen = list(plan.files), list(plan.contents), dict(plan.seen)
    for folder in dict.fromkeys(move.folder for move in moves):
        path = _moved_file(folder)
        seen[path] = content = content_of(target, path)
        try:
            yours = (content or b"").decode("utf-8")
        except UnicodeDecodeError:
            raise TargetError(f"{target / path} is not UTF-8; save it as such.") from None
        text = like(with_moves(plain(yours), [move for move in moves if move.folder == folder]), yours)
        if text != yours:
            executable = content is not None and is_executable(target / path)
            contents.append(File(path, text, executable))
            files.append(UpdatedFile(path, Outcome.NEW if content is None else Outcome.UPDATED))
    files.sort(key=lambda file: file.path)
    return replace(plan, files=tuple(files), contents=tuple(contents), seen=seen)


def _moved_file(folder: str) -> str:
    return MOVED_FILE if folder == "." else f"{folder}/{MOVED_FILE}"


def _differs(target: Path, file: File) -> bool:
    content = content_of(target, file.path)
    return content != file.text.encode() or is_executable(target / file.path) != file.executable


def _merged(plan: UpdatePlan, there: Tree) -> Tree:
    files = {file.path: file for file in there.files if file.path not in plan.remove}
    files |= {file.path: file for file in plan.contents}
    return Tree(tuple(sorted(files.values(), key=lambda file: file.path)), {}, there.unread)


def _verified(files: Sequence[File]) -> dict[str, str]:
    """Return the texts that verifiers read; answers are none."""
    return {file.path: file.text for file in files if file.path.endswith(_VERIFIED) and file.path != ANSWERS_FILE}


def _verify(tree: Tree, level: Level, progress: Progress, target: Path) -> tuple[Verdict, ...]:
    try:
        return verify(tree, level, progress, target)
    finally:
        tree.close()
