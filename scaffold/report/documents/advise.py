"""What a workload should run on, and what else could."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from scaffold.report.documents.cost import CostEntry, exact

if TYPE_CHECKING:
    from scaffold.advise.advice import Advice, Judged
    from scaffold.advise.rules import Rule
    from scaffold.advise.workload import Fact


@dataclass(frozen=True, slots=True)
class FactEntry:
    """One fact of a workload: its name, default and meaning, what it can be where that is one of a few, and its value.

    `value` is null where nothing was given and no default holds; `default` is `required` where there is none.
    """

    name: str
    default: str
    about: str
    choices: list[str]
    value: str | None

    @classmethod
    def of(cls, fact: "Fact", value: object) -> "FactEntry":
        """Return a fact's entry, with its value."""
        shown = None if value is None else str(value).lower() if isinstance(value, bool) else str(value)
        return cls(fact.name, fact.default, fact.about, list(fact.choices), shown)


@dataclass(frozen=True, slots=True)
class ReasonEntry:
    """What speaks for an option, against it, or rules it out.

    `by` is the opinion's id, `limit` for what AWS sets, or `fit`; `source` is empty where the opinion's page says it.
    """

    effect: Literal["for", "against", "no"]
    by: str
    text: str
    source: str

    @classmethod
    def of(cls, rule: "Rule") -> "ReasonEntry":
        """Return what a rule says as an entry."""
        return cls(rule.effect, rule.by, rule.text, rule.source)


@dataclass(frozen=True, slots=True)
class OptionEntry:
    """A capacity, or one way of having it, judged.

    `usd` is what it costs a month, as a decimal number in text: null where it is ruled out or cannot be priced, and
    `lines` is empty then. `assumptions` are what the figure rests on, or why there is none.
    """

    id: str
    capacity: str
    title: str
    fit: Literal["recommended", "possible", "no"]
    reasons: list[ReasonEntry]
    usd: str | None
    basis: str
    lines: list[CostEntry]
    assumptions: list[str]

    @classmethod
    def of(cls, judged: "Judged", *, recommended: bool) -> "OptionEntry":
        """Return a judged option as an entry."""
        cost = judged.estimate.cost if judged.estimate else None
        return cls(
            id=judged.option.id,
            capacity=judged.option.capacity,
            title=judged.option.title,
            fit="recommended" if recommended else "possible" if judged.possible else "no",
            reasons=[ReasonEntry.of(rule) for rule in judged.reasons],
            usd=None if cost is None else exact(cost.usd),
            basis="" if cost is None else cost.basis,
            lines=[] if cost is None else [CostEntry.of(line) for line in cost.lines],
            assumptions=[] if judged.estimate is None else list(judged.estimate.assumptions),
        )


@dataclass(frozen=True, slots=True)
class RecommendationEntry:
    """What is recommended: the option, why, the opinions it rests on by id, and the command that renders it."""

    option: str
    why: str
    by: list[str]
    command: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviseDocument:
    """What a workload should run on.

    Without facts, there is no recommendation and there are no options: `facts` says which can be given.
    """

    kind: Literal["advise"] = "advise"
    facts: list[FactEntry]
    recommendation: RecommendationEntry | None
    options: list[OptionEntry]
    notes: list[str]

    @classmethod
    def of(cls, advice: "Advice", facts: "list[Fact]") -> "AdviseDocument":
        """Return advice as a document."""
        command = ["scaffold", "new", *(part for each in advice.settings for part in ("--set", each))]
        return cls(
            facts=[FactEntry.of(fact, getattr(advice.workload, fact.name)) for fact in facts],
            recommendation=RecommendationEntry(advice.recommended.id, advice.why, list(advice.by), command),
            options=[OptionEntry.of(each, recommended=each.option is advice.recommended) for each in advice.options],
            notes=list(advice.notes),
        )

    @classmethod
    def asking(cls, facts: "list[Fact]") -> "AdviseDocument":
        """Return the document that says which facts can be given."""
        return cls(facts=[FactEntry.of(fact, None) for fact in facts], recommendation=None, options=[], notes=[])
