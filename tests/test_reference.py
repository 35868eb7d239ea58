import json
from pathlib import Path

import jsonschema
import pytest

from maintenance.reference import DOCS, reference_files, write_reference
from scaffold.cli.exit_codes import Exit
from scaffold.report.documents.every import DOCUMENTS
from scaffold.verify.verdict import Status
from scaffold.workspace.plan import Change


@pytest.mark.parametrize("path", reference_files())
def test_the_reference_is_what_the_code_says(path: str) -> None:
    current = (DOCS / path).read_text() if (DOCS / path).is_file() else ""
    assert current == reference_files()[path], f"docs/{path} is out of date; run: make golden"


def test_no_schema_is_left_of_a_document_that_is_gone() -> None:
    there = {f"schemas/{path.name}" for path in (DOCS / "schemas").iterdir()}
    assert there == {path for path in reference_files() if path.startswith("schemas/")}


def test_no_page_is_left_of_an_opinion_that_is_gone() -> None:
    there = {f"opinions/{path.name}" for path in (DOCS / "opinions").iterdir()}
    assert there == {path for path in reference_files() if path.startswith("opinions/")}


def test_every_schema_is_one(tmp_path: Path) -> None:
    write_reference(tmp_path)
    schemas = [*(tmp_path / "schemas").iterdir(), tmp_path / "answers.schema.json"]
    assert len(schemas) == len(DOCUMENTS) + 1
    for path in schemas:
        jsonschema.Draft202012Validator.check_schema(json.loads(path.read_text()))


def test_every_exit_code_has_a_row() -> None:
    rows = [line for line in reference_files()["exit-codes.md"].splitlines() if line.startswith("| ")][1:]
    assert [int(row.split("|")[1]) for row in rows] == [code.value for code in Exit]


def test_the_page_on_json_output_names_every_kind_and_status() -> None:
    page = (DOCS / "json-output.md").read_text()
    for schema in (DOCS / "schemas").iterdir():
        assert f"| `{schema.name.removesuffix('.schema.json')}` |" in page
    for status in [*Change, *Status]:
        assert f"`{status}`" in page
