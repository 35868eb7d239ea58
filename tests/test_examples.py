"""`examples/` is what the presets render."""

from pathlib import Path

from maintenance.examples import EXAMPLES, write_examples


def tree(folder: Path) -> dict[str, tuple[bytes, bool]]:
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), bool(path.stat().st_mode & 0o100))
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_examples_are_what_the_presets_render(tmp_path):
    write_examples(tmp_path / "examples")
    rendered, kept = tree(tmp_path / "examples"), tree(EXAMPLES)
    differing = sorted(path for path in rendered.keys() | kept.keys() if rendered.get(path) != kept.get(path))
    assert not differing, f"run `make examples` and read the diff: {', '.join(differing)}"
