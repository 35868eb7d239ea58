"""What an update does to single files: the three sides in, the outcome and the file out."""

import os
import shutil
from pathlib import Path

import pytest

from scaffold.files import File
from scaffold.workspace.base import BASE_PATH, read_base
from scaffold.workspace.ignore import parse_ignore
from scaffold.workspace.merge import UpdatePlan, plan_update
from scaffold.workspace.plan import TargetError
from scaffold.workspace.publish import publish_merged
from scaffold.workspace.three_way import MergeError
from tests.workspace.trees import snapshot, write

BASE = "".join(f"line {number}\n" for number in range(1, 11))
NEW = BASE.replace("line 2\n", "line two\n")


def planned(target: Path, *files: File, ignore: str = "") -> UpdatePlan:
    base = read_base(target)
    assert base is not None
    return plan_update(target, base, files, "2.0", parse_ignore(ignore))


def applied(target: Path, *files: File, ignore: str = "") -> dict[str, str]:
    """Update a target, see that doing it again does nothing, and return what became of each file."""
    plan = planned(target, *files, ignore=ignore)
    publish_merged(target, (*plan.contents, *plan.records), plan.remove, plan.seen)
    before = snapshot(target)
    again = planned(target, *files, ignore=ignore)
    assert (again.contents, again.remove) == ((), ())
    if not again.unresolved:
        publish_merged(target, again.records, (), again.seen)
        assert snapshot(target) == before
    return {file.path: file.status.value for file in plan.files}


@pytest.fixture
def target(tmp_path: Path) -> Path:
    write(tmp_path / "out", (File("a.tf", BASE),))
    return tmp_path / "out"


def test_what_is_rendered_as_before_is_unchanged(target: Path) -> None:
    assert applied(target, File("a.tf", BASE)) == {"a.tf": "unchanged"}


def test_what_nobody_edited_is_updated(target: Path) -> None:
    assert applied(target, File("a.tf", NEW)) == {"a.tf": "updated"}
    assert (target / "a.tf").read_text() == NEW


def test_an_edit_is_kept_where_the_templates_are_the_same(target: Path) -> None:
    (target / "a.tf").write_text("mine\n")
    assert applied(target, File("a.tf", BASE)) == {"a.tf": "kept as you edited it"}
    assert (target / "a.tf").read_text() == "mine\n"


def test_edits_that_do_not_overlap_are_merged(target: Path) -> None:
    (target / "a.tf").write_text(BASE.replace("line 9\n", "line 9\nmine\n"))
    assert applied(target, File("a.tf", NEW)) == {"a.tf": "merged"}
    assert (target / "a.tf").read_text() == NEW.replace("line 9\n", "line 9\nmine\n")


def test_edits_that_overlap_are_marked_and_not_merged_upon(target: Path) -> None:
    (target / "a.tf").write_text(BASE.replace("line 2\n", "line II\n"))
    assert applied(target, File("a.tf", NEW)) == {"a.tf": "conflict"}
    marked = "<<<<<<< yours\nline II\n=======\nline two\n>>>>>>> scaffold 2.0\n"
    assert (target / "a.tf").read_text() == BASE.replace("line 2\n", marked)
    later = planned(target, File("a.tf", NEW + "more\n"), File("b.tf", "new\n"))
    assert [file.status.value for file in later.files] == ["unresolved conflict"]
    assert (later.contents, later.remove, later.records) == ((), (), ())


def test_a_resolved_conflict_is_an_edit(target: Path) -> None:
    (target / "a.tf").write_text(BASE.replace("line 2\n", "line II\n"))
    applied(target, File("a.tf", NEW))
    (target / "a.tf").write_text(BASE.replace("line 2\n", "line II\n"))
    assert applied(target, File("a.tf", NEW)) == {"a.tf": "kept as you edited it"}
    newest = NEW.replace("line 9\n", "line nine\n")
    assert applied(target, File("a.tf", newest)) == {"a.tf": "merged"}
    assert (target / "a.tf").read_text() == newest.replace("line two", "line II")


def test_the_same_edit_on_both_sides_is_none(target: Path) -> None:
    (target / "a.tf").write_text(NEW)
    assert applied(target, File("a.tf", NEW)) == {"a.tf": "unchanged"}


