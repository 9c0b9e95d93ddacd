// One run of @microsoft/signalr against a server. Reads steps from the arguments as JSON, prints what happened as one
// line of JSON: [{step, …}]. A step is [verb, …]; see the table below.
import { HttpTransportType, HubConnectionBuilder, LogLevel } from "@microsoft/signalr";

const [negotiate, transport, stepsJson] = process.argv.slice(2);
const log = [];
const received = [];
let wake = () => {};
const note = (entry) => log.push(entry);

const connection = new HubConnectionBuilder()
  .withUrl(negotiate, HttpTransportType[transport])
  .withAutomaticReconnect([0, 50, 50, 100, 100, 200, 200, 400])
  .configureLogging(LogLevel.None)
  .build();

for (const target of ["quotes", "note", "conflated"]) {
  connection.on(target, (...args) => {
    received.push({ target, args });
    wake();
  });
}

let reconnected = () => {};
connection.onreconnected((id) => reconnected(id));

const until = async (condition) => {
  while (!condition()) {
    await new Promise((resolve) => (wake = resolve));
  }
};

const verbs = {
  start: async () => {
    await connection.start();
    return { connected: connection.state === "Connected" };
  },
  invoke: async (method, ...args) => {
    try {
      return { result: await connection.invoke(method, ...args) };
    } catch (error) {
      return { error: error.message };
    }
  },
  // Waits until so many messages came in all.
  receive: async (count) => {
    await until(() => received.length >= count);
    return { received: received.slice() };
  },
  // Has the server cut the line, and waits until the client is back.
  reconnect: async () => {
    const back = new Promise((resolve) => (reconnected = resolve));
    const before = connection.connectionId;
    await connection.send("Cut");
    const id = await back;
    return { changed: before !== id };
  },
  stop: async () => {
    await connection.stop();
    return {};
  },
};

for (const [verb, ...args] of JSON.parse(stepsJson)) {
  note({ verb, ...(await verbs[verb](...args)) });
}

console.log(JSON.stringify(log));
process.exit(0);
