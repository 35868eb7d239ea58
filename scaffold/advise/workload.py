"""The facts of a workload that decide where it runs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, ValidationError
from pydantic_core import ErrorDetails, PydanticUndefined

from scaffold.answers.base import Strict
from scaffold.answers.problems import AnswersError, Problem
from scaffold.answers.regions import REGIONS
from scaffold.answers.sources import Merged
from scaffold.answers.usage import Amount

LONGEST_RUN = 10 * 366 * 24 * 3600
"""Seconds; what is said to take longer than ten years was given in another unit."""

LARGEST_MEMORY = 768 * 1024
"""MB of the largest instances of the R families."""

FASTEST = 1_000_000
"""Requests a second; more was meant for a month."""

WORKFLOW_BUSY_SECONDS = Decimal(60)
"""How long the code of a workflow is taken to run where nothing is said; the rest of its time it waits."""

_PEAKS = {"steady": 2, "spiky": 10}
"""How many times the average the peak is taken to be where nothing is said."""

_MB_PER_VCPU = 1769
"""With so much memory a function has one vCPU. Source: "Configure Lambda function memory",
https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html."""

_COMPUTING, _COMPUTING_OF_STREAMS = Decimal("0.5"), Decimal("0.02")
"""How much of its time work computes where nothing is said: the rest, it waits for others."""

MOST_VCPUS = 192
"""Of one task or the largest instances."""

Positive = Annotated[Amount, Field(gt=0)]


class Workload(Strict):
    """What is to run: one unit of work is a request, an event, a stream, or an item of a batch."""

    traffic: Literal["steady", "spiky"] = Field(
        description="steady: it never more than doubles within five minutes; spiky: it does, or falls to nothing."
    )
    requests_per_second: Annotated[Positive, Field(le=FASTEST)] = Field(
        description="Units of work that begin in a second, on average over a month: 0.01 is one in 100 seconds."
    )
    peak_per_second: Annotated[Positive, Field(le=FASTEST)] | None = Field(
        default=None, description="The same at the peak. null: twice the average of steady traffic, ten times of spiky."
    )
    run_seconds: Annotated[Positive, Field(le=LONGEST_RUN)] = Field(
        description="Seconds from a unit's beginning to its end, waits for people included: 0.2, or 604800 for a week."
    )
    busy_seconds: Annotated[Positive, Field(le=LONGEST_RUN)] | None = Field(
        default=None,
        description="Of a workflow, the seconds of it in which code runs instead of waiting. null: 60, or all of a "
        "shorter one.",
    )
    vcpus: Annotated[Positive, Field(le=MOST_VCPUS)] | None = Field(
        default=None,
        description="The vCPUs that a unit keeps busy in that time, on average. null: 0.02 for a stream, else half of "
        "what Lambda gives with that memory (one for 1,769 MB), at most 0.5.",
    )
    memory_mb: int = Field(ge=1, le=LARGEST_MEMORY, description="MB that one running copy of the code needs.")
    protocol: Literal["request", "event", "stream", "batch"] = Field(
        description="request: somebody waits for the answer; event: from a queue, a bus or a schedule; stream: a "
        "connection that stays open, such as MCP or server-sent events; batch: many items at once."
    )
    payload_mb: Annotated[Positive, Field(le=LARGEST_MEMORY)] = Field(
        default=Decimal("0.01"), description="MB of the largest request, answer or event."
    )
    p95_ms: Annotated[int, Field(ge=1, le=LONGEST_RUN)] | None = Field(
        default=None,
        description="Milliseconds in which 95 of 100 requests are to be answered. null: there is no target.",
    )
    state: Literal["none", "workflow", "disk"] = Field(
        default="none",
        description="What has to outlive a restart: none; workflow, how far a unit has come; disk, files.",
    )
    gpu: bool = Field(default=False, description="Whether it needs a GPU.")
    kubernetes: bool = Field(default=False, description="Whether it has to be Kubernetes: charts, operators, its API.")
    packaging: Literal["container", "function"] | None = Field(
        default=None, description="What there is: a container image, or a function's code. null: either will do."
    )
    arch: Literal["arm64", "x86_64"] | None = Field(
        default=None, description="The CPU architecture. null: arm64, with a GPU x86_64."
    )
    region: str = Field(default="us-east-1", description="The AWS region, for its prices.")

    @property
    def architecture(self) -> str:
        """The CPU architecture, with the default resolved."""
        return self.arch or ("x86_64" if self.gpu else "arm64")

    @property
    def peak(self) -> Decimal:
        """Units of work a second at the peak, with the default resolved."""
        return self.peak_per_second or self.requests_per_second * _PEAKS[self.traffic]

    @property
    def busy(self) -> Decimal:
        """Seconds of a unit in which code runs, with the default resolved."""
        if self.state != "workflow":
            return self.run_seconds
        return self.busy_seconds or min(self.run_seconds, WORKFLOW_BUSY_SECONDS)

    @property
    def computing(self) -> Decimal:
        """The vCPUs that a unit keeps busy in that time, with the default resolved."""
        if self.vcpus is not None:
            return self.vcpus
        if self.protocol == "stream":
            return _COMPUTING_OF_STREAMS
        return _COMPUTING * min(Decimal(1), Decimal(self.memory_mb) / _MB_PER_VCPU)

    @property
    def level(self) -> Decimal:
        """Units of work a second for which machines run on average.

        Machines follow steady traffic. With spiky traffic they do not come in time, and are taken to run for half way
        to the peak.
        """
        if self.traffic == "steady":
            return self.requests_per_second
        return (self.requests_per_second + self.peak) / 2


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact that can be given.

    Attributes:
        name: how it is given: `run_seconds`.
        default: its default, `required`, or `null` where it follows from others.
        about: what it is.
        choices: what it can be, where that is one of a few; else empty.
    """

    name: str
    default: str
    about: str
    choices: tuple[str, ...]


