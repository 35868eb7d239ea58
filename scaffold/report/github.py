"""What a check or a comparison found, as annotations of a GitHub Actions run.

The format and its escapes: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands and
`packages/core/src/command.ts` of https://github.com/actions/toolkit.
"""

from collections.abc import Iterator

from scaffold.report.documents import CheckDocument, DiffDocument
from scaffold.report.wording import with_lines


def to_annotations(document: DiffDocument | CheckDocument, prefix: str = "") -> str:
    """Return a document as workflow commands, one to a line.

    What a check found are errors. Of a comparison, broken opinions are warnings and the rest are notices.

    Args:
        document: what was found.
        prefix: what leads from the root of the checkout to the repository: `infra/`, or empty.
    """
    of_document = _of_diff(document, prefix) if isinstance(document, DiffDocument) else _of_check(document, prefix)
    return "".join(f"{line}\n" for line in of_document)


def _of_check(document: CheckDocument, prefix: str) -> Iterator[str]:
    for entry in document.verification:
        for finding in entry.findings:
            file = prefix + finding.file if finding.file else None
            text = f"{finding.message} {finding.mend or ''}".rstrip()
            yield _command("error", file, finding.line, f"{entry.verifier}: {finding.rule}", text)
    for opinion in (each for each in document.opinions if each.status == "unknown"):
        yield _command("notice", prefix + opinion.file, opinion.line, f"{opinion.id} unknown", opinion.message)


def _of_diff(document: DiffDocument, prefix: str) -> Iterator[str]:
    for status, command in (("broken", "warning"), ("unknown", "notice")):
        for opinion in (each for each in document.opinions if each.status == status):
            text = f"{opinion.message} {opinion.why} {opinion.mend}"
            yield _command(
                command, prefix + opinion.file, opinion.line, f"{opinion.id} {status}: {opinion.title}", text
            )
    for resource, line in with_lines(document):
        differs = ", ".join(attribute.path for attribute in resource.attributes)
        text = f"{resource.address} is {resource.status}{f': {differs}' if differs else ''}."
        yield _command("notice", prefix + resource.file, line, "other than rendered", text)
    for problem in document.problems:
        file = prefix + problem.file if problem.file else None
        yield _command("warning", file, problem.line, problem.rule, problem.message)


def _command(name: str, file: str | None, line: int | None, title: str, message: str) -> str:
    properties = {"file": file, "line": line, "title": title}
    given = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items() if value)
    return f"::{name} {given}::{_data(message)}"


def _data(text: str) -> str:
    plain = text.encode("utf-8", "backslashreplace").decode()
    return plain.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
