"""The rows about starting, rendering and comparing."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

from benchmarks import trees
from benchmarks.measure import Command, Sample, Task, output_of
from benchmarks.row import Row, milliseconds, taken
from benchmarks.tools import Tools

INSIDE = Path(__file__).with_name("inside.py")
NOT_AT_START = ("pydantic", "jinja2", "hcl2", "rich", "yaml")
DIFFERS = frozenset({0, 2})
"""The exit codes of `scaffold diff` when all went well."""


def command(tools: Tools, program: str, *arguments: str | Path, codes: frozenset[int] = frozenset({0})) -> Command:
    """Return a program that was installed, at work in the benchmarks' folder."""
    return Command((tools.program(program), *arguments), tools.work, tools.environment, codes)


def inside(tools: Tools, *arguments: str | Path) -> dict[str, float]:
    """Return what a command of `inside.py` prints."""
    printed: dict[str, float] = json.loads(output_of(command(tools, "scaffold/python", "-I", INSIDE, *arguments)))
    return printed


def starting(tools: Tools, runs: int) -> Iterator[Row]:
    """Yield the rows about `--version` and `--help`."""
    copier = Task((command(tools, "copier", "--version"),))
    typer = taken(Task((command(tools, "scaffold/python", "-I", "-c", "import typer"),)), runs)
    floor = f"import typer alone: {milliseconds(typer)}"
    for option in ("--version", "--help"):
        loaded = _imported(tools, option)
        yield (
            Row(f"scaffold {option}", "copier --version", 0.35)
            .measured(Task((command(tools, "scaffold", option),)), copier, runs * 2)
            .demanding((f"imported of {', '.join(NOT_AT_START)}: {', '.join(loaded) or 'none'}", not loaded))
            .with_notes(floor)
        )


def _imported(tools: Tools, option: str) -> list[str]:
    code = (
        "import contextlib, io, json, sys; from scaffold.cli import run\n"
        f"with contextlib.redirect_stdout(io.StringIO()): run([{option!r}])\n"
        "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    )
    loaded = json.loads(output_of(command(tools, "scaffold/python", "-I", "-c", code)))
    return [name for name in NOT_AT_START if name in loaded]


def rendering(tools: Tools, runs: int) -> Iterator[Row]:
    """Yield the row about rendering a new repository, beside the peers that copy as many files."""
    tree = trees.rendered(tools, "platform", "--preset", "platform")
    number = len(trees.files_of(tree))
    copier, cookiecutter = trees.peer_templates(tools, tree)
    target = tools.work / "trees" / "target"

    def clean() -> None:
        shutil.rmtree(target, ignore_errors=True)

    ours = command(tools, "scaffold", "render", target, "--preset", "platform", "--verify", "fast")
    row = Row(
        "scaffold render DIR --preset platform --verify fast", f"copier copy, {number} files, nothing verified", 1.0
    )
    copy = Task((command(tools, "copier", "copy", "--defaults", "--quiet", copier, target),), clean)
    row = row.measured(Task((ours,), clean), copy, runs)
    copied = len(trees.files_of(target)) - target.joinpath(".copier-answers.yml").exists()
    unverified = command(tools, "scaffold", "render", target, "--preset", "platform", "--verify", "none")
    baked = command(tools, "cookiecutter", "--no-input", "--output-dir", target, cookiecutter)
    megabytes = row.ours_megabytes or 0.0
    yield row.demanding(
        (f"{megabytes:.0f} MB of at most 120", megabytes <= 120), (f"copier wrote {copied} files", copied == number)
    ).with_notes(
        f"cookiecutter, the same files: {milliseconds(taken(Task((baked,), clean), runs))}",
        f"scaffold --verify none: {milliseconds(taken(Task((unverified,), clean), runs))}",
    )


def in_process(tools: Tools, runs: int) -> Iterator[Row]:
    """Yield the row about rendering alone, warm, in one process."""
    found = inside(tools, "rendering", "1000" if runs > 3 else "200")

    def seconds(name: str) -> Sample:
        return Sample(found[name], found[name])

    row = Row("rendering alone, in process, warm", f"Jinja, the same {found['templates']} templates and contexts", 1.5)
    flat = found["last_to_first"] <= 1.1 and found["grown_megabytes"] <= 2
    yield (
        row.timed(lambda: seconds("scaffold"), lambda: seconds("stock"), 1)
        .demanding(
            (
                f"{found['renderings']} renderings: the last tenth takes {found['last_to_first']:.2f} x the first, "
                f"{found['grown_megabytes']:+.1f} MB",
                flat,
            )
        )
        .with_notes(
            f"Jinja in its sandbox and with every value escaped, as it is used here: {found['engine'] * 1000:.1f} ms, "
            f"of which ours is {found['scaffold'] / found['engine']:.2f} x",
            f"from the answers, with the facts derived anew: {found['with_blueprint'] * 1000:.1f} ms",
        )
    )


def comparing(tools: Tools, runs: int) -> Iterator[Row]:
    """Yield the row about `diff` of one repository."""
    there = trees.networks(tools, "network", 5)
    rendered = trees.networks(tools, "network-rendered", 5)
    number = len(trees.files_of(there))
    row = Row(f"scaffold diff, {number} files", "git diff --no-index and terraform validate", 0.3)
    ours = command(tools, "scaffold", "diff", there, codes=DIFFERS)
    if tools.terraform is None:
        trees.edit(there, "edited")
        alone = taken(Task((ours,)), runs)
        yield Row(row.what, row.anchor, row.goal, not_run=tools.no_terraform, notes=(f"ours: {milliseconds(alone)}",))
        return
    trees.edit(there, "edited")
    root = there / "environments/prod"
    terraform = tools.terraform
    output_of(Command((terraform, "init", "-backend=false", "-input=false"), root, tools.environment))
    shown = Command(
        ("/usr/bin/env", "git", "diff", "--no-index", rendered, there), tools.work, tools.environment, frozenset({0, 1})
    )
    validated = Command((terraform, "validate"), root, tools.environment)
    yield row.measured(Task((ours,)), Task((shown, validated)), runs)


def comparing_all(tools: Tools, runs: int) -> Iterator[Row]:
    """Yield the row about `diff --all`: two cores beside one."""
    number = 100 if runs > 3 else 20
    tree = trees.rendered(tools, "network", "--preset", "network-only")
    folder = trees.repositories(trees.fresh(tools, "repositories"), tree, number)

    def every(jobs: int) -> Task:
        return Task((command(tools, "scaffold", "diff", "--all", "--jobs", str(jobs), folder, codes=DIFFERS),))

    yield (
        Row(f"scaffold diff --all, {number} repositories, --jobs 2", "the same with --jobs 1", 1 / 1.7).measured(
            every(2), every(1), max(2, runs // 2)
        )
    )
