"""Where the package keeps what it ships besides code."""

from pathlib import Path

_PACKAGE = Path(__file__).parent

DATA = _PACKAGE / "data"
"""Schemas, prices and locks."""


def _beside(name: str) -> Path:
    # In a wheel the folder lies inside the package; in a checkout it is the package's neighbour.
    inside = _PACKAGE / f"_{name}"
    return inside if inside.is_dir() else _PACKAGE.parent / name


TEMPLATES = _beside("templates")
PRESETS = _beside("presets")
