"""The chart for the docs: the ratios beside their goals, and how things grow. Plain SVG, light and dark."""

from collections.abc import Iterator, Sequence
from html import escape

from benchmarks.growth import Line
from benchmarks.row import Row

WIDTH = 880
LABELS = 400
BAR, GAP = 18, 12
PANEL_WIDTH, PANEL_HEIGHT = 420, 210
STYLE = """\
text { font: 13px system-ui, sans-serif; fill: #24292f } .small { font-size: 11px; fill: #57606a }
.title { font-weight: 600 } .met { fill: #1a7f37 } .missed { fill: #cf222e } .goal { stroke: #24292f; stroke-width: 2 }
.axis { stroke: #8c959f } .time { stroke: #0969da; fill: none; stroke-width: 2 } .dot { fill: #0969da }
.memory { stroke: #bf8700; fill: none; stroke-width: 2; stroke-dasharray: 5 3 }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .small { fill: #8d96a0 } .goal { stroke: #e6edf3 }
.met { fill: #3fb950 } .missed { fill: #f85149 } .time { stroke: #4493f8 } .dot { fill: #4493f8 } }
"""


def draw(rows: Sequence[Row], lines: Sequence[Line]) -> str:
    """Return the chart: a bar for each row that was run, and a panel for each line of growth."""
    bars = [*_bars([row for row in rows if row.pairs is not None])]
    top = 50 + sum(row.pairs is not None for row in rows) * (BAR + GAP) + 20
    panels: list[str] = []
    for number, line in enumerate(lines):
        panels += _panel(line, (number % 2) * (PANEL_WIDTH + 20) + 10, top + (number // 2) * (PANEL_HEIGHT + 30))
    height = top + (len(lines) + 1) // 2 * (PANEL_HEIGHT + 30)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">'
    title = "<title>scaffold beside its anchors, and how it grows</title>"
    return "\n".join([head, title, f"<style>\n{STYLE}</style>", *bars, *panels, "</svg>", ""])


def _bars(rows: Sequence[Row]) -> Iterator[str]:
    yield _text(10, 24, "Time as a share of the goal: left of the mark is better; bars end at twice the goal", "title")
    goal_at = LABELS + (WIDTH - LABELS - 110) / 2
    for number, row in enumerate(rows):
        assert row.pairs is not None
        top = 40 + number * (BAR + GAP)
        share = row.pairs.ratio / row.goal
        width = min(share, 2.0) * (goal_at - LABELS)
        label = row.what if len(row.what) < 58 else f"{row.what[:56]}…"
        yield _text(10, top + 13, label)
        kind = "met" if row.met else "missed"
        yield f'<rect class="{kind}" x="{LABELS}" y="{top}" width="{width:.1f}" height="{BAR}" rx="2"/>'
        yield f'<line class="goal" x1="{goal_at}" y1="{top - 3}" x2="{goal_at}" y2="{top + BAR + 3}"/>'
        said = f"{row.pairs.ratio:.2f} of {row.goal:.2f}"
        yield _text(LABELS + max(width, goal_at - LABELS) + 8, top + 13, said, "small")


def _panel(line: Line, left: float, top: float) -> Iterator[str]:
    width, height = PANEL_WIDTH - 90, PANEL_HEIGHT - 60
    x0, y0 = left + 45, top + 30 + height
    times = [sample.wall for sample in line.samples]
    memory = [each or 0.0 for each in line.megabytes]
    yield _text(left, top + 14, f"{line.what}: {line.unit}", "title")
    yield f'<path class="axis" fill="none" d="M{x0} {y0 - height} V{y0} H{x0 + width}"/>'
    for values, kind in ((times, "time"), (memory, "memory")):
        highest = max(values) or 1.0
        points = [
            (x0 + width * size / line.sizes[-1], y0 - height * value / highest)
            for size, value in zip(line.sizes, values, strict=True)
        ]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        yield f'<polyline class="{kind}" points="{path}"/>'
        if kind == "time":
            yield from (f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="2.5"/>' for x, y in points)
    yield _text(left, y0 - height + 4, f"{max(times):.1f} s", "small")
    yield _text(x0 + width + 4, y0 - height + 4, f"{max(memory):,.0f} MB", "small")
    yield _text(x0, y0 + 16, "0", "small")
    yield _text(x0 + width - 30, y0 + 16, f"{line.sizes[-1]:,}", "small")
    yield _text(
        x0 + 60,
        y0 + 16,
        f"time —, memory - -; steepness {line.time_steepness:.2f}, {line.memory_steepness:.2f}",
        "small",
    )


def _text(x: float, y: float, words: str, kind: str = "") -> str:
    return f'<text class="{kind}" x="{x:.0f}" y="{y:.0f}">{escape(words)}</text>'
