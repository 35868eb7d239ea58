"""For any edits and any newer rendering: no line of the user's is lost, and a second update does nothing."""

import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scaffold.files import File
from scaffold.workspace.base import RECORD_PATHS, read_base
from scaffold.workspace.merge import UpdatePlan, plan_update
from scaffold.workspace.publish import publish_merged, recover
from tests.support.updating import LEAST, newer, rendered, replaced, updated
from tests.workspace.faults import armed, dies, dying, failing, interrupting
from tests.workspace.test_publish import MOST_OPERATIONS, error_of, files
from tests.workspace.trees import snapshot, write

PATHS = ["a.tf", "b.tf", "m/a.tf", "m/c.tf"]
TEXT = {path: "".join(f"{path} line {number}\n" for number in range(12)) for path in PATHS}

Edit = tuple[str, str, int, int]
KINDS = ["insert", "replace", "delete", "remove", "rename", "chmod", "crlf", "append"]
EDITS = st.lists(
    st.tuples(st.sampled_from(KINDS), st.sampled_from(PATHS), st.integers(0, 12), st.integers(1, 3)), max_size=8
)


def edited(text: str, kind: str, at: int, count: int, mark: str) -> str:
    """Return a text with some lines inserted, replaced or deleted."""
    lines = text.splitlines(keepends=True)
    fresh = [f"{mark} {number}\n" for number in range(count)]
    if kind == "insert":
        lines[at:at] = fresh
    elif kind == "replace":
        lines[at : at + count] = fresh
    elif kind == "delete":
        del lines[at : at + count]
    elif kind == "append":
        lines.append(f"{mark} without an end")
    return "".join(lines)


def edit_there(target: Path, edits: list[Edit]) -> None:
    """Do to files what a user does."""
    for number, (kind, name, at, count) in enumerate(edits):
        path = target / name
        if not path.is_file():
            continue
        if kind == "remove":
            path.unlink()
        elif kind == "rename":
            path.rename(path.with_name(f"renamed-{at}.tf"))
        elif kind == "chmod":
            path.chmod(path.stat().st_mode ^ 0o100)
        elif kind == "crlf":
            path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
        else:
            text = path.read_bytes().decode()
            path.write_bytes(edited(text, kind, at, count, f"mine {number}").encode())


def edit_rendered(edits: list[Edit]) -> tuple[File, ...]:
    """Return a newer rendering."""
    now = {path: (text, False) for path, text in TEXT.items()}
    for number, (kind, path, at, count) in enumerate(edits):
        if path not in now:
            continue
        text, executable = now[path]
        if kind == "remove":
            del now[path]
        elif kind == "rename":
            now[f"m/new-{at}.tf"] = now.pop(path)
        elif kind == "chmod":
            now[path] = (text, not executable)
        elif kind != "crlf":
            now[path] = (edited(text, kind, at, count, f"theirs {number}"), executable)
    return tuple(File(path, *it) for path, it in sorted(now.items()))


def lines_in(root: Path) -> set[bytes]:
    """Return every line of a folder's files, the records apart."""
    found = [
        path for path in root.rglob("*") if path.is_file() and path.relative_to(root).as_posix() not in RECORD_PATHS
    ]
    return {line.strip() for path in found for line in path.read_bytes().splitlines()}


def planned(target: Path, rendered: tuple[File, ...]) -> UpdatePlan:
    base = read_base(target)
    assert base is not None
    return plan_update(target, base, rendered, "2.0")


def publish(target: Path, plan: UpdatePlan) -> None:
    publish_merged(target, (*plan.contents, *plan.records), plan.remove, plan.seen)


