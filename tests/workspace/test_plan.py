import os
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scaffold.files import File
from scaffold.workspace.base import RECORD_PATHS
from scaffold.workspace.plan import Change, TargetError, plan
from tests.workspace.trees import FIRST, SECOND, snapshot, statuses, write


def test_every_file_of_a_new_target_is_new(tmp_path: Path) -> None:
    assert set(statuses(tmp_path / "out", FIRST).values()) == {Change.NEW}
    assert not (tmp_path / "out").exists()


def test_an_untouched_tree_is_unchanged_and_is_not_written_again(tmp_path: Path) -> None:
    write(tmp_path / "out", FIRST)
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")}
    assert set(statuses(tmp_path / "out", FIRST).values()) == {Change.UNCHANGED}
    assert not plan(tmp_path / "out", FIRST).differs
    write(tmp_path / "out", FIRST)
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")} == times


def test_other_answers_change_add_and_remove_files_of_ours(tmp_path: Path) -> None:
    write(tmp_path / "out", FIRST)
    assert statuses(tmp_path / "out", SECOND) == {
        "README.md": Change.CHANGED,
        "environments/dev/main.tf": Change.NEW,
        "modules/network/main.tf": Change.UNCHANGED,
        "modules/network/nat.tf": Change.REMOVED,
        "run.sh": Change.CHANGED,
        "scaffold.yaml": Change.CHANGED,
    }


def test_an_edited_file_would_be_overwritten(tmp_path: Path) -> None:
    write(tmp_path / "out", FIRST)
    (tmp_path / "out/README.md").write_text("mine\n")
    assert statuses(tmp_path / "out", SECOND)["README.md"] is Change.EDITED
    assert [file.path for file in plan(tmp_path / "out", SECOND).refused] == ["README.md"]


def test_an_edit_that_says_what_is_rendered_anyway_is_unchanged(tmp_path: Path) -> None:
    write(tmp_path / "out", FIRST)
    (tmp_path / "out/README.md").write_text("# two\n")
    assert statuses(tmp_path / "out", SECOND)["README.md"] is Change.UNCHANGED


def test_an_edited_file_that_is_no_longer_rendered_is_kept(tmp_path: Path) -> None:
    write(tmp_path / "out", FIRST)
    (tmp_path / "out/modules/network/nat.tf").write_text("mine\n")
    assert statuses(tmp_path / "out", SECOND)["modules/network/nat.tf"] is Change.KEPT
    write(tmp_path / "out", SECOND)
    assert (tmp_path / "out/modules/network/nat.tf").read_text() == "mine\n"
    assert "modules/network/nat.tf" not in statuses(tmp_path / "out", SECOND)


def test_a_file_that_scaffold_did_not_write_would_be_overwritten(tmp_path: Path) -> None:
    write(tmp_path / "out", FIRST)
    (tmp_path / "out/environments/dev").mkdir(parents=True)
    (tmp_path / "out/environments/dev/main.tf").write_text("mine\n")
    assert statuses(tmp_path / "out", SECOND)["environments/dev/main.tf"] is Change.FOREIGN


def test_a_file_that_was_removed_is_new_again(tmp_path: Path) -> None:
    write(tmp_path / "out", FIRST)
    (tmp_path / "out/README.md").unlink()
    assert statuses(tmp_path / "out", FIRST)["README.md"] is Change.NEW
    assert "modules/network/nat.tf" in statuses(tmp_path / "out", SECOND)
    (tmp_path / "out/modules/network/nat.tf").unlink()
    assert "modules/network/nat.tf" not in statuses(tmp_path / "out", SECOND)


def test_a_lost_executable_bit_is_a_change(tmp_path: Path) -> None:
    write(tmp_path / "out", FIRST)
    (tmp_path / "out/run.sh").chmod(0o644)
    assert statuses(tmp_path / "out", FIRST)["run.sh"] is Change.CHANGED
    write(tmp_path / "out", FIRST)
    assert os.access(tmp_path / "out/run.sh", os.X_OK)


