import errno
import fcntl
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from scaffold.files import File
from scaffold.workspace.plan import Change, TargetError, plan
from scaffold.workspace.publish import publish, recover, refuse_unfinished
from tests.workspace.faults import armed, dies, dying, failing, interrupting
from tests.workspace.trees import FIRST, SECOND, snapshot, statuses, write

MOST_OPERATIONS = 200
"""More than any of these runs makes."""


class Situation:
    """A target before a run, what is in it before and after, and the run."""

    def __init__(self, root: Path, prepare: Callable[[Path], Path], files: tuple[File, ...] = SECOND) -> None:
        self._root, self._prepare, self._files, self._count = root, prepare, files, 0
        self.start()
        self.old = snapshot(self.outside)
        self.run()
        self.new = snapshot(self.outside)

    def start(self) -> None:
        """Make a fresh target in a fresh folder."""
        self._count += 1
        self.outside = self._root / str(self._count)
        self.outside.mkdir()
        self.target = self._prepare(self.outside)
        self.plan = plan(self.target, self._files, force=True)

    def run(self) -> None:
        """Publish as planned at the start."""
        publish(self.target, self.plan, "1.0")


def _new(outside: Path) -> Path:
    return outside / "out"


def _deep(outside: Path) -> Path:
    return outside / "a/b/out"


def _empty(outside: Path) -> Path:
    (outside / "out").mkdir()
    return outside / "out"


def _own(outside: Path) -> Path:
    write(outside / "out", FIRST)
    (outside / "out/notes.txt").write_text("mine")
    (outside / "out/modules/network/mine.tf").write_text("mine")
    return outside / "out"


def _edited(outside: Path) -> Path:
    _own(outside)
    (outside / "out/README.md").write_text("mine")
    (outside / "out/modules/network/nat.tf").write_text("mine")
    return outside / "out"


def _least(outside: Path) -> Path:
    write(outside / "out", (File("a.tf", "# one\n"), File("b/b.tf", "# one\n")))
    return outside / "out"


LEAST = (File("a.tf", "# two\n"), File("c/c.tf", "# two\n"))
"""After `_least`: one file changed, one new and one gone."""


@pytest.fixture(params=[_new, _deep, _empty, _own, _edited], ids=lambda prepare: prepare.__name__.strip("_"))
def situation(request: pytest.FixtureRequest, tmp_path: Path) -> Situation:
    return Situation(tmp_path, request.param)


def test_a_disk_that_is_full_once_at_any_operation_leaves_the_old_tree_or_the_new(situation: Situation) -> None:
    failures = 0
    for at in range(1, MOST_OPERATIONS):
        situation.start()
        with armed(failing(at, at)) as count:
            said = error_of(situation.run)
        failures += bool(said)
        assert not said or "is as it was" in said
        if not said:
            recover(situation.target)  # the operation may have been the removal of what is no longer needed
        assert snapshot(situation.outside) == (situation.old if said else situation.new), at
        if count[0] < at:
            break
    else:
        pytest.fail("the run never ended")
    assert failures > 10


def test_a_disk_that_is_full_from_any_operation_on_is_mended_by_the_next_run(situation: Situation) -> None:
    for at in range(1, MOST_OPERATIONS):
        situation.start()
        with armed(failing(at)) as count:
            said = error_of(situation.run)
        assert not said or "is as it was" in said or "the next run mends it" in said
        recover(situation.target)
        assert files(situation.outside) in (files_of(situation.old), files_of(situation.new)), at
        assert recover(situation.target) == ""
        if count[0] < at:
            return
    pytest.fail("the run never ended")


def test_ctrl_c_at_any_operation_leaves_the_old_tree_or_the_new(situation: Situation) -> None:
    interrupted = 0
    for at in range(1, MOST_OPERATIONS):
        situation.start()
        with armed(interrupting(at)) as count:
            try:
                situation.run()
                expected = situation.new
            except KeyboardInterrupt:
                interrupted += 1
                expected = situation.old
        if count[0] < at:
            break
        recover(situation.target)
        assert snapshot(situation.outside) in (expected, situation.new), at
    else:
        pytest.fail("the run never ended")
    assert interrupted > 10


def test_a_run_killed_at_any_operation_is_finished_or_discarded_by_the_next(situation: Situation) -> None:
    said = set()
    for at in range(1, MOST_OPERATIONS):
        situation.start()
        if not dies(situation.run, dying(at)):
            break
        left = files(situation.outside) not in (files_of(situation.old), files_of(situation.new))
        text = recover(situation.target)
        assert left <= bool(text), at
        said.add(text.replace(str(situation.target), "DIR"))
        assert files(situation.outside) in (files_of(situation.old), files_of(situation.new)), at
        assert recover(situation.target) == ""
        publish(situation.target, plan(situation.target, SECOND, force=True), "1.0")
        assert files(situation.outside) == files_of(situation.new), at
    else:
        pytest.fail("the run never ended")
    assert any("stopped before it" in text for text in said)
    if situation.old != {} and situation.target.exists():
        assert said & {"An earlier run stopped while it changed DIR; the change is now complete."}


