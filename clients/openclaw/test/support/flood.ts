/**
 * A worker that plays a peer which says much at once. It says when the bridge has all
 * of it by waking whoever waits for `heard`.
 */

import { workerData } from "node:worker_threads";
import { WebSocket } from "ws";
import { createCaller } from "../../src/bus/index.ts";
import { createReq } from "../../src/sp/index.ts";

export interface Flood {
  /** Where the peer dials, and where the bridge is asked. */
  url: string;
  actions: string;
  selfId: number;
  count: number;
  heard: Int32Array<SharedArrayBuffer>;
}

const { url, actions, selfId, count, heard } = workerData as Flood;

const socket = new WebSocket(url, {
  headers: { "X-Self-ID": String(selfId), "X-Client-Role": "Universal" },
  perMessageDeflate: false,
});

/** The bridge asks who it is; the answer matters to nobody here. */
socket.on("message", (frame) => {
  const { echo } = JSON.parse(String(frame));
  socket.send(JSON.stringify({ status: "ok", retcode: 0, data: {}, echo }));
});

socket.on("open", async () => {
  for (let number = 1; number <= count; number++) socket.send(JSON.stringify(message(number)));
  const calls = createCaller({ port: createReq({ url: actions }) });
  let seq = 0;
  while (seq < count) ({ seq } = (await calls.call<{ seq: number }>("bridge.ping")).data);
  Atomics.store(heard, 0, 1);
  Atomics.notify(heard, 0);
});

function message(number: number): unknown {
  return {
    time: 1_786_700_000,
    self_id: selfId,
    post_type: "message",
    message_type: "group",
    sub_type: "normal",
    group_id: 700,
    user_id: 42,
    message_id: number,
    real_seq: String(number),
    message: [{ type: "text", data: { text: `flood ${number}` } }],
    raw_message: `flood ${number}`,
    sender: { user_id: 42, nickname: "You" },
  };
}
