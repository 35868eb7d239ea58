"""C7: secrets reach a container by their ARN, and never as the value of a variable."""

import re
from collections.abc import Iterator

from scaffold.evaluate.values import Joined, Symbol, Value
from scaffold.facts import Facts
from scaffold.facts.addresses import several
from scaffold.facts.containers import Container, TaskDefinition, pairs
from scaffold.facts.ecs import Ecs
from scaffold.opinions.ecs_services import for_each_container
from scaffold.opinions.judging import broken, unknown
from scaffold.opinions.opinion import Judgement, Opinion

_SECRET = re.compile(
    r"(?:\A|[_-])(?:PASSWORD|PASSWD|PASSPHRASE|SECRET(?:[_-]?(?:ACCESS[_-]?)?KEY)?|TOKEN|API[_-]?KEY|PRIVATE[_-]?KEY"
    r"|ACCESS[_-]?KEY|CREDENTIALS?|CONNECTION[_-]?STRING)\Z",
    re.IGNORECASE,
)
"""What variables are called that hold a secret; not those that hold its ARN or its name."""

_SOURCES = ("aws_secretsmanager_secret_version", "aws_ssm_parameter", "random_password", "tls_private_key")
_HOLDS = re.compile(r"(?:secret_string|secret_binary|value(?:_wo)?|result|private_key_\w+)\b")
_PARAMETER = re.compile(r"[\w./-]{1,2048}\Z")


def _faults(facts: Facts, _: Ecs, task: TaskDefinition, container: Container) -> Iterator[Judgement]:
    place, title = container.place, container.title
    mend = "Put it into Secrets Manager or Parameter Store, and name its ARN in secrets as valueFrom."
    environment = container.get("environment")
    if isinstance(environment, Symbol):
        yield unknown(f"{title}: its environment cannot be told: {environment.text}.", place)
    for name, value in pairs(environment):
        if _is_a_secrets_value(value) or (isinstance(name, str) and _SECRET.search(name) and value not in (None, "")):
            called = name if isinstance(name, str) else "a variable"
            yield broken(
                f"{title} has the value of {called} in its definition, for all who may read that.", place, mend
            )
    for name, value in pairs(container.get("secrets"), to="valueFrom"):
        called = name if isinstance(name, str) else "a secret"
        if _is_a_secrets_value(value):
            yield broken(f"{title}: valueFrom of {called} is the secret itself, not its ARN.", place, "Name its arn.")
        elif isinstance(value, str) and not value.startswith("arn:") and not _PARAMETER.match(value):
            yield broken(f"{title}: valueFrom of {called} is no ARN.", place, mend)


def _is_a_secrets_value(value: Value) -> bool:
    """Return whether a value is, or has in it, what a secret or a parameter holds, rather than where it is."""
    parts = value.parts if isinstance(value, Joined) else several(value)
    return any(
        isinstance(part, Symbol)
        and any(f".{source}." in f".{part.of}" for source in _SOURCES)
        and _HOLDS.match(part.attribute) is not None
        for part in parts
    )


_EXAMPLE = """\
resource "aws_ecs_task_definition" "api" {
  family = "api"

  container_definitions = jsonencode([{
    name        = "api"
    image       = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/api:1.4.2"
    environment = [{ name = "LOG_LEVEL", value = "info" }]
    secrets     = [{ name = "DB_PASSWORD", valueFrom = aws_secretsmanager_secret.db.arn }]
  }])
}
"""

OPINION = Opinion(
    id="C7",
    title="Secrets by ARN in secrets, never in environment",
    why="A container definition is no secret: whoever may describe it reads it, and so do the state, the console and "
    "each old revision.",
    mend="Put the value into Secrets Manager or Parameter Store, name its ARN in secrets as valueFrom, and let the "
    "execution role read just that.",
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html",
    judge=for_each_container(_faults, lambda task: f"{task.address} has no secret among its variables."),
    good={"main.tf": _EXAMPLE},
    bad={"main.tf": _EXAMPLE.replace('"LOG_LEVEL", value = "info"', '"DB_PASSWORD", value = var.db_password')},
)
