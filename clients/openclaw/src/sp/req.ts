/** NNG's REQ socket, with many requests at once on one connection. */

import { shown } from "./address.ts";
import { CLOCK } from "./clock.ts";
import { createDialer, type DialerPorts } from "./dialer.ts";
import { NoReply, NotSent } from "./errors.ts";
import { createOutbox } from "./outbox.ts";
import { createPending, type Limits, type Request } from "./pending.ts";
import type { DialOptions, Pipe, SocketHandlers } from "./pipe.ts";
import { REQ } from "./protocol.ts";

export interface ReqOptions extends DialOptions, SocketHandlers {
  /** Requests at once, those included that wait for a connection. Default 1024. */
  maxRequests?: number | undefined;
  /** Bytes of these. Default 128 MiB. */
  maxBytes?: number | undefined;
}

export interface Req {
  readonly isUp: boolean;
  /**
   * Send a request and give its reply, within `timeout` ms. It waits for a connection,
   * and for its turn while the peer takes no more, for `leaveWithin` ms at most; it is
   * never sent a second time.
   *
   * @throws {NotSent} it did not leave: in that time, or because too many are under way.
   * @throws {NoReply} it left, and then the time was over or the connection gone.
   * @throws the signal's reason; then it may have left.
   */
  request(
    body: Uint8Array,
    timeout: number,
    signal?: AbortSignal,
    leaveWithin?: number,
  ): Promise<Uint8Array>;
  /** Ends it: whatever is under way fails. */
  close(): void;
}

const MAX_REQUESTS = 1024;
const MAX_BYTES = 128 << 20;
const ENDED = "the connection was ended by us";

/** @throws AddressError at once, for a URL that is none. */
export function createReq(options: ReqOptions, ports: DialerPorts = {}): Req {
  const clock = ports.clock ?? CLOCK;
  const outbox = createOutbox();
  // Ids are not the same after a restart: a reply to who was here before is none of ours.
  const pending = createPending(limitsOf(options), clock.random(), outbox.remove);
  let lastReason = `${shown(options.url)}: not connected`;
  let isUp = false;
  let isClosed = false;

  const handlers = {
    onOpen(opened: Pipe) {
      isUp = true;
      outbox.open(opened);
      options.onUp?.();
    },
    onMessage(message: Uint8Array) {
      const found = pending.match(message);
      found?.request.resolve(found.body);
    },
    onDown(reason: Error) {
      isUp = false;
      lastReason = reason.message;
      outbox.close();
      for (const each of pending.sent()) each.reject(new NoReply(`connection lost: ${lastReason}`));
      options.onDown?.(reason);
    },
    isOwedReply: () => pending.sent().length > 0,
  };
  const dialer = createDialer(REQ, options, handlers, ports);

  function tooLate(request: Request, timeout: number): Error {
    if (request.isSent) return new NoReply(`no reply within ${timeout} ms`);
    const why = isUp ? "the other side takes no more" : lastReason;
    return new NotSent(`could not leave within ${timeout} ms: ${why}`);
  }

  return {
    get isUp() {
      return isUp;
    },
    async request(body, timeout, signal, leaveWithin = timeout) {
      signal?.throwIfAborted();
      if (isClosed) throw new NotSent(ENDED);
      const request = pending.add(body);
      const abort = () => request.reject(signal?.reason);
      const stopTimer = clock.after(timeout, () => request.reject(tooLate(request, timeout)));
      const stopWaiting = clock.after(leaveWithin, () => {
        if (!request.isSent) request.reject(tooLate(request, leaveWithin));
      });
      signal?.addEventListener("abort", abort);
      outbox.add(request);
      try {
        return await request.reply;
      } finally {
        stopTimer();
        stopWaiting();
        signal?.removeEventListener("abort", abort);
      }
    },
    close() {
      isClosed = true;
      isUp = false;
      outbox.close();
      dialer.close();
      for (const each of pending.all()) {
        each.reject(each.isSent ? new NoReply(ENDED) : new NotSent(ENDED));
      }
    },
  };
}

function limitsOf({ maxRequests, maxBytes }: ReqOptions): Limits {
  return { requests: maxRequests ?? MAX_REQUESTS, bytes: maxBytes ?? MAX_BYTES };
}