def test_a_new_file_is_added(target: Path) -> None:
    assert applied(target, File("a.tf", BASE), File("b/b.sh", "new\n", True))["b/b.sh"] == "new"
    assert os.access(target / "b/b.sh", os.X_OK)


def test_a_file_of_yours_where_a_new_one_is_rendered_is_merged_without_a_base(target: Path) -> None:
    (target / "b.tf").write_text("one\nmine\n")
    assert applied(target, File("a.tf", BASE), File("b.tf", "one\ntheirs\n"))["b.tf"] == "conflict"
    said = "one\n<<<<<<< yours\nmine\n=======\ntheirs\n>>>>>>> scaffold 2.0\n"
    assert (target / "b.tf").read_text() == said


def test_what_is_no_longer_rendered_is_removed_and_kept_where_it_was_edited(tmp_path: Path) -> None:
    target = tmp_path / "out"
    write(target, (File("m/a.tf", "a\n"), File("m/b.tf", "b\n"), File("n/c.tf", "c\n"), File("d.tf", "d\n")))
    (target / "m/b.tf").write_text("mine\n")
    assert applied(target, File("d.tf", "d\n")) == {
        "d.tf": "unchanged",
        "m/a.tf": "removed",
        "m/b.tf": "no longer rendered, kept because it was edited",
        "n/c.tf": "removed",
    }
    assert sorted(path.name for path in target.rglob("*.tf")) == ["b.tf", "d.tf"]
    assert not (target / "n").exists()


def test_what_you_deleted_stays_deleted(target: Path) -> None:
    (target / "a.tf").unlink()
    assert applied(target, File("a.tf", BASE)) == {"a.tf": "deleted by you"}
    assert not (target / "a.tf").exists()


def test_what_you_deleted_and_the_templates_changed_is_told_once(target: Path) -> None:
    (target / "a.tf").unlink()
    plan = planned(target, File("a.tf", NEW))
    assert "You deleted it, and what is rendered has changed; it stays deleted." in plan.conflicts[0].note
    assert applied(target, File("a.tf", NEW)) == {"a.tf": "conflict"}
    assert applied(target, File("a.tf", NEW)) == {"a.tf": "deleted by you"}


def test_what_you_renamed_is_merged_under_your_name(target: Path) -> None:
    (target / "a.tf").rename(target / "mine.tf")
    (target / "mine.tf").write_text(BASE.replace("line 9\n", "line nine\n"))
    (target / "other.tf").write_text("# other\n")
    assert applied(target, File("a.tf", NEW)) == {"mine.tf": "merged"}
    assert (target / "mine.tf").read_text() == NEW.replace("line 9\n", "line nine\n")
    assert not (target / "a.tf").exists()
    assert planned(target, File("a.tf", NEW)).files[0].was == "a.tf"


def test_what_is_too_unlike_is_no_renamed_file(target: Path) -> None:
    (target / "a.tf").rename(target / "mine.tf")
    (target / "mine.tf").write_text("line 1\nline 2\nline 3\nother\nlines\nthan\nbefore\n")
    assert applied(target, File("a.tf", BASE)) == {"a.tf": "deleted by you"}


def test_what_the_templates_rename_takes_your_edits_along(target: Path) -> None:
    mine = BASE.replace("line 9\n", "line nine\n")
    (target / "a.tf").write_text(mine)
    assert applied(target, File("b.tf", NEW)) == {"b.tf": "merged"}
    assert not (target / "a.tf").exists()
    assert (target / "b.tf").read_text() == NEW.replace("line 9\n", "line nine\n")


def test_what_the_templates_rename_alone_takes_your_edits_along(target: Path) -> None:
    mine = BASE.replace("line 9\n", "line nine\n")
    (target / "a.tf").write_text(mine)
    assert applied(target, File("b.tf", BASE)) == {"b.tf": "merged"}
    assert (target / "b.tf").read_text() == mine
    assert not (target / "a.tf").exists()


