"""Which availability zone this execution environment is in, and what the code makes of it.

Lambda's metadata endpoint says which. Where there is none, as in tests, the zone is not known and nothing depends on it.
"""

import json
import os
import random
import secrets
import socket
import time
import urllib.request

PATH = "/2026-01-15/metadata/execution-environment"

# The endpoint is in the execution environment itself: never through a proxy.
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))

# An execution environment never changes its zone, so that one answer is enough.
_known = {}


class ZoneFaultError(Exception):
    """A drill: every invocation in this zone fails, because FAIL_IN_ZONE says so."""


def zone_id():
    """Return the zone's ID, such as use1-az1, or None where nothing says so.

    An ID means the same zone in every account; a name such as us-east-1a does not.
    """
    api, token = os.environ.get("AWS_LAMBDA_METADATA_API"), os.environ.get("AWS_LAMBDA_METADATA_TOKEN")
    if "zone" not in _known and api and token:
        request = urllib.request.Request(f"http://{api}{PATH}", headers={"Authorization": f"Bearer {token}"})
        try:
            with _direct.open(request, timeout=1) as answer:
                _known["zone"] = json.load(answer)["AvailabilityZoneID"]
        except (OSError, ValueError, KeyError):
            return None
    return _known.get("zone")


def endpoint():
    """Return the host of ZONE_ENDPOINTS in this zone, or else any of them; None where there are none.

    Staying in the zone costs no traffic between zones and keeps working when another zone does not.
    """
    hosts = json.loads(os.environ.get("ZONE_ENDPOINTS", "{}"))
    return hosts.get(zone_id()) or (random.choice(sorted(hosts.values())) if hosts else None)


def fail_if_told():
    """Fail where FAIL_IN_ZONE names this zone: to see, before it happens, what a lost zone does.

    Raises:
        ZoneFaultError: it does.
    """
    told = os.environ.get("FAIL_IN_ZONE")
    if told and told == zone_id():
        raise ZoneFaultError(f"FAIL_IN_ZONE is {told}")


def report(began, done=0, failed=0):
    """Put what an invocation came to, with its zone, into a metric and into its trace.

    Args:
        began: when it began, in seconds since 1970.
        done: how many pieces of work were done.
        failed: how many failed.
    """
    zone, ended = zone_id() or "unknown", time.time()
    metrics = [{"Name": name, "Unit": "Count"} for name in ("Done", "Failed")]
    # CloudWatch makes metrics of such lines: the embedded metric format.
    line = {
        "_aws": {
            "Timestamp": int(ended * 1000),
            "CloudWatchMetrics": [
                {
                    "Namespace": os.environ.get("METRICS_NAMESPACE", "functions"),
                    "Dimensions": [["FunctionName", "ZoneId"]],
                    "Metrics": metrics,
                }
            ],
        },
        "FunctionName": os.environ.get("AWS_LAMBDA_FUNCTION_NAME", "local"),
        "ZoneId": zone,
        "Done": done,
        "Failed": failed,
    }
    print(json.dumps(line), flush=True)
    _trace(zone, began, ended)


def _trace(zone, began, ended):
    """Send X-Ray's daemon a part of the invocation's trace that can be searched for by zone."""
    daemon = os.environ.get("AWS_XRAY_DAEMON_ADDRESS")
    fields = dict(part.split("=", 1) for part in os.environ.get("_X_AMZN_TRACE_ID", "").split(";") if "=" in part)
    if not daemon or fields.get("Sampled") != "1":
        return
    segment = {
        "type": "subsegment",
        "name": "zone",
        "id": secrets.token_hex(8),
        "trace_id": fields["Root"],
        "parent_id": fields["Parent"],
        "start_time": began,
        "end_time": ended,
        "annotations": {"zone_id": zone},
    }
    host, port = daemon.rsplit(":", 1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as connection:
        connection.sendto(b'{"format": "json", "version": 1}\n' + json.dumps(segment).encode(), (host, int(port)))
