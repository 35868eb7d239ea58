"""How a service's tasks are shared among capacity providers."""

from hypothesis import given, settings
from hypothesis import strategies as st

from scaffold.cost.shares import TaskShare, instances_at_least, tasks_of

counts = st.integers(0, 60)
shared = st.tuples(
    st.builds(TaskShare, st.just("FARGATE"), counts, st.just(1)),
    st.builds(TaskShare, st.just("FARGATE_SPOT"), st.just(0), st.integers(0, 9)),
)


def test_the_base_comes_before_the_weights() -> None:
    shares = TaskShare("FARGATE", 2, 1), TaskShare("FARGATE_SPOT", 0, 4)
    assert tasks_of(2, shares) == {"FARGATE": 2, "FARGATE_SPOT": 0}
    assert tasks_of(12, shares) == {"FARGATE": 4, "FARGATE_SPOT": 8}


def test_without_weights_only_the_base_runs() -> None:
    assert tasks_of(5, [TaskShare("FARGATE", 2, 0)]) == {"FARGATE": 2}


@settings(derandomize=True, database=None)
@given(counts, shared)
def test_every_task_runs_somewhere_and_what_does_not_divide_on_the_first(
    count: int, shares: tuple[TaskShare, ...]
) -> None:
    found = tasks_of(count, shares)
    assert sum(found.values()) == count
    first, second = shares
    assert found[first.provider] >= min(first.base, count)
    beyond = max(0, count - first.base)
    assert found[second.provider] == beyond * second.weight // (first.weight + second.weight)


def test_instances_spread_over_the_azs() -> None:
    assert [instances_at_least(tasks, 3) for tasks in (0, 1, 3, 9)] == [0, 1, 3, 3]
    assert instances_at_least(4, 0) == 4
