"""One row of the table: what is measured, beside what, how far it is to get, and how far it got."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from benchmarks.measure import Pairs, Sample, Task, median, paired


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table.

    Attributes:
        what: what of scaffold is measured.
        anchor: what it is compared with.
        goal: the ratio, ours by theirs, that is to be reached at most.
        pairs: the runs, unless it was not run.
        not_run: why it was not run.
        ours_megabytes: the most memory that ours held, all its processes together.
        theirs_megabytes: the same of what it is compared with.
        demands: what else is asked for, each with the figure in words and whether it is so.
        notes: figures that explain the ratio.
    """

    what: str
    anchor: str
    goal: float
    pairs: Pairs | None = None
    not_run: str = ""
    ours_megabytes: float | None = None
    theirs_megabytes: float | None = None
    demands: tuple[tuple[str, bool], ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached and every demand is met; None if it was not run."""
        if self.pairs is None:
            return None
        return self.pairs.ratio <= self.goal and all(kept for _, kept in self.demands)

    def measured(self, ours: Task, theirs: Task, runs: int) -> "Row":
        """Return the row with the figures of two tasks, run in turn, and then once more each for their memory."""
        pairs = paired(ours.run, theirs.run, runs)
        return replace(
            self, pairs=pairs, ours_megabytes=ours.peak_megabytes(), theirs_megabytes=theirs.peak_megabytes()
        )

    def timed(self, ours: Callable[[], Sample], theirs: Callable[[], Sample], runs: int) -> "Row":
        """Return the row with the figures of two things that tell their times themselves."""
        return replace(self, pairs=paired(ours, theirs, runs))

    def with_notes(self, *notes: str) -> "Row":
        """Return the row with more notes."""
        return replace(self, notes=(*self.notes, *notes))

    def demanding(self, *demands: tuple[str, bool]) -> "Row":
        """Return the row with more demands."""
        return replace(self, demands=(*self.demands, *demands))


def milliseconds(sample: Sample) -> str:
    """Return a time by the clock and by the processor, for notes."""
    return f"{sample.wall * 1000:.0f} ms ({sample.cpu * 1000:.0f} ms of processor time)"


def taken(task: Task, runs: int) -> Sample:
    """Return the median of some runs of a task that has no counterpart."""
    task.run()
    return median([task.run() for _ in range(runs)])
