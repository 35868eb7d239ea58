import unittest

import fakes  # noqa: F401 (puts src on the path)
from progress import Progress


class Client:
    def update_item(self, **arguments):
        self.update = arguments

    def get_item(self, **arguments):
        return self.answer


class ProgressTest(unittest.TestCase):
    def setUp(self):
        self.client = Client()
        self.progress = Progress(self.client, "orders")

    def test_what_waits_is_written_with_what_a_decision_has_to_name(self):
        self.progress.record("o-1", "waiting", callback_id="c", total=305)
        update = self.client.update
        self.assertEqual(
            update["UpdateExpression"], "SET #status = :status, #callback_id = :callback_id, #total = :total"
        )
        self.assertEqual(update["ExpressionAttributeValues"][":total"], {"N": "305"})
        self.assertNotIn("#reason", update["ExpressionAttributeNames"])

    def test_what_ended_can_no_longer_be_decided(self):
        self.progress.record("o-1", "finished", total=305)
        self.assertTrue(self.client.update["UpdateExpression"].endswith(" REMOVE #callback_id"))

    def test_what_is_read_is_what_was_written(self):
        self.client.answer = {"Item": {"order_id": {"S": "o-1"}, "total": {"N": "305"}}}
        self.assertEqual(self.progress.find("o-1"), {"order_id": "o-1", "total": 305})
        self.client.answer = {}
        self.assertIsNone(self.progress.find("o-1"))


if __name__ == "__main__":
    unittest.main()
