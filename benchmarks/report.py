"""The results as text, as Markdown and as JSON."""

import os
import platform
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.growth import LINEAR, Line
from benchmarks.measure import Sample, median
from benchmarks.row import Row

HEADINGS = ("what", "anchor", "ours", "anchor's", "ratio", "by cpu", "reach", "met")


def cells(row: Row) -> tuple[str, ...]:
    """Return a row's cells, in the order of `HEADINGS`."""
    goal = f"<= {row.goal:.2f}"
    if row.pairs is None:
        return row.what, row.anchor, "", "", "", "", goal, f"not run, because {row.not_run}"
    ours = _figure(median(row.pairs.ours), row.ours_megabytes)
    theirs = _figure(median(row.pairs.theirs), row.theirs_megabytes)
    ratios = (f"{row.pairs.ratio:.3f}", f"{row.pairs.cpu_ratio:.3f}")
    return row.what, row.anchor, ours, theirs, *ratios, goal, "yes" if row.met else "no"


def _figure(sample: Sample, megabytes: float | None) -> str:
    time = f"{sample.wall * 1000:,.0f} ms" if sample.wall < 10 else f"{sample.wall:,.1f} s"
    return time if megabytes is None else f"{time}, {megabytes:,.0f} MB"


def row_text(row: Row) -> str:
    """Return a row as lines for the terminal."""
    what, anchor, ours, theirs, ratio, by_cpu, goal, met = cells(row)
    if row.pairs is None:
        lines = [f"{what}\n    beside {anchor} ({goal}): {met}"]
    else:
        lines = [f"{what}: {ours}\n    beside {anchor}: {theirs}"]
        lines.append(f"    ratio {ratio}, by processor time {by_cpu}, reach {goal}: {'met' if row.met else 'NOT met'}")
    lines += [f"    {text}: {'met' if kept else 'NOT met'}" for text, kept in row.demands]
    return "\n".join([*lines, *(f"    {note}" for note in row.notes)])


def line_text(line: Line) -> str:
    """Return a line of growth as text: its points, and how steep it is."""
    points = zip(line.sizes, line.samples, line.megabytes, strict=True)
    shown = "; ".join(f"{size:,}: {_figure(sample, megabytes)}" for size, sample, megabytes in points)
    steep = f"time {line.time_steepness:.2f}, memory {line.memory_steepness:.2f}"
    verdict = "no steeper than linear" if line.linear else "STEEPER than linear"
    return f"{line.what}, {line.unit}\n    {shown}\n    steepness (1 is linear, up to {LINEAR}): {steep}: {verdict}"


def as_json(rows: Sequence[Row], lines: Sequence[Line], versions: Mapping[str, str], runs: int) -> dict[str, Any]:
    """Return everything that was measured."""
    return {
        "kind": "benchmarks",
        "machine": {"cores": os.cpu_count(), "architecture": platform.machine(), "system": platform.system()},
        "versions": dict(versions),
        "runs": runs,
        "rows": [_row_json(row) for row in rows],
        "growth": [
            {
                "what": line.what,
                "unit": line.unit,
                "sizes": line.sizes,
                "wall_seconds": [_rounded(sample.wall) for sample in line.samples],
                "cpu_seconds": [_rounded(sample.cpu) for sample in line.samples],
                "megabytes": [each and round(each, 1) for each in line.megabytes],
                "time_steepness": _rounded(line.time_steepness),
                "memory_steepness": _rounded(line.memory_steepness),
                "linear": line.linear,
            }
            for line in lines
        ],
    }


def _row_json(row: Row) -> dict[str, Any]:
    found: dict[str, Any] = {"what": row.what, "anchor": row.anchor, "goal": _rounded(row.goal), "met": row.met}
    if row.pairs is None:
        return {**found, "not_run": row.not_run, "notes": row.notes}
    return {
        **found,
        "ratio": _rounded(row.pairs.ratio),
        "cpu_ratio": _rounded(row.pairs.cpu_ratio),
        "ours": _side_json(row.pairs.ours, row.ours_megabytes),
        "anchor_figures": _side_json(row.pairs.theirs, row.theirs_megabytes),
        "demands": [{"what": text, "met": kept} for text, kept in row.demands],
        "notes": row.notes,
    }


def _side_json(samples: Sequence[Sample], megabytes: float | None) -> dict[str, Any]:
    middle = median(samples)
    return {
        "wall_seconds": _rounded(middle.wall),
        "cpu_seconds": _rounded(middle.cpu),
        "megabytes": megabytes and round(megabytes, 1),
        "all_wall_seconds": [_rounded(sample.wall) for sample in samples],
    }


def _rounded(number: float) -> float:
    return round(number, 4)


def as_markdown(rows: Sequence[Row], lines: Sequence[Line], versions: Mapping[str, str], runs: int) -> str:
    """Return the tables for the docs."""
    said = ", ".join(f"{name} {version}" for name, version in versions.items())
    table = [_cells(HEADINGS), _cells(["---"] * len(HEADINGS)), *(_cells(cells(row)) for row in rows)]
    details = [f"- {row.what}: {'; '.join(_details(row))}." for row in rows if _details(row)]
    growth = [
        _cells(("what", "more and more", "smallest", "largest", "steepness: time", "memory", "no steeper than linear")),
        _cells(["---"] * 7),
        *(
            _cells(
                (
                    line.what,
                    line.unit,
                    *(f"{line.sizes[at]:,}: {_figure(line.samples[at], line.megabytes[at])}" for at in (0, -1)),
                    f"{line.time_steepness:.2f}",
                    f"{line.memory_steepness:.2f}",
                    "yes" if line.linear else "no",
                )
            )
            for line in lines
        ),
    ]
    measured = f"{runs} runs on {os.cpu_count()} cores, {platform.machine()}; {said}."
    return "\n".join([measured, "", *table, "", *details, "", *growth, ""])


def _details(row: Row) -> list[str]:
    return [*(f"{text} ({'met' if kept else 'not met'})" for text, kept in row.demands), *row.notes]


def _cells(texts: Sequence[str]) -> str:
    return f"| {' | '.join(texts)} |"
