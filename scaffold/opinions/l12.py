"""L12: somebody hears of execution environments that do not start."""

from collections.abc import Iterator

from scaffold.evaluate.root import Instance, Root
from scaffold.evaluate.values import Joined, Symbol, Value
from scaffold.facts import Facts
from scaffold.facts.managed_instances import ManagedFunction
from scaffold.opinions.alarms import watches
from scaffold.opinions.judging import broken, unknown
from scaffold.opinions.managed_instances import for_each_function, unread
from scaffold.opinions.opinion import Judgement, Opinion

_SIGNS = ("init", "extension")
"""What the pattern of a metric filter names that looks for failed starts: `platform.initReport`, `INIT_REPORT`."""


def _faults(facts: Facts, function: ManagedFunction) -> Iterator[Judgement]:
    doubt = ""
    for each in function.root.of("aws_cloudwatch_log_metric_filter"):
        is_its = _is_log_group(function, each.get("log_group_name"))
        pattern = each.get("pattern")
        if is_its is False or (isinstance(pattern, str) and not any(sign in pattern.lower() for sign in _SIGNS)):
            continue
        is_sure = is_its and isinstance(pattern, str) and each.certain
        if is_sure and _is_watched(function.root, each):
            return
        doubt = doubt or ("" if is_sure else f"nobody can say what {each.address} looks for")
    for each in function.root.of("aws_cloudwatch_log_subscription_filter"):
        if _is_log_group(function, each.get("log_group_name")) is not False:
            doubt = doubt or f"{each.address} sends its log elsewhere, where somebody may look"
    doubt = doubt or unread(function.root)
    what = f"{function.address}: no alarm says that execution environments fail to start"
    if doubt:
        yield unknown(f"{what}, or {doubt}.", function.instance.place)
    else:
        yield broken(f"{what}.", function.instance.place)


def _is_watched(root: Root, filter_: Instance) -> bool:
    """Return whether an alarm watches the metric that a filter of the log makes."""
    namespace, name = (filter_.get("metric_transformation", each) for each in ("namespace", "name"))
    return any((watch.namespace, watch.metric) == (namespace, name) for watch in watches(root))


def _is_log_group(function: ManagedFunction, value: Value) -> bool | None:
    group = function.root.find(value)
    name = value if group is None else group.get("name")
    if value == function.log_group or name == function.log_group:
        return True
    return None if isinstance(name, Symbol | Joined) else False


_EXAMPLE = """\
resource "aws_lambda_function" "orders" {
  function_name = "orders"

  capacity_provider_config {
    lambda_managed_instances_capacity_provider_config {
      capacity_provider_arn = aws_lambda_capacity_provider.orders.arn
    }
  }
}

resource "aws_cloudwatch_log_metric_filter" "failed_starts" {
  name           = "orders-failed-starts"
  log_group_name = "/aws/lambda/orders"
  pattern        = "{ $.type = \\"platform.init*\\" && $.record.status = \\"error\\" }"

  metric_transformation {
    namespace = "Orders"
    name      = "FailedStarts"
    value     = "1"
  }
}

resource "aws_cloudwatch_metric_alarm" "failed_starts" {
  alarm_name          = "orders-failed-starts"
  namespace           = "Orders"
  metric_name         = "%s"
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
}
"""

OPINION = Opinion(
    id="L12",
    title="An alarm on execution environments that do not start",
    why="Initialisation may take 15 minutes, and a crashing extension replaces the whole environment, over and over, "
    "while the older ones still answer. Lambda has no metric of it, only lines in the log.",
    mend="Count the failed platform.init… lines of the function's log with an aws_cloudwatch_log_metric_filter, and "
    "alarm on the metric.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances-monitoring.html",
    judge=for_each_function(
        _faults, lambda function: f"{function.address}: an alarm says when execution environments fail to start."
    ),
    good={"main.tf": _EXAMPLE % "FailedStarts"},
    bad={"main.tf": _EXAMPLE % "Errors"},
)
