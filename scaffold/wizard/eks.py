"""Questions about an EKS Auto Mode cluster."""

from collections.abc import Mapping, Sequence
from typing import get_args

from scaffold.answers.eks import KUBERNETES_VERSIONS, Capability, ManagedLog
from scaffold.wizard.draft import Draft
from scaffold.wizard.question import Kind, Option, Question


def _has_cluster(draft: Draft) -> bool:
    return any("eks-auto-mode" in each.capacity for each in draft.environments)


def _versions(draft: Draft) -> Sequence[Option]:
    return [Option(version) for version in reversed(KUBERNETES_VERSIONS)]


_LOG_ABOUT: Mapping[str, str] = {
    "compute": "why nodes came and went.",
    "block-storage": "volumes; as with each further one, its first apply may have to be repeated.",
    "load-balancing": "load balancers and their targets.",
    "ipam": "addresses of pods.",
}

_CAPABILITY_ABOUT: Mapping[str, str] = {
    "argocd": "deploys from Git; needs IAM Identity Center.",
    "ack": "makes AWS resources from Kubernetes objects.",
    "kro": "makes one object of your own stand for several.",
}


def _has_argocd(draft: Draft) -> bool:
    return _has_cluster(draft) and any("argocd" in each.eks.capabilities for each in draft.environments)


def _managed_logs(draft: Draft) -> Sequence[Option]:
    return [Option(log, _LOG_ABOUT[log]) for log in get_args(ManagedLog)]


def _capabilities(draft: Draft) -> Sequence[Option]:
    return [Option(capability, _CAPABILITY_ABOUT[capability]) for capability in get_args(Capability)]


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
    Question(
        path="eks.managed_logs",
        prompt="Logs of what Auto Mode runs",
        why="Nothing else tells what its controllers did; they are paid for by the GB.",
        kind=Kind.MANY,
        options=_managed_logs,
        when=_has_cluster,
    ),
    Question(
        path="eks.capabilities",
        prompt="EKS capabilities",
        why="Run by AWS outside the cluster, each at a price by the hour.",
        kind=Kind.MANY,
        options=_capabilities,
        when=_has_cluster,
    ),
    Question(
        path="eks.argocd_idc_instance_arn",
        prompt="IAM Identity Center instance (ARN)",
        why="People sign in to Argo CD with it; aws sso-admin list-instances prints it.",
        kind=Kind.TEXT,
        when=_has_argocd,
    ),
    Question(
        path="eks.argocd_admin_groups",
        prompt="IDs of groups that administer Argo CD",
        why="Groups of that instance; without one nobody can sign in.",
        kind=Kind.LIST,
        when=_has_argocd,
    ),
)
