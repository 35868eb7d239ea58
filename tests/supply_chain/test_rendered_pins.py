"""What a rendered repository fetches: providers, images and programs, each of a version that is written down."""

import re
from pathlib import Path

import pytest

from scaffold.presets import load_presets
from scaffold.verify.checkov_environment import checkov_version
from tests.support.rendering import preset

PRESETS = [each.name for each in load_presets()]
_PROVIDER = re.compile(r'source\s+= "([^"]+)"\s+version\s+= "([^"]+)"')


@pytest.fixture(params=PRESETS)
def files(request: pytest.FixtureRequest) -> dict[str, str]:
    """What a preset renders, by path."""
    return {file.path: file.text for file in preset(request.param).files}


def test_what_is_applied_takes_a_provider_of_one_major_version_and_a_module_says_the_least(
    files: dict[str, str],
) -> None:
    found = {
        (path, *provider)
        for path, text in files.items()
        if path.endswith("versions.tf")
        for provider in _PROVIDER.findall(text)
    }
    roots = {each for each in found if each[0].startswith(("environments/", "bootstrap/"))}
    assert roots
    assert found > roots
    for _, source, version in roots:
        assert source.startswith("hashicorp/")
        assert re.fullmatch(r"~> \d+\.\d+", version)
    for _, _, version in found - roots:
        assert re.fullmatch(r">= \d+\.\d+(?:\.\d+)?", version)


def test_no_module_comes_from_elsewhere(files: dict[str, str]) -> None:
    sources = {
        source
        for path, text in files.items()
        if path.endswith(".tf")
        for source in re.findall(r'(?m)^module "[^"]+" \{\n\s+source\s*= "([^"]+)"', text)
    }
    assert sources
    assert all(source.startswith(("./", "../")) for source in sources)


def test_every_image_and_program_has_its_version(files: dict[str, str]) -> None:
    images = [line for text in files.values() for line in re.findall(r"(?m)^\s+image: (.+)$", text)]
    assert all(re.search(r":\d[\w.-]*$|@sha256:", image) for image in images)
    workflow = files[".github/workflows/terraform.yml"]
    programs = re.findall(r"pipx install (\S+)", workflow)
    assert f"checkov=={checkov_version()}" in programs
    assert all("==" in program for program in programs)
    templates = [path.read_text() for path in (Path(__file__).parents[2] / "templates").rglob("*.yml.j2")]
    assert all("==" in program for text in templates for program in re.findall(r"pipx install (\S+)", text))
