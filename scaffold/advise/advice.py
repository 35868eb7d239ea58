"""From a workload to what fits it, and what is recommended."""

from collections.abc import Sequence
from dataclasses import dataclass

from scaffold.advise.costs import Estimate, estimate
from scaffold.advise.options import OPTIONS, Option
from scaffold.advise.rules import DECISIONS, RULES, Rule
from scaffold.advise.workload import Workload
from scaffold.cost.prices import Prices


@dataclass(frozen=True, slots=True)
class Judged:
    """An option, judged for a workload.

    Attributes:
        option: the option.
        reasons: what is to be said of it, what rules it out first.
        estimate: what it costs; None where it is ruled out.
    """

    option: Option
    reasons: tuple[Rule, ...]
    estimate: Estimate | None

    @property
    def possible(self) -> bool:
        """Whether nothing rules it out."""
        return all(reason.effect != "no" for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class Advice:
    """What is recommended for a workload.

    Attributes:
        workload: the workload.
        recommended: the option.
        why: why, in a sentence.
        by: the opinions it rests on, by their ids.
        options: every option judged: the recommended one, those that can do it by what they cost, the others.
        notes: what is to be said whatever is chosen.
    """

    workload: Workload
    recommended: Option
    why: str
    by: tuple[str, ...]
    options: tuple[Judged, ...]
    notes: tuple[str, ...]

    @property
    def settings(self) -> tuple[str, ...]:
        """The answers that render what is recommended, each as `--set` takes it."""
        workload, option = self.workload, self.recommended
        usual = Workload.model_fields["region"].default
        return (
            f"capacity=[{option.capacity}]",
            *([f"arch={workload.architecture}"] if workload.architecture != "arm64" else ()),
            *([f"region={workload.region}"] if workload.region != usual else ()),
            *option.settings(workload),
        )


def advise(workload: Workload, prices: Prices) -> Advice:
    """Return what is recommended for a workload, beside all that is not."""
    judged = [_judged(option, workload, prices) for option in OPTIONS]
    costs = {
        each.option.id: None if each.estimate is None or each.estimate.cost is None else each.estimate.cost.usd
        for each in judged
    }
    possible = {each.option.id for each in judged if each.possible}
    decision = next(each for each in DECISIONS if each.option.id in possible and each.when(workload, costs))
    return Advice(
        workload=workload,
        recommended=decision.option,
        why=decision.why,
        by=decision.by,
        options=_in_order(judged, decision.option),
        notes=tuple(_notes(workload)),
    )


def _judged(option: Option, workload: Workload, prices: Prices) -> Judged:
    said = [rule for rule in RULES if option in rule.options and rule.when(workload)]
    reasons = tuple(sorted(said, key=lambda rule: ("no", "for", "against").index(rule.effect)))
    ruled_out = any(rule.effect == "no" for rule in reasons)
    return Judged(option, reasons, None if ruled_out else estimate(option, workload, prices))


def _in_order(judged: Sequence[Judged], recommended: Option) -> tuple[Judged, ...]:
    def place(each: Judged) -> tuple[bool, bool, bool, object]:
        cost = None if each.estimate is None else each.estimate.cost
        return each.option != recommended, not each.possible, cost is None, 0 if cost is None else cost.usd

    return tuple(sorted(judged, key=place))


def _notes(workload: Workload) -> list[str]:
    notes = []
    if workload.p95_ms is not None and workload.p95_ms < workload.run_seconds * 1000:
        notes.append(
            f"The target of {workload.p95_ms} ms is less than the {workload.run_seconds:f} s that a unit takes: "
            "nothing here makes the work itself faster."
        )
    return notes
