"""Tests of the subscribers. Run in functions/fan_out: python3 -m unittest discover -s tests"""

import contextlib
import io
import json
import logging
import os
import sys
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

import subscribers  # noqa: E402  # only found once src is on the path
import zone  # noqa: E402

EVENT = {"source": "shop", "detail-type": "OrderPlaced", "detail": {"id": "a"}}
SUBSCRIBERS = ("audit", "notify")


class SubscribersTest(unittest.TestCase):
    def setUp(self):
        logging.disable(logging.CRITICAL)
        self.addCleanup(logging.disable, logging.NOTSET)

    def hear(self, subscriber):
        self.printed = io.StringIO()
        with contextlib.redirect_stdout(self.printed):
            return getattr(subscribers, subscriber)(EVENT, None)

    def test_each_subscriber_hears_of_the_event(self):
        for each in SUBSCRIBERS:
            self.assertEqual(self.hear(each), [{"subscriber": each, "id": "a", "host": None}])

    def test_hearing_an_event_twice_gives_the_same(self):
        self.assertEqual(self.hear(SUBSCRIBERS[0]), self.hear(SUBSCRIBERS[0]))

    def test_what_was_heard_is_counted(self):
        self.hear(SUBSCRIBERS[0])
        self.assertEqual(json.loads(self.printed.getvalue())["Done"], 1)

    def test_a_drill_in_this_zone_fails_every_subscriber(self):
        with mock.patch.dict(zone._known, zone="use1-az1"), mock.patch.dict(os.environ, FAIL_IN_ZONE="use1-az1"):
            for each in SUBSCRIBERS:
                with self.assertRaises(zone.ZoneFaultError):
                    self.hear(each)


if __name__ == "__main__":
    unittest.main()
