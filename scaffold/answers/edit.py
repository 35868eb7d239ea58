"""Changing answers in their writer's own text, so that comments, order and layout stay."""

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from scaffold.answers.document import DocumentError, read_document


def with_answers(text: str, wanted: Mapping[str, Any]) -> str | None:
    """Return an answers file's text with other answers, every other byte as it is.

    Args:
        text: the text of an answers file that can be read.
        wanted: all answers that it is to give, nested.

    Returns:
        The text; None where it is written in a way that cannot be changed piece by piece, such as `{a: {b: 1}}`.
    """
    given = read_document(text, "").data
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        return None
    parts, done = [], 0
    for start, end, new in _edits(text, root, given, wanted):
        parts += [text[done:start], new]
        done = end
    changed = "".join([*parts, text[done:]])
    try:
        return changed if read_document(changed, "").data == wanted else None
    except DocumentError:
        return None


def _edits(
    text: str, node: yaml.MappingNode, given: Mapping[str, Any], wanted: Mapping[str, Any]
) -> Iterator[tuple[int, int, str]]:
    """Yield what to replace, in the order of the text: from where, to where, by what."""
    indent = " " * node.start_mark.column
    for key, value in node.value:
        name = key.value
        start = text.rfind("\n", 0, key.start_mark.index) + 1
        if name not in wanted:
            yield start, _line_after(text, value), ""
        elif given[name] == wanted[name]:
            continue
        elif isinstance(value, yaml.MappingNode) and not value.flow_style and isinstance(wanted[name], Mapping):
            yield from _edits(text, value, given[name], wanted[name])
        elif _is_inline(value) and (not isinstance(wanted[name], Mapping) or isinstance(value, yaml.MappingNode)):
            gap = "" if text[value.start_mark.index - 1].isspace() else " "
            yield value.start_mark.index, value.end_mark.index, gap + _flow(wanted[name])
        else:
            yield start, _line_after(text, value), _block({name: wanted[name]}, indent)
    if fresh := {name: value for name, value in wanted.items() if name not in given}:
        end = _line_after(text, node.value[-1][1]) if indent else len(text)
        gap = "" if text[:end].endswith("\n") else "\n"
        yield end, end, gap + _block(fresh, indent)


def _line_after(text: str, node: yaml.Node) -> int:
    """Return where the line after a value starts; a block's own end lies behind the comments that follow it."""
    last = node
    while isinstance(last, yaml.MappingNode | yaml.SequenceNode) and not last.flow_style and last.value:
        last = last.value[-1][1] if isinstance(last, yaml.MappingNode) else last.value[-1]
    end = last.end_mark.index
    if end and text[end - 1] == "\n":  # a block of text
        return int(end)
    line_end = text.find("\n", end)
    return len(text) if line_end < 0 else line_end + 1


def _is_inline(node: yaml.Node) -> bool:
    if isinstance(node, yaml.ScalarNode):
        return node.style not in ("|", ">")
    return isinstance(node, yaml.CollectionNode) and bool(node.flow_style)


def _flow(value: Any) -> str:
    dumped = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10_000)
    return dumped.removesuffix("\n").removesuffix("\n...").strip()


def _block(value: Mapping[str, Any], indent: str) -> str:
    dumped = yaml.safe_dump(dict(value), sort_keys=False, allow_unicode=True, width=120)
    return "".join(f"{indent}{line}\n" for line in dumped.splitlines())
