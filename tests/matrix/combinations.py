"""The combinations of answers whose renderings are all verified: every preset, architecture, number of AZs and NAT."""

from itertools import product

from scaffold.presets import load_presets
from scaffold.render import Rendering
from tests.support.rendering import preset

PRESETS = tuple(dict.fromkeys(each.name for each in load_presets()))
ARCHITECTURES = ("arm64", "x86_64")
AZS = (2, 3, 6)
NATS = ("per-az", "single", "regional", "none")

GROUPS = tuple(product(PRESETS, NATS))
"""Tests go through one group at a time: a preset with one NAT, in every architecture and number of AZs."""


def group(name: str, nat: str) -> dict[str, Rendering]:
    """Return the renderings of one group, each under a name of its own."""
    endpoints = ["network.endpoints=private"] if nat == "none" else []
    return {
        f"{name}-{nat}-{arch}-{azs}": preset(name, f"network.nat={nat}", f"arch={arch}", f"azs={azs}", *endpoints)
        for arch, azs in product(ARCHITECTURES, AZS)
    }
