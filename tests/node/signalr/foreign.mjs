// A Functions host that is not FinVault's own, made of node:http: it signs tokens as Azure's SDK does, is told at its
// webhook what clients do, and sends over the REST API. Prints its port, reads a connection string, prints "ok".
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { HttpTransportType, HubConnectionBuilder, LogLevel } from "@microsoft/signalr";

const API = "api-version=2022-06-01";
let service, key, audienceBase;

// --- Tokens, with the header and the claims that Azure's SDK writes; its audiences have no port.
const base64url = (value) => Buffer.from(value).toString("base64url");
const sign = (audience, claims = {}, { secret = key, seconds = 3600 } = {}) => {
  const now = Math.floor(Date.now() / 1000);
  const head = base64url(JSON.stringify({ alg: "HS256", kid: "1234", typ: "JWT" }));
  const body = base64url(JSON.stringify({ ...claims, nbf: now, exp: now + seconds, iat: now, aud: audience }));
  return `${head}.${body}.${createHmac("sha256", secret).update(`${head}.${body}`).digest("base64url")}`;
};

// --- The host: negotiate, and the webhook.
const events = [];
let wake = () => {};
const answers = {
  Watch: (message) => ({ type: 3, invocationId: message.invocationId, result: { watched: message.arguments } }),
  Refuse: (message) => ({ type: 3, invocationId: message.invocationId, error: "51 symbols are too many." }),
};
const host = createServer(async (request, response) => {
  const url = new URL(request.url, "http://host");
  let body = "";
  for await (const part of request) body += part;
  if (url.pathname.startsWith("/negotiate")) {
    const claims = { "asrs.s.uid": url.searchParams.get("user"), nameid: "somebody", session: "SES_1", role: ["a", "b"] };
    const accessToken = sign(`${audienceBase}client/?hub=finvault`, claims);
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ url: `${service}client/?hub=finvault`, accessToken }));
    return;
  }

  assert.equal(`${request.method} ${url.pathname}`, "POST /runtime/webhooks/signalr");
  const message = JSON.parse(body);
  const header = (name) => request.headers[`x-asrs-${name}`];
  events.push({ header, message, type: request.headers["content-type"] });
  wake();
  const answer = answers[header("event")];
  if (answer && message.invocationId) response.end(JSON.stringify(answer(message)) + "\u001e");
  else response.writeHead(header("event") === "Nobody" ? 404 : 200).end();
});
host.listen(0, "127.0.0.1");
await once(host, "listening");
console.log(host.address().port);

const [text] = await once(createInterface({ input: process.stdin }), "line");
const setting = Object.fromEntries(text.split(";").filter(Boolean).map((part) => part.match(/^([^=]+)=(.*)$/).slice(1)));
key = setting.AccessKey;
service = `${setting.Endpoint}:${setting.Port}/`;
audienceBase = `${setting.Endpoint}/`;

const until = async (find) => {
  for (;;) {
    const found = find();
    if (found) return found;
    await new Promise((resolve) => (wake = resolve));
  }
};
const told = (event, id) => until(() => events.find((e) => e.header("event") === event && e.header("connection-id") === id));

const connect = async (user) => {
  const negotiate = `http://127.0.0.1:${host.address().port}/?user=${encodeURIComponent(user)}&page=x%26y`;
  const connection = new HubConnectionBuilder()
    .withUrl(negotiate, HttpTransportType.WebSockets)
    .configureLogging(LogLevel.None).build();
  const notes = [];
  connection.on("note", (...values) => (notes.push(values), wake()));
  await connection.start();
  return { connection, notes, id: connection.connectionId };
};

