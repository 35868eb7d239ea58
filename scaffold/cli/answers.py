"""`scaffold answers`: what can be answered."""

import json
from typing import Annotated

import typer

from scaffold.cli.options import Output, OutputOption


def answers(
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema of answers files, for editors.")
    ] = False,
    output: OutputOption = Output.TEXT,
) -> int:
    """List every answer with its default and what it is."""
    from scaffold.answers.schema import answer_entries, answers_schema
    from scaffold.cli.exit_codes import Exit
    from scaffold.cli.output import console, print_json
    from scaffold.report.documents.catalogue import AnswerDocumentEntry, AnswersDocument
    from scaffold.report.text import show_answers

    if schema:
        typer.echo(json.dumps(answers_schema(), indent=2))
        return Exit.CLEAN
    document = AnswersDocument(
        answers=[AnswerDocumentEntry(entry.path, entry.default, entry.about) for entry in answer_entries()]
    )
    if output is Output.JSON:
        print_json(document)
    else:
        show_answers(console(), document)
    return Exit.CLEAN
