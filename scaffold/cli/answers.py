"""`scaffold answers`: what can be answered."""

import json
from typing import Annotated

import typer

from scaffold.cli.options import Output, OutputOption, TemplatesOption


def answers(
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema of answers files, for editors.")
    ] = False,
    templates: TemplatesOption = None,
    output: OutputOption = Output.TEXT,
) -> int:
    """List every answer with its default and what it is."""
    from scaffold.answers.schema import answer_entries, answers_schema
    from scaffold.cli.exit_codes import Exit
    from scaffold.cli.inputs import model_of
    from scaffold.cli.output import console, print_json
    from scaffold.report.documents.catalogue import AnswerDocumentEntry, AnswersDocument
    from scaffold.report.text import show_answers

    model = model_of(templates)
    if schema:
        typer.echo(json.dumps(answers_schema(model), indent=2))
        return Exit.CLEAN
    document = AnswersDocument(
        answers=[AnswerDocumentEntry(entry.path, entry.default, entry.about) for entry in answer_entries(model)]
    )
    if output is Output.JSON:
        print_json(document)
    else:
        show_answers(console(), document)
    return Exit.CLEAN
