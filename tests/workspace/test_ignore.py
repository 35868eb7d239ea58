from pathlib import Path

import pytest

from scaffold.workspace.ignore import IGNORE_PATH, IgnoreError, Section, parse_ignore, read_ignore


def ignored(patterns: str, path: str) -> bool:
    return parse_ignore(f"[update]\n{patterns}\n").ignored(path, Section.UPDATE)


@pytest.mark.parametrize(
    ("patterns", "path", "expected"),
    [
        ("*.md", "README.md", True),
        ("*.md", "docs/a/README.md", True),
        ("*.md", "README.mdx", False),
        ("/README.md", "docs/README.md", False),
        ("/README.md", "README.md", True),
        ("docs/*.md", "docs/a.md", True),
        ("docs/*.md", "docs/a/b.md", False),
        ("docs/**/*.md", "docs/a/b.md", True),
        ("docs/**/*.md", "docs/b.md", True),
        ("**/main.tf", "modules/network/main.tf", True),
        ("docs/", "docs/a/b.md", True),
        ("docs/", "docs", False),
        ("docs", "docs/a.md", True),
        ("modules/network/**", "modules/network/main.tf", True),
        ("modules/network/**", "modules/eks/main.tf", False),
        ("*.md\n!README.md", "README.md", False),
        ("!README.md\n*.md", "README.md", True),
        ("docs/\n!docs/a.md", "docs/a.md", True),
        ("main.t[fg]", "main.tf", True),
        ("main.t?", "main.tf", True),
        ("# main.tf", "main.tf", False),
        ("\\#a", "#a", True),
        ("  main.tf  ", "main.tf", True),
    ],
)
def test_patterns_mean_what_they_mean_to_git(patterns: str, path: str, expected: bool) -> None:
    assert ignored(patterns, path) is expected


def test_the_sections_are_apart() -> None:
    ignore = parse_ignore("[diff]\na\n[update]\nb\n[diff]\nc\n")
    assert [[ignore.ignored(name, section) for name in "abc"] for section in Section] == [
        [True, False, True],
        [False, True, False],
    ]


def test_without_a_file_nothing_is_ignored(tmp_path: Path) -> None:
    assert not read_ignore(tmp_path).ignored("a", Section.DIFF)


def test_a_file_saved_on_windows_is_read(tmp_path: Path) -> None:
    (tmp_path / ".scaffold").mkdir()
    (tmp_path / IGNORE_PATH).write_bytes(b"\xef\xbb\xbf[diff]\r\n*.md\r\n")
    assert read_ignore(tmp_path).ignored("a.md", Section.DIFF)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"[diff]\n\n[updates]\n", r"ignore line 3: there is no section \[updates\]; there are \[diff\], \[update\]"),
        (b"# all\n*.md\n", r"ignore line 2: \*\.md stands in no section; put \[diff\], \[update\] above it"),
        (b"\xff", "it is not UTF-8"),
    ],
)
def test_a_file_that_cannot_be_meant_is_an_error(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / ".scaffold").mkdir()
    (tmp_path / IGNORE_PATH).write_bytes(content)
    with pytest.raises(IgnoreError, match=message):
        read_ignore(tmp_path)


def test_many_stars_do_not_hang() -> None:
    assert not ignored("**/" * 1000 + "x", "/".join("abcdefghij" * 20))
    assert not ignored("*a" * 50 + "b", "a" * 200)
