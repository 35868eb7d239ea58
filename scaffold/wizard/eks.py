"""Questions about an EKS Auto Mode cluster."""

from collections.abc import Sequence

from scaffold.answers.eks import KUBERNETES_VERSIONS
from scaffold.wizard.draft import Draft
from scaffold.wizard.question import Kind, Option, Question


def _has_cluster(draft: Draft) -> bool:
    return any("eks-auto-mode" in each.capacity for each in draft.environments)


def _versions(draft: Draft) -> Sequence[Option]:
    return [Option(version) for version in reversed(KUBERNETES_VERSIONS)]


QUESTIONS: tuple[Question, ...] = (
    Question(
        path="eks.kubernetes_version",
        prompt="Kubernetes version",
        why="Add-ons and tools have caught up with the newest but one.",
        kind=Kind.ONE,
        options=_versions,
        when=_has_cluster,
    ),
    Question(
        path="eks.public_access_cidrs",
        prompt="Public CIDR blocks",
        why="Who reaches the cluster's API from the internet; empty keeps it private to the VPC.",
        kind=Kind.LIST,
        when=_has_cluster,
    ),
)
