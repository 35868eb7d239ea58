import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from scaffold.compare.files import FileComparison, FileStatus, compare_files
from scaffold.files import File
from scaffold.workspace.ignore import parse_ignore
from scaffold.workspace.manifest import Manifest, hash_of

PINNED = 'terraform {\n  required_version = "1.9.0"\n}\n'
BUMPED = PINNED.replace("1.9.0", "1.9.8")

RENDERED = (
    File("README.md", "# shop\n"),
    File("modules/network/main.tf", "a = 1\nb = 2\n"),
    File("run.sh", "#!/bin/sh\n", executable=True),
    File("versions.tf", PINNED),
)
MANIFEST = Manifest("1.0", {file.path: hash_of(file.text.encode()) for file in RENDERED})
MAIN = "modules/network/main.tf"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository as it was rendered."""
    for file in RENDERED:
        path = tmp_path / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.text.encode())
        path.chmod(0o755 if file.executable else 0o644)
    return tmp_path


def compared(
    root: Path, *, rendered: tuple[File, ...] = RENDERED, manifest: Manifest | None = MANIFEST, ignore: str = ""
) -> dict[str, tuple[str, str]]:
    """Return the status and note of each file that is not simply unchanged."""
    found = compare_files(root, rendered, manifest, parse_ignore(ignore)).files
    assert [each.path for each in found] == sorted(each.path for each in found)
    return {each.path: (str(each.status), each.note) for each in found if (each.status, each.note) != ("unchanged", "")}


def the(root: Path, path: str = MAIN, manifest: Manifest | None = MANIFEST) -> FileComparison:
    """Return the comparison of one file."""
    found = compare_files(root, RENDERED, manifest, parse_ignore("")).files
    return next(each for each in found if each.path == path)


def changed(path: str, text: str) -> tuple[File, ...]:
    """Return the files rendered with another text for one of them."""
    return tuple(File(file.path, text, file.executable) if file.path == path else file for file in RENDERED)


@pytest.mark.parametrize("manifest", [MANIFEST, None])
def test_what_is_as_rendered_is_unchanged(root: Path, manifest: Manifest | None) -> None:
    found = compare_files(root, RENDERED, manifest, parse_ignore("")).files
    assert {each.path for each in found} == {file.path for file in RENDERED}
    assert {each.status for each in found} == {FileStatus.UNCHANGED}


def test_an_edit_is_told_from_an_outdated_template_and_from_both(root: Path) -> None:
    newer = changed(MAIN, "a = 1\nb = 3\n")
    assert compared(root, rendered=newer) == {MAIN: ("outdated", "")}
    (root / MAIN).write_text("a = 0\nb = 2\n")
    assert compared(root) == {MAIN: ("edited", "")}
    assert compared(root, rendered=newer) == {MAIN: ("edited and outdated", "")}
    assert compared(root, manifest=None) == {MAIN: ("different", "")}


def test_an_edit_that_says_what_is_now_rendered_is_no_difference(root: Path) -> None:
    (root / MAIN).write_text("a = 1\nb = 3\n")
    assert compared(root, rendered=changed(MAIN, "a = 1\nb = 3\n")) == {}


def test_a_file_that_was_deleted_is_told_from_one_that_is_new(root: Path) -> None:
    (root / MAIN).unlink()
    new = File("new.tf", "c = 3\n")
    assert compared(root, rendered=(*RENDERED, new)) == {
        MAIN: ("missing", "deleted since scaffold wrote it"),
        "new.tf": ("missing", "new: the templates or the answers changed"),
    }
    assert compared(root, manifest=None) == {MAIN: ("missing", "")}


def test_a_file_of_the_users_is_extra_and_one_no_longer_rendered_says_so(root: Path) -> None:
    (root / "mine.tf").write_text("")
    assert compared(root, rendered=RENDERED[1:]) == {
        "README.md": ("extra", "written by scaffold, no longer rendered"),
        "mine.tf": ("extra", ""),
    }
    (root / "README.md").write_text("mine\n")
    note = "written by scaffold, no longer rendered, and edited since"
    assert compared(root, rendered=RENDERED[1:])["README.md"] == ("extra", note)


def test_a_file_scaffold_did_not_write_is_just_different(root: Path) -> None:
    manifest = Manifest("1.0", {path: found for path, found in MANIFEST.hashes.items() if path != MAIN})
    (root / MAIN).write_text("mine\n")
    assert compared(root, manifest=manifest) == {MAIN: ("different", "")}


def test_a_difference_of_mode_alone_is_named(root: Path) -> None:
    (root / "run.sh").chmod(0o644)
    (root / MAIN).chmod(0o755)
    assert compared(root) == {
        "run.sh": ("edited", "executable as rendered, not there"),
        MAIN: ("edited", "executable there, not as rendered"),
    }
    (root / "run.sh").write_text("#!/bin/bash\n")
    assert compared(root)["run.sh"] == ("edited", "executable as rendered, not there")


def test_a_mode_that_was_changed_under_a_newer_template_is_both(root: Path) -> None:
    (root / MAIN).chmod(0o755)
    found = compared(root, rendered=changed(MAIN, "a = 1\nb = 3\n"))
    assert found == {MAIN: ("edited and outdated", "executable there, not as rendered")}


LINE_ENDS = {
    b"a = 1\r\nb = 2\r\n": "only: line ends differ",
    b"a = 1\r\nb = 3\r\n": "line ends differ",
    b"\xef\xbb\xbfa = 1\nb = 2\n": "only: there begins with a byte order mark",
    b"\xef\xbb\xbfa = 1\r\nb = 2\r\n": "only: line ends differ, there begins with a byte order mark",
    b"a = 1\nb = '\xe9'\n": "binary, or not UTF-8",
    b"a = 1\0\n": "binary, or not UTF-8",
    b"#" * 2_000_001: "larger than 2,000,000 bytes",
    b"": "",
}


@pytest.mark.parametrize("content", LINE_ENDS, ids=range(len(LINE_ENDS)))
def test_bytes_are_compared_and_what_is_odd_about_them_is_named(root: Path, content: bytes) -> None:
    (root / MAIN).write_bytes(content)
    assert compared(root) == {MAIN: ("edited", LINE_ENDS[content])}
    text = the(root).there
    assert text is None if LINE_ENDS[content].startswith(("binary", "larger")) else text == content.decode()


def test_an_unchanged_file_that_is_large_is_unchanged(root: Path) -> None:
    text = "#" * 2_000_001
    (root / MAIN).write_text(text)
    assert compared(root, rendered=changed(MAIN, text)) == {}


def _folder(path: Path) -> None:
    path.mkdir()


def _link(path: Path) -> None:
    path.symlink_to(path.parent.parent.parent / "README.md")


OBSTACLES: dict[str, Callable[[Path], object]] = {
    "is a link, which is not followed": _link,
    "is a folder": _folder,
    "is no regular file": os.mkfifo,
}


@pytest.mark.parametrize("note", OBSTACLES)
def test_what_is_no_file_is_not_read(root: Path, note: str) -> None:
    (root / MAIN).unlink()
    OBSTACLES[note](root / MAIN)
    assert compared(root) == {MAIN: ("edited", note)}


def test_a_linked_folder_is_not_followed(root: Path, tmp_path: Path) -> None:
    (root / "modules/network").rename(root / "modules/other")
    (root / "modules/network").symlink_to(root / "modules/other")
    assert compared(root) == {
        MAIN: ("missing", "its folder is a link, which is not followed"),
        "modules/network": ("extra", ""),
        "modules/other/main.tf": ("extra", ""),
    }


def test_links_in_a_circle_end(root: Path) -> None:
    (root / "modules/loop").symlink_to(root)
    assert compared(root) == {"modules/loop": ("extra", "")}


def test_what_terraform_and_caches_leave_behind_is_passed_over(root: Path) -> None:
    for path in (".terraform/x.tf", ".git/x", "nested/.git/x", "nested/main.tf", ".scaffold/manifest.json"):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("")
    for name in (".terraform.lock.hcl", "terraform.tfstate", "terraform.tfstate.backup", "crash.log"):
        (root / name).write_text("")
        (root / "modules/network" / name).write_text("")
    assert compared(root) == {}


def test_what_scaffold_ignore_names_is_passed_over_whether_rendered_or_not(root: Path) -> None:
    (root / MAIN).write_text("mine\n")
    (root / "docs").mkdir()
    (root / "docs/a.md").write_text("")
    (root / "b.md").write_text("")
    found = compare_files(root, RENDERED, MANIFEST, parse_ignore("[diff]\ndocs/\nmodules/**\n[update]\nb.md\n"))
    assert found.ignored == {MAIN, "docs/a.md"}
    assert [each.path for each in found.files if each.status != "unchanged"] == ["b.md"]


def test_what_git_ignores_is_passed_over_unless_it_is_tracked(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git = ["git", "-c", "init.defaultBranch=main"]
    subprocess.run([*git, "init", "--quiet"], cwd=root, check=True)
    (root / ".git/info/exclude").write_text("*.log\n:odd*\n")
    for name in ("a.log", "tracked.log", "-x\n.log", ":odd", "mine.tf"):
        (root / name).write_text("")
    subprocess.run([*git, "add", "--force", "tracked.log"], cwd=root, check=True)
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    assert compared(root) == {"mine.tf": ("extra", ""), "tracked.log": ("extra", "")}


def test_asking_git_runs_nothing_that_the_repository_names(root: Path) -> None:
    subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)
    hook = root / ".git/hook"
    hook.write_text(f"#!/bin/sh\ntouch {root}/.git/ran\n")
    hook.chmod(0o755)
    subprocess.run(["git", "config", "core.fsmonitor", str(hook)], cwd=root, check=True)
    (root / "mine.tf").write_text("")
    assert compared(root) == {"mine.tf": ("extra", "")}
    assert not (root / ".git/ran").exists()


def test_without_git_nothing_else_is_ignored(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    (root / "mine.tf").write_text("")
    assert compared(root) == {"mine.tf": ("extra", "")}


@pytest.mark.parametrize("manifest", [MANIFEST, None])
def test_a_version_that_a_bot_raised_is_no_difference(root: Path, manifest: Manifest | None) -> None:
    (root / "versions.tf").write_text(BUMPED)
    assert compared(root, manifest=manifest) == {"versions.tf": ("unchanged", "versions bumped")}
    found = compare_files(root, RENDERED, manifest, parse_ignore(""))
    assert found.bumped == {"versions.tf": PINNED}
    (root / "versions.tf").write_text(BUMPED + "# mine\n")
    assert compared(root, manifest=manifest)["versions.tf"][0] == ("edited" if manifest else "different")


def test_a_version_that_the_templates_raised_is_a_difference(root: Path) -> None:
    assert compared(root, rendered=changed("versions.tf", BUMPED)) == {"versions.tf": ("outdated", "")}


def test_odd_names_are_names(root: Path) -> None:
    names = ["a\nb", "\x1b[31m", os.fsdecode(b"\xff")]
    for name in names:
        (root / name).write_text("")
    assert set(compared(root)) == set(names)
