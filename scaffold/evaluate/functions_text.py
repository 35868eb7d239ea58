"""Terraform's functions for texts."""

import base64
import re
from collections.abc import Callable, Mapping

from scaffold.evaluate.arguments import (
    MAX_CHARACTERS,
    UnknownError,
    a_list,
    a_number,
    a_text,
    a_truth,
    an_integer,
    bounded_text,
    joined_text,
)
from scaffold.evaluate.patterns import pattern_of
from scaffold.evaluate.unknown import FailureError
from scaffold.evaluate.values import Joined, Symbol, Value

_VERB = re.compile(r"%(?:%|([-+ 0#]*)(\d+)?(?:\.(\d+))?([a-zA-Z]))")


def _join(separator: Value, *lists: Value) -> Value:
    parts: list[str | Symbol | Joined] = []
    for item in (item for each in lists for item in a_list(each)):
        parts += [a_text(separator)] if parts else []
        parts.append(item if isinstance(item, Symbol | Joined) else a_text(item))
    return joined_text(parts)


def _split(separator: Value, text: Value) -> Value:
    at, whole = a_text(separator), a_text(text)
    return tuple(whole.split(at)) if at else tuple(whole)


def _format(pattern: Value, *arguments: Value) -> Value:
    given = list(arguments)
    text, parts, at = a_text(pattern), list[str | Symbol | Joined](), 0
    for match in _VERB.finditer(text):
        parts.append(text[at : match.start()])
        at = match.end()
        if match[0] == "%%":
            parts.append("%")
            continue
        if not given:
            message = "format has too few arguments"
            raise FailureError(message)
        parts.append(_formatted(given.pop(0), match))
    if "%" in text[at:] or given:
        raise UnknownError
    return joined_text([*parts, text[at:]])


def _formatted(value: Value, match: re.Match[str]) -> str | Symbol | Joined:
    flags, width, precision, verb = match[1], match[2], match[3], match[4]
    if int(width or 0) > 1000 or int(precision or 0) > 100:
        raise UnknownError
    if isinstance(value, tuple | Mapping) or value is None:
        raise UnknownError  # written as JSON
    if verb in "sv" and not (flags or width or precision):
        return value if isinstance(value, Symbol | Joined) else a_text(value)
    if verb in "sv":
        if set(flags) - {"-"} or precision:
            raise UnknownError
        return a_text(value).ljust(int(width or 0)) if "-" in flags else a_text(value).rjust(int(width or 0))
    if verb in "dxXo":
        return f"%{flags}{width or ''}{verb}" % an_integer(value)
    if verb == "f":
        return f"%{flags}{width or ''}{f'.{precision}' if precision else ''}f" % a_number(value)
    if verb == "t" and not (flags or width):
        return a_text(a_truth(value))
    raise UnknownError


def _formatlist(pattern: Value, *arguments: Value) -> Value:
    lengths = {len(each) for each in arguments if isinstance(each, tuple)}
    if len(lengths) > 1:
        message = "formatlist takes lists of one length"
        raise FailureError(message)
    if not lengths:
        raise UnknownError
    return tuple(
        _format(pattern, *(each[place] if isinstance(each, tuple) else each for each in arguments))
        for place in range(lengths.pop())
    )


def _replace(text: Value, wanted: Value, substitute: Value) -> Value:
    if not isinstance(wanted, str):
        raise UnknownError
    if len(wanted) > 1 and wanted.startswith("/") and wanted.endswith("/"):
        inserted = a_text(substitute)
        if "$" in inserted:
            raise UnknownError
        whole = a_text(text)
        if (len(whole) + 1) * len(inserted) > MAX_CHARACTERS:
            raise UnknownError
        return bounded_text(pattern_of(wanted[1:-1], whole).sub(lambda _: inserted, whole))
    whole, inserted = a_text(text), a_text(substitute)
    if whole.count(wanted) * len(inserted) > MAX_CHARACTERS:
        raise UnknownError
    return whole.replace(wanted, inserted)


def _found(match: re.Match[str]) -> Value:
    return match.groups() if match.re.groups else match[0]


def _regex(pattern: Value, text: Value) -> Value:
    subject = a_text(text)
    match = pattern_of(a_text(pattern), subject).search(subject)
    if match is None:
        message = "the text does not match the pattern"
        raise FailureError(message)
    return _found(match)


def _regexall(pattern: Value, text: Value) -> Value:
    subject = a_text(text)
    return tuple(_found(match) for match in pattern_of(a_text(pattern), subject).finditer(subject))


def _substr(text: Value, offset: Value, length: Value) -> Value:
    whole, start, count = a_text(text), an_integer(offset), an_integer(length)
    start = max(0, start + len(whole)) if start < 0 else start
    return whole[start:] if count < 0 else whole[start : start + count]


def _trim(text: Value, characters: Value) -> Value:
    return a_text(text).strip(a_text(characters))


def _startswith(text: Value, prefix: Value) -> Value:
    if isinstance(text, Joined) and isinstance(text.parts[0], str):
        start, wanted = text.parts[0], a_text(prefix)
        if start.startswith(wanted) or not wanted.startswith(start):
            return start.startswith(wanted)
    return a_text(text).startswith(a_text(prefix))


def _endswith(text: Value, suffix: Value) -> Value:
    if isinstance(text, Joined) and isinstance(text.parts[-1], str):
        end, wanted = text.parts[-1], a_text(suffix)
        if end.endswith(wanted) or not wanted.endswith(end):
            return end.endswith(wanted)
    return a_text(text).endswith(a_text(suffix))


def _parseint(text: Value, base: Value) -> Value:
    digits, radix = a_text(text), an_integer(base)
    if len(digits) > 70 or not re.fullmatch(r"-?[0-9a-zA-Z]+", digits):
        raise UnknownError
    return int(digits, radix)


def _title(text: Value) -> Value:
    return re.sub(r"(^|[^\w])(\w)", lambda match: match[1] + match[2].upper(), a_text(text))


FUNCTIONS: Mapping[str, Callable[..., Value]] = {
    "base64encode": lambda text: bounded_text(base64.b64encode(a_text(text).encode()).decode()),
    "chomp": lambda text: a_text(text).rstrip("\r\n"),
    "endswith": _endswith,
    "format": _format,
    "formatlist": _formatlist,
    "join": _join,
    "lower": lambda text: a_text(text).lower(),
    "parseint": _parseint,
    "regex": _regex,
    "regexall": _regexall,
    "replace": _replace,
    "split": _split,
    "startswith": _startswith,
    "strcontains": lambda text, wanted: a_text(wanted) in a_text(text),
    "strrev": lambda text: a_text(text)[::-1],
    "substr": _substr,
    "title": _title,
    "trim": _trim,
    "trimprefix": lambda text, prefix: a_text(text).removeprefix(a_text(prefix)),
    "trimspace": lambda text: a_text(text).strip(" \t\n\r\v\f\x85\xa0"),
    "trimsuffix": lambda text, suffix: a_text(text).removesuffix(a_text(suffix)),
    "upper": lambda text: a_text(text).upper(),
}
