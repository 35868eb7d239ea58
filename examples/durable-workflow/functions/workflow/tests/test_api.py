import json
import unittest

from fakes import Lambda, Table

import decisions
import orders

ARN = "arn:aws:lambda:eu-central-1:123456789012:function:workflow:live"
WAITING = {"order_id": "o-1", "status": "waiting", "callback_id": "callback-1", "total": 305}


def request(route, body=None, order_id="o-1"):
    return {
        "routeKey": route,
        "pathParameters": {"order_id": order_id},
        "body": body if body is None or isinstance(body, str) else json.dumps(body),
        "requestContext": {"authorizer": {"iam": {"userArn": "arn:aws:iam::123456789012:user/a"}}},
    }


class OrdersTest(unittest.TestCase):
    def ask(self, event, client=None, table=None):
        self.client = client or Lambda()
        response = orders.answer(event, self.client, ARN, table or Table())
        return response["statusCode"], json.loads(response["body"])

    def test_an_order_starts_an_execution_of_its_name_and_is_not_waited_for(self):
        self.assertEqual(self.ask(request("POST /orders", {"order_id": "o-1", "items": []})), (202, {"order_id": "o-1"}))
        ((name, sent),) = self.client.calls
        self.assertEqual(name, "invoke")
        self.assertEqual(
            (sent["FunctionName"], sent["InvocationType"], sent["DurableExecutionName"]), (ARN, "Event", "o-1")
        )

    def test_the_same_order_twice_is_the_same_payload_twice(self):
        payloads = []
        for body in ('{"order_id": "o-1", "items": [1]}', '{"items": [1], "order_id": "o-1"}'):
            self.ask(request("POST /orders", body))
            payloads.append(self.client.calls[0][1]["Payload"])
        self.assertEqual(*payloads)

    def test_another_order_of_the_same_id_is_a_conflict(self):
        client = Lambda(Lambda.exceptions.DurableExecutionAlreadyStartedException())
        self.assertEqual(self.ask(request("POST /orders", {"order_id": "o-1"}), client)[0], 409)

    def test_an_id_that_cannot_name_an_execution_is_refused(self):
        for body in (None, "{", "[]", {}, {"order_id": ""}, {"order_id": "a b"}, {"order_id": "a" * 65}, {"order_id": 1}):
            with self.subTest(body):
                self.assertEqual(self.ask(request("POST /orders", body))[0], 400)
                self.assertEqual(self.client.calls, [])

    def test_how_far_an_order_is_can_be_asked_and_does_not_tell_how_to_decide_it(self):
        table = Table(**{"o-1": WAITING})
        self.assertEqual(
            self.ask(request("GET /orders/{order_id}"), table=table),
            (200, {"order_id": "o-1", "status": "waiting", "total": 305}),
        )
        self.assertEqual(self.ask(request("GET /orders/{order_id}", order_id="o-2"), table=table)[0], 404)


class DecisionsTest(unittest.TestCase):
    def decide(self, body, order=WAITING, client=None):
        self.client = client or Lambda()
        event = request("POST /orders/{order_id}/decision", body)
        return decisions.answer(event, self.client, Table(**({"o-1": order} if order else {})))["statusCode"]

    def test_an_approval_completes_the_callback_and_says_who(self):
        self.assertEqual(self.decide({"decision": "approve"}), 202)
        ((name, sent),) = self.client.calls
        self.assertEqual((name, sent["CallbackId"]), ("success", "callback-1"))
        self.assertEqual(json.loads(sent["Result"]), {"by": "arn:aws:iam::123456789012:user/a"})

    def test_a_rejection_fails_the_callback(self):
        self.assertEqual(self.decide({"decision": "reject"}), 202)
        ((name, sent),) = self.client.calls
        self.assertEqual((name, sent["Error"]["ErrorType"]), ("failure", "Rejected"))

    def test_what_does_not_wait_cannot_be_decided(self):
        for order in (None, {"order_id": "o-1", "status": "finished"}):
            with self.subTest(order):
                self.assertEqual(self.decide({"decision": "approve"}, order), 409)
                self.assertEqual(self.client.calls, [])

    def test_a_decision_that_comes_too_late_is_a_conflict(self):
        client = Lambda(Lambda.exceptions.CallbackTimeoutException())
        self.assertEqual(self.decide({"decision": "approve"}, client=client), 409)

    def test_anything_but_approve_and_reject_is_refused(self):
        for body in (None, "x", [], {"decision": "maybe"}):
            with self.subTest(body):
                self.assertEqual(self.decide(body), 400)

    def test_a_caller_with_a_token_is_known_by_its_subject(self):
        event = {"requestContext": {"authorizer": {"jwt": {"claims": {"sub": "user-1"}}}}}
        self.assertEqual(decisions.caller_of(event), "user-1")


if __name__ == "__main__":
    unittest.main()
