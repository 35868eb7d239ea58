"""C14: nobody gets a shell in production, and elsewhere what is done with one is kept."""

from collections.abc import Iterator

from scaffold.evaluate.values import Joined, Symbol
from scaffold.facts import Facts
from scaffold.facts.ecs import Ecs, EcsCluster, EcsService
from scaffold.opinions.ecs_services import for_each_service
from scaffold.opinions.judging import broken, shown, unknown
from scaffold.opinions.opinion import Judgement, Opinion

_PATH = ("configuration", "execute_command_configuration")


def _faults(facts: Facts, _: Ecs, service: EcsService) -> Iterator[Judgement]:
    on, place, address = service.execute_command, service.instance.place_of("enable_execute_command"), service.address
    if isinstance(on, Symbol | Joined):
        yield unknown(f"{address}: whether ECS Exec is on cannot be told: {shown(on)}.", place)
    elif on is True and service.production:
        yield broken(f"{address} lets people into its tasks, in production.", place, "Remove enable_execute_command.")
    elif on is True and service.cluster is None:
        yield unknown(f"{address} has ECS Exec, and its cluster, which would keep a log, is not made here.", place)
    elif on is True and service.cluster is not None:
        yield from _audited(service.cluster)


def _audited(cluster: EcsCluster) -> Iterator[Judgement]:
    place = cluster.instance.place_of(*_PATH, "logging")
    logging, key = cluster.instance.get(*_PATH, "logging"), cluster.instance.get(*_PATH, "kms_key_id")
    if isinstance(logging, Symbol | Joined):
        yield unknown(f"{cluster.address}: what it keeps of ECS Exec cannot be told.", place)
        return
    kept_in = [
        cluster.instance.get(*_PATH, "log_configuration", name)
        for name in ("cloud_watch_log_group_name", "s3_bucket_name")
    ]
    if logging != "OVERRIDE" or all(each is None for each in kept_in):
        yield broken(
            f"{cluster.address} keeps no log of its own of what is done with ECS Exec.",
            place,
            'Set configuration { execute_command_configuration { logging = "OVERRIDE" } } with a log group.',
        )
    if key is None:
        message = f"{cluster.address}: sessions of ECS Exec have no key of their own."
        yield broken(message, place, "Set kms_key_id in execute_command_configuration.")


_EXAMPLE = """\
resource "aws_ecs_service" "api" {
  name                   = "api"
  enable_execute_command = %s
}
"""

OPINION = Opinion(
    id="C14",
    title="ECS Exec off in production; where it is on, every session logged and under a key",
    why="A shell in a task has its secrets and its role. What was done in it shows in nothing but its own log.",
    mend='Set enable_execute_command = false; elsewhere execute_command_configuration with logging = "OVERRIDE", a log '
    "group and a KMS key on the cluster.",
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html",
    judge=for_each_service(_faults, lambda service: f"{service.address}: nobody gets in without a trace."),
    good={"main.tf": _EXAMPLE % "false"},
    bad={"main.tf": _EXAMPLE % "true"},
)