@settings(max_examples=150, deadline=None)
@given(mine=EDITS, theirs=EDITS)
def test_no_line_of_yours_is_lost_and_a_second_update_does_nothing(mine: list[Edit], theirs: list[Edit]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "out")
        write(target, tuple(File(path, text) for path, text in TEXT.items()))
        ours = lines_in(target)
        edit_there(target, mine)
        yours = lines_in(target) - ours
        old = snapshot(target)
        newest = edit_rendered(theirs)
        plan = planned(target, newest)
        assert snapshot(target) == old, "planning writes nothing"
        publish(target, plan)
        assert yours <= lines_in(target)
        new = snapshot(target)
        again = planned(target, newest)
        assert (again.contents, again.remove) == ((), ())
        publish(target, again)
        assert snapshot(target) == new
        if not mine:
            assert {path: content for path, content in files(target).items() if path not in RECORD_PATHS} == {
                file.path: (file.text.encode(), file.executable) for file in newest
            }


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return rendered(tmp_path_factory.mktemp("shop") / "shop", *LEAST)


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Templates of a newer version."""
    folder = newer(tmp_path_factory.mktemp("newer"))
    replaced(folder / "project/root/.gitignore", "crash.log\n", "crash.log\nnewer.log\n")
    for path in (folder / "network/module").glob("*.tf*"):
        path.write_text("# Newer.\n" + path.read_text().replace("description", "# Newer.\n  description"))
    return folder


ANSWERS = st.lists(
    st.sampled_from(
        [
            "network.nat=none",
            "network.nat=per-az",
            "azs=2",
            "network.cidr=10.9.0.0/16",
            "owner=b",
            "capacity=[eks-auto-mode]",
        ]
    ),
    max_size=2,
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), answers=ANSWERS, bumped=st.booleans())
def test_no_line_of_yours_is_lost_in_a_real_repository(
    shop: Path, templates: Path, data: st.DataObject, answers: list[str], bumped: bool
) -> None:
    paths = sorted(path.relative_to(shop).as_posix() for path in shop.rglob("*") if path.is_file())
    own = [path for path in paths if path not in (*RECORD_PATHS, "scaffold.yaml")]
    strategy = st.tuples(st.sampled_from(KINDS), st.sampled_from(own), st.integers(0, 60), st.integers(1, 3))
    edits = data.draw(st.lists(strategy, max_size=8))
    with tempfile.TemporaryDirectory() as folder:
        target = Path(shutil.copytree(shop, Path(folder, "shop")))
        ours = lines_in(target)
        edit_there(target, edits)
        yours = lines_in(target) - ours
        options = {"templates": templates} if bumped else {}
        updated(target, *answers, **options)
        assert yours <= lines_in(target)
        new = snapshot(target)
        again = updated(target, **options)
        assert not again.differs
        assert snapshot(target) == new


NEWER = (File("a.tf", TEXT["a.tf"].replace("line 2", "line two")), File("n/n.tf", "new\n"), File("m/a.tf", "x\n"))


class Interrupted:
    """An edited target before an update, and what is in it before and after."""

    def __init__(self, root: Path) -> None:
        self._root, self._count = root, 0
        self.start()
        self.old = files(self.target)
        self.run()
        self.new = files(self.target)

    def start(self) -> None:
        self._count += 1
        self.target = self._root / str(self._count)
        write(self.target, tuple(File(path, text) for path, text in TEXT.items()))
        edit_there(self.target, [("insert", "a.tf", 9, 1), ("replace", "m/a.tf", 3, 1), ("rename", "b.tf", 1, 1)])
        self.plan = planned(self.target, NEWER)

    def run(self) -> None:
        publish(self.target, self.plan)


@pytest.mark.parametrize("stopped", ["killed", "full once", "interrupted"])
def test_an_update_stopped_at_any_operation_leaves_the_old_tree_or_the_new(tmp_path: Path, stopped: str) -> None:
    situation = Interrupted(tmp_path)
    seen = set()
    for at in range(1, MOST_OPERATIONS):
        situation.start()
        if stopped == "killed":
            ended = not dies(situation.run, dying(at))
        else:
            action: Callable[[int], None] = failing(at, at) if stopped == "full once" else interrupting(at)
            with armed(action) as count, suppress(KeyboardInterrupt):
                error_of(situation.run)
            ended = count[0] < at
        recover(situation.target)
        found = files(situation.target)
        assert found in (situation.old, situation.new), at
        seen.add(found == situation.new)
        publish(situation.target, planned(situation.target, NEWER))
        assert files(situation.target) == situation.new, at
        if ended:
            break
    else:
        pytest.fail("the run never ended")
    assert at > 20
    assert seen == {True, False}
