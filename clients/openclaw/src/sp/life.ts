/** Finds out that the other side of a WebSocket is gone without having said so. */

import type { Socket } from "node:net";
import type { WebSocket } from "ws";

/**
 * Ask for a sign of life every `interval` ms (0: never), and tell when nothing at all
 * came for two of them. Any byte is one: a message may take longer than that.
 *
 * NNG reads no further, pings included, while a request waits for a worker to take
 * it. One who owes us a reply is therefore busy, and not gone.
 */
export function watchLife(
  socket: WebSocket,
  stream: Socket,
  interval: number,
  isOwedReply: (() => boolean) | undefined,
  onDead: (reason: Error) => void,
): void {
  if (interval === 0) return;
  let heard = -1;
  let silent = 0;
  const timer = setInterval(() => {
    const isExcused = stream.bytesRead !== heard || socket.isPaused || isOwedReply?.() === true;
    silent = isExcused ? 0 : silent + 1;
    heard = stream.bytesRead;
    if (silent >= 2) onDead(new Error("no sign of life from the other side"));
    else if (socket.readyState === socket.OPEN) socket.ping();
  }, interval);
  socket.once("close", () => clearInterval(timer));
}
