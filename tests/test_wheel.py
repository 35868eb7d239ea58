import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest
import uv

from scaffold.presets import load_presets
from scaffold.workspace.base import RECORD_PATHS
from tests.cli.commands import statuses

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built by the backend that is installed, with no network."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    return next(folder.glob("tfscaffold-*.whl"))


@pytest.fixture(scope="module")
def program(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command as the wheel installs it, in an environment of its own that sees the dependencies installed here."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=True)
    packages = next(folder.glob("lib/python*/site-packages"))
    # A folder named in a .pth file is searched, but its own .pth files, such as an editable scaffold's, are not read.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    install = [uv.find_uv_bin(), "pip", "install", "--offline", "--no-deps", "--no-config", "--quiet"]
    python = ["--python", str(folder / "bin" / "python")]
    environment = {**os.environ, "UV_CACHE_DIR": str(folder / "cache")}
    subprocess.run([*install, *python, str(wheel)], env=environment, check=True, timeout=120)
    return folder / "bin" / "scaffold"


def run(program: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder, with a fresh home and next to nothing in the environment."""
    (folder / "home").mkdir(exist_ok=True)
    environment = {"HOME": str(folder / "home"), "PATH": os.defpath}
    return subprocess.run(
        [str(program), *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def files_in(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_holds_the_package_templates_and_presets_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    expected = {f"scaffold/{path}" for path in files_in(ROOT / "scaffold")}
    expected |= {f"scaffold/_templates/{path}" for path in files_in(ROOT / "templates")}
    expected |= {f"scaffold/_presets/{path}" for path in files_in(ROOT / "presets")}
    assert held == expected
    for data in ("kubernetes/schemas.json", "aws_provider.jsonl", "aws_api_rules.json", "checkov.lock", "prices.yaml"):
        assert f"scaffold/data/{data}" in held
    assert "scaffold/py.typed" in held


def test_an_installed_scaffold_is_the_wheels_own(program: Path, tmp_path: Path) -> None:
    code = "import scaffold, scaffold.resources as it; print(scaffold.__file__, it.TEMPLATES, it.PRESETS, it.DATA)"
    python = program.with_name("python")
    ran = run(python, tmp_path, "-c", code)
    assert ran.returncode == 0, ran.stderr
    places = [Path(place) for place in ran.stdout.split()]
    assert len(places) == 4
    assert all(place.is_relative_to(program.parent.parent) for place in places)


@pytest.mark.parametrize("preset", [preset.name for preset in load_presets()])
def test_an_installed_scaffold_renders_and_verifies_from_any_folder(program: Path, tmp_path: Path, preset: str) -> None:
    ran = run(program, tmp_path, "render", "out", "--preset", preset, "--verify", "fast", "--output", "json")
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    assert found["published"]
    assert {entry["status"] for entry in found["verification"][:3]} == {"passed"}
    assert set(statuses(found)) | set(RECORD_PATHS) == files_in(tmp_path / "out")
    assert files_in(tmp_path / "out") == files_in(ROOT / "examples" / preset)


def test_an_installed_scaffold_lists_its_presets_and_answers(program: Path, tmp_path: Path) -> None:
    for command in ("presets", "answers"):
        ran = run(program, tmp_path, command)
        assert (ran.returncode, ran.stderr) == (0, "")
        assert ran.stdout


def test_building_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    built: list[dict[str, bytes]] = []
    for name, umask in (("first", 0o022), ("second", 0o077)):
        source = tmp_path / name / "source"
        # A copy is another folder with other times, and made by somebody with other habits.
        for each in ("scaffold", "templates", "presets"):
            shutil.copytree(
                ROOT / each, source / each, copy_function=shutil.copyfile, ignore=shutil.ignore_patterns("__pycache__")
            )
        for each in ("pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md"):
            shutil.copyfile(ROOT / each, source / each)
        for path in source.rglob("*"):
            executable = path.is_dir() or bool((ROOT / path.relative_to(source)).stat().st_mode & 0o100)
            path.chmod((0o777 if executable else 0o666) & ~umask)
        command = [sys.executable, "-m", "hatchling", "build", "--directory", str(tmp_path / name / "dist")]
        environment = os.environ | {"SOURCE_DATE_EPOCH": "1700000000"}
        subprocess.run(command, cwd=source, env=environment, check=True, capture_output=True, timeout=120)
        built.append({path.name: path.read_bytes() for path in (tmp_path / name / "dist").iterdir()})
    assert sorted(Path(each).suffix for each in built[0]) == [".gz", ".whl"]
    assert built[0] == built[1]
