/** NNG's REQ socket, with many requests at once on one connection. */

import { CLOCK } from "./clock.ts";
import { createDialer, type DialerPorts } from "./dialer.ts";
import { NoReply, NotSent } from "./errors.ts";
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
   * Send a request and give its reply, within `timeout` ms. It waits for a connection;
   * it is never sent a second time.
   *
   * @throws {NotSent} it did not leave, in that time, or because too many are under way.
   * @throws {NoReply} it left, and then the time was over or the connection gone.
   * @throws the signal's reason.
   */
  request(body: Uint8Array, timeout: number, signal?: AbortSignal): Promise<Uint8Array>;
  /** Ends it: whatever waits fails. */
  close(): void;
}

const MAX_REQUESTS = 1024;
const MAX_BYTES = 128 << 20;
/** Marks the last word of the way back, which is the request's id. */
const LAST = 0x8000_0000;
const ID_SIZE = 4;

interface Pending {
  readonly message: Uint8Array;
  isSent: boolean;
  /** Ends it, and takes it away. */
  settle(result: Uint8Array | Error): void;
}

/** @throws AddressError at once, for a URL that is none. */
export function createReq(options: ReqOptions, ports: DialerPorts = {}): Req {
  const clock = ports.clock ?? CLOCK;
  const pending = new Map<number, Pending>();
  let bytes = 0;
  // Not the same after a restart: a reply to who was here before is none of ours.
  let id = Math.floor(clock.random() * LAST);
  let pipe: Pipe | undefined;
  let lastReason: Error | undefined;
  let isClosed = false;

  const dialer = createDialer(
    REQ,
    options,
    {
      onOpen: (opened) => {
        pipe = opened;
        for (const request of pending.values()) send(request);
        options.onUp?.();
      },
      onMessage: (message) => {
        if (message.length < ID_SIZE) return;
        const number = Buffer.from(message.buffer, message.byteOffset, ID_SIZE).readUInt32BE();
        pending.get(number)?.settle(message.subarray(ID_SIZE));
      },
      onDown: (reason) => {
        pipe = undefined;
        lastReason = reason;
        for (const request of [...pending.values()]) {
          if (request.isSent)
            request.settle(new NoReply(`the connection was lost: ${reason.message}`));
        }
        options.onDown?.(reason);
      },
    },
    ports,
  );

  function send(request: Pending): void {
    if (pipe === undefined) return;
    request.isSent = true;
    pipe.send(request.message);
  }

  function refusal(size: number): NotSent | undefined {
    if (isClosed) return new NotSent("the connection was ended by us");
    const most = options.maxRequests ?? MAX_REQUESTS;
    if (pending.size >= most) return new NotSent(`${most} requests are under way`);
    const mostBytes = options.maxBytes ?? MAX_BYTES;
    if (bytes + size > mostBytes) {
      return new NotSent(`${bytes} bytes of requests are under way, and ${mostBytes} are allowed`);
    }
    return undefined;
  }

  function tooLate(request: Pending, timeout: number): Error {
    if (request.isSent) return new NoReply(`no reply within ${timeout} ms`);
    const why = lastReason?.message ?? `${options.url}: not connected`;
    return new NotSent(`no connection within ${timeout} ms: ${why}`);
  }

  /** An id that is free, for they come round after 2^31. */
  function nextId(): number {
    do {
      id = (id + 1) % LAST;
    } while (pending.has(LAST + id));
    return LAST + id;
  }

  return {
    get isUp() {
      return pipe !== undefined;
    },
    request(body, timeout, signal) {
      if (signal?.aborted) return Promise.reject(signal.reason);
      const refused = refusal(body.length);
      if (refused !== undefined) return Promise.reject(refused);
      const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
      const number = nextId();
      const request: Pending = {
        message: withId(number, body),
        isSent: false,
        settle(result) {
          pending.delete(number);
          bytes -= body.length;
          stopTimer();
          signal?.removeEventListener("abort", abort);
          if (result instanceof Error) reject(result);
          else resolve(result);
        },
      };
      const abort = () => request.settle(asError(signal?.reason));
      const stopTimer = clock.after(timeout, () => request.settle(tooLate(request, timeout)));
      signal?.addEventListener("abort", abort);
      pending.set(number, request);
      bytes += body.length;
      send(request);
      return promise;
    },
    close() {
      isClosed = true;
      pipe = undefined;
      dialer.close();
      for (const request of [...pending.values()]) {
        const why = "the connection was ended by us";
        request.settle(request.isSent ? new NoReply(why) : new NotSent(why));
      }
    },
  };
}

function withId(id: number, body: Uint8Array): Uint8Array {
  const message = Buffer.allocUnsafe(ID_SIZE + body.length);
  message.writeUInt32BE(id);
  message.set(body, ID_SIZE);
  return message;
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
