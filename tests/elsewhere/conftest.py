"""The surroundings of tests of commands."""

from tests.cli.conftest import surroundings

__all__ = ["surroundings"]
