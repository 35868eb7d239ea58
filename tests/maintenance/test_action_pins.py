import shutil
import subprocess
from pathlib import Path

import pytest

from maintenance.action_pins import ActionPin, files, pins, wrong

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not on PATH")

NAMES = ["-c", "user.name=a", "-c", "user.email=a@example.com"]


@pytest.fixture
def host(tmp_path: Path) -> Path:
    """A folder of repositories, in which `us/tool` has two commits, a plain tag v1.0.0 and an annotated one v1.1.0."""
    repository = tmp_path / "us/tool"
    repository.mkdir(parents=True)
    for *command, at in (["init", "--quiet", ""], *(["commit", "--quiet", "--allow-empty", "-m", at] for at in "ab")):
        subprocess.run(["git", *NAMES, *filter(None, [*command, at])], cwd=repository, check=True)
    for command in (["tag", "v1.0.0", "HEAD^"], ["tag", "-a", "-m", "x", "v1.1.0"]):
        subprocess.run(["git", *NAMES, *command], cwd=repository, check=True)
    return tmp_path


def commit(host: Path, name: str) -> str:
    found = subprocess.run(
        ["git", "rev-parse", f"{name}^{{commit}}"], cwd=host / "us/tool", capture_output=True, text=True
    )
    return found.stdout.strip()


def test_a_commit_is_its_versions_or_is_named_with_the_right_one(host: Path) -> None:
    first, second = commit(host, "v1.0.0"), commit(host, "v1.1.0")
    right = [ActionPin("us/tool", first, "v1.0.0"), ActionPin("us/tool", second, "v1.1.0")]
    assert list(wrong(right, str(host))) == []
    assert list(wrong([ActionPin("us/tool", first, "v1.1.0")], str(host))) == [
        f"us/tool: v1.1.0 is {second}, and not {first}"
    ]
    assert list(wrong([ActionPin("us/tool", first, "v9.9.9")], str(host))) == [
        f"us/tool: v9.9.9 is no tag there, and not {first}"
    ]


def test_a_repository_that_cannot_be_asked_is_no_yes(host: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        list(wrong([ActionPin("us/nowhere", "0" * 40, "v1")], str(host)))


def test_every_use_of_an_action_is_looked_at() -> None:
    texts = [path.read_text() for path in files()]
    found = pins(texts)
    assert {f"{pin.action}@{pin.commit}" for pin in found} == {
        f"{'/'.join(name.split('/')[:2])}@{sha}"
        for text in texts
        for name, _, sha in (
            line.split("uses: ")[1].split(" #")[0].partition("@") for line in text.splitlines() if "uses: " in line
        )
        if not name.startswith("./")
    }
    assert len(found) >= 10
