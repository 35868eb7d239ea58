"""A cache that others can write to: what lies in it would be run, so it is done without and said so."""

import io
import marshal
import os
import pickle
from pathlib import Path

import pytest
from jinja2.bccache import bc_magic

from scaffold import cache
from scaffold.cache import CacheError, not_ours, prepare
from scaffold.files import File
from scaffold.render.engine import Engine, TemplateFailedError
from scaffold.verify.checkov_environment import CheckovUnavailableError, checkov_python, environment_name
from scaffold.verify.results import remembered
from scaffold.verify.verdict import Tree, Verdict, judged


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The cache: a folder that is there, and ours alone."""
    folder = tmp_path / "cache"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("SCAFFOLD_CACHE_DIR", str(folder))
    monkeypatch.delenv("SCAFFOLD_NO_CACHE", raising=False)
    return folder


@pytest.mark.parametrize("mode", [0o700, 0o755, 0o775])
def test_a_folder_of_ones_own_is_used(folder: Path, mode: int) -> None:
    folder.chmod(mode)
    assert not_ours(folder) is None
    prepare(folder / "sub")


@pytest.mark.parametrize("mode", [0o777, 0o1777, 0o702])
def test_a_folder_that_every_user_can_write_to_is_refused_with_the_mend(folder: Path, mode: int) -> None:
    folder.chmod(mode)
    with pytest.raises(CacheError, match=r"can be written to by every user.*SCAFFOLD_CACHE_DIR"):
        prepare(folder / "sub")


def test_a_folder_of_another_users_is_refused_unless_it_is_roots(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = folder.stat().st_uid
    monkeypatch.setattr(cache.os, "geteuid", lambda: owner + 1)
    reason = not_ours(folder)
    assert reason is None if owner == 0 else "belongs to another user" in (reason or "")
    monkeypatch.setattr(Path, "stat", lambda self: os.stat_result((0o040700, 0, 0, 2, owner + 2, 0, 0, 0, 0, 0)))
    assert "belongs to another user" in (not_ours(folder) or "")


def test_a_compiled_template_that_others_could_have_put_there_is_not_run(folder: Path, tmp_path: Path) -> None:
    templates, planted = tmp_path / "templates", tmp_path / "planted"
    templates.mkdir()
    (templates / "a.tf.j2").write_text("{{ x }}")
    assert Engine(templates).render("a.tf.j2", {"x": 1}) == "1"
    (entry,) = (folder / "templates").iterdir()
    good = entry.read_bytes()
    # As Jinja's Bucket writes one, with another's code in the place of the template's.
    checksum = pickle.load(io.BytesIO(good[len(bc_magic) :]))
    code = compile(f"open({str(planted)!r}, 'w').close()", "a", "exec")
    entry.write_bytes(bc_magic + pickle.dumps(checksum, 2) + marshal.dumps(code))
    folder.chmod(0o777)
    assert Engine(templates).render("a.tf.j2", {"x": 1}) == "1"
    assert not planted.exists()
    # The entry is one that is run where it is trusted.
    folder.chmod(0o700)
    with pytest.raises(TemplateFailedError):
        Engine(templates).render("a.tf.j2", {"x": 1})
    assert planted.exists()


def test_a_checkov_that_others_could_have_put_there_is_not_run(folder: Path) -> None:
    python = folder / environment_name() / "bin/python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\n")
    folder.chmod(0o777)
    with pytest.raises(CheckovUnavailableError, match="what lies in it is run"):
        checkov_python()
    folder.chmod(0o700)
    assert checkov_python() == python


def test_a_verdict_that_others_could_have_put_there_is_asked_for_again(folder: Path) -> None:
    asked: list[str] = []

    def verify() -> Verdict:
        asked.append("again")
        return judged("checkov", [], "all of it")

    tree = Tree((File("a.tf", ""),))
    for mode in (0o700, 0o700, 0o777):
        folder.chmod(mode)
        remembered(tree, ("checkov",), verify)
    assert asked == ["again"] * 2
