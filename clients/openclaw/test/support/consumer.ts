/** A process that writes down what it gets: `consumer.ts EVENTS ACTIONS FOLDER`. */

import { createCaller, events, filePosition } from "../../src/bus/index.ts";
import { createReq, subscribe } from "../../src/sp/index.ts";

const [, , eventsUrl = "", actionsUrl = "", folder = ""] = process.argv;

const stream = events({
  port: { subscribe: (handlers) => subscribe({ url: eventsUrl, ...handlers }) },
  calls: createCaller({ port: createReq({ url: actionsUrl }) }),
  position: filePosition({ folder, account: "default", bridge: eventsUrl }),
  saveEvery: 20,
  onUp: () => process.stdout.write("up\n"),
});

for await (const delivery of stream) {
  const seq = delivery.kind === "event" ? delivery.event.seq : `gap ${delivery.gap.reason}`;
  // Done once it is written, as work is.
  process.stdout.write(`${seq}\n`, () => delivery.done());
}
