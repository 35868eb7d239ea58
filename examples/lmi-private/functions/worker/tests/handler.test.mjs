// Tests of the worker. Run in functions/worker: node --test tests/handler.test.mjs

import assert from "node:assert/strict";
import { test } from "node:test";

import { handler, work } from "../src/handler.mjs";

for (const level of ["info", "warn", "error"]) {
  console[level] = () => {};
}

const record = (messageId, body) => ({ messageId, body: typeof body === "string" ? body : JSON.stringify(body) });
const context = (...remaining) => ({
  getRemainingTimeInMillis: () => (remaining.length > 1 ? remaining.shift() : remaining[0]),
});

test("a good batch leaves nothing to deliver again", async () => {
  const event = { Records: [record("m-1", { id: "a", items: [1] }), record("m-2", { id: "b", items: [] })] };
  assert.deepEqual(await handler(event, context(60000)), { batchItemFailures: [] });
});

test("only the message that failed comes again", async () => {
  const event = { Records: [record("m-1", { id: "a", items: [1] }), record("m-2", "not JSON")] };
  assert.deepEqual(await handler(event, context(60000)), { batchItemFailures: [{ itemIdentifier: "m-2" }] });
});

test("messages that no time is left for come again", async () => {
  const event = { Records: [record("m-1", { id: "a", items: [1] }), record("m-2", { id: "b", items: [2] })] };
  assert.deepEqual(await handler(event, context(60000, 0)), { batchItemFailures: [{ itemIdentifier: "m-2" }] });
});

test("a direct caller gets the result", async () => {
  assert.deepEqual(await handler({ id: "a", items: [1, 2] }, context(60000)), { id: "a", items: 2 });
});

test("doing a message twice gives the same", async () => {
  const message = { id: "a", items: [1, 2, 3] };
  assert.deepEqual(await work(message), await work(message));
});

test("concurrent requests do not see each other's messages", async () => {
  const numbers = Array.from({ length: 64 }, (_, index) => index + 1);
  const results = await Promise.all(
    numbers.map((number) => {
      const good = { id: `order-${number}`, items: Array(number).fill(number) };
      const records = number % 2 ? [record(`m-${number}`, good)] : [record(`m-${number}`, "not JSON")];
      return Promise.all([handler({ Records: records }, context(60000)), work(good)]);
    }),
  );
  results.forEach(([answer, result], index) => {
    const number = index + 1;
    const failures = number % 2 ? [] : [{ itemIdentifier: `m-${number}` }];
    assert.deepEqual(answer, { batchItemFailures: failures });
    assert.deepEqual(result, { id: `order-${number}`, items: number });
  });
});