def test_a_run_killed_while_it_undoes_an_error_is_undone_by_the_next(tmp_path: Path) -> None:
    situation = Situation(tmp_path, _least, LEAST)
    said = set()
    for failed in range(1, MOST_OPERATIONS):
        for killed in range(failed + 1, MOST_OPERATIONS):
            situation.start()
            if not dies(situation.run, dying(killed, failing(failed, failed))):
                break
            said.add(recover(situation.target).replace(str(situation.target), "DIR"))
            found = files(situation.outside)
            assert found in (files_of(situation.old), files_of(situation.new)), (failed, killed)
        if killed == failed + 1:
            break
    assert "An earlier run stopped while it changed DIR; it is now as it was before that run." in said


def test_a_run_killed_while_it_mends_is_mended_by_the_next(tmp_path: Path) -> None:
    situation = Situation(tmp_path, _least, LEAST)
    for first in range(1, MOST_OPERATIONS):
        for second in range(1, MOST_OPERATIONS):
            situation.start()
            if not dies(situation.run, dying(first)):
                return
            if not dies(lambda: recover(situation.target), dying(second)):
                break
            recover(situation.target)
            found = files(situation.outside)
            assert found in (files_of(situation.old), files_of(situation.new)), (first, second)


def test_what_was_edited_after_a_run_was_killed_stays(tmp_path: Path) -> None:
    situation = Situation(tmp_path, _own)
    unfinished = 0
    for at in range(1, MOST_OPERATIONS):
        situation.start()
        if not dies(situation.run, dying(at)):
            break
        unfinished += (situation.target / ".scaffold/pending/journal.json").exists()
        for name in ("README.md", "environments/dev/main.tf", "modules/network/nat.tf"):
            (situation.target / name).parent.mkdir(parents=True, exist_ok=True)
            (situation.target / name).write_text("edited since")
        recover(situation.target)
        for name in ("README.md", "environments/dev/main.tf", "modules/network/nat.tf"):
            assert (situation.target / name).read_text() == "edited since", (at, name)
    assert unfinished > 3


def test_a_dry_run_does_not_guess_about_a_half_changed_target(tmp_path: Path) -> None:
    situation = Situation(tmp_path, _own)
    refused = 0
    for at in range(1, MOST_OPERATIONS):
        situation.start()
        if not dies(situation.run, dying(at)):
            break
        if said := error_of(lambda: refuse_unfinished(situation.target)):
            refused += 1
            assert "render without --dry-run" in said
        else:
            shutil.rmtree(situation.target / ".scaffold/pending", ignore_errors=True)
            assert files(situation.outside) in (files_of(situation.old), files_of(situation.new)), at
    assert refused > 3


def error_of(work: Callable[[], None]) -> str:
    """Do work and return what it says if it cannot, else an empty text."""
    try:
        work()
    except TargetError as error:
        return str(error)
    return ""


def files(root: Path) -> dict[str, object]:
    """Return a folder's files, without the empty folders that a killed run may leave."""
    return files_of(snapshot(root))


def files_of(tree: dict[str, object]) -> dict[str, object]:
    return {path: content for path, content in tree.items() if content != "folder"}


