"""The answers that every kind of workload has: whom alarms notify, and how long logs are kept."""

from collections.abc import Callable, Iterator

from scaffold.adopt.findings import Finding, answer
from scaffold.compare.cast import Cast
from scaffold.evaluate.root import Instance


def topics(cast: Cast, key: str, is_its: Callable[[Cast, Instance], bool]) -> Iterator[Finding]:
    """Yield what a root module says of `<key>.alarm_topic_arns`.

    Args:
        cast: the root module.
        key: of the component.
        is_its: whether an alarm is about the component.
    """
    for alarm in cast.root.of("aws_cloudwatch_metric_alarm"):
        part = cast.roles.get(alarm.address, "")
        if is_its(cast, alarm) and alarm.get("alarm_actions") and " that scales " not in part:
            yield from answer(f"{key}.alarm_topic_arns", alarm.body.at("alarm_actions"), list)
            return


def retention(cast: Cast, key: str, *parts: str) -> Iterator[Finding]:
    """Yield what a root module says of `<key>.log_retention_days`.

    Args:
        cast: the root module.
        key: of the component.
        parts: of the log groups that say so, the first that there is.
    """
    groups = {cast.roles.get(each.address, ""): each for each in cast.root.of("aws_cloudwatch_log_group")}
    for part in parts:
        group = groups.get(f"aws_cloudwatch_log_group {part}")
        if group is not None:
            yield from answer(f"{key}.log_retention_days", group.body.at("retention_in_days"), int)
            return
