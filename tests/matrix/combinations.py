"""The combinations of answers whose renderings are all verified: every preset, architecture, number of AZs and NAT.

What is logged and which EKS capabilities there are is sampled: one rendering of some groups has all of it, or none.
"""

from itertools import product

from scaffold.presets import load_presets
from scaffold.render import Rendering
from tests.support.rendering import preset

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

GROUPS = tuple(product(PRESETS, NATS))
"""Tests go through one group at a time: a preset with one NAT, in every architecture and number of AZs."""


def group(name: str, nat: str) -> dict[str, Rendering]:
    """Return the renderings of one group, each under a name of its own."""
    endpoints = ["network.endpoints=private"] if nat == "none" else []
    settings = (f"network.nat={nat}", *endpoints)
    renderings = {
        f"{name}-{nat}-{arch}-{azs}": preset(name, *settings, f"arch={arch}", f"azs={azs}")
        for arch, azs in product(ARCHITECTURES, AZS)
    }
    if nat in SAMPLES:
        title, sample = SAMPLES[nat]
        renderings[f"{name}-{nat}-{title}"] = preset(name, *settings, *sample)
    return renderings
