// Drives the embedded event hub with the public @azure/event-hubs.
// Run: node eventhubs.mjs CONNECTION_STRING HUB OTHER_GROUP WEBSOCKET_PORT CONTAINER_URL
import assert from "node:assert/strict";
import { EventHubConsumerClient, EventHubProducerClient, earliestEventPosition, latestEventPosition } from "@azure/event-hubs";
import { BlobCheckpointStore } from "@azure/eventhubs-checkpointstore-blob";
import { ContainerClient } from "@azure/storage-blob";
import WebSocket from "ws";

const [connection, hub, otherGroup, webSocketPort, container] = process.argv.slice(2);
const group = EventHubConsumerClient.defaultConsumerGroupName;
const retryOptions = { maxRetries: 0, timeoutInMs: 20_000 };
const consumers = [];
const began = Date.now();

function step(what) {
  console.log(`${String(Date.now() - began).padStart(6)} ms  ${what}`);
}

function consumer(consumerGroup = group, store) {
  const client = new EventHubConsumerClient(consumerGroup, connection, hub, ...(store ? [store] : []), {
    retryOptions,
    loadBalancingOptions: { strategy: "greedy", updateIntervalInMs: 200, partitionOwnershipExpirationIntervalInMs: 2_000 },
  });
  consumers.push(client);
  return client;
}

// Resolves with the events once there are so many, or rejects with the first error.
function read(client, partition, count, options) {
  const events = [];
  let subscription;
  return new Promise((resolve, reject) => {
    subscription = client.subscribe(
      partition,
      {
        processEvents: async (batch) => {
          events.push(...batch);
          if (events.length >= count) resolve(events);
        },
        processError: async (error) => reject(error),
      },
      { maxBatchSize: 50, maxWaitTimeInSeconds: 1, ...options },
    );
  }).finally(() => subscription.close());
}

async function refused(action, code) {
  await assert.rejects(action, (error) => error.code === code || assert.fail(`expected ${code}: ${error.code} ${error.message}`));
}

const producer = new EventHubProducerClient(connection, hub, { retryOptions });

// What the hub is like.
const properties = await producer.getEventHubProperties();
assert.equal(properties.name, hub);
assert.deepEqual(properties.partitionIds, ["0", "1", "2", "3"]);
assert.ok(properties.createdOn <= new Date());
assert.deepEqual(
  await producer.getPartitionProperties("3").then(({ isEmpty, beginningSequenceNumber, lastEnqueuedSequenceNumber }) =>
    [isEmpty, beginningSequenceNumber, lastEnqueuedSequenceNumber]),
  [true, 0, -1],
);
await refused(() => producer.getPartitionProperties("4"), "ArgumentOutOfRangeError");
step("management");

// One event with everything that an event carries.
const sent = {
  body: { ltp: 1234.5, text: "टाटा" },
  contentType: "application/json",
  messageId: "m-1",
  correlationId: "c-1",
  properties: { source: "node", count: 7, big: 5_000_000_000, part: 0.5, flag: true },
};
await producer.sendBatch([sent], { partitionId: "3" });
const [got] = await read(consumer(), "3", 1, { startPosition: earliestEventPosition });
assert.deepEqual(got.body, sent.body);
assert.deepEqual(got.properties, sent.properties);
assert.deepEqual([got.contentType, got.messageId, got.correlationId], [sent.contentType, sent.messageId, sent.correlationId]);
assert.deepEqual([got.sequenceNumber, got.offset, got.partitionKey], [0, "0", undefined]);
assert.ok(Math.abs(got.enqueuedTimeUtc - Date.now()) < 60_000);
step("one event there and back");

// A batch as large as the link takes, in many frames; one byte more is refused before, and too much by the hub.
const batch = await producer.createBatch({ partitionId: "2" });
assert.ok(batch.maxSizeInBytes > 1_000_000 && batch.maxSizeInBytes <= 1_048_576);
const filler = Buffer.alloc(batch.maxSizeInBytes - 60_000, "x");
assert.ok(batch.tryAdd({ body: filler }));
for (let i = 0; i < 100; i++) assert.ok(batch.tryAdd({ body: { i } }));
assert.ok(!batch.tryAdd({ body: filler }));
await producer.sendBatch(batch);
await refused(() => producer.sendBatch([{ body: Buffer.alloc(2_000_000) }], { partitionId: "2" }), "MessageTooLargeError");
const large = await read(consumer(), "2", 101, { startPosition: earliestEventPosition, skipParsingBodyAsJson: true });
assert.equal(large.length, 101);
assert.ok(large[0].body.equals(filler));
assert.deepEqual(large.slice(1).map((event) => JSON.parse(event.body).i), [...Array(100).keys()]);
step("a batch of 1 MB, and one too large");

// Every position to begin at.
const at = (startPosition) => read(consumer(), "2", 1, { startPosition, maxBatchSize: 1 }).then(([event]) => event.sequenceNumber);
assert.deepEqual(
  await Promise.all([
    at({ offset: large[50].offset }),
    at({ offset: large[50].offset, isInclusive: true }),
    at({ sequenceNumber: 99 }),
    at({ sequenceNumber: 99, isInclusive: true }),
    at({ enqueuedOn: new Date(large[0].enqueuedTimeUtc.getTime() - 1) }),
  ]),
  [51, 50, 100, 99, 0],
);
const fresh = read(consumer(), "2", 1, { startPosition: latestEventPosition, trackLastEnqueuedEventProperties: true });
let waiting = true;
const sending = (async () => {
  // It is not known when the reader has come to the end: what is sent before that, it does not see.
  while (waiting) await producer.sendBatch([{ body: "new" }], { partitionId: "2" });
})();
assert.equal((await fresh)[0].body, "new");
waiting = false;
await sending;
step("positions");

