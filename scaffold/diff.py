"""What a repository differs in from what its answers would render: file by file, by meaning, and by the opinions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from scaffold.answers.project import Project
from scaffold.compare.difference import ResourceDifference
from scaffold.compare.files import FileComparison, FileComparisons, FileStatus, compare_files
from scaffold.compare.meaning import compare_meaning
from scaffold.cost.broken import price_of
from scaffold.cost.line import CostLine
from scaffold.cost.prices import load_prices
from scaffold.facts import Facts, facts_of
from scaffold.files import ANSWERS_FILE, File, with_answers_text
from scaffold.opinions.engine import OpinionResult, judge, skip_problems
from scaffold.opinions.opinion import Status
from scaffold.render import render
from scaffold.report.documents.diff import DiffDocument, FileComparisonEntry, ResourceEntry
from scaffold.report.documents.problems import ProblemEntry
from scaffold.report.documents.verification import FindingEntry, OpinionEntry
from scaffold.repository.model import Repository
from scaffold.repository.reading import repository_of, require_something
from scaffold.resources import TEMPLATES
from scaffold.verify.verdict import Tree
from scaffold.workspace.ignore import read_ignore
from scaffold.workspace.manifest import read_manifest
from scaffold.workspace.plan import TargetError
from scaffold.workspace.publish import refuse_unfinished
from scaffold.workspace.reading import read_tree


@dataclass(frozen=True, slots=True)
class Diff:
    """What a repository differs in.

    Attributes:
        document: what is printed.
        files: the files with their texts, for those who show what differs in them.
    """

    document: DiffDocument
    files: tuple[FileComparison, ...]


def diff(
    target: Path,
    project: Project,
    *,
    answers_text: str | None = None,
    only: Sequence[str] = (),
    templates: Path = TEMPLATES,
) -> Diff:
    """Compare what answers would render with a repository; nothing in it is changed.

    Args:
        target: the repository's folder.
        project: the validated answers.
        answers_text: what `scaffold.yaml` is to say, if not just the answers given.
        only: the ids of the opinions to judge by; without, all.
        templates: the folder of components.

    Raises:
        TargetError: it is no folder, holds no Terraform, or is half changed.
        ScaffoldError: its manifest or `.scaffold/ignore` cannot be read, or a template is not as it should be.
    """
    refuse_unfinished(target)
    tree = read_tree(target)
    manifest = read_manifest(target)
    if manifest and manifest.hashes and ANSWERS_FILE not in manifest.hashes:
        raise TargetError(f"{target} holds a module of its own, not a project; scaffold module --dry-run compares it.")
    repository = repository_of(tree.files, tree.unread)
    if manifest is None:
        require_something(repository, target)
    rendered = with_answers_text(render(project, templates).files, answers_text)
    compared = compare_files(target, rendered, manifest, read_ignore(target))
    resources = _by_address(rendered, tree, compared) if manifest else _by_role(rendered, repository)
    facts = facts_of(repository)
    results = judge(facts, only)
    problems = (*repository.problems, *skip_problems(facts, results))
    changed = any(file.status is not FileStatus.UNCHANGED for file in compared.files)
    document = DiffDocument(
        target=str(target),
        differs=changed or bool(resources),
        compared_by="address" if manifest else "role",
        files=[FileComparisonEntry.of(file) for file in compared.files],
        resources=[ResourceEntry.of(resource) for resource in resources],
        opinions=list(_opinions(results, _prices(results, facts, project))),
        problems=[FindingEntry.of(problem) for problem in problems],
        warnings=[ProblemEntry.of(problem) for problem in project.warnings],
    )
    return Diff(document, compared.files)


def _prices(results: Sequence[OpinionResult], facts: Facts, project: Project) -> Mapping[str, CostLine]:
    """Return what broken opinions cost a month; an environment the answers do not know is used as production is."""
    usages = {each.environment: each.usage for each in project.environments}
    usual = next((each.usage for each in project.environments if each.production), project.environments[0].usage)
    return price_of(results, facts, lambda environment: usages.get(environment, usual), load_prices())


def _opinions(results: Sequence[OpinionResult], prices: Mapping[str, CostLine]) -> Iterator[OpinionEntry]:
    """Yield every judgement; the first that an opinion is broken has the price of all of them."""
    for result in results:
        price = prices.get(result.opinion.id)
        for each in result.judgements:
            if each.status is Status.BROKEN:
                yield OpinionEntry.of(result.opinion, each, price)
                price = None
            else:
                yield OpinionEntry.of(result.opinion, each)


def _by_address(rendered: Sequence[File], there: Tree, compared: FileComparisons) -> tuple[ResourceDifference, ...]:
    """Compare the resources of a repository that scaffold wrote.

    What is no difference between files, ignored paths and versions bumped, is none between resources.
    """
    bumped, ignored = compared.bumped, compared.ignored
    return compare_meaning(
        [file for file in rendered if file.path not in ignored],
        [replace(file, text=bumped.get(file.path, file.text)) for file in there.files if file.path not in ignored],
        [path for path, _ in there.unread],
    )


def _by_role(rendered: Sequence[File], there: Repository) -> tuple[ResourceDifference, ...]:
    """Compare the resources of a repository that somebody else wrote."""
    from scaffold.compare.roles import compare_roles

    return compare_roles(repository_of(rendered), there)
