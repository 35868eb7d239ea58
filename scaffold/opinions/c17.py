"""C17: a batch has bounds: on what runs at once, on how long a task is waited for, and on how much may fail."""

from collections.abc import Iterator

from scaffold.evaluate.values import Joined, Symbol, known
from scaffold.facts import Facts
from scaffold.facts.workflows import State, Workflow, waits_for_a_token
from scaffold.opinions.ecs_services import number
from scaffold.opinions.judging import broken, kept, shown, unknown
from scaffold.opinions.opinion import Judgement, Opinion

_TIMEOUT = ("TimeoutSeconds", "TimeoutSecondsPath")
_HEARTBEAT = ("HeartbeatSeconds", "HeartbeatSecondsPath")
_TOLERATED = (
    "ToleratedFailurePercentage",
    "ToleratedFailurePercentagePath",
    "ToleratedFailureCount",
    "ToleratedFailureCountPath",
)


def _judge(facts: Facts) -> Iterator[Judgement]:
    with_tasks = {id(ecs.root) for ecs in facts.ecs}
    for workflow in facts.workflows:
        if workflow.readable:
            found = [*_maps(workflow), *_tasks(workflow)]
            message = f"{workflow.address} bounds what runs at once, what it waits for and what may fail."
            yield from found or [kept(message, workflow.place)]
        elif id(workflow.root) in with_tasks:
            yield unknown(f"{workflow.address}: whether it runs tasks of ECS cannot be told.", workflow.place)


def _maps(workflow: Workflow) -> Iterator[Judgement]:
    for state in workflow.maps:
        title = f"{workflow.address}: the map {state.name}"
        mode = state.get("ItemProcessor", "ProcessorConfig", "Mode")
        if isinstance(mode, Symbol | Joined):
            yield unknown(f"{title}: whether it is distributed cannot be told.", workflow.place)
            continue
        yield from _concurrency(workflow, state, title)
        if mode != "DISTRIBUTED":
            message = f"{title} is not distributed: it ends with its first failure, and at 25,000 events."
            mend = 'Set ItemProcessor.ProcessorConfig.Mode = "DISTRIBUTED", with an ExecutionType.'
            yield broken(message, workflow.place, mend)
        elif not state.has(*_TOLERATED):
            message = f"{title} ends with its first failure, whatever else is done or running."
            yield broken(message, workflow.place, "Set ToleratedFailurePercentage.")


def _concurrency(workflow: Workflow, state: State, title: str) -> Iterator[Judgement]:
    if state.get("MaxConcurrencyPath") is not None:
        return
    most = state.get("MaxConcurrency")
    if not known(most):
        yield unknown(f"{title}: its MaxConcurrency cannot be told: {shown(most)}.", workflow.place)
    elif most is None or number(most) == 0:
        yield broken(
            f"{title} starts up to 10,000 tasks at once.",
            workflow.place,
            "Set MaxConcurrency to what the account's quota, the subnets and what the tasks call can bear.",
        )


def _tasks(workflow: Workflow) -> Iterator[Judgement]:
    for state in workflow.tasks:
        title = f"{workflow.address}: {state.name}"
        waits = waits_for_a_token(state)
        if not state.has(*_TIMEOUT):
            message = f"{title} has no TimeoutSeconds: it is waited for as long as the execution lasts, up to a year."
            yield broken(message, workflow.place, "Set TimeoutSeconds.")
        if waits and not state.has(*_HEARTBEAT):
            message = f"{title} waits for a token without HeartbeatSeconds: a task that died is waited for to the end."
            yield broken(message, workflow.place, "Set HeartbeatSeconds, and let the task send heartbeats.")
        elif waits is None:
            yield unknown(f"{title}: how it waits for its task cannot be told.", workflow.place)
        elif not waits and not _is_synchronous(state):
            message = f"{title} starts a task and goes on: nobody hears whether it fails."
            yield broken(message, workflow.place, "Use ecs:runTask.waitForTaskToken, or ecs:runTask.sync.")


def _is_synchronous(state: State) -> bool:
    return shown(state.get("Resource")).endswith(".sync")


_EXAMPLE = """\
resource "aws_sfn_state_machine" "batch" {
  name     = "batch"
  role_arn = "arn:aws:iam::111122223333:role/batch"

  definition = jsonencode({
    StartAt = "Each"
    States = {
      Each = {
        Type                       = "Map"
        MaxConcurrency             = 50
        ToleratedFailurePercentage = 5
        End                        = true
        ItemProcessor = {
          ProcessorConfig = { Mode = "DISTRIBUTED", ExecutionType = "STANDARD" }
          StartAt         = "Work"
          States = {
            Work = {
              Type             = "Task"
              Resource         = "arn:aws:states:::ecs:runTask.waitForTaskToken"
              TimeoutSeconds   = 3600
              HeartbeatSeconds = 300
              End              = true
            }
          }
        }
      }
    }
  })
}
"""

OPINION = Opinion(
    id="C17",
    title="Batches: a distributed map with bounded concurrency, timeouts, heartbeats and a stated share of failures",
    why="Without bounds a map starts 10,000 tasks at once. A task that dies before it hands back its token is waited "
    "for to the end of the execution, and one bad item of a million ends them all.",
    mend="Set MaxConcurrency and ToleratedFailurePercentage on the map, and TimeoutSeconds and HeartbeatSeconds on the "
    "task.",
    source="https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html",
    judge=_judge,
    good={"main.tf": _EXAMPLE},
    bad={"main.tf": _EXAMPLE.replace("        MaxConcurrency             = 50\n", "")},
)
