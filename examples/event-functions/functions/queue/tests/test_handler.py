"""Tests of the function. Run in functions/queue: python3 -m unittest discover -s tests"""

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

import handler  # noqa: E402  # only found once src is on the path
import zone  # noqa: E402

GOOD = {"messageId": "m-1", "body": '{"id": "a", "items": [1]}'}
BAD = {"messageId": "m-2", "body": "not JSON"}


class Context:
    """Lambda's context, with a clock that the test sets."""

    def __init__(self, *remaining_ms):
        self._remaining_ms = list(remaining_ms)

    def get_remaining_time_in_millis(self):
        return self._remaining_ms.pop(0) if len(self._remaining_ms) > 1 else self._remaining_ms[0]


class HandlerTest(unittest.TestCase):
    def setUp(self):
        logging.disable(logging.CRITICAL)
        self.addCleanup(logging.disable, logging.NOTSET)

    def handle(self, *records, context=None):
        self.printed = io.StringIO()
        with contextlib.redirect_stdout(self.printed):
            answer = handler.handler({"Records": list(records)}, context or Context(60000))
        return [each["itemIdentifier"] for each in answer["batchItemFailures"]]

    def test_a_good_batch_leaves_nothing_to_deliver_again(self):
        self.assertEqual(self.handle(GOOD, {**GOOD, "messageId": "m-3"}), [])

    def test_only_the_message_that_failed_comes_again(self):
        self.assertEqual(self.handle(GOOD, BAD), ["m-2"])

    def test_messages_that_no_time_is_left_for_come_again(self):
        self.assertEqual(self.handle(GOOD, {**GOOD, "messageId": "m-3"}, context=Context(60000, 0)), ["m-3"])

    def test_doing_a_message_twice_gives_the_same(self):
        message = {"id": "a", "items": [1, 2, 3]}
        self.assertEqual(handler.work(message), handler.work(message))

    def test_what_was_done_and_what_failed_is_counted(self):
        self.handle(GOOD, BAD)
        metric = json.loads(self.printed.getvalue())
        self.assertEqual((metric["Done"], metric["Failed"]), (1, 1))

    def test_a_drill_in_this_zone_brings_the_whole_batch_back(self):
        with mock.patch.dict(zone._known, zone="use1-az1"), mock.patch.dict(os.environ, FAIL_IN_ZONE="use1-az1"):
            with self.assertRaises(zone.ZoneFaultError):
                self.handle(GOOD)


if __name__ == "__main__":
    unittest.main()
