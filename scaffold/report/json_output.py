"""Documents as JSON, and the JSON Schemas that describe them."""

from typing import Any

from pydantic import TypeAdapter

from scaffold.report.documents import Document


def to_json(document: Document) -> str:
    """Return a document as indented JSON."""
    return TypeAdapter(type(document)).dump_json(document, indent=2).decode()


def json_schema(document: type[Document]) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a kind of document."""
    schema = TypeAdapter(document).json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
