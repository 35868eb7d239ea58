"""Measures everything: `python -m benchmarks [--quick] [--docs] [--only WORD]`."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks import growth, rows, rows_verify
from benchmarks.chart import draw
from benchmarks.measure import BenchmarkError
from benchmarks.report import as_json, as_markdown, line_text, row_text
from benchmarks.row import Row
from benchmarks.tools import CHECKOUT, Tools, install

WORK = CHECKOUT / ".bench"
DOCS = CHECKOUT / "docs"
BEGIN, END = "<!-- results -->", "<!-- end of results -->"
RUNS, QUICK_RUNS = 5, 3

PARTS = {
    "start": rows.starting,
    "render": rows.rendering,
    "in-process": rows.in_process,
    "schema": rows_verify.provider_schema,
    "full": rows_verify.full,
    "several": rows_verify.several,
    "diff": rows.comparing,
    "all": rows.comparing_all,
}
"""The rows of the table, in its order."""


def main() -> None:
    """Install the peers, measure, and print; write the results to `.bench/`, and with `--docs` to the docs."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few runs and small sizes, for trying")
    parser.add_argument("--docs", action="store_true", help="put the results into docs/benchmarks.md and its chart")
    parser.add_argument("--only", choices=[*PARTS, "growth"], action="append", help="measure this alone; repeatable")
    given = parser.parse_args()
    if given.only and given.docs:
        parser.error("--docs puts everything on the page: leave out --only")
    runs = QUICK_RUNS if given.quick else RUNS
    chosen = given.only or [*PARTS, "growth"]
    tools = install(WORK)
    print(", ".join(f"{name} {version}" for name, version in tools.versions.items()))
    table: list[Row] = []
    for name in PARTS:
        for row in _rows(name, tools, runs) if name in chosen else ():
            print(row_text(row), flush=True)
            table.append(row)
    lines = []
    for line in growth.lines(tools, runs) if "growth" in chosen else ():
        print(line_text(line), flush=True)
        lines.append(line)
    results = json.dumps(as_json(table, lines, tools.versions, runs), indent=2) + "\n"
    (WORK / "results.json").write_text(results)
    (WORK / "benchmarks.svg").write_text(draw(table, lines))
    print(f"{sum(row.met is True for row in table)} of {len(table)} goals met; {WORK}/results.json, benchmarks.svg")
    if given.docs:
        (DOCS / "benchmarks.json").write_text(results)
        (DOCS / "benchmarks.svg").write_text(draw(table, lines))
        _replace_results(DOCS / "benchmarks.md", as_markdown(table, lines, tools.versions, runs))


def _rows(name: str, tools: Tools, runs: int) -> Iterator[Row]:
    """Yield the rows of a part; what fails in it does not stop the others."""
    try:
        yield from PARTS[name](tools, runs)
    except BenchmarkError as error:
        yield Row(name, "", 0.0, not_run=" ".join(str(error).split())[:300])


def _replace_results(page: Path, results: str) -> None:
    before, _, rest = page.read_text().partition(BEGIN)
    page.write_text(f"{before}{BEGIN}\n{results}{END}{rest.partition(END)[2]}")


if __name__ == "__main__":
    try:
        main()
    except BenchmarkError as error:
        sys.exit(f"error {error}")
