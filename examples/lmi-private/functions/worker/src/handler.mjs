// The worker: takes a batch of messages from SQS, or one message from a direct caller.
//
// Lambda Managed Instances runs many requests in one thread: they share every global, and interleave at every await.
// What belongs to a request stays in local variables. /tmp is shared as well, so a temporary file needs its own name.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

// Time kept for finishing: a message is only begun with more than this left, because nothing stops code that is late.
const RESERVE_MS = 2000;

/**
 * Handle one invocation.
 *
 * @param {object} event an SQS event, whose `Records` are messages, or a message itself
 * @param {object} context Lambda's, for the time that remains
 * @returns {Promise<object>} for SQS a partial batch response: the messages to deliver again; else what the work came to
 */
export const handler = async (event, context) => {
  if (!event.Records) {
    return work(event);
  }
  const outcomes = await Promise.all(event.Records.map((record) => attempt(record, context)));
  return {
    batchItemFailures: outcomes.filter(({ done }) => !done).map(({ messageId }) => ({ itemIdentifier: messageId })),
  };
};

async function attempt({ messageId, body }, context) {
  if (context.getRemainingTimeInMillis() < RESERVE_MS) {
    console.warn({ message: "no time left", messageId });
    return { messageId, done: false };
  }
  try {
    // Lambda writes each of these as a line of JSON with the request id in it.
    console.info({ message: "done", messageId, result: await work(JSON.parse(body)) });
    return { messageId, done: true };
  } catch (error) {
    console.error({ message: "failed", messageId, error: String(error) });
    return { messageId, done: false };
  }
}

/**
 * Do the work of one message: here, count its items by way of a scratch file.
 *
 * A message may come more than once, so doing it twice has to be as good as once: put what you write under a key that
 * is in the message, such as its `id`, and write only where that key is not yet.
 *
 * @param {object} message the message's body, with `id` and `items`
 * @returns {Promise<object>} the `id` and the number of `items`
 */
export async function work(message) {
  const folder = await mkdtemp(join(tmpdir(), "worker-"));
  try {
    const scratch = join(folder, "items.json");
    await writeFile(scratch, JSON.stringify(message.items));
    return { id: message.id, items: JSON.parse(await readFile(scratch, "utf8")).length };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