// Keyed: the same key, the same partition, in order.
const keys = ["RELIANCE", "TCS", "INFY", "HDFCBANK", "SBIN", "टाटा"];
for (let n = 0; n < 5; n++) {
  await Promise.all(keys.map((key) => producer.sendBatch([{ body: { key, n } }], { partitionKey: key })));
}
const before = await Promise.all(properties.partitionIds.map((id) => producer.getPartitionProperties(id)));
assert.ok(before.every((p) => p.lastEnqueuedOffset === String(p.lastEnqueuedSequenceNumber)));

// Consumed with checkpoints: stopped, started again where it was, nothing twice and nothing lost.
const store = new BlobCheckpointStore(new ContainerClient(container));
const seen = [];
async function consume(until) {
  const client = consumer(otherGroup, store);
  let done, fail;
  const reached = new Promise((resolve, reject) => ([done, fail] = [resolve, reject]));
  const subscription = client.subscribe(
    {
      processEvents: async (events, context) => {
        for (const event of events) seen.push({ partition: context.partitionId, ...event });
        if (events.length) await context.updateCheckpoint(events.at(-1));
        if (seen.length >= until) done();
      },
      processError: async (error) => fail(error),
    },
    { startPosition: earliestEventPosition, maxBatchSize: 7, maxWaitTimeInSeconds: 1, skipParsingBodyAsJson: true },
  );
  await reached;
  await subscription.close();
  await client.close();
}
const stored = () => before.reduce((sum, partition) => sum + partition.lastEnqueuedSequenceNumber + 1, 0);
await consume(40);
assert.ok(seen.length >= 40 && seen.length < stored());
step(`stopped after ${seen.length} of ${stored()} events`);
const extra = Array.from({ length: 30 }, (_, i) => ({ body: `late ${i}` }));
await producer.sendBatch(extra, { partitionKey: "late" });
await consume(stored() + extra.length);
assert.equal(seen.length, stored() + extra.length);
assert.equal(new Set(seen.map((event) => `${event.partition}/${event.sequenceNumber}`)).size, seen.length);
for (const key of keys) {
  const own = seen.filter((event) => event.partitionKey === key);
  assert.deepEqual(own.map((event) => JSON.parse(event.body).n), [0, 1, 2, 3, 4]);
  assert.equal(new Set(own.map((event) => event.partition)).size, 1);
}
step(`all ${seen.length}, each once, after a start from the checkpoints`);

// Owner levels: the same or a higher takes the partition, the lower is told, and does not get it back.
const begin = { startPosition: earliestEventPosition };
async function own(ownerLevel) {
  let started, lost;
  const reading = new Promise((resolve, reject) => ([started, lost] = [resolve, reject]));
  const error = new Promise((resolve) => {
    const handlers = {
      processEvents: async (events) => events.length && started(),
      processError: async (reason) => {
        // Left open, it would come back with the same level.
        subscription.close();
        lost(reason);
        resolve(reason);
      },
    };
    const subscription = consumer().subscribe("3", handlers, { ...begin, ownerLevel, maxBatchSize: 1, maxWaitTimeInSeconds: 1 });
  });
  await reading;
  return { lost: () => error.then((reason) => reason.code) };
}
const first = await own(1);
const equal = await own(1);
assert.equal(await first.lost(), "ReceiverDisconnectedError");
await own(5);
assert.equal(await equal.lost(), "ReceiverDisconnectedError");
await refused(() => own(4), "ReceiverDisconnectedError");
await refused(() => own(undefined), "ReceiverDisconnectedError");
step("owner levels");

// What is not there, and who may not.
await refused(() => read(consumer("nobody"), "3", 1, begin), "MessagingEntityNotFoundError");
await refused(() => new EventHubProducerClient(connection, "other", { retryOptions }).sendBatch([{ body: 1 }]), "MessagingEntityNotFoundError");
const bad = new EventHubProducerClient(connection.replace(/SharedAccessKey=[^;]+/, "SharedAccessKey=guess"), hub, { retryOptions });
await refused(() => bad.sendBatch([{ body: 1 }]), "UnauthorizedError");
await refused(() => bad.getEventHubProperties(), "UnauthorizedError");
step("refusals");

// The same over WebSockets. The client knows only wss; this machine's address has no TLS.
class PlainWebSocket extends WebSocket {
  constructor(url, ...rest) {
    super(url.replace("wss:", "ws:"), ...rest);
  }
}
const web = new EventHubProducerClient(connection.replace(/(sb:\/\/[^;:]+)(:\d+)?/, `$1:${webSocketPort}`), hub, {
  retryOptions,
  webSocketOptions: { webSocket: PlainWebSocket },
});
await web.sendBatch([{ body: "over WebSockets" }], { partitionId: "1" });
const last = (await web.getPartitionProperties("1")).lastEnqueuedSequenceNumber;
const [overWeb] = await read(consumer(), "1", 1, { startPosition: { sequenceNumber: last, isInclusive: true } });
assert.equal(overWeb.body, "over WebSockets");
step("WebSockets");

await Promise.all([producer, web, bad, ...consumers].map((client) => client.close()));
console.log("ok");
process.exit(0);
