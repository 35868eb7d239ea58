"""How large a copy of the code has to be on each kind of capacity."""

from math import ceil

from scaffold.advise.workload import Workload
from scaffold.answers.ecs import FARGATE_MEMORY

SMALLEST_FUNCTION = 128
"""MB of a function, at least (Lambda API, MemorySize)."""

SMALLEST_TASK = 512
"""CPU units of the smallest task that is thought of: half a vCPU."""

MB_PER_VCPU = 4096
"""MB for each vCPU of an execution environment on Managed Instances, as for Python (L6)."""

LONGEST_TIMEOUT = 900
"""Seconds of an invocation."""


def function_memory(workload: Workload) -> int:
    """Return the MB of a function."""
    return max(SMALLEST_FUNCTION, workload.memory_mb)


def managed_memory(workload: Workload) -> int:
    """Return the MB of an execution environment on Managed Instances: enough for whole vCPUs."""
    return -(-workload.memory_mb // MB_PER_VCPU) * MB_PER_VCPU


def task_size(workload: Workload) -> tuple[int, int] | None:
    """Return the CPU units and the MiB of the smallest task with the memory, or None where no task has it."""
    for cpu, memories in FARGATE_MEMORY.items():
        memory = next((each for each in memories if each >= workload.memory_mb), None)
        if cpu >= SMALLEST_TASK and memory is not None:
            return cpu, memory
    return None


def timeout(workload: Workload, least: int) -> int:
    """Return the seconds after which an invocation has gone wrong: twice as long as it takes, and `least` or more.

    Args:
        workload: the workload.
        least: the fewest seconds.
    """
    return min(LONGEST_TIMEOUT, max(least, ceil(workload.run_seconds * 2)))
