"""The folders that the programs are measured on: renderings, the same as templates of the peers, many repositories."""

import re
import shutil
import uuid
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

from benchmarks.measure import Command, output_of
from benchmarks.tools import Tools

ANSWERS = {"name": "platform", "region": "us-east-1", "owner": "platform-team"}
"""What the peers' templates ask for, and the preset `platform` answers: each stands in many of its files."""


def files_of(folder: Path) -> list[Path]:
    """Return every file of a folder."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def rendered(tools: Tools, name: str, *options: str) -> Path:
    """Return a folder of that name with what `scaffold render` writes, made anew and not verified."""
    target = fresh(tools, name)
    arguments: tuple[str | Path, ...] = (tools.program("scaffold"), "render", target, "--verify", "none", *options)
    output_of(Command(arguments, tools.work, tools.environment))
    return target


def networks(tools: Tools, name: str, environments: int) -> Path:
    """Return a rendering of a network with a number of environments, for the mirror's AWS provider if there is one.

    A network alone, because older editions of the provider do not know all arguments of the other components.
    """
    more = [f"--set=environments.e{number}={{}}" for number in range(3, environments + 1)]
    tree = rendered(tools, name, "--preset", "network-only", *more)
    return for_mirror(tools, tree) if tools.provider else tree


def fresh(tools: Tools, name: str) -> Path:
    """Return the path of a folder that is not there."""
    target = tools.work / "trees" / name
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(target, ignore_errors=True)
    return target


def peer_templates(tools: Tools, tree: Path) -> tuple[Path, Path]:
    """Return a rendering as a template of copier and one of cookiecutter: as many files, with the answers in them."""
    copier, cookiecutter = fresh(tools, "copier-template"), fresh(tools, "cookiecutter-template")
    copier.mkdir()
    questions = [f"{name}:\n  type: str\n  default: {value}\n" for name, value in ANSWERS.items()]
    (copier / "copier.yml").write_text("_templates_suffix: .jinja\n" + "".join(questions))
    cookiecutter.mkdir()
    listed = ",\n".join(f'  "{name}": "{value}"' for name, value in ANSWERS.items())
    (cookiecutter / "cookiecutter.json").write_text(f"{{\n{listed}\n}}\n")
    for file in files_of(tree):
        path, text = file.relative_to(tree), file.read_text(encoding="utf-8")
        _write(copier / f"{path}.jinja", _as_template(text, ""))
        _write(cookiecutter / "{{cookiecutter.name}}" / path, _as_template(text, "cookiecutter."))
    return copier, cookiecutter


def _as_template(text: str, prefix: str) -> str:
    text = re.sub(r"\{[{%#]", lambda found: f"{{{{ '{found[0]}' }}}}", text)
    for name, value in ANSWERS.items():
        text = re.sub(rf"(?<![\w-]){value}(?![\w-])", f"{{{{ {prefix}{name} }}}}", text)
    return text


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def for_mirror(tools: Tools, tree: Path) -> Path:
    """Make every folder of a tree take the version of the AWS provider that the mirror has; return the tree."""
    for file in tree.rglob("versions.tf"):
        text = file.read_text()
        file.write_text(re.sub(r'(hashicorp/aws"\s+version\s*=\s*)"[^"]*"', rf'\g<1>"{tools.provider}"', text))
    return tree


def touch(tree: Path) -> None:
    """Change bytes of every Terraform file, so that nothing that was found out about one of them holds any more."""
    mark = f"# benchmark {uuid.uuid4().hex}\n"
    for file in tree.rglob("*.tf"):
        text = re.sub(r"# benchmark \w+\n\Z", "", file.read_text())
        file.write_text(text + mark)


def roots(folder: Path, module: Path, files: int) -> Path:
    """Fill a folder with a number of files: copies of a module, each a root of its own and with bytes of its own."""
    originals = sorted(module.glob("*.tf"))
    for number, original in enumerate(islice(cycle(originals), files)):
        root = number // len(originals)
        _write(folder / f"stacks/s{root:04}/{original.name}", f"{original.read_text()}# stack {root}\n")
    return folder


def repositories(folder: Path, tree: Path, number: int) -> Path:
    """Fill a folder with repositories that are copies of one, each with an edit of its own."""
    for each in range(number):
        copy = folder / f"repository-{each:03}"
        shutil.copytree(tree, copy)
        edit(copy, f"edited {each}")
    return folder


def edit(tree: Path, words: str) -> None:
    """Edit a repository as people do: a comment, another number of days, and a file of their own."""
    for file in _some(tree, "*.tf"):
        file.write_text(f"{file.read_text()}\n# {words}\n")
    (tree / "NOTES.md").write_text(f"{words}\n")


def _some(tree: Path, pattern: str) -> Iterator[Path]:
    return islice(sorted(tree.rglob(pattern)), 0, None, 10)
