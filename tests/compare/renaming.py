"""Gives everything in a repository another name, so that nothing of its naming is left and all of its meaning."""

import re
from collections.abc import Iterable

from scaffold.files import File

_RESOURCE = re.compile(r'^resource\s+"(\w+)"\s+"(\w+)"', re.MULTILINE)


def renamed(files: Iterable[File], words: Iterable[str] = ()) -> list[File]:
    """Return a repository's files with another name for every resource and for every call of a module.

    Args:
        files: all its files.
        words: other words that are names here, such as keys of `for_each`.
    """
    given = list(files)
    labels = {match.groups() for file in given for match in _RESOURCE.finditer(file.text)}
    return [File(file.path, _text(file.text, labels, words)) if file.path.endswith(".tf") else file for file in given]


def _text(text: str, labels: set[tuple[str, ...]], words: Iterable[str]) -> str:
    for kind, label in labels:
        other = f"z{_turned(label)}"
        text = re.sub(rf'(resource\s+"{kind}"\s+)"{label}"', rf'\1"{other}"', text)
        # What a data source of the same names is called stays.
        text = re.sub(rf"(?<!data\.)\b{kind}\.{label}\b", f"{kind}.{other}", text)
    for word in words:
        text = re.sub(rf"\b{word}\b", f"{_turned(word)}_x", text)
    return re.sub(r'(module\s+"|module\.)(\w+)', lambda match: f"{match[1]}its_{match[2]}", text)


def _turned(word: str) -> str:
    """Return a word of which the order among others is another: every letter is its counterpart from the end."""
    return "".join(chr(219 - ord(each)) if each.isalpha() and each.islower() else each for each in word)