// --- The REST API.
const rest = async (method, path, { body, audience, query = "", token, prefix = "api/hubs/finvault" } = {}) => {
  const address = `${prefix}${path}?${API}`;
  const headers = { authorization: `Bearer ${token ?? sign(audience ?? audienceBase + address, { nameid: "server_1" })}` };
  if (body !== undefined) headers["content-type"] = "application/json; charset=utf-8";
  const answer = await fetch(`${service}${address}${query}`, {
    method, headers, body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status: answer.status, code: answer.headers.get("x-ms-error-code") };
};
const note = (...values) => ({ Target: "note", Arguments: values });
const status = async (expected, ...call) => {
  const answer = await rest(...call);
  assert.equal(answer.status, expected, `${call[0]} ${call[1]}: ${answer.status}`);
  return answer;
};

// --- A connection is told of, with everything that a Functions host looks at.
const ada = await connect("Ada Lövelace/1");
const bob = await connect("bob");
const connected = await told("connected", ada.id);
assert.equal(connected.header("signature"), "sha256=" + createHmac("sha256", key).update(ada.id).digest("hex").toUpperCase());
assert.deepEqual([connected.header("hub"), connected.header("category")], ["finvault", "connections"]);
assert.equal(Buffer.from(connected.header("user-id"), "latin1").toString(), "Ada Lövelace/1");
assert.match(connected.header("user-claims"), /session: SES_1, role: a, role: b/);
assert.match(connected.header("client-query"), /^\?hub=finvault&id=[^&]+$/);
assert.deepEqual(connected.message, { type: 10 });
assert.equal(connected.type, "application/json");

// --- Invocations, and their answers.
assert.deepEqual(await ada.connection.invoke("Watch", ["TCS"], 7, null), { watched: [["TCS"], 7, null] });
const watch = await told("Watch", ada.id);
assert.equal(watch.header("category"), "messages");
assert.equal(watch.message.target, "Watch");
await assert.rejects(ada.connection.invoke("Refuse"), /51 symbols are too many\.$/);
await assert.rejects(ada.connection.invoke("Nobody"), /Invocation failed, status code 404$/);
assert.equal(await ada.connection.invoke("Silent"), null);
await ada.connection.send("Heard", { "é": 1 });
assert.deepEqual((await told("Heard", ada.id)).message, { type: 1, target: "Heard", arguments: [{ "é": 1 }] });

// --- Sending: to all, to all but one, to a user, a connection, a group; by the older paths, too.
const encoded = encodeURIComponent("Ada Lövelace/1");
await status(202, "POST", "/:send", { body: note("all", { price: 3210.55 }) });
await status(202, "POST", "/:send", { body: note("but bob"), query: `&excluded=${bob.id}` });
await status(202, "POST", `/users/${encoded}/:send`, { body: { target: "note", arguments: ["user"] } });
await status(202, "POST", `/connections/${ada.id}/:send`, { body: note("connection") });
await status(202, "POST", "/groups/quotes%3ATCS/:send", { body: note("too early") });
await status(200, "PUT", `/groups/quotes%3ATCS/connections/${ada.id}`);
await status(200, "HEAD", "/groups/quotes%3ATCS");
await status(202, "POST", "/groups/quotes%3ATCS/:send", { body: note("group") });
await status(200, "DELETE", `/groups/quotes%3ATCS/connections/${ada.id}`);
await status(202, "POST", "/groups/quotes%3ATCS/:send", { body: note("too late") });
await status(202, "POST", `/users/${encoded}`, { body: note("older"), prefix: "api/v1/hubs/finvault" });

// --- A user's groups are those of connections to come, as well.
await status(200, "PUT", `/users/${encoded}/groups/vip`);
await status(200, "PUT", "/users/eve/groups/vip", { query: "&ttl=60" });
await status(200, "GET", `/users/${encoded}/groups/vip`);
const eve = await connect("eve");
await told("connected", eve.id);
await status(202, "POST", "/groups/vip/:send", { body: note("vip") });
await status(204, "DELETE", `/users/${encoded}/groups`);
assert.equal((await status(404, "HEAD", `/users/${encoded}/groups/vip`)).code, "Info.User.NotInGroup");
await status(202, "POST", "/groups/vip/:send", { body: note("vip again") });
await status(202, "POST", "/:send", { body: { target: "note" } });

await until(() => [ada, bob, eve].every((client) => client.notes.at(-1)?.length === 0));
assert.deepEqual(ada.notes.slice(0, -1).flat().filter((value) => typeof value === "string"),
  ["all", "but bob", "user", "connection", "group", "older", "vip"]);
assert.deepEqual(ada.notes[0], ["all", { price: 3210.55 }]);
assert.deepEqual(bob.notes, [["all", { price: 3210.55 }], []]);
assert.deepEqual(eve.notes, [["vip"], ["vip again"], []]);

// --- What is there and what is not, by the codes that the SDK reads.
await status(200, "HEAD", `/connections/${ada.id}`);
await status(200, "HEAD", "/users/bob");
assert.equal((await status(404, "HEAD", "/connections/none")).code, "Warning.Connection.NotExisted");
assert.equal((await status(404, "HEAD", "/users/none")).code, "Warning.User.NotExisted");
assert.equal((await status(404, "HEAD", "/groups/none")).code, "Warning.Group.NotExisted");
assert.equal((await status(404, "PUT", "/groups/g/connections/none")).code, "Error.Connection.NotExisted");
await status(400, "POST", "/:send", { body: { arguments: [1] } });
await status(400, "POST", "/:send", { body: [1] });
await status(404, "POST", "/nothing");
await status(405, "PATCH", `/users/${encoded}/groups/vip`);
assert.equal((await fetch(`${service}api/health?${API}`)).status, 200);

// --- Tokens that are none.
const own = `${audienceBase}api/hubs/finvault/:send?${API}`;
const bad = {
  "of another key": sign(own, {}, { secret: "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ABCDEFGI" }),
  "expired": sign(own, {}, { seconds: -1 }),
  "for another path": sign(`${audienceBase}api/hubs/finvault/users/bob/:send?${API}`),
  "for a client": sign(`${audienceBase}client/?hub=finvault`),
  "without a signature": sign(own).replace(/[^.]+$/, ""),
  "none": "",
};
for (const [what, token] of Object.entries(bad)) {
  assert.equal((await rest("POST", "/:send", { body: note("bad"), token })).status, 401, what);
}
for (const [audience, expected] of [["client/?hub=finvault", 200], ["client/?hub=other", 401], ["server/?hub=finvault", 401]]) {
  const headers = { authorization: `Bearer ${sign(audienceBase + audience)}` };
  const answer = await fetch(`${service}client/negotiate?hub=finvault&negotiateVersion=1`, { method: "POST", headers });
  assert.equal(answer.status, expected, audience);
}

// --- The end of a connection, by the host and by the client.
await status(200, "DELETE", `/connections/${bob.id}`, { query: "&reason=moved" });
await told("disconnected", bob.id);
assert.equal((await status(404, "DELETE", `/connections/${bob.id}`)).code, "Warning.Connection.NotExisted");
await status(204, "POST", "/users/eve/:closeConnections", {});
await told("disconnected", eve.id);
await ada.connection.stop();
assert.equal((await told("disconnected", ada.id)).message.type, 11);

console.log("ok");
process.exit(0);
