import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaffold.files import File
from scaffold.workspace.base import BASE_PATH, BaseError, read_base, records
from scaffold.workspace.manifest import MANIFEST_PATH, ManifestError
from tests.workspace.trees import FIRST, write


def store(root: Path, files: tuple[File, ...]) -> None:
    for file in records(files, "1.0"):
        (root / file.path).parent.mkdir(exist_ok=True)
        (root / file.path).write_bytes(file.text.encode())


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=4), st.booleans())
def test_texts_are_read_as_they_were_rendered(texts: list[str], executable: bool) -> None:
    files = tuple(File(f"{number}.tf", text, executable) for number, text in enumerate(texts))
    with tempfile.TemporaryDirectory() as folder:
        store(Path(folder), files)
        base = read_base(Path(folder))
    assert base is not None
    assert tuple(base.files[file.path] for file in files) == files


def test_a_line_of_a_text_is_a_line_of_the_base() -> None:
    base = next(file for file in records((File("a.tf", 'a = "ü"\nb = 2\n'),), "1.0") if file.path == BASE_PATH)
    assert '    "a = \\"ü\\"",\n    "b = 2",\n' in base.text


def test_publishing_leaves_the_base_of_what_was_rendered(tmp_path: Path) -> None:
    write(tmp_path / "out", FIRST)
    base = read_base(tmp_path / "out")
    assert base is not None
    assert tuple(base.files.values()) == FIRST
    assert base.manifest.version == "1.0"


def test_there_is_none_where_scaffold_rendered_nothing(tmp_path: Path) -> None:
    assert read_base(tmp_path) is None


def test_a_repository_from_before_has_its_unedited_files_as_bases(tmp_path: Path) -> None:
    write(tmp_path / "out", FIRST)
    (tmp_path / "out" / BASE_PATH).unlink()
    base = read_base(tmp_path / "out")
    assert base is not None
    assert base.file("README.md", File("README.md", "mine\n"), FIRST[0]) == FIRST[0]
    assert base.file("README.md", File("README.md", "mine\n"), None) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"format": 1}',
        '{"format": 1, "files": {"a.tf": {}}}',
        '{"format": 1, "files": {"a.tf": {"lines": "x"}}}',
        '{"format": 1, "files": {"a.tf": {"lines": [1]}}}',
        '{"format": 1, "files": {"a.tf": {"lines": ["\\ud800"]}}}',
        '{"format": 1, "files": {"../a.tf": {"lines": []}}}',
        "[" * 100_000,
        "\x00",
    ],
)
def test_a_broken_base_is_refused_with_a_mend(tmp_path: Path, text: str) -> None:
    write(tmp_path, FIRST)
    (tmp_path / BASE_PATH).write_text(text)
    with pytest.raises(BaseError, match=r"base\.json: not a base .* Restore \.scaffold/ from version control"):
        read_base(tmp_path)


def test_a_base_that_is_not_what_the_manifest_vouches_for_is_refused(tmp_path: Path) -> None:
    write(tmp_path, FIRST)
    data = json.loads((tmp_path / BASE_PATH).read_text())
    data["files"]["README.md"]["lines"][0] = "# other"
    (tmp_path / BASE_PATH).write_text(json.dumps(data))
    with pytest.raises(BaseError, match=r"not what the manifest says was rendered \(README\.md\)\. Restore"):
        read_base(tmp_path)


def test_a_base_that_lacks_a_file_is_refused(tmp_path: Path) -> None:
    write(tmp_path, FIRST)
    data = json.loads((tmp_path / BASE_PATH).read_text())
    del data["files"]["run.sh"]
    (tmp_path / BASE_PATH).write_text(json.dumps(data))
    with pytest.raises(BaseError, match=r"\(run\.sh\)"):
        read_base(tmp_path)


@pytest.mark.parametrize("path", [BASE_PATH, MANIFEST_PATH])
def test_a_record_of_a_newer_scaffold_is_left_to_it(tmp_path: Path, path: str) -> None:
    write(tmp_path, FIRST)
    data = json.loads((tmp_path / path).read_text())
    (tmp_path / path).write_text(json.dumps(data | {"format": 2}))
    with pytest.raises((BaseError, ManifestError), match="written by a newer scaffold"):
        read_base(tmp_path)
