"""The sets of answers whose renderings are all verified, in groups that tests go through one at a time.

Every preset in every architecture, number of AZs and NAT, as far as it has a network; and the covering array over all
answers. What is logged and
which EKS capabilities there are is sampled in the presets: one rendering of some groups has all of it, or none.
"""

import os
from collections.abc import Mapping
from functools import cache
from itertools import product

from scaffold.presets import load_presets
from scaffold.render import Rendering, render
from tests.matrix.space import array, project_of
from tests.support.rendering import preset

EVERYTHING = os.environ.get("ANSWER_SPACE") == "all"
"""Whether Terraform and checkov are put to everything, which takes long, and not to a sample of it."""

PRESETS = tuple(dict.fromkeys(each.name for each in load_presets()))
ARCHITECTURES = ("arm64", "x86_64")
AZS = (2, 3, 6)
NATS = ("per-az", "single", "regional", "none")

ALL_OF_IT = (
    "network.query_logs=true",
    "eks.managed_logs=[compute, block-storage, load-balancing, ipam]",
    "eks.capabilities=[argocd, ack, kro]",
    "eks.argocd_idc_instance_arn=arn:aws:sso:::instance/ssoins-0123456789abcdef",
    "eks.argocd_admin_groups=[0a1b2c3d-0000-4000-8000-000000000000]",
)
NONE_OF_IT = ("network.query_logs=false", "eks.managed_logs=[]")
SAMPLES = {"single": ("all", ALL_OF_IT), "none": ("nothing", NONE_OF_IT)}
"""For some NATs, what one more rendering of the group has, and what it is called."""

WITHOUT_NETWORK = tuple(name for name in PRESETS if "network" not in preset(name).blueprint.modules)
"""Presets of what runs in no VPC: NAT and AZs mean nothing to them."""

_OF_PRESETS = {
    **{f"{name}-{nat}": (name, nat) for name, nat in product(PRESETS, NATS) if name not in WITHOUT_NETWORK},
    **{name: (name, "") for name in WITHOUT_NETWORK},
}

_INSIDE = (
    "network.endpoints=private",
    "ecs.image=123456789012.dkr.ecr.us-east-1.amazonaws.com/app:1.0.0",
    "ecs.health_command=[CMD, /app, --healthy]",
)
"""What has to be answered where there is no NAT: the sample's image comes from outside."""

_INTERNAL = {
    "ecs-api": ("ecs.load_balancer=internal",),
    "mcp-server": ("ecs.load_balancer=internal", "ecs.jwt=null", "ecs.adot=false"),
}
"""What else, of those whose load balancer would be in public subnets or would ask the internet who its callers are."""

SHARD = 30
"""How many sets of the array are a group; the first of each is put to Terraform too, and all with `EVERYTHING`."""

_OF_THE_ARRAY = {
    f"array-{start:03}": range(start, min(start + SHARD, len(array()))) for start in range(0, len(array()), SHARD)
}

GROUPS = (*_OF_PRESETS, *_OF_THE_ARRAY)


@cache
def group(name: str) -> Mapping[str, Rendering]:
    """Return the renderings of one group, each under a name of its own."""
    if name in _OF_THE_ARRAY:
        return {f"set-{number:03}": render(project_of(*array()[number])) for number in _OF_THE_ARRAY[name]}
    return _preset(*_OF_PRESETS[name])


def telling(name: str) -> Mapping[str, Rendering]:
    """Return those renderings of a group that say something which no other says.

    Of a preset's, the first, and what has all of it or nothing: architectures and numbers of AZs are literals, and the
    array has each of them beside every other answer.
    """
    if EVERYTHING or name in _OF_THE_ARRAY:
        return group(name)
    return _first_and_samples(name)


def sample(name: str) -> Mapping[str, Rendering]:
    """Return those renderings of a group that Terraform is put to: those above, of the array's the first."""
    return group(name) if EVERYTHING else _first_and_samples(name)


def _first_and_samples(name: str) -> Mapping[str, Rendering]:
    (first, rendering), *others = group(name).items()
    return {first: rendering, **{title: each for title, each in others if title.endswith(("-all", "-nothing"))}}


def _preset(name: str, nat: str) -> dict[str, Rendering]:
    if not nat:
        return {f"{name}-{arch}": preset(name, f"arch={arch}") for arch in ARCHITECTURES}
    inside = (*_INSIDE, *_INTERNAL.get(name, ())) if nat == "none" else ()
    settings = (f"network.nat={nat}", *inside)
    renderings = {
        f"{name}-{nat}-{arch}-{azs}": preset(name, *settings, f"arch={arch}", f"azs={azs}")
        for arch, azs in product(ARCHITECTURES, AZS)
    }
    if nat in SAMPLES:
        title, sample = SAMPLES[nat]
        renderings[f"{name}-{nat}-{title}"] = preset(name, *settings, *sample)
    return renderings
