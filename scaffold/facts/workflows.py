"""State machines of AWS Step Functions that run tasks of Amazon ECS."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scaffold.evaluate.root import Instance, Place, Root
from scaffold.evaluate.values import Joined, Symbol, Value
from scaffold.facts.documents import decoded, step

_DEEPEST = 20
"""How deep states may be in one another to be looked at."""


@dataclass(frozen=True, slots=True)
class State:
    """A state of a state machine.

    Attributes:
        name: its name.
        data: its definition.
        runs: the names of the states within it, of a map, that run a task of ECS.
    """

    name: str
    data: Value
    runs: tuple[str, ...] = ()

    def get(self, *path: str) -> Value:
        """Return what is at a path of it: None where it is not set, a symbol where that is not known."""
        return step(self.data, *path)

    @property
    def network(self) -> Value:
        """How the task that it runs is networked, `AwsvpcConfiguration`; None where it says nothing."""
        found = (self.get(name, "NetworkConfiguration", "AwsvpcConfiguration") for name in ("Parameters", "Arguments"))
        return next((each for each in found if each is not None), None)

    def has(self, *names: str) -> bool:
        """Return whether any of some fields is set; one that may be, counts."""
        return any(self.get(name) is not None for name in names)


@dataclass(frozen=True, slots=True)
class Workflow:
    """A state machine that runs tasks of ECS, or of which nobody can say whether it does.

    Attributes:
        root: the root module that makes it.
        instance: the `aws_sfn_state_machine`.
        maps: its map states in which tasks are run.
        tasks: its states that run a task.
        place: where its definition is written.
        readable: whether the definition can be read.
    """

    root: Root
    instance: Instance
    maps: tuple[State, ...]
    tasks: tuple[State, ...]
    place: Place
    readable: bool = True

    @property
    def address(self) -> str:
        """Its address."""
        return self.instance.address


def workflows_of(root: Root) -> Iterator[Workflow]:
    """Yield every state machine of a root module that runs tasks of ECS, and those whose definition is not known."""
    for each in root.of("aws_sfn_state_machine"):
        definition = each.get("definition")
        place = each.place_of("definition")
        states = step(decoded(definition), "States")
        if not isinstance(states, Mapping):
            yield Workflow(root, each, (), (), place, readable=False)
            continue
        found = list(_states(states))
        tasks = tuple(state for state in found if _runs_a_task(state))
        if tasks:
            yield Workflow(root, each, tuple(state for state in found if state.runs), tasks, place)


def _states(states: Value, depth: int = 0) -> Iterator[State]:
    """Yield states and those within them: of the processors of maps and of the branches of parallel ones."""
    for name, data in states.items() if isinstance(states, Mapping) else ():
        inner = [each for within in _inside(data) for each in _states(within, depth + 1)] if depth < _DEEPEST else []
        runs = tuple(each.name for each in inner if _runs_a_task(each))
        yield State(str(name), data, runs if step(data, "Type") == "Map" else ())
        yield from inner


def _inside(data: Value) -> Iterator[Value]:
    for name in ("ItemProcessor", "Iterator"):
        yield from _if_there(step(data, name, "States"))
    branches = step(data, "Branches")
    for branch in branches if isinstance(branches, tuple) else ():
        yield from _if_there(step(branch, "States"))


def _if_there(value: Value) -> Iterator[Value]:
    if isinstance(value, Mapping):
        yield value


def _runs_a_task(state: State) -> bool:
    resource = state.get("Resource")
    text = (
        "".join(part for part in resource.parts if isinstance(part, str)) if isinstance(resource, Joined) else resource
    )
    return isinstance(text, str) and ":ecs:runTask" in text


def waits_for_a_token(state: State) -> bool | None:
    """Return whether a state waits until somebody hands its task token back; None where nobody can say."""
    resource = state.get("Resource")
    end = resource.parts[-1] if isinstance(resource, Joined) else resource
    return None if isinstance(end, Symbol) else isinstance(end, str) and end.endswith(".waitForTaskToken")
