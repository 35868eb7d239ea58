"""The rows about the verifiers, beside Terraform and checkov."""

from collections.abc import Iterator
from pathlib import Path

from benchmarks import trees
from benchmarks.measure import Command, Pairs, Sample, Task, median
from benchmarks.row import Row, milliseconds
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
    anchors = {"checkov -d": Task((_checkov(tools, tree),))}
    notes: tuple[str, ...] = (f"without terraform: {tools.no_terraform}",)
    if tools.terraform is not None:
        folders = sorted({file.parent for file in tree.rglob("versions.tf")})
        steps = (("init", "-backend=false", "-input=false"), ("validate",))
        commands = [
            Command((tools.terraform, *step), folder, tools.environment) for folder in folders for step in steps
        ]
        anchors[f"terraform init and validate, {len(folders)} folders in turn"] = Task(tuple(commands))
        notes = ()
    check = command(tools, "scaffold", "check", tree, "--verify", "full", codes=WRONG)
    first, again = Task((check,), lambda: trees.touch(tree)), Task((check,))
    # All in turn; what comes right after `first` finds nothing changed.
    rounds = [[task.run() for task in (first, again, *anchors.values())] for _ in range(1 + max(2, runs // 2))][1:]
    firsts, agains, *others = zip(*rounds, strict=True)
    times = dict(zip(anchors, others, strict=True))
    slower = max(times, key=lambda name: median(times[name]).wall)
    notes += tuple(f"{name}: {milliseconds(median(samples))}" for name, samples in times.items())
    megabytes = anchors[slower].peak_megabytes()
    for what, goal, task, samples, more in (
        ("the first time", 1.15, first, firsts, notes),
        ("nothing changed since", 0.15, again, agains, ()),
    ):
        yield Row(
            f"--verify full, {what}",
            f"the slower of checkov and terraform: {slower}",
            goal,
            Pairs(samples, times[slower]),
            ours_megabytes=task.peak_megabytes(),
            theirs_megabytes=megabytes,
            notes=more,
        )


def _checkov(tools: Tools, tree: Path) -> Command:
    options = ("--framework", "terraform", "--skip-download", "--quiet", "--compact")
    return command(tools, "checkov", "--directory", tree, *options, codes=frozenset({0, 1}))


def several(tools: Tools, runs: int) -> Iterator[Row]:
    """Yield the row about one start of checkov for several trees."""
    tree = trees.rendered(tools, "several", "--preset", "platform")
    parts = [tree / folder for folder in ("environments/dev", "environments/prod", "modules/network", "bootstrap")]
    number = len(parts)
    processes = Task(tuple(_checkov(tools, part) for part in parts))
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
