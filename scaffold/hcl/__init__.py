"""Reading Terraform's language: one parse gives blocks, literal values, references, comments and every syntax error.

`parse` never raises for bad text: what is wrong is in `Document.problems`, what could be read in `Document.body`.
`parse_cached` is the same for callers that meet the same text again.
"""

from scaffold.hcl.model import (
    UNKNOWN,
    Attribute,
    Block,
    Body,
    Call,
    Comment,
    Document,
    Expression,
    Problem,
    Reference,
    Unknown,
    Value,
)
from scaffold.hcl.module import Module, is_terraform, modules
from scaffold.hcl.parse import parse, parse_cached

__all__ = [
    "UNKNOWN",
    "Attribute",
    "Block",
    "Body",
    "Call",
    "Comment",
    "Document",
    "Expression",
    "Module",
    "Problem",
    "Reference",
    "Unknown",
    "Value",
    "is_terraform",
    "modules",
    "parse",
    "parse_cached",
]
