"""The subscribers, a function for each. They share this package but neither a role nor a log group."""

import logging
import time

import zone

log = logging.getLogger(__name__)


def audit(event, context):
    """Hear of every event.

    Args:
        event: the event, with what happened in `detail`.
        context: Lambda's.

    Returns:
        What it came to, for each event.

    Raises:
        zone.ZoneFaultError: a drill says that this zone fails; Lambda tries again, perhaps elsewhere.
    """
    return hear("audit", event)


def notify(event, context):
    """Hear of the events that the filter lets through.

    Args:
        event: the event, with what happened in `detail`.
        context: Lambda's.

    Returns:
        What it came to, for each event.

    Raises:
        zone.ZoneFaultError: a drill says that this zone fails; Lambda tries again, perhaps elsewhere.
    """
    return hear("notify", event)


def hear(subscriber, event):
    """Do what all subscribers have in common: here, all there is.

    An event may come more than once, so hearing it twice has to be as good as once: put what you write under a key
    that is in the event, such as its `id`.
    """
    began = time.time()
    zone.fail_if_told()
    results = [{"subscriber": subscriber, "id": each["id"], "host": zone.endpoint()} for each in details_of(event)]
    log.info("heard", extra={"results": results, "zone_id": zone.zone_id()})
    zone.report(began, done=len(results))
    return results


def details_of(event):
    """Return what happened, of each event in what EventBridge sends: one."""
    return [event["detail"]]
