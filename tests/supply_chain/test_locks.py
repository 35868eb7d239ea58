"""What is installed is what was locked: every file by its hash, from wherever, and nothing beside."""

import importlib.metadata
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from maintenance.sbom import LockError, bill_of_materials, read_lock
from scaffold.verify.checkov_environment import LOCK

ROOT = Path(__file__).parent.parent.parent
RUNTIME, DEVELOPMENT, BUILD, AUDIT = (ROOT / f"requirements{kind}.lock" for kind in ("", "-dev", "-build", "-audit"))
LOCKS = [RUNTIME, DEVELOPMENT, BUILD, AUDIT, LOCK]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())

PINNED = "a-b==1.0 ; sys_platform == 'win32' \\\n    --hash=sha256:" + "0" * 64 + "\n"

INSTALLING = re.compile(
    r"pip install|\"\$\{install\[@\]\}\"|\"pip\", .*\"install\"|\bpipx\b|\buvx\b|\bcurl\b|\bwget\b|\bnpx?\b"
)

OURS = {
    "Makefile": 3,
    "action.yml": 4,
    "scaffold/verify/checkov_environment.py": 1,
}
"""How often something is installed, file by file, in what users, CI and releases run."""


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_line_of_a_lock_is_a_version_with_hashes(lock: Path) -> None:
    pins = read_lock(lock.read_text())
    assert len(pins) >= 5
    assert all(pin.hashes for pin in pins)
    # A name may be there twice, with a version for each of several Pythons.
    assert all(pin.marker for pin in pins if sum(each.name == pin.name for each in pins) > 1)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_no_lock_names_where_files_come_from(lock: Path) -> None:
    assert not re.search(r"://|--(?:extra-)?index|--find-links|--trusted-host|file:|@ |-e |/", _code(lock))


def _code(lock: Path) -> str:
    return "\n".join(line for line in lock.read_text().splitlines() if not line.startswith("#"))


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://packages.example.com",
        "a @ https://example.com/a.whl",
        "a>=1",
        "-e .",
        "--extra-index-url x",
        f"    --hash=sha256:{'0' * 63}",
        f"    --hash=md5:{'0' * 32}",
    ],
)
def test_a_lock_with_anything_else_is_refused(line: str) -> None:
    with pytest.raises(LockError, match="line 3 is neither"):
        read_lock(f"{PINNED}{line}\n")


def test_a_lock_that_begins_with_a_hash_is_refused() -> None:
    with pytest.raises(LockError, match="line 1"):
        read_lock(PINNED.splitlines()[1])


def test_what_development_installs_holds_the_runtime_lock() -> None:
    runtime, development = (set(read_lock(lock.read_text())) for lock in (RUNTIME, DEVELOPMENT))
    assert runtime < development


def test_the_runtime_lock_is_what_the_projects_dependencies_need_and_no_more() -> None:
    pins = {pin.name: pin for pin in read_lock(RUNTIME.read_text())}
    needed: set[str] = set()
    waiting = [Requirement(each) for each in PROJECT["project"]["dependencies"]]
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        assert name in pins, f"{name} is not in {RUNTIME.name}: make lock"
        assert requirement.specifier.contains(pins[name].version), (
            f"{requirement} is not {pins[name].version}: make lock"
        )
        if name in needed:
            continue
        needed.add(name)
        # What is for other systems is not installed here, and its own needs cannot be asked.
        if not pins[name].marker or Marker(pins[name].marker).evaluate():
            waiting += _needs(name, requirement.extras)
    assert needed == set(pins)


def _needs(name: str, extras: set[str]) -> list[Requirement]:
    """Return what an installed package needs, on this system or on another one."""
    found = [Requirement(each) for each in importlib.metadata.requires(name) or ()]
    return [each for each in found if _is_wanted(each, extras)]


