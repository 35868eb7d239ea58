"""Tests of the zone, with a metadata endpoint and a trace daemon of their own."""

import contextlib
import io
import json
import os
import socket
import sys
import threading
import unittest
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

import zone  # noqa: E402  # only found once src is on the path

HOSTS = {"use1-az1": "one.internal", "use1-az2": "two.internal"}


class Metadata(BaseHTTPRequestHandler):
    """Lambda's metadata endpoint, as far as the function asks it."""

    asked = 0

    def do_GET(self):
        Metadata.asked += 1
        known = self.path == zone.PATH and self.headers["Authorization"] == "Bearer secret"
        self.send_response(200 if known else 403)
        self.end_headers()
        self.wfile.write(b'{"AvailabilityZoneID": "use1-az2"}' if known else b"{}")

    def log_message(self, *_):
        pass


class ZoneTest(unittest.TestCase):
    def setUp(self):
        Metadata.asked = 0
        server = HTTPServer(("127.0.0.1", 0), Metadata)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.set(
            AWS_LAMBDA_METADATA_API=f"127.0.0.1:{server.server_port}",
            AWS_LAMBDA_METADATA_TOKEN="secret",
            ZONE_ENDPOINTS=json.dumps(HOSTS),
        )
        zone._known.clear()
        self.addCleanup(zone._known.clear)

    def set(self, **variables):
        patch = mock.patch.dict(os.environ, variables)
        patch.start()
        self.addCleanup(patch.stop)

    def test_the_zone_is_asked_for_once(self):
        self.assertEqual([zone.zone_id(), zone.zone_id()], ["use1-az2", "use1-az2"])
        self.assertEqual(Metadata.asked, 1)

    def test_without_an_answer_the_zone_is_not_known(self):
        self.set(AWS_LAMBDA_METADATA_TOKEN="another")
        self.assertIsNone(zone.zone_id())

    def test_outside_lambda_the_zone_is_not_known(self):
        self.set(AWS_LAMBDA_METADATA_API="")
        self.assertIsNone(zone.zone_id())
        self.assertEqual(Metadata.asked, 0)

    def test_the_host_in_the_own_zone_is_preferred(self):
        self.assertEqual(zone.endpoint(), "two.internal")

    def test_without_a_host_in_the_own_zone_any_will_do(self):
        self.set(ZONE_ENDPOINTS=json.dumps({"use1-az4": "four.internal"}))
        self.assertEqual(zone.endpoint(), "four.internal")

    def test_without_hosts_there_is_none(self):
        self.set(ZONE_ENDPOINTS="{}")
        self.assertIsNone(zone.endpoint())

    def test_a_drill_fails_in_the_zone_it_names_and_in_no_other(self):
        zone.fail_if_told()
        self.set(FAIL_IN_ZONE="use1-az1")
        zone.fail_if_told()
        self.set(FAIL_IN_ZONE="use1-az2")
        with self.assertRaises(zone.ZoneFaultError):
            zone.fail_if_told()

    def test_the_metric_and_the_trace_name_the_zone(self):
        daemon = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(daemon.close)
        daemon.bind(("127.0.0.1", 0))
        daemon.settimeout(5)
        self.set(
            AWS_XRAY_DAEMON_ADDRESS=f"127.0.0.1:{daemon.getsockname()[1]}",
            _X_AMZN_TRACE_ID="Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1;Lineage=a:0",
        )
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            zone.report(1.0, done=2, failed=1)
        metric = json.loads(printed.getvalue())
        self.assertEqual((metric["ZoneId"], metric["Done"], metric["Failed"]), ("use1-az2", 2, 1))
        named = metric["_aws"]["CloudWatchMetrics"][0]["Metrics"]
        self.assertEqual([each["Name"] for each in named], ["Done", "Failed"])
        segment = json.loads(daemon.recv(65536).split(b"\n", 1)[1])
        self.assertEqual(segment["annotations"], {"zone_id": "use1-az2"})
        self.assertEqual(segment["parent_id"], "53995c3f42cd8ad8")


if __name__ == "__main__":
    unittest.main()
