"""E9: what Auto Mode does out of sight is logged, and the deliveries are made one after another."""

from collections.abc import Iterator
from itertools import combinations

from scaffold.evaluate.references import names
from scaffold.evaluate.root import Instance
from scaffold.evaluate.values import Joined, Symbol
from scaffold.facts import Facts
from scaffold.facts.cluster import Cluster
from scaffold.facts.ordering import Ordering
from scaffold.opinions.clusters import in_auto_mode
from scaffold.opinions.judging import broken, kept, unknown
from scaffold.opinions.opinion import Judgement, Opinion

_COMPUTE = "AUTO_MODE_COMPUTE_LOGS"
_SOURCE, _DELIVERY = "aws_cloudwatch_log_delivery_source", "aws_cloudwatch_log_delivery"
_TYPES = (_SOURCE, _DELIVERY, "aws_cloudwatch_log_delivery_destination")


def _judge(facts: Facts) -> Iterator[Judgement]:
    yield from in_auto_mode(facts, lambda cluster: _cluster(facts, cluster))


def _cluster(facts: Facts, cluster: Cluster) -> Iterator[Judgement]:
    sources = [each for each in cluster.root.of(_SOURCE) if _is_of(each, cluster)]
    logged = [each for each in sources if str(each.get("log_type")).startswith("AUTO_MODE_")]
    found = [*_compute(cluster, sources), *_deliveries(logged, cluster), *_conflicts(facts, cluster, logged)]
    yield from found
    if not found:
        types = ", ".join(sorted(str(each.get("log_type")) for each in logged))
        message = f"{cluster.address} logs {types}." if types else f"{cluster.address} is for development."
        yield kept(message, cluster.cluster.place)


def _is_of(source: Instance, cluster: Cluster) -> bool:
    """Return whether a source is, or may be, a cluster's."""
    arn = source.get("resource_arn")
    of = cluster.root.find(arn)
    if of is not None:
        return of is cluster.cluster
    name = cluster.cluster.get("name")
    return not (isinstance(arn, str) and isinstance(name, str)) or arn.endswith(f":cluster/{name}")


def _compute(cluster: Cluster, sources: list[Instance]) -> Iterator[Judgement]:
    given = [each for each in sources if each.get("log_type") == _COMPUTE]
    if any(each.certain for each in given) or not cluster.production:
        return
    doubt = next((f"{each.address} may be there or not" for each in given), "")
    unsure = (each for each in sources if isinstance(each.get("log_type"), Symbol | Joined))
    doubt = doubt or next((f"nobody can say what {each.address} logs" for each in unsure), "")
    doubt = doubt or next((f"{each.what} {each.reason}" for each in cluster.root.unread), "")
    what = f"{cluster.address} does not log why Auto Mode starts and ends nodes ({_COMPUTE})"
    place = cluster.cluster.place
    yield unknown(f"{what} as far as is known: {doubt}.", place) if doubt else broken(f"{what}.", place)


def _deliveries(sources: list[Instance], cluster: Cluster) -> Iterator[Judgement]:
    deliveries = [each.get("delivery_source_name") for each in cluster.root.of(_DELIVERY)]
    for source in sources:
        if all(names(each, source) is False for each in deliveries):
            yield broken(
                f"{source.address} goes nowhere: no aws_cloudwatch_log_delivery names it.",
                source.place,
                "Add an aws_cloudwatch_log_delivery from it to a destination.",
            )


def _conflicts(facts: Facts, cluster: Cluster, sources: list[Instance]) -> Iterator[Judgement]:
    """Yield the sources of one cluster that Terraform makes at the same time, which ends in ConflictException."""
    if len(sources) < 2:
        return
    ordering = Ordering(facts.repository, cluster.root, _TYPES)
    for one, other in combinations(sources, 2):
        if not ordering.one_after_another(one, other):
            yield broken(
                f"{one.address} and {other.address} are made at the same time, and conflict with each other.",
                other.place,
                "Write a resource for each log type, and let each depend on the one before (depends_on).",
            )
            return


_CLUSTER = """\
resource "aws_eks_cluster" "this" {
  name = "shop"

  compute_config {
    enabled = true
  }
}
"""

_LOGS = """
resource "aws_cloudwatch_log_delivery_source" "compute" {
  name         = "shop-compute"
  log_type     = "AUTO_MODE_COMPUTE_LOGS"
  resource_arn = aws_eks_cluster.this.arn
}

resource "aws_cloudwatch_log_delivery_destination" "compute" {
  name = "shop-compute"

  delivery_destination_configuration {
    destination_resource_arn = aws_cloudwatch_log_group.compute.arn
  }
}

resource "aws_cloudwatch_log_delivery" "compute" {
  delivery_source_name     = aws_cloudwatch_log_delivery_source.compute.name
  delivery_destination_arn = aws_cloudwatch_log_delivery_destination.compute.arn
}
"""

OPINION = Opinion(
    id="E9",
    title="Auto Mode's compute log is delivered in production, and several logs are set up one after another",
    why="Why a node was started, or not, and what ended it, stands in no log of the cluster's own. Sources of one "
    "cluster that are made at the same time conflict, and the apply fails halfway.",
    mend="Add an aws_cloudwatch_log_delivery_source with log_type AUTO_MODE_COMPUTE_LOGS, its destination (a log group "
    "with retention) and delivery; chain further ones with depends_on.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/auto-managed-component-logs.html",
    judge=_judge,
    good={"main.tf": _CLUSTER + _LOGS},
    bad={"main.tf": _CLUSTER},
)
