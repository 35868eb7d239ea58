"""The rows about the verifiers, beside Terraform and checkov."""

from collections.abc import Iterator

from benchmarks import trees
from benchmarks.measure import Command, Sample, Task, median
from benchmarks.row import Row, milliseconds, taken
from benchmarks.rows import command, inside
from benchmarks.tools import Tools

WRONG = frozenset({0, 3})
"""The exit codes of `scaffold check` when it could verify: nothing wrong, or findings."""


def provider_schema(tools: Tools, runs: int) -> Iterator[Row]:
    """Yield the row about the check against the provider's schema."""
    row = Row(
        "provider-schema check of one tree, the first in its process", "terraform validate of one of its roots", 1 / 20
    )
    tree = trees.networks(tools, "schema", 2)

    def ours() -> Sample:
        found = inside(tools, "schema", tree)
        return Sample(found["wall"], found["cpu"])

    if tools.terraform is None:
        alone = median([ours() for _ in range(runs)])
        yield Row(row.what, row.anchor, row.goal, not_run=tools.no_terraform, notes=(f"ours: {milliseconds(alone)}",))
        return
    root = tree / "environments/prod"
    Task((Command((tools.terraform, "init", "-backend=false", "-input=false"), root, tools.environment),)).run()
    validated = Task((Command((tools.terraform, "validate"), root, tools.environment),))
    yield row.timed(ours, validated.run, runs)


def full(tools: Tools, runs: int) -> Iterator[Row]:
    """Yield the rows about `--verify full`: of a tree that is new, and of one that is as it was the last time."""
    tree = trees.networks(tools, "full", 2)
    checkov = command(
        tools,
        "checkov",
        "--directory",
        tree,
        "--framework",
        "terraform",
        "--skip-download",
        "--quiet",
        "--compact",
        codes=frozenset({0, 1}),
    )
    slower, slower_name = Task((checkov,)), "checkov -d"
    notes: tuple[str, ...] = (f"without terraform: {tools.no_terraform}",)
    if tools.terraform is not None:
        folders = sorted({file.parent for file in tree.rglob("versions.tf")})
        each = [
            Command((tools.terraform, *words), folder, tools.environment)
            for folder in folders
            for words in (("init", "-backend=false", "-input=false"), ("validate",))
        ]
        terraform = Task(tuple(each))
        times = {"checkov -d": taken(slower, runs // 2 or 1), "terraform": taken(terraform, runs // 2 or 1)}
        notes = tuple(f"{name}: {milliseconds(sample)}" for name, sample in times.items())
        if times["terraform"].wall > times["checkov -d"].wall:
            slower, slower_name = terraform, f"terraform init and validate, {len(folders)} folders in turn"
    check = command(tools, "scaffold", "check", tree, "--verify", "full", codes=WRONG)
    pairs = max(2, runs // 2)
    first = Row("--verify full, the first time", f"the slower of checkov and terraform: {slower_name}", 1.15)
    yield first.measured(Task((check,), lambda: trees.touch(tree)), slower, pairs).with_notes(*notes)
    again = Row("--verify full, nothing changed since", f"the same: {slower_name}", 0.15)
    yield again.measured(Task((check,)), slower, pairs)


def several(tools: Tools, runs: int) -> Iterator[Row]:
    """Yield the row about one start of checkov for several trees."""
    number = 4
    tree = trees.rendered(tools, "several", "--preset", "platform")
    parts = [tree / "environments/dev", tree / "environments/prod", tree / "modules/network", tree / "bootstrap"][
        :number
    ]
    processes = Task(
        tuple(
            command(
                tools,
                "checkov",
                "--directory",
                part,
                "--framework",
                "terraform",
                "--skip-download",
                "--quiet",
                "--compact",
                codes=frozenset({0, 1}),
            )
            for part in parts
        )
    )
    started: list[float] = []

    def ours() -> Sample:
        found = inside(tools, "scans", *parts)
        started.append(found["processes"])
        return Sample(found["wall"], found["cpu"])

    one = median([_scan(tools, parts[0]) for _ in range(max(2, runs // 2))])
    row = Row(f"{number} trees scanned by one checkov", f"one checkov -d each, {number} processes", 1.5 / number)
    row = row.timed(ours, processes.run, max(2, runs // 2))
    assert row.pairs is not None
    further = (median(row.pairs.ours).wall - one.wall) / (number - 1)
    yield row.demanding(
        (f"{max(started):.0f} start of checkov", set(started) == {1}),
        (
            f"a further tree takes {further * 1000:.0f} ms, the first {one.wall * 1000:.0f} ms with the import",
            further < one.wall / 2,
        ),
    )


def _scan(tools: Tools, *parts: object) -> Sample:
    found = inside(tools, "scans", *(str(part) for part in parts))
    return Sample(found["wall"], found["cpu"])
