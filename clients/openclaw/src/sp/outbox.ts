/** Requests on their way out. */

import type { Pipe } from "./pipe.ts";

export interface Outgoing {
  readonly message: Uint8Array;
  isSent: boolean;
}

/** Sends in order, and no faster than a connection takes it. */
export interface Outbox {
  add(request: Outgoing): void;
  /** It is no longer wanted. What was sent stays sent. */
  remove(request: Outgoing): void;
  /** A connection is there. */
  open(pipe: Pipe): void;
  /** It is gone; what was not sent waits for the next. */
  close(): void;
}

/**
 * Bytes that may be in the socket's own buffer before the next request waits here.
 * From here it can be taken back, and its owner can be told that it never left.
 */
const AHEAD = 1 << 20;

export function createOutbox(): Outbox {
  const waiting = new Set<Outgoing>();
  let pipe: Pipe | undefined;
  let ahead = 0;

  function send(request: Outgoing, via: Pipe): void {
    const size = request.message.length;
    waiting.delete(request);
    request.isSent = true;
    ahead += size;
    via.send(request.message, () => {
      if (via !== pipe) return;
      ahead -= size;
      flush();
    });
  }

  function flush(): void {
    for (const request of waiting) {
      if (pipe === undefined || ahead >= AHEAD) return;
      send(request, pipe);
    }
  }

  return {
    add(request) {
      waiting.add(request);
      flush();
    },
    remove: (request) => void waiting.delete(request),
    open(opened) {
      pipe = opened;
      ahead = 0;
      flush();
    },
    close() {
      pipe = undefined;
    },
  };
}
