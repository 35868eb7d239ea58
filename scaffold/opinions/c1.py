"""C1: clusters have Container Insights with enhanced observability."""

from collections.abc import Iterator

from scaffold.evaluate.values import Value
from scaffold.facts import Facts
from scaffold.facts.ecs import EcsCluster
from scaffold.opinions.ecs_services import expected, for_each_ecs_cluster
from scaffold.opinions.opinion import Judgement, Opinion

_SETTING, _WANTED = "containerInsights", "enhanced"


def _faults(facts: Facts, cluster: EcsCluster) -> Iterator[Judgement]:
    value, place = cluster.setting(_SETTING), cluster.place_of_setting(_SETTING)
    if value is None:
        value = _of_the_account(facts)
    if value is None:
        wrong = f"{cluster.address} says nothing of {_SETTING}: the account's setting decides, which is off by default."
    else:
        wrong = f'{cluster.address} has {_SETTING} "{value}": no metric is of a task or a container.'
    yield from expected(cluster.address, _SETTING, value, place, lambda given: given == _WANTED, wrong)


def _of_the_account(facts: Facts) -> Value:
    """Return what the repository sets for the account, which clusters take that say nothing themselves."""
    for root in facts.repository.roots:
        for setting in root.of("aws_ecs_account_setting_default"):
            if setting.get("name") == _SETTING:
                return setting.get("value")
    return None


_EXAMPLE = """\
resource "aws_ecs_cluster" "shop" {
  name = "shop"

  setting {
    name  = "containerInsights"
    value = "%s"
  }
}
"""

OPINION = Opinion(
    id="C1",
    title="Container Insights with enhanced observability on every cluster",
    why="Without it CloudWatch has the average CPU and memory of a service, and nothing of the one task or container "
    "that fails.",
    mend='Add setting { name = "containerInsights", value = "enhanced" } to the cluster.',
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cloudwatch-container-insights.html",
    judge=for_each_ecs_cluster(
        _faults, lambda cluster: f"{cluster.address} has Container Insights with enhanced observability."
    ),
    good={"main.tf": _EXAMPLE % "enhanced"},
    bad={"main.tf": _EXAMPLE % "enabled"},
)
