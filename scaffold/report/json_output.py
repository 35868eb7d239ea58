"""Documents as JSON, and the JSON Schemas that describe them."""

import json
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from scaffold.report.wording import visible_json

if TYPE_CHECKING:
    from scaffold.report.documents.every import Document


def to_json(document: "Document") -> str:
    """Return a document as indented JSON."""
    data = _encodable(TypeAdapter(type(document)).dump_python(document))
    return visible_json(json.dumps(data, indent=2, ensure_ascii=False))


def _encodable(value: Any) -> Any:
    """Return data with what no UTF-8 has, such as the odd bytes of a file's name, as backslashes and digits."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {_encodable(key): _encodable(each) for key, each in value.items()}
    return [_encodable(each) for each in value] if isinstance(value, list | tuple) else value


def json_schema(document: "type[Document]") -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a kind of document."""
    schema = TypeAdapter(document).json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
