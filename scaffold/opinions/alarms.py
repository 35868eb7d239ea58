"""Which metric an alarm watches, and of what."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from scaffold.evaluate.root import Body, Instance, Root
from scaffold.evaluate.values import Joined, Symbol, Value
from scaffold.facts import Facts
from scaffold.opinions.judging import shown
from scaffold.opinions.managed_instances import unread


@dataclass(frozen=True, slots=True)
class Watch:
    """What one alarm, or one query of it, watches.

    Attributes:
        alarm: the `aws_cloudwatch_metric_alarm`.
        namespace: `AWS/Lambda`.
        metric: `Throttles`.
        dimensions: what it is of, by dimension; None where it is of all.
        expression: the query, of an alarm that is written as one.
    """

    alarm: Instance
    namespace: Value
    metric: Value
    dimensions: Value
    expression: Value = None


def watches(root: Root) -> Iterator[Watch]:
    """Yield what the alarms of a root module watch."""
    for alarm in root.of("aws_cloudwatch_metric_alarm"):
        if alarm.get("metric_name") is not None:
            yield _watch(alarm, alarm.body)
        for query in alarm.body.blocks.get("metric_query", ()):
            for metric in query.blocks.get("metric", ()):
                yield _watch(alarm, metric)
            if query.get("expression") is not None:
                yield Watch(alarm, None, None, None, query.get("expression"))


def _watch(alarm: Instance, body: Body) -> Watch:
    return Watch(alarm, body.get("namespace"), body.get("metric_name"), body.get("dimensions"))


class Alarms:
    """The alarms of a repository, by metric."""

    def __init__(self, facts: Facts) -> None:
        """Index what they watch; a query, or a metric that is not known, may be any."""
        self._watches: dict[str, list[tuple[Root, Watch]]] = {}
        self._any: list[tuple[Root, Watch]] = []
        for root in facts.repository.roots if facts.managed_functions or facts.functions else ():
            for watch in watches(root):
                named = watch.metric if isinstance(watch.metric, str) else None
                (self._any if named is None else self._watches.setdefault(named, [])).append((root, watch))

    def unwatched(
        self, root: Root, metric: str, dimension: str, is_it: Callable[[Value], bool], namespace: str = "AWS/Lambda"
    ) -> str | None:
        """Return why nobody can say whether an alarm watches a metric.

        Args:
            root: the root module of what is asked about; an alarm may be made by another.
            metric: the metric's name.
            dimension: the dimension that names what it is of.
            is_it: tells whether a value of that dimension is what is asked about.
            namespace: the metric's namespace.

        Returns:
            None where one does; an empty text where none does for sure.
        """
        doubt = ""
        for by, watch in (*self._watches.get(metric, ()), *self._any):
            found = _is_of(watch, (namespace, metric), dimension, is_it, own=by is root)
            if found and watch.alarm.certain:
                return None
            if found is not False:
                doubt = doubt or f"nobody can say whether {watch.alarm.address} does"
        return doubt or unread(root)


def _is_of(
    watch: Watch, metric: tuple[str, str], dimension: str, is_it: Callable[[Value], bool], *, own: bool
) -> bool | None:
    if watch.expression is not None:
        text = shown(watch.expression)
        # `SELECT AVG(CPUUtilization) FROM SCHEMA("AWS/Lambda", …)`, or a `SEARCH`.
        return (own or None) if all(each in text for each in metric) else False
    if isinstance(watch.metric, Symbol | Joined) or isinstance(watch.namespace, Symbol | Joined):
        return None
    if (watch.namespace, watch.metric) != metric:
        return False
    dimensions = watch.dimensions
    if dimensions is None:
        return own or None
    if not isinstance(dimensions, Mapping):
        return None
    of = dimensions.get(dimension)
    if of is not None and is_it(of) and (own or isinstance(of, str)):
        return True
    return None if isinstance(of, Symbol | Joined) else False