def _is_wanted(requirement: Requirement, extras: set[str]) -> bool:
    if requirement.marker is None:
        return True
    systems = ({}, {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"})
    pythons = ({}, {"python_version": "3.11", "python_full_version": "3.11.0"})
    return any(
        requirement.marker.evaluate({"extra": extra, **system, **python})
        for extra in extras or {""}
        for system in systems
        for python in pythons
    )


def test_the_environment_that_runs_the_tests_is_of_the_lock() -> None:
    pins = {pin.name: pin for pin in read_lock(DEVELOPMENT.read_text())}
    for name in (pin.name for pin in read_lock(RUNTIME.read_text()) if not pin.marker):
        assert importlib.metadata.version(name) == pins[name].version


def installations(name: str) -> list[str]:
    """Return the commands of a file that install something, continued lines as one."""
    lines = re.sub(r"\\\n\s*", " ", (ROOT / name).read_text()).splitlines()
    return [line.strip() for line in lines if INSTALLING.search(line)]


def test_what_is_installed_is_by_hashes_or_is_this_project_built_from_what_was() -> None:
    found = {name: installations(name) for name in OURS}
    assert {name: len(commands) for name, commands in found.items()} == OURS
    # In the action, the first is what the others begin with; for checkov, the options are a line above.
    commands = [*found["Makefile"], *found["action.yml"][1:]]
    for command in commands:
        hashed = re.search(r' --require-hashes -r (?:"\$ACTION/)?requirements(?:-\w+)?\.lock"?$', command)
        itself = re.search(r' --no-deps --no-build-isolation (?:--editable \.|"\$ACTION")$', command)
        assert hashed or itself, command
    assert found["scaffold/verify/checkov_environment.py"][0].endswith('"install", "--python", python, *install)),')
    options = 'install = ("--require-hashes", "--only-binary", ":all:", "--requirements", LOCK)'
    assert options in (ROOT / "scaffold/verify/checkov_environment.py").read_text()


def test_nothing_else_in_the_repository_installs_anything() -> None:
    looked_at = [".ci/run", *(f".github/workflows/{path.name}" for path in (ROOT / ".github/workflows").iterdir())]
    looked_at += [
        path.relative_to(ROOT).as_posix() for name in ("scaffold", "action") for path in (ROOT / name).rglob("*.py")
    ]
    looked_at += [path.relative_to(ROOT).as_posix() for path in (ROOT / "maintenance").rglob("*.py")]
    # The second is a command of rendered repositories, for the package of a function, with its versions pinned; the
    # third is an example of a health check.
    known = {"scaffold/verify/checkov_environment.py", "scaffold/blueprint/durable.py", "scaffold/answers/ecs.py"}
    assert {name for name in looked_at if installations(name)} == known


def test_what_builds_the_project_is_locked_and_the_same_as_in_development() -> None:
    build, development = (set(read_lock(lock.read_text())) for lock in (BUILD, DEVELOPMENT))
    assert build < development
    (requirement,) = map(Requirement, PROJECT["build-system"]["requires"])
    assert requirement.specifier.contains(next(pin.version for pin in build if pin.name == requirement.name))


# --- the bill of materials ----------------------------------------------------------------------------------------


def document(lock: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "maintenance.sbom", str(lock)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


@pytest.mark.parametrize("lock", [RUNTIME, LOCK], ids=lambda lock: lock.name)
def test_the_bill_of_materials_names_every_pin_with_its_hashes(lock: Path) -> None:
    found = document(lock)
    assert (found["bomFormat"], found["specVersion"]) == ("CycloneDX", "1.6")
    listed = {
        (each["name"], each["version"], tuple(one["content"] for one in each["externalReferences"][0]["hashes"]))
        for each in found["components"]
    }
    assert listed == {(pin.name, pin.version, pin.hashes) for pin in read_lock(lock.read_text())}
    root = found["metadata"]["component"]
    assert root["version"] == PROJECT["project"]["version"]
    wanted = {each["bom-ref"] for each in found["components"]}
    assert set(found["dependencies"][0]["dependsOn"]) == wanted
    assert {each["ref"] for each in found["dependencies"]} == wanted | {root["bom-ref"]}


def test_the_bill_of_materials_is_the_same_each_time_and_another_for_another_lock() -> None:
    text = RUNTIME.read_text()
    assert bill_of_materials(text) == bill_of_materials(text)
    assert bill_of_materials(text)["serialNumber"] != bill_of_materials(PINNED)["serialNumber"]
    assert bill_of_materials(PINNED)["components"][0]["properties"] == [
        {"name": "python:marker", "value": "sys_platform == 'win32'"}
    ]
