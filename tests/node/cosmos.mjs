// Drives the embedded Cosmos endpoint with the public @azure/cosmos. Run: node cosmos.mjs ENDPOINT KEY
import assert from "node:assert/strict";
import { ChangeFeedStartFrom, CosmosClient } from "@azure/cosmos";

const [endpoint, key] = process.argv.slice(2);
const client = new CosmosClient({ endpoint, key });

async function refused(code, action) {
  await assert.rejects(action, (error) => error.code === code, `expected ${code}`);
}

const { database } = await client.databases.createIfNotExists({ id: "js" });
const { container } = await database.containers.createIfNotExists({
  id: "items",
  partitionKey: { paths: ["/pk"] },
  defaultTtl: -1,
});

// Documents and ETags.
const { resource: created, etag } = await container.items.create({ id: "a", pk: "p", remaining: 2 });
assert.equal(created.remaining, 2);
await refused(409, () => container.items.create({ id: "a", pk: "p" }));
const item = container.item("a", "p");
await item.replace({ ...created, remaining: 3 }, { accessCondition: { type: "IfMatch", condition: etag } });
await refused(412, () => item.replace(created, { accessCondition: { type: "IfMatch", condition: etag } }));
assert.equal((await item.read()).resource.remaining, 3);
assert.equal((await container.item("none", "p").read()).statusCode, 404);
await container.items.upsert({ id: "50% & ü/".replace("/", ""), pk: "p" });
assert.equal((await container.item("50% & ü", "p").read()).resource.id, "50% & ü");

// Patch with a condition.
const take = { operations: [{ op: "incr", path: "/remaining", value: -3 }], condition: "from c where c.remaining > 0" };
assert.equal((await item.patch(take)).resource.remaining, 0);
await refused(412, () => item.patch(take));

// A transactional batch (in the JSON form this SDK speaks), all or nothing.
const batch = await container.items.batch(
  [
    { operationType: "Create", resourceBody: { id: "b", pk: "p", n: 1 } },
    { operationType: "Upsert", resourceBody: { id: "c", pk: "p", n: 2 } },
  ],
  "p",
);
assert.deepEqual(batch.result.map((r) => r.statusCode), [201, 201]);
const failed = await container.items.batch(
  [
    { operationType: "Delete", id: "b" },
    { operationType: "Create", resourceBody: { id: "c", pk: "p" } },
  ],
  "p",
);
assert.deepEqual(failed.result.map((r) => r.statusCode), [424, 409]);

// Queries: one partition, all partitions, pages, sorted, aggregated.
for (let i = 0; i < 12; i++) {
  await container.items.create({ id: `q${i}`, pk: `k${i % 3}`, n: i });
}
const query = (sql, options) => container.items.query(sql, options).fetchAll().then((r) => r.resources);
assert.equal((await query("SELECT * FROM c WHERE c.n >= 3", { partitionKey: "k0" })).length, 3);
const sorted = { query: "SELECT VALUE c.n FROM c WHERE STARTSWITH(c.id, @q) ORDER BY c.n DESC", parameters: [{ name: "@q", value: "q" }] };
assert.deepEqual(await query(sorted, { maxItemCount: 5 }), [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
assert.deepEqual(await query("SELECT VALUE COUNT(1) FROM c WHERE STARTSWITH(c.id, 'q')"), [12]);
const pages = container.items.query("SELECT * FROM c WHERE STARTSWITH(c.id, 'q')", { maxItemCount: 5 });
const sizes = [];
while (pages.hasMoreResults()) {
  const { resources } = await pages.fetchNext();
  if (resources?.length) sizes.push(resources.length);
}
assert.deepEqual(sizes, [5, 5, 2]);
await refused(400, () => query("SELECT VALUE ST_WITHIN(c.a, c.b) FROM c"));
assert.equal((await container.items.readAll().fetchAll()).resources.length, 16);

// The change feed.
const feed = container.items.getChangeFeedIterator({ changeFeedStartFrom: ChangeFeedStartFrom.Beginning(), maxItemCount: 50 });
const changes = [];
for await (const page of feed.getAsyncIterator()) {
  if (page.statusCode === 304) break;
  changes.push(...page.result);
}
assert.equal(changes.length, 16);
assert.ok(changes.at(-1).id === "q11" && changes.at(-1)._lsn > 0);

// A wrong key is refused.
const stranger = new CosmosClient({ endpoint, key: Buffer.alloc(64, 1).toString("base64") });
await refused(401, () => stranger.database("js").read());

await item.delete();
await database.delete();
console.log("ok");
client.dispose();
stranger.dispose();