def test_files_get_the_users_own_mask(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        write(tmp_path / "out", FIRST)
    finally:
        os.umask(before)
    modes = [(tmp_path / "out" / name).stat().st_mode & 0o777 for name in ("", "README.md", "run.sh")]
    assert modes == [0o700, 0o600, 0o700]


@pytest.mark.parametrize(
    "there",
    [[], [".git/HEAD"], ["scaffold.yaml"], [".git/HEAD", "scaffold.yaml"], [".scaffold/pending/new/main.tf"]],
    ids=" ".join,
)
def test_a_target_with_no_more_than_a_repository_and_answers_is_as_good_as_new(
    tmp_path: Path, there: list[str]
) -> None:
    for name in there:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("name: shop\n")
    assert not plan(tmp_path, FIRST).refused
    write(tmp_path, FIRST)
    assert (tmp_path / "run.sh").is_file()


def test_other_answers_than_those_in_the_way_would_overwrite_them(tmp_path: Path) -> None:
    (tmp_path / "scaffold.yaml").write_text("# mine\nname: other\n")
    assert statuses(tmp_path, FIRST)["scaffold.yaml"] is Change.EDITED


def test_a_folder_with_other_things_is_refused_and_with_force_written_beside(tmp_path: Path) -> None:
    for name in ("a", "b", "c", "d"):
        (tmp_path / name).write_text("mine")
    with pytest.raises(TargetError, match=r"not empty \(a, b, c, …\) and was not made by scaffold; .*--force"):
        plan(tmp_path, FIRST)
    write(tmp_path, FIRST, force=True)
    assert (tmp_path / "a").read_text() == "mine"
    assert (tmp_path / "README.md").is_file()


def test_a_target_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(TargetError, match="out is not a folder"):
        plan(tmp_path / "out", FIRST)
    with pytest.raises(TargetError, match="out is not a folder"):
        plan(tmp_path / "out/inner/folder", FIRST)


@pytest.mark.parametrize("of", ["folder", "nothing"])
def test_a_target_that_is_a_link_is_refused(tmp_path: Path, of: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / of)
    with pytest.raises(TargetError, match="out is a link"):
        plan(tmp_path / "out", FIRST)


@pytest.mark.parametrize("target", [".", "new/one"])
def test_a_target_that_is_not_writable_is_refused_before_anything_is_verified(
    tmp_path: Path, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Simulated: permissions do not bind root, as whom tests may run.
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != tmp_path)
    with pytest.raises(TargetError, match="is not writable"):
        plan(tmp_path / target, FIRST)


@pytest.mark.parametrize("link", ["README.md", "modules", "modules/network", ".scaffold"])
def test_nothing_is_written_through_a_link(tmp_path: Path, link: str) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out" / link).parent.mkdir(parents=True)
    (tmp_path / "out" / link).symlink_to(tmp_path / "elsewhere")
    for force in (False, True):
        with pytest.raises(TargetError):
            plan(tmp_path / "out", FIRST, force)
    with pytest.raises(TargetError, match=f"{link} is a link where a .* is to be written"):
        plan(tmp_path / "out", FIRST, True)


def test_folders_where_files_go_and_files_where_folders_go_are_all_named(tmp_path: Path) -> None:
    (tmp_path / "README.md").mkdir()
    (tmp_path / "modules").write_text("mine")
    (tmp_path / ".scaffold/manifest.json").mkdir(parents=True)
    with pytest.raises(TargetError) as caught:
        plan(tmp_path, FIRST, force=True)
    said = str(caught.value)
    assert "README.md is not a file." in said
    assert "modules is not a folder." in said
    assert "manifest.json is not a file." in said


def test_what_lies_behind_a_link_is_not_removed(tmp_path: Path) -> None:
    write(tmp_path / "out", FIRST)
    (tmp_path / "out/modules/network/nat.tf").rename(tmp_path / "nat.tf")
    (tmp_path / "out/modules/network/nat.tf").symlink_to(tmp_path / "nat.tf")
    assert "modules/network/nat.tf" not in statuses(tmp_path / "out", SECOND)
    write(tmp_path / "out", SECOND)
    assert (tmp_path / "nat.tf").is_file()


def test_folders_left_empty_go_and_others_stay(tmp_path: Path) -> None:
    write(tmp_path / "out", FIRST)
    without = tuple(file for file in FIRST if not file.path.startswith("modules/"))
    write(tmp_path / "out", without)
    assert not (tmp_path / "out/modules").exists()
    write(tmp_path / "out", FIRST)
    (tmp_path / "out/modules/notes.txt").write_text("mine")
    write(tmp_path / "out", without)
    assert [path.name for path in (tmp_path / "out/modules").iterdir()] == ["notes.txt"]


def test_a_project_and_a_module_do_not_replace_each_other(tmp_path: Path) -> None:
    module = (File("main.tf", "# module\n"),)
    write(tmp_path / "project", FIRST)
    write(tmp_path / "module", module)
    with pytest.raises(TargetError, match="holds a project of its own"):
        plan(tmp_path / "project", module, force=True)
    with pytest.raises(TargetError, match="holds a module of its own"):
        plan(tmp_path / "module", FIRST, force=True)


def test_a_file_renamed_in_case_only_is_there_afterwards(tmp_path: Path) -> None:
    before, after = (File("Main.tf", "# same\n"),), (File("main.tf", "# same\n"),)
    write(tmp_path / "out", before)
    write(tmp_path / "out", after)
    assert [path.name for path in (tmp_path / "out").iterdir() if path.suffix == ".tf"] == ["main.tf"]


PATHS = st.sampled_from(["a.tf", "b.tf", "m/a.tf", "m/n/b.tf", "scaffold.yaml"])
TEXTS = st.sampled_from(["one\n", "two\n", ""])
FILES = st.dictionaries(PATHS, st.tuples(TEXTS, st.booleans()))
EDITS = st.lists(st.tuples(PATHS, st.sampled_from(["one\n", "mine\n", None])), max_size=4)


@settings(max_examples=300, deadline=None)
@given(before=FILES, after=FILES, edits=EDITS)
def test_what_a_dry_run_says_is_what_a_run_then_does(
    before: dict[str, tuple[str, bool]], after: dict[str, tuple[str, bool]], edits: list[tuple[str, str | None]]
) -> None:
    before, after = ({**files, "scaffold.yaml": ("a: b\n", False)} for files in (before, after))
    first, second = (tuple(File(path, *it) for path, it in sorted(files.items())) for files in (before, after))
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "out")
        write(target, first)
        for path, text in edits:
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            if text is None:
                (target / path).unlink(missing_ok=True)
            else:
                (target / path).write_text(text)
        old = snapshot(target)
        said = statuses(target, second)
        assert snapshot(target) == old
        write(target, second)
        new = snapshot(target)

        for path, status in said.items():
            wanted = (after[path][0].encode(), after[path][1]) if path in after else None
            if status is Change.NEW:
                assert (path in old, new[path]) == (False, wanted)
            elif status is Change.UNCHANGED:
                assert old[path] == new[path] == wanted
            elif status is Change.REMOVED:
                assert path in old
                assert path not in new
            elif status is Change.KEPT:
                assert old[path] == new[path]
                assert wanted is None
            else:
                assert old[path] != new[path] == wanted
        assert set(after) <= set(said)
        files = {path for path, content in (old | new).items() if content != "folder"}
        for path in files - set(said) - set(RECORD_PATHS):
            assert old.get(path) == new.get(path)
        assert set(statuses(target, second).values()) == {Change.UNCHANGED}


def test_the_property_above_knows_a_changed_mode(tmp_path: Path) -> None:
    write(tmp_path / "out", FIRST)
    other = tuple(replace(file, executable=not file.executable) for file in FIRST)
    assert set(statuses(tmp_path / "out", other).values()) == {Change.CHANGED}
