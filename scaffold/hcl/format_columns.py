"""How many columns text takes, as Terraform counts them: one for each character that a reader sees."""

import unicodedata
from itertools import pairwise

_ZERO_WIDTH_JOINER = "\u200d"
_COMBINING = {"Mn", "Me", "Mc"}
_JOINING_LETTERS = "\u0e33\u0eb3"  # Thai and Lao AM, which the annex counts among the marks
_STANDING_MARKS = "\u102b\u102c\u1038"  # Burmese marks, which it does not


def columns(text: str) -> int:
    """Return how many grapheme clusters `text` has.

    The rules are those of Unicode's annex 29 (https://unicode.org/reports/tr29/) as far as `unicodedata` carries
    the properties they need; rare marks of some scripts (Myanmar's minority languages, prepended signs) are not known.
    """
    if text.isascii():
        return len(text) - text.count("\r\n")
    count = 1
    flags = 0  # regional indicators in a row: each pair is one flag
    for before, char in pairwise(text):
        flags = flags + 1 if _is_regional(before) else 0
        if not _joins(before, char) and not (_is_regional(char) and flags % 2):
            count += 1
    return count


def _joins(before: str, char: str) -> bool:
    if char.isascii():
        return before == "\r" and char == "\n"
    if before < " ":
        return False
    if char in (_ZERO_WIDTH_JOINER, "\u200c") or "\U0001f3fb" <= char <= "\U0001f3ff":
        return True
    if unicodedata.category(char) in _COMBINING or char in _JOINING_LETTERS:
        return char not in _STANDING_MARKS
    if before == _ZERO_WIDTH_JOINER:
        return unicodedata.category(char) == "So"
    return _joins_hangul(before, char)


def _joins_hangul(before: str, char: str) -> bool:
    if "\u1160" <= char <= "\u11ff":
        return "\u1100" <= before <= "\u11ff" or "\uac00" <= before <= "\ud7a3"
    return "\u1100" <= before <= "\u115f" and ("\u1100" <= char <= "\u115f" or "\uac00" <= char <= "\ud7a3")


def _is_regional(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"