def facts() -> Iterator[Fact]:
    """Yield every fact, in the order in which people think of them."""
    for name, field in Workload.model_fields.items():
        default = field.default
        if default is PydanticUndefined:
            shown = "required"
        else:
            shown = {None: "null", True: "true", False: "false"}.get(default, str(default))
        yield Fact(name, shown, field.description or "", _choices(name))


def lacks_facts(given: Merged) -> bool:
    """Return whether a fact that is required is not given."""
    return any(field.is_required() and name not in given.data for name, field in Workload.model_fields.items())


def workload_from(given: Merged) -> Workload:
    """Return the workload that facts describe.

    Args:
        given: the facts by name, with the place each came from.

    Raises:
        AnswersError: with everything that is missing or wrong.
    """
    try:
        workload = Workload.model_validate(given.data)
    except ValidationError as error:
        raise AnswersError([_problem(details, given) for details in error.errors(include_url=False)]) from None
    problems = list(_contradictions(workload, given))
    if problems:
        raise AnswersError(problems)
    return workload


def _contradictions(workload: Workload, given: Merged) -> Iterator[Problem]:
    if workload.region not in REGIONS:
        near = get_close_matches(workload.region[:40], REGIONS, 1, cutoff=0.5)
        mend = f"Did you mean {near[0]}?" if near else "Name an AWS region such as eu-central-1."
        yield Problem("region", "value", "is no region that is known.", mend, source=given.place("region"))
    if workload.gpu and workload.arch == "arm64":
        yield Problem(
            "arch",
            "value",
            "arm64 goes with no GPU here: the instances that have one and a price are x86_64.",
            "Leave it out, or say x86_64.",
            source=given.place("arch"),
        )
    if workload.peak < workload.requests_per_second:
        yield Problem(
            "peak_per_second",
            "value",
            f"{workload.peak:f} is less than the average, {workload.requests_per_second:f}.",
            "Give the most that begin in a second, or leave it out.",
            source=given.place("peak_per_second"),
        )
    if workload.busy > workload.run_seconds:
        yield Problem(
            "busy_seconds",
            "value",
            f"{workload.busy:f} is more than run_seconds, {workload.run_seconds:f}, of which it is a part.",
            "Give the seconds without the waits, or leave it out.",
            source=given.place("busy_seconds"),
        )


def _problem(details: ErrorDetails, given: Merged) -> Problem:
    name = str(details["loc"][0]) if details["loc"] else ""
    field = Workload.model_fields.get(name)
    if details["type"] == "missing":
        choices = _choices(name)
        value = choices[0] if choices else "…"
        return Problem(
            name, "required", "is required.", f"Pass --set {name}={value}. {_about(name)}", source="not given"
        )
    if field is None:
        near = get_close_matches(name[:40], Workload.model_fields, 1, cutoff=0.5)
        mend = f"Did you mean {near[0]}?" if near else f"Known are {', '.join(Workload.model_fields)}."
        return Problem(name, "unknown", "is no fact of a workload.", mend, source=given.place(name))
    return Problem(name, "value", f"{_wrong(details)}.", _about(name), source=given.place(name))


def _wrong(details: ErrorDetails) -> str:
    shown = repr(details["input"])[:60]
    context: Mapping[str, Any] = details.get("ctx") or {}
    texts = {
        "literal_error": f"{shown} is not one of {context.get('expected', '')}".replace("'", ""),
        "greater_than": f"{_plain(details)} is not more than {context.get('gt')}",
        "greater_than_equal": f"{_plain(details)} is less than {context.get('ge')}",
        "less_than_equal": f"{_plain(details)} is more than {context.get('le')}",
        "int_type": f"{shown} is not a whole number",
        "bool_type": f"{shown} is not true or false",
        "string_type": f"{shown} is not text",
    }
    if details["type"] == "value_error":
        return str(context.get("error"))
    return texts.get(details["type"], details["msg"].lower())


def _plain(details: ErrorDetails) -> str:
    return str(details["input"])[:60]


def _about(name: str) -> str:
    return Workload.model_fields[name].description or ""


def _choices(name: str) -> tuple[str, ...]:
    found: list[str] = []
    for each in (Workload.model_fields[name].annotation, *get_args(Workload.model_fields[name].annotation)):
        found += [choice for choice in get_args(each) if isinstance(choice, str)]
    return tuple(dict.fromkeys(found))
