"""What every test of the target may count on."""

from collections.abc import Callable, Iterator

import pytest

from tests.workspace import faults


@pytest.fixture(autouse=True)
def _count_of_faults(record_property: Callable[[str, object], None]) -> Iterator[None]:
    before = faults.survived
    yield
    record_property("writes that failed, were interrupted or never came", faults.survived - before)