@pytest.mark.parametrize("content", [b"line 1\n\0\n", b"line \xe9\n"], ids=["binary", "latin-1"])
def test_what_is_not_text_is_left_as_it_is(target: Path, content: bytes) -> None:
    (target / "a.tf").write_bytes(content)
    assert applied(target, File("a.tf", BASE)) == {"a.tf": "kept as you edited it"}
    assert applied(target, File("a.tf", NEW)) == {"a.tf": "conflict"}
    assert (target / "a.tf").read_bytes() == content


def test_windows_line_ends_stay(target: Path) -> None:
    (target / "a.tf").write_bytes(BASE.replace("\n", "\r\n").encode())
    assert applied(target, File("a.tf", BASE)) == {"a.tf": "kept as you edited it"}
    assert applied(target, File("a.tf", NEW)) == {"a.tf": "updated"}
    assert (target / "a.tf").read_bytes() == NEW.replace("\n", "\r\n").encode()
    mine = "\ufeff" + NEW.replace("line 9", "line nine").replace("\n", "\r\n")
    (target / "a.tf").write_bytes(mine.encode())
    newest = NEW.replace("line 5", "line five")
    assert applied(target, File("a.tf", newest)) == {"a.tf": "merged"}
    assert (target / "a.tf").read_bytes() == mine.replace("line 5", "line five").encode()


def test_your_mode_is_kept_and_that_of_the_templates_applied(tmp_path: Path) -> None:
    target = tmp_path / "out"
    write(target, (File("a.sh", "a\n"), File("b.sh", "b\n")))
    (target / "a.sh").chmod(0o755)
    assert applied(target, File("a.sh", "a\n"), File("b.sh", "b\n", True)) == {
        "a.sh": "kept as you edited it",
        "b.sh": "updated",
    }
    assert [os.access(target / name, os.X_OK) for name in ("a.sh", "b.sh")] == [True, True]
    assert applied(target, File("a.sh", "A\n"), File("b.sh", "b\n", True))["a.sh"] == "updated"
    assert os.access(target / "a.sh", os.X_OK)


@pytest.mark.parametrize("link", ["a.tf", ".scaffold"])
def test_nothing_is_merged_through_a_link(target: Path, link: str) -> None:
    (target / link).rename(target.parent / "elsewhere")
    base = read_base(target) if link != ".scaffold" else None
    (target / link).symlink_to(target.parent / "elsewhere")
    base = base or read_base(target)
    assert base is not None
    with pytest.raises(TargetError, match="is a link where a"):
        plan_update(target, base, [File("a.tf", NEW)], "2.0")


def test_what_is_ignored_is_neither_touched_nor_told_as_a_conflict(target: Path) -> None:
    (target / "a.tf").write_text("mine\n")
    assert applied(target, File("a.tf", NEW), ignore="[update]\n*.tf\n") == {"a.tf": "ignored"}
    assert (target / "a.tf").read_text() == "mine\n"
    (target / "a.tf").write_text(BASE.replace("line 9\n", "line nine\n"))
    assert applied(target, File("a.tf", NEW)) == {"a.tf": "merged"}, "it keeps its base while it is ignored"


def test_what_you_renamed_to_an_ignored_name_is_not_touched(target: Path) -> None:
    (target / "a.tf").rename(target / "mine.tf")
    assert applied(target, File("a.tf", NEW), ignore="[update]\nmine.tf\n") == {"a.tf": "conflict"}
    assert (target / "mine.tf").read_text() == BASE


def test_what_is_ignored_for_diff_is_updated(target: Path) -> None:
    assert applied(target, File("a.tf", NEW), ignore="[diff]\n*.tf\n") == {"a.tf": "updated"}


def test_a_repository_from_before_is_merged_without_bases_where_it_was_edited(tmp_path: Path) -> None:
    target = tmp_path / "out"
    write(target, tuple(File(f"{name}.tf", f"{name}\n{BASE}") for name in "abcd"))
    (target / BASE_PATH).unlink()
    (target / "b.tf").write_text(f"b\n{BASE}mine\n")
    (target / "c.tf").write_text(f"c\n{BASE}mine\n")
    (target / "d.tf").unlink()
    rendered = [File("a.tf", f"a\n{NEW}"), File("b.tf", f"b\n{BASE}"), File("c.tf", f"c\n{NEW}"), File("d.tf", NEW)]
    assert applied(target, *rendered) == {
        "a.tf": "updated",
        "b.tf": "kept as you edited it",
        "c.tf": "conflict",
        "d.tf": "conflict",
    }
    assert (target / "c.tf").read_text().count("line 5\n") == 1
    assert "mine\n" in (target / "c.tf").read_text()
    assert (target / BASE_PATH).exists()


