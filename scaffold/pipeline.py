"""One way through: a project is rendered, verified and published, or not published at all."""

from collections.abc import Callable
from pathlib import Path

from scaffold import __version__
from scaffold.answers.project import Project
from scaffold.files import ANSWERS_FILE, with_answers_text
from scaffold.render import Rendering, render
from scaffold.report.documents.cost import EnvironmentCostEntry
from scaffold.report.documents.problems import ProblemEntry
from scaffold.report.documents.render import FileEntry, RenderDocument
from scaffold.report.documents.verification import VerificationEntry
from scaffold.resources import TEMPLATES
from scaffold.verify import Level, failed, verify
from scaffold.verify.verdict import Tree
from scaffold.workspace.plan import Plan, TargetError, plan
from scaffold.workspace.publish import publish, recover, refuse_unfinished

Progress = Callable[[str], None]


def render_to(
    target: Path,
    project: Project,
    *,
    level: Level,
    dry_run: bool,
    force: bool,
    progress: Progress,
    answers_text: str | None = None,
    templates: Path = TEMPLATES,
) -> RenderDocument:
    """Render a project, verify it, and publish it if nothing is wrong.

    Args:
        target: the folder to publish to.
        project: the validated answers.
        level: how much to verify.
        dry_run: whether to stop before writing.
        force: whether to overwrite files that were edited or that scaffold did not write.
        progress: told in one line what takes long.
        answers_text: what `scaffold.yaml` is to say, if not just the answers given.
        templates: the folder of components.

    Raises:
        TargetError: the target cannot be written, or holds files that `force` would overwrite; it is as it was.
        ScaffoldError: a template is not as it should be.
    """
    return deliver(
        target,
        project,
        render(project, templates),
        level=level,
        dry_run=dry_run,
        force=force,
        progress=progress,
        answers_text=answers_text,
    )


def deliver(
    target: Path,
    project: Project,
    rendering: Rendering,
    *,
    level: Level,
    dry_run: bool,
    force: bool,
    progress: Progress,
    answers_text: str | None = None,
) -> RenderDocument:
    """Verify a rendering and publish it if nothing is wrong; as `render_to`, for what is already rendered."""
    if dry_run:
        refuse_unfinished(target)
    elif mended := recover(target):
        progress(mended)
    files = with_answers_text(rendering.files, answers_text)
    planned = plan(target, files, force)
    refused = bool(planned.refused) and not force
    if refused and not dry_run:
        raise TargetError(_refusal(target, planned))
    tree = Tree(files, rendering.kubernetes_versions)
    try:
        verdicts = verify(tree, level, progress, target)
    finally:
        tree.close()
    published = not dry_run and not failed(verdicts)
    if published:
        publish(target, planned, __version__, rendering.files)
    return RenderDocument(
        target=str(target),
        dry_run=dry_run,
        published=published,
        differs=planned.differs,
        refused=refused,
        files=[FileEntry.of(file, published) for file in planned.files],
        warnings=[ProblemEntry.of(problem) for problem in project.warnings],
        verification=[VerificationEntry.of(verdict) for verdict in verdicts],
        cost=[EnvironmentCostEntry.of(cost) for cost in rendering.blueprint.costs],
    )


def _refusal(target: Path, planned: Plan) -> str:
    lines = [f"  {file.path}: {file.status}" for file in planned.refused]
    if any(file.path == ANSWERS_FILE for file in planned.refused):
        lines.append(
            f"To keep what {ANSWERS_FILE} says, put the new answers into it and run scaffold render {target} without "
            "others; or overwrite it with --force."
        )
    if any(file.path != ANSWERS_FILE for file in planned.refused):
        lines.append("To keep the edited files, move them away; or overwrite them with --force.")
    return "\n".join([f"nothing is written to {target}:", *lines])
