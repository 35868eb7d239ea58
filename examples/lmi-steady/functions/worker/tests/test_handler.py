"""Tests of the worker. Run in functions/worker: python3 -m unittest discover -s tests"""

import json
import logging
import sys
import unittest
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

import handler  # noqa: E402  # only found once src is on the path


class Context:
    """Lambda's context, with a clock that the test sets."""

    def __init__(self, *remaining_ms):
        self._remaining_ms = list(remaining_ms)

    def get_remaining_time_in_millis(self):
        return self._remaining_ms.pop(0) if len(self._remaining_ms) > 1 else self._remaining_ms[0]


def record(message_id, body):
    return {"messageId": message_id, "body": body}


def one_request(number):
    """Handle one request in a process of its own and return what it answered and what its work came to."""
    message = {"id": f"order-{number}", "items": list(range(number))}
    answer = handler.handler({"Records": [record(f"m-{number}", json.dumps(message))]}, Context(60000))
    return answer, handler.work(message)


class HandlerTest(unittest.TestCase):
    def setUp(self):
        logging.disable(logging.CRITICAL)
        self.addCleanup(logging.disable, logging.NOTSET)

    def test_a_good_batch_leaves_nothing_to_deliver_again(self):
        event = {"Records": [record("m-1", '{"id": "a", "items": [1]}'), record("m-2", '{"id": "b", "items": []}')]}
        self.assertEqual(handler.handler(event, Context(60000)), {"batchItemFailures": []})

    def test_only_the_message_that_failed_comes_again(self):
        event = {"Records": [record("m-1", '{"id": "a", "items": [1]}'), record("m-2", "not JSON")]}
        self.assertEqual(handler.handler(event, Context(60000)), {"batchItemFailures": [{"itemIdentifier": "m-2"}]})

    def test_messages_that_no_time_is_left_for_come_again(self):
        event = {"Records": [record("m-1", '{"id": "a", "items": [1]}'), record("m-2", '{"id": "b", "items": [2]}')]}
        answer = handler.handler(event, Context(60000, 0))
        self.assertEqual(answer, {"batchItemFailures": [{"itemIdentifier": "m-2"}]})

    def test_a_direct_caller_gets_the_result(self):
        self.assertEqual(handler.handler({"id": "a", "items": [1, 2]}, Context(60000)), {"id": "a", "items": 2})

    def test_doing_a_message_twice_gives_the_same(self):
        message = {"id": "a", "items": [1, 2, 3]}
        self.assertEqual(handler.work(message), handler.work(message))

    def test_concurrent_processes_do_not_see_each_others_messages(self):
        numbers = range(1, 33)
        with ProcessPoolExecutor(max_workers=4) as pool:
            results = list(pool.map(one_request, numbers))
        for number, (answer, result) in zip(numbers, results, strict=True):
            self.assertEqual(answer, {"batchItemFailures": []})
            self.assertEqual(result, {"id": f"order-{number}", "items": number})


if __name__ == "__main__":
    unittest.main()
