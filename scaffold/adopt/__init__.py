"""Inferring the answers of a repository that scaffold did not make, with the origin of each."""

from pathlib import Path

from scaffold.adopt.answers_file import answers_file
from scaffold.adopt.inference import infer
from scaffold.adopt.writing import refuse_existing, write_answers
from scaffold.errors import ScaffoldError
from scaffold.report.documents.adopt import AdoptDocument, AdoptedAnswer, AdoptionGap, NotExpressibleEntry
from scaffold.repository.reading import read_repository, require_terraform


def adopt(target: Path, *, force: bool, dry_run: bool) -> AdoptDocument:
    """Infer a repository's answers and write them to its `scaffold.yaml`.

    Args:
        target: the repository.
        force: whether to overwrite answers that are there.
        dry_run: whether to write nothing.

    Raises:
        TargetError: the folder cannot be read or written, or has answers already.
        ScaffoldError: it holds no Terraform, or none of what answers are about.
    """
    if target.is_dir():
        refuse_existing(target, force or dry_run)
    repository = read_repository(target)
    require_terraform(repository, target)
    adoption = infer(repository)
    if not adoption.data:
        raise ScaffoldError(
            f"{target} holds Terraform, but no root module that makes a VPC, a cluster, a capacity provider or a "
            "function: there are no answers about anything else."
        )
    text = answers_file(adoption)
    if not dry_run:
        write_answers(target, text)
    return AdoptDocument(
        target=str(target),
        written=not dry_run,
        answers=[
            AdoptedAnswer(each.path, each.value, each.place.file, each.place.line, each.how)
            for each in adoption.inferred
        ],
        gaps=[AdoptionGap(each.path, each.required, each.reason) for each in adoption.gaps],
        not_expressible=[
            NotExpressibleEntry(each.what, each.place.file, each.place.line) for each in adoption.not_expressible
        ],
    )
