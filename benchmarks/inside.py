"""What is measured inside one process of scaffold's own environment; each command prints one JSON document.

    python -I benchmarks/inside.py rendering COUNT
    python -I benchmarks/inside.py schema TREE
    python -I benchmarks/inside.py scans TREE ...

It is run by the path, so it imports nothing of the benchmarks.
"""

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from unittest import mock


def rendering(number: int) -> dict[str, object]:
    """Render the preset `platform` many times, and beside it by Jinja alone the same templates in the same contexts.

    `scaffold` goes from the facts to the files, `with_blueprint` from the answers. `stock` is Jinja without sandbox and
    escaping; `engine` is Jinja as it is set up here, with both.
    """
    from scaffold.answers.project import resolve
    from scaffold.answers.sources import merge
    from scaffold.blueprint import build
    from scaffold.presets import find_preset
    from scaffold.render import render, render_files
    from scaffold.render.engine import Engine

    project = resolve(merge([find_preset("platform").source]))
    calls: list[tuple[str, Mapping[str, Any]]] = []
    render_one = Engine.render

    def recording(engine: Engine, name: str, context: Mapping[str, Any]) -> str:
        calls.append((name, context))
        return render_one(engine, name, context)

    with mock.patch.object(Engine, "render", recording):
        render(project)
    blueprint = build(project)
    measured: dict[str, Callable[[], object]] = {
        "scaffold": lambda: render_files(blueprint, project.given),
        "engine": _engine(calls),
        "stock": _stock(calls),
        "with_blueprint": lambda: render(project),
    }
    times: dict[str, list[float]] = {name: [] for name in measured}
    for _ in range(30):
        for name, run in measured.items():
            times[name].append(_seconds(run))
    each, memory = [], []
    for _ in range(number):
        each.append(_seconds(lambda: render(project)))
        memory.append(_resident())
    tenth = max(1, number // 10)
    return {
        **{name: statistics.median(values) for name, values in times.items()},
        "templates": len(calls),
        "renderings": number,
        "last_to_first": statistics.median(each[-tenth:]) / statistics.median(each[:tenth]),
        "grown_megabytes": (memory[-1] - memory[tenth - 1]) / 1e6,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
    }


def _engine(calls: list[tuple[str, Mapping[str, Any]]]) -> Callable[[], object]:
    from scaffold.render.engine import engine_of
    from scaffold.resources import TEMPLATES

    engine = engine_of((TEMPLATES,))
    return lambda: [engine.render(name, context) for name, context in calls]


def _stock(calls: list[tuple[str, Mapping[str, Any]]]) -> Callable[[], object]:
    import jinja2

    from scaffold.render.engine import FILTERS
    from scaffold.resources import TEMPLATES

    loader = jinja2.FileSystemLoader(TEMPLATES)
    environment = jinja2.Environment(
        loader=loader, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )  # it is only timed
    environment.filters.update(FILTERS)
    return lambda: [environment.get_template(name).render(context) for name, context in calls]


def schema(tree: str) -> dict[str, object]:
    """Check one tree against the provider's schema, in a process that has done nothing yet: import, parse, check."""
    from scaffold.workspace.reading import read_tree

    read = read_tree(Path(tree))
    started, cpu = time.perf_counter(), time.process_time()
    from scaffold.verify.provider_schema import verify

    verdict = verify(read)
    return {
        "wall": time.perf_counter() - started,
        "cpu": time.process_time() - cpu,
        "status": str(verdict.status),
        "reason": verdict.reason,
    }


def scans(*trees: str) -> dict[str, object]:
    """Scan trees with checkov as scaffold does, and count the processes that this takes."""
    from scaffold.verify import checkov

    before = time.perf_counter()
    with mock.patch("subprocess.Popen", wraps=subprocess.Popen) as started:
        found = checkov.scan([Path(tree) for tree in trees])
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "wall": time.perf_counter() - before,
        "cpu": usage.ru_utime + usage.ru_stime,
        "processes": started.call_count,
        "passed": [scan.passed for scan in found],
    }


def _seconds(run: Callable[[], object]) -> float:
    started = time.process_time()
    run()
    return time.process_time() - started


def _resident() -> int:
    statm = Path("/proc/self/statm")
    return int(statm.read_text().split()[1]) * resource.getpagesize() if statm.exists() else 0


if __name__ == "__main__":
    command, *rest = sys.argv[1:]
    measured = {
        "rendering": lambda: rendering(int(rest[0])),
        "schema": lambda: schema(*rest),
        "scans": lambda: scans(*rest),
    }
    print(json.dumps(measured[command]()))