PIN = 'a = 1\n      version = "~> {}"\nb = 2\nc = 3\nd = 4\n'


@pytest.mark.parametrize(("yours", "theirs", "merged"), [("6.30", "6.28", "6.30"), ("6.30", "6.32", "6.32")])
def test_of_two_bumps_the_higher_version_wins(tmp_path: Path, yours: str, theirs: str, merged: str) -> None:
    target = tmp_path / "out"
    write(target, (File("v.tf", PIN.format("6.24")),))
    (target / "v.tf").write_text(PIN.format(yours) + "mine\n")
    assert applied(target, File("v.tf", "new\n" + PIN.format(theirs))) == {"v.tf": "merged"}
    assert (target / "v.tf").read_text() == "new\n" + PIN.format(merged) + "mine\n"


def test_a_bump_on_one_side_alone_is_an_edit_like_others(tmp_path: Path) -> None:
    target = tmp_path / "out"
    write(target, (File("v.tf", PIN.format("6.24")),))
    (target / "v.tf").write_text(PIN.format("6.20"))
    assert applied(target, File("v.tf", PIN.format("6.24") + "more\n")) == {"v.tf": "merged"}
    assert (target / "v.tf").read_text() == PIN.format("6.20") + "more\n"


def test_nobodys_git_configuration_changes_a_merge(
    target: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".gitconfig").write_text("[merge]\n\tconflictStyle = diff3\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    (target / "a.tf").write_text(BASE.replace("line 2\n", "line II\n"))
    applied(target, File("a.tf", NEW))
    assert "|||||||" not in (target / "a.tf").read_text()


def test_without_git_there_is_an_error_and_only_where_it_is_needed(
    target: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert applied(target, File("a.tf", NEW)) == {"a.tf": "updated"}
    (target / "a.tf").write_text("mine\n")
    with pytest.raises(MergeError, match=r"git is not on PATH; .* Install git"):
        planned(target, File("a.tf", BASE))


def test_a_git_that_comes_with_the_repository_is_not_run(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy("/bin/false", target / "git")
    monkeypatch.setenv("PATH", f"{target}{os.pathsep}{os.environ['PATH']}")
    (target / "a.tf").write_text(BASE + "mine\n")
    assert applied(target, File("a.tf", NEW))["a.tf"] == "merged"


def test_a_file_edited_after_it_was_merged_is_not_overwritten(target: Path) -> None:
    plan = planned(target, File("a.tf", NEW))
    (target / "a.tf").write_text("mine\n")
    before = snapshot(target)
    with pytest.raises(TargetError, match="has changed meanwhile"):
        publish_merged(target, (*plan.contents, *plan.records), plan.remove, plan.seen)
    assert snapshot(target) == before


def test_a_huge_file_of_open_markers_does_not_hang(target: Path) -> None:
    (target / "a.tf").write_text("<<<<<<< yours\n" * 700_000)
    assert applied(target, File("a.tf", BASE))["a.tf"] == "kept as you edited it"


def test_thousands_of_like_lines_do_not_hang(tmp_path: Path) -> None:
    target = tmp_path / "out"
    lines = "a\n\n" * 2_400
    write(target, (File("a.tf", f"{PIN.format(1)}{lines}"),))
    (target / "a.tf").write_text(f"{lines}{PIN.format(2)}{lines[:3000]}")
    assert applied(target, File("a.tf", f"{PIN.format(3)}{lines}b\n"))["a.tf"] in ("merged", "conflict")


def test_a_huge_file_in_the_place_of_a_small_one_does_not_hang(target: Path) -> None:
    mine = "".join(f"line {number}\n" for number in range(400_000))
    (target / "a.tf").write_text(mine)
    assert applied(target, File("a.tf", NEW))["a.tf"] == "merged"
    assert (target / "a.tf").read_text() == mine.replace("line 2\n", "line two\n")
