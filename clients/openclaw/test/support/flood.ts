/** A worker that plays a peer which says much at once: `{ url, count, selfId }`. */

import { parentPort, workerData } from "node:worker_threads";
import { WebSocket } from "ws";

const { url, count, selfId } = workerData as { url: string; count: number; selfId: number };

const socket = new WebSocket(url, {
  headers: { "X-Self-ID": String(selfId), "X-Client-Role": "Universal" },
  perMessageDeflate: false,
});

/** The bridge asks who it is; the answer matters to nobody here. */
socket.on("message", (frame) => {
  const { echo } = JSON.parse(String(frame));
  socket.send(JSON.stringify({ status: "ok", retcode: 0, data: {}, echo }));
});

socket.on("open", () => {
  for (let number = 1; number <= count; number++) {
    socket.send(
      JSON.stringify({
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
      }),
    );
  }
  socket.send("{}", () => parentPort?.postMessage("said"));
});
