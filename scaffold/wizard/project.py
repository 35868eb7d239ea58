"""Questions about every project."""

import re
from collections.abc import Sequence
from typing import Any, get_args

from scaffold.answers.model import LONGEST_NAME, Arch
from scaffold.answers.regions import REGIONS
from scaffold.declared import declared_of
from scaffold.render.components import discover
from scaffold.resources import TEMPLATES
from scaffold.wizard.draft import Draft
from scaffold.wizard.question import Kind, Option, Question

FALLBACKS = {"name": "platform", "region": "us-east-1", "owner": "platform-team", "cost_center": "shared"}
"""What is proposed where nothing hints at anything better."""


def name_from(folder: str) -> str:
    """Return a folder's name made into a project's name, or an empty text where nothing of it would be left."""
    words = re.sub(r"[^a-z0-9]+", "-", folder.lower())
    name = re.sub(r"^[^a-z]+", "", words)[:LONGEST_NAME].rstrip("-")
    return name if len(name) > 1 else ""


def _hint(question: Question, draft: Draft) -> Any:
    return draft.hints.get(question.path) or FALLBACKS[question.path]


def _capacities(draft: Draft) -> Sequence[Option]:
    why = {name: component.why for name, component in discover(TEMPLATES).items()}
    why |= {each.component.name: each.component.why for each in declared_of(draft.model)}
    return [Option(name, why[name]) for name in draft.model.components]


def _one_cluster(question: Question, draft: Draft) -> Any:
    return ["eks-auto-mode"]


def has_network(draft: Draft) -> bool:
    """Return whether there is a VPC to ask about."""
    return any(each.has_network for each in draft.environments)


def _archs(draft: Draft) -> Sequence[Option]:
    about = {
        "arm64": "Graviton: more work for the money.",
        "x86_64": "for code without an arm64 build.",
    }
    return [Option(arch, about[arch]) for arch in get_args(Arch)]


def _az_counts(draft: Draft) -> Sequence[Option]:
    about = {2: "the least; one that fails takes half.", 3: "one that fails leaves two thirds."}
    return [Option(count, about.get(count, "")) for count in range(2, REGIONS[draft.production.region].zones + 1)]


def _three_at_most(question: Question, draft: Draft) -> Any:
    return min(3, REGIONS[draft.production.region].zones)


QUESTIONS: tuple[Question, ...] = (
    Question(
        path="name",
        prompt="Name",
        why="The name of every resource begins with it.",
        kind=Kind.TEXT,
        proposal=_hint,
        personal=True,
    ),
    Question(
        path="region",
        prompt="AWS region",
        why="Everything lives there, the Terraform state too.",
        kind=Kind.TEXT,
        proposal=_hint,
        personal=True,
    ),
    Question(
        path="owner",
        prompt="Owner",
        why="The team that is called when something breaks; a tag on every resource.",
        kind=Kind.TEXT,
        proposal=_hint,
        personal=True,
    ),
    Question(
        path="cost_center",
        prompt="Cost center",
        why="Who pays; a tag on every resource, so that the bill can be split.",
        kind=Kind.TEXT,
        proposal=_hint,
        personal=True,
    ),
    Question(
        path="capacity",
        prompt="Capacity",
        why="What runs there; `scaffold advise` says what suits a workload. None marked: a network alone.",
        kind=Kind.MANY,
        options=_capacities,
        proposal=_one_cluster,
    ),
    Question(
        path="arch",
        prompt="CPU architecture",
        why="Nodes, functions and samples must agree on it.",
        kind=Kind.ONE,
        options=_archs,
    ),
    Question(
        path="azs",
        prompt="Availability zones",
        why="How many may fail, and how many times zonal things are paid for.",
        kind=Kind.ONE,
        options=_az_counts,
        proposal=_three_at_most,
        when=has_network,
    ),
)