def hold(folder: Path) -> int:
    """Lock a folder as a run at work does."""
    handle = os.open(folder, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    return handle


def test_a_second_run_on_one_target_is_refused_while_the_first_works(tmp_path: Path) -> None:
    write(tmp_path / "out", FIRST)
    planned = plan(tmp_path / "out", SECOND)
    handle = hold(tmp_path / "out")
    try:
        with pytest.raises(TargetError, match="Another run is at work"):
            publish(tmp_path / "out", planned, "1.0")
        (tmp_path / "out/.scaffold/pending").mkdir()
        with pytest.raises(TargetError, match="Another run is at work"):
            recover(tmp_path / "out")
        assert (tmp_path / "out/.scaffold/pending").exists()
    finally:
        os.close(handle)


def test_a_second_run_on_one_new_target_leaves_the_first_alone(tmp_path: Path) -> None:
    planned = plan(tmp_path / "out", FIRST)
    staging = tmp_path / ".out.scaffold-pending"
    staging.mkdir()
    (staging / "half.tf").write_text("of the first run")
    handle = hold(staging)
    try:
        for work in (lambda: publish(tmp_path / "out", planned, "1.0"), lambda: recover(tmp_path / "out")):
            with pytest.raises(TargetError, match="Another run is at work"):
                work()
        assert (staging / "half.tf").exists()
    finally:
        os.close(handle)


def test_an_edit_made_while_a_run_verifies_is_not_overwritten(tmp_path: Path) -> None:
    write(tmp_path / "out", FIRST)
    planned = plan(tmp_path / "out", SECOND)
    (tmp_path / "out/README.md").write_text("mine")
    old = snapshot(tmp_path)
    with pytest.raises(TargetError, match="has changed meanwhile"):
        publish(tmp_path / "out", planned, "1.0")
    assert snapshot(tmp_path) == old


def test_a_target_that_appears_while_a_run_verifies_is_not_overwritten(tmp_path: Path) -> None:
    planned = plan(tmp_path / "out", FIRST)
    (tmp_path / "out").mkdir()
    (tmp_path / "out/README.md").write_text("mine")
    with pytest.raises(TargetError, match="has changed meanwhile"):
        publish(tmp_path / "out", planned, "1.0")


def test_a_read_only_file_system_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Simulated: a read-only mount cannot be had without privileges.
    def refuse(self: Path, *arguments: object, **options: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(self))

    planned = plan(tmp_path / "out", FIRST)
    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(TargetError, match=r"cannot be written: Read-only file system\. .*out is as it was"):
        publish(tmp_path / "out", planned, "1.0")


@pytest.mark.parametrize(
    "path", ["../outside.txt", "/tmp/outside.txt", "link/outside.txt", ".git/config", ".Git/config"]
)
def test_a_journal_from_elsewhere_writes_nothing_outside(tmp_path: Path, path: str) -> None:
    write(tmp_path / "out", FIRST)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out/link").symlink_to(tmp_path / "elsewhere")
    pending = tmp_path / "out/.scaffold/pending"
    (pending / "new/link").mkdir(parents=True)
    (pending / "new/link/outside.txt").write_text("theirs")
    (pending / "journal.json").write_text(json.dumps([{"path": path, "old": None, "new": "0"}]))
    old = snapshot(tmp_path)
    with pytest.raises(TargetError):
        recover(tmp_path / "out")
    assert snapshot(tmp_path) == old


@pytest.mark.parametrize("text", ["", "{}x", '["a"]', '[{"path": 1}]', "[" * 100_000])
def test_a_broken_journal_is_refused_with_a_mend(tmp_path: Path, text: str) -> None:
    write(tmp_path / "out", FIRST)
    (tmp_path / "out/.scaffold/pending").mkdir()
    (tmp_path / "out/.scaffold/pending/journal.json").write_text(text)
    with pytest.raises(TargetError, match=r"not a journal of scaffold's .*Restore"):
        recover(tmp_path / "out")


@pytest.mark.parametrize("link", [".scaffold", ".scaffold/pending"])
def test_nothing_is_recovered_through_a_link(tmp_path: Path, link: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "pending").mkdir(parents=True)
    (tmp_path / "out" / link).parent.mkdir(parents=True)
    (tmp_path / "out" / link).symlink_to(elsewhere)
    assert recover(tmp_path / "out") == ""
    assert (elsewhere / "pending").exists()


@pytest.mark.parametrize("length", [237, 238, 255])
def test_the_longest_names_are_as_good_as_any(tmp_path: Path, length: int) -> None:
    target = tmp_path / ("x" * length)
    write(target, FIRST)
    assert recover(target) == ""
    assert (target / "README.md").is_file()


def test_a_target_that_cannot_be_looked_at_is_not_said_to_hold_an_earlier_run(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="File name too long"):
        recover(tmp_path / ("x" * 300))


def test_an_edit_that_was_adopted_is_still_an_edit_for_the_next_run(tmp_path: Path) -> None:
    adopted = (*FIRST[:-1], File("scaffold.yaml", "# ours\nname: shop\n"))
    publish(tmp_path / "out", plan(tmp_path / "out", adopted), "1.0", FIRST)
    assert set(statuses(tmp_path / "out", adopted).values()) == {Change.UNCHANGED}
    assert statuses(tmp_path / "out", SECOND)["scaffold.yaml"] is Change.EDITED


def test_nothing_is_recovered_where_nothing_was_left(tmp_path: Path) -> None:
    assert recover(tmp_path / "out") == ""
    write(tmp_path / "out", FIRST)
    assert recover(tmp_path / "out") == ""
    assert set(statuses(tmp_path / "out", FIRST).values()) == {"unchanged"}
