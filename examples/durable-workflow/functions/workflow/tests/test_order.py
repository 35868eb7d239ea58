import unittest

from fakes import Context, StepFailedError, Table

import order

EVENT = {"order_id": "o-1", "items": [{"sku": "b", "quantity": 2, "price": 150}, {"sku": "a", "quantity": 1, "price": 5}]}


def deciding(decision):
    def await_decision(context, ask):
        context.step(lambda _: ask("callback-1"), name="ask")
        return decision

    return await_decision


class Suspended(BaseException):
    """Stands for what the SDK suspends with."""


class InvocationEnds(Exception):
    """Stands for what is no failure of the order."""


class OrderTest(unittest.TestCase):
    def run_with(self, decision, event=EVENT, context=None):
        self.context, self.table = context or Context(), Table()
        return order.run(event, self.context, self.table, deciding(decision))

    def test_an_approved_order_is_charged_and_finished(self):
        self.assertEqual(self.run_with("approved"), {"order_id": "o-1", "status": "finished"})
        self.assertEqual(
            self.context.ran, ["validate", "reserve-stock", "price", "ask", "charge", "record-finished"]
        )
        self.assertEqual(self.table.find("o-1"), {"order_id": "o-1", "status": "finished", "total": 305})

    def test_an_order_that_is_not_approved_gives_its_stock_back_and_is_not_charged(self):
        for decision in ("rejected", "expired"):
            with self.subTest(decision):
                self.assertEqual(self.run_with(decision)["status"], decision)
                self.assertIn("release-stock", self.context.ran)
                self.assertNotIn("charge", self.context.ran)

    def test_a_faulty_order_is_refused_before_anything_is_reserved(self):
        for items in (
            None,
            [],
            [{"quantity": 1, "price": 1}],
            [{"sku": "", "quantity": 1, "price": 1}],
            [{"sku": 7, "quantity": 1, "price": 1}],
            [{"sku": "a", "quantity": 0, "price": 1}],
            [{"sku": "a", "quantity": 1, "price": -1}],
        ):
            with self.subTest(items):
                self.assertEqual(self.run_with("approved", {"order_id": "o-1", "items": items})["status"], "refused")
                self.assertEqual(self.context.ran, ["validate", "record-refused"])
                self.assertTrue(self.table.find("o-1")["reason"])

    def test_a_replay_does_nothing_twice_and_ends_the_same(self):
        first = self.run_with("approved")
        again = Context(self.context.journal)
        self.assertEqual(self.run_with("approved", context=again), first)
        self.assertEqual(again.ran, [])
        self.assertIsNone(self.table.find("o-1"))

    def fail_at(self, step):
        with self.assertRaises(StepFailedError):
            self.run_with("approved", context=Context(failing={step}))
        self.assertEqual(
            self.table.find("o-1"), {"order_id": "o-1", "status": "failed", "reason": f"{step} failed"}
        )

    def test_an_order_that_fails_once_stock_may_be_reserved_gives_it_back_and_is_shown_as_failed(self):
        for step in ("reserve-stock", "price", "ask", "charge"):
            with self.subTest(step):
                self.fail_at(step)
                self.assertEqual(self.context.ran[-2:], ["release-stock", "record-failed"])

    def test_an_order_that_fails_before_or_after_gives_nothing_back_and_is_shown_as_failed(self):
        for step in ("validate", "record-finished"):
            with self.subTest(step):
                self.fail_at(step)
                self.assertNotIn("release-stock", self.context.ran)

    def test_an_order_whose_stock_cannot_be_given_back_is_shown_as_failed(self):
        with self.assertRaises(StepFailedError):
            self.run_with("approved", context=Context(failing={"charge", "release-stock"}))
        self.assertEqual(self.table.find("o-1")["status"], "failed")

    def test_what_is_no_failure_of_the_order_changes_nothing(self):
        for raised in (Suspended, InvocationEnds):

            def await_decision(context, ask, raised=raised):
                raise raised

            with self.subTest(raised):
                context, table = Context(), Table()
                with self.assertRaises(raised):
                    order.run(EVENT, context, table, await_decision, (InvocationEnds,))
                self.assertEqual(context.ran, ["validate", "reserve-stock", "price"])
                self.assertIsNone(table.find("o-1"))

    def test_while_it_waits_the_table_says_so_and_what_a_decision_has_to_name(self):
        seen = []

        def await_decision(context, ask):
            ask("callback-1")
            seen.append(dict(self.table.find("o-1")))
            return "approved"

        self.table = Table()
        order.run(EVENT, Context(), self.table, await_decision)
        self.assertEqual(
            seen, [{"order_id": "o-1", "status": "waiting", "callback_id": "callback-1", "total": 305}]
        )


if __name__ == "__main__":
    unittest.main()
