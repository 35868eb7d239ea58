"""C5: ECS starts a task with one role, and the code in it has another."""

from collections.abc import Iterator

from scaffold.evaluate.values import Value
from scaffold.facts import Facts
from scaffold.facts.containers import TaskDefinition
from scaffold.facts.ecs import Ecs
from scaffold.facts.iam import Role
from scaffold.facts.rights import Statement, rights_of
from scaffold.opinions.ecs_services import for_each_task
from scaffold.opinions.judging import broken, unknown
from scaffold.opinions.opinion import Judgement, Opinion

EXECUTION_POLICY = "AmazonECSTaskExecutionRolePolicy"
"""Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html."""

_SERVICE = "ecs-tasks.amazonaws.com"
_BROAD = frozenset({"AdministratorAccess", "PowerUserAccess"})


def _judge(facts: Facts, ecs: Ecs, task: TaskDefinition) -> Iterator[Judgement]:
    code, execution = task.instance.get("task_role_arn"), task.instance.get("execution_role_arn")
    if code is not None and code == execution:
        yield broken(
            f"{task.address}: the code runs with the role that ECS starts it with, and may read all its secrets.",
            task.instance.place_of("task_role_arn"),
            "Give the code a role of its own, with its own rights only, or none.",
        )
        return
    on_fargate = task.runs_on("FARGATE") or any(each.strategy.fargate for each in ecs.services_of(task))
    if execution is None and on_fargate:
        yield broken(
            f"{task.address} has no execution role: nothing may pull its image or write its logs.",
            task.instance.place,
            f"Set execution_role_arn to a role with {EXECUTION_POLICY}.",
        )
    for argument, value, role in (
        ("execution_role_arn", execution, task.execution_role),
        ("task_role_arn", code, task.task_role),
    ):
        yield from _role(task, argument, value, role)
    if task.execution_role is not None:
        yield from _enough(task, task.execution_role)
    if task.task_role is not None and task.task_role.has(EXECUTION_POLICY):
        address = task.task_role.instance.address
        yield broken(
            f"{address} is the role of code, and has {EXECUTION_POLICY}, which is for ECS.",
            next(each.place for each in task.task_role.policies if each.name == EXECUTION_POLICY),
            "Detach it.",
        )


def _role(task: TaskDefinition, argument: str, value: Value, role: Role | None) -> Iterator[Judgement]:
    if value is None:
        return
    if role is None:
        place = task.instance.place_of(argument)
        yield unknown(f"{task.address}: the role of {argument} is not made in this root module.", place)
        return
    address, trust = role.instance.address, role.instance.place_of("assume_role_policy")
    trusts = role.trusts(_SERVICE, "sts:AssumeRole")
    if trusts is None:
        yield unknown(f"{address}: whether {_SERVICE} may assume it cannot be told.", trust)
    elif not trusts:
        yield broken(f"{address} does not let {_SERVICE} use sts:AssumeRole.", trust, f"Trust {_SERVICE} with it.")
    for policy in role.policies:
        if policy.name in _BROAD or policy.name.endswith("FullAccess"):
            mend = "Write a policy with the actions and the resources that are needed."
            yield broken(f"{address} has {policy.name}.", policy.place, mend)
    for statement in rights_of(task.root, role).statements:
        if _is_broad(statement):
            message = f"{address} may do anything with a service's resources, whichever they are."
            yield broken(message, statement.place, "Name the actions, and the resources by their ARNs.")


def _is_broad(statement: Statement) -> bool:
    """Return whether all of a service is allowed on everything: `s3:*` on `*`."""
    every = any(isinstance(each, str) and (each == "*" or each.endswith(":*")) for each in statement.actions)
    return every and "*" in statement.resources


def _enough(task: TaskDefinition, role: Role) -> Iterator[Judgement]:
    has, own = role.has(EXECUTION_POLICY), rights_of(task.root, role)
    if has or any(each.allows("logs:PutLogEvents") for each in own.statements):
        return
    address, place = role.instance.address, role.instance.place
    if has is None or own.doubt:
        yield unknown(f"{address}: nobody can say whether it has {EXECUTION_POLICY}.", place)
    else:
        yield broken(f"{address} lacks {EXECUTION_POLICY}.", place, f"Attach {EXECUTION_POLICY}.")


_EXAMPLE = """\
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "task" {
  name               = "api"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role" "execution" {
  name               = "api-execution"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_ecs_task_definition" "api" {
  family                = "api"
  task_role_arn         = aws_iam_role.task.arn
  execution_role_arn    = aws_iam_role.execution.arn
  container_definitions = jsonencode([])
}
"""

OPINION = Opinion(
    id="C5",
    title="A task role for the code, an execution role for ECS, each with just what it needs",
    why="The execution role reads the secrets and pulls the images of a task. Code that has it too can read every "
    "secret that it was meant to be given one of.",
    mend="Make two roles that trust ecs-tasks.amazonaws.com: one with AmazonECSTaskExecutionRolePolicy and the right "
    "to read the task's secrets, one with what the code calls.",
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html",
    judge=for_each_task(_judge, lambda task: f"{task.address} has a role for ECS and one, or none, for its code."),
    good={"main.tf": _EXAMPLE},
    bad={"main.tf": _EXAMPLE.replace("aws_iam_role.task.arn", "aws_iam_role.execution.arn")},
)
