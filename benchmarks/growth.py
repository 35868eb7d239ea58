"""How time and memory grow with the number of files, AZs, environments and repositories."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from benchmarks import trees
from benchmarks.measure import Sample, Task, median
from benchmarks.rows import DIFFERS, command
from benchmarks.rows_verify import WRONG
from benchmarks.tools import CHECKOUT, Tools

LINEAR = 1.25
"""Up to here a line counts as no steeper than linear: what runs of the same differ by on a busy machine."""

FLAT = 0.1
"""A line that rises by less than this share of its first point says nothing about its shape."""


@dataclass(frozen=True, slots=True)
class Line:
    """How one thing grows.

    Attributes:
        what: the command.
        unit: what there is more and more of.
        sizes: how many there are at each point.
        samples: the median time at each point.
        megabytes: the memory at each point, if it can be measured.
    """

    what: str
    unit: str
    sizes: tuple[int, ...]
    samples: tuple[Sample, ...]
    megabytes: tuple[float | None, ...]

    @property
    def time_steepness(self) -> float:
        """Processor time for one more at the large end, divided by that at the small end."""
        return steepness(self.sizes, [sample.cpu for sample in self.samples])

    @property
    def memory_steepness(self) -> float:
        """Memory for one more at the large end, divided by that at the small end."""
        return steepness(self.sizes, [each or 0.0 for each in self.megabytes])

    @property
    def linear(self) -> bool:
        """Whether neither time nor memory is steeper than linear."""
        return max(self.time_steepness, self.memory_steepness) <= LINEAR


def steepness(sizes: "tuple[int, ...]", values: "list[float]") -> float:
    """Return what one more costs in the upper half of a line, divided by what it costs in the lower half.

    What a process costs before it has done anything cancels out, which else would make every line look flat. 1 is a
    straight line, 2 a parabola's order of growth; a line that hardly rises at all counts as 0.
    """
    middle = len(sizes) // 2
    if values[-1] - values[0] < FLAT * values[0]:
        return 0.0
    lower = (values[middle] - values[0]) / (sizes[middle] - sizes[0])
    upper = (values[-1] - values[middle]) / (sizes[-1] - sizes[middle])
    # A lower half that does not rise beyond noise is measured by the whole line's first point instead.
    least = FLAT * values[0] / (sizes[-1] - sizes[0])
    return max(0.0, upper / max(lower, least))


def lines(tools: Tools, runs: int) -> Iterator[Line]:
    """Yield the line of each thing that may grow."""
    few = runs <= 3
    target = tools.work / "trees" / "grown"

    def clean() -> None:
        trees.fresh(tools, "grown")

    def rendering(*options: str | Path) -> Task:
        return Task((command(tools, "scaffold", "render", target, *options, "--verify", "fast"),), clean)

    network = trees.rendered(tools, "network-for-growth", "--preset", "network-only")
    sizes = (10, 30, 100, 300) if few else (10, 30, 100, 300, 1000, 3000)
    foreign = {
        size: trees.roots(trees.fresh(tools, f"files-{size}"), network / "modules/network", size) for size in sizes
    }
    checks = [
        Task((command(tools, "scaffold", "check", foreign[size], "--verify", "fast", codes=WRONG),)) for size in sizes
    ]
    yield _line("scaffold check --verify fast", "files", sizes, checks, runs // 3)
    zones = (2, 3, 4, 5, 6)
    by_zone = [rendering("--preset", "platform", "--set", f"azs={size}") for size in zones]
    yield _line("scaffold render --verify fast", "AZs", zones, by_zone, runs)
    several = (1, 2, 4, 8)
    by_environment = [rendering("--answers", _answers(tools, size)) for size in several]
    yield _line("scaffold render --verify fast", "environments", several, by_environment, runs)
    repositories = (1, 5, 10, 20) if few else (1, 10, 30, 60, 100)
    folders = [trees.repositories(trees.fresh(tools, f"repositories-{size}"), network, size) for size in repositories]
    compared = [
        Task((command(tools, "scaffold", "diff", "--all", "--jobs", "2", folder, codes=DIFFERS),)) for folder in folders
    ]
    yield _line("scaffold diff --all --jobs 2", "repositories", repositories, compared, runs // 3)


def _answers(tools: Tools, environments: int) -> Path:
    """Write the answers of the preset `platform` with another number of environments."""
    preset = next((CHECKOUT / "presets").glob("platform-*.yaml"))
    answers = yaml.safe_load(preset.read_text())["answers"]
    answers["environments"] = {f"e{number}": {} for number in range(1, environments + 1)}
    path = tools.work / "trees" / f"environments-{environments}.yaml"
    path.write_text(yaml.safe_dump(answers))
    return path


def _line(what: str, unit: str, sizes: "tuple[int, ...]", tasks: "list[Task]", runs: int) -> Line:
    # All points in turn, again and again, so that a busy minute of the machine does not bend the line.
    tasks[0].run()
    rounds = [[task.run() for task in tasks] for _ in range(max(1, runs))]
    samples = tuple(median(samples) for samples in zip(*rounds, strict=True))
    return Line(what, unit, sizes, samples, tuple(task.peak_megabytes() for task in tasks))
