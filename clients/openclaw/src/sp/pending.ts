/** Requests under way: their ids, and how many and large they may be. */

import { NotSent } from "./errors.ts";
import type { Outgoing } from "./outbox.ts";

export interface Request extends Outgoing {
  readonly reply: Promise<Uint8Array>;
  /** Ends it: it is under way no more. What comes second has no effect. */
  resolve(reply: Uint8Array): void;
  reject(reason: unknown): void;
}

export interface Limits {
  readonly requests: number;
  readonly bytes: number;
}

export interface Pending {
  /** Gives the body an id. @throws NotSent for one too many. */
  add(body: Uint8Array): Request;
  /** Whose reply this is, and the reply's body. Undefined: nobody's, or too late. */
  match(message: Uint8Array): { request: Request; body: Uint8Array } | undefined;
  all(): Request[];
  sent(): Request[];
}

/** Marks the last word of the way back, which is the request's id. */
const LAST = 0x8000_0000;
const ID_SIZE = 4;

/** `start`: of the ids, from 0 to 1. `onEnd`: told at once for each that ended. */
export function createPending(
  limits: Limits,
  start: number,
  onEnd: (request: Request) => void,
): Pending {
  const requests = new Map<number, Request>();
  let bytes = 0;
  let id = Math.floor(start * LAST);

  function check(size: number): void {
    if (requests.size >= limits.requests) {
      throw new NotSent(`${limits.requests} requests are under way, more are not allowed`);
    }
    if (bytes + size > limits.bytes) {
      throw new NotSent(
        `${bytes} bytes of requests are under way, with ${size} more they are over ${limits.bytes}`,
      );
    }
  }

  /** One that is free, for they come round after 2^31. */
  function nextId(): number {
    do {
      id = (id + 1) % LAST;
    } while (requests.has(LAST + id));
    return LAST + id;
  }

  function end(number: number, request: Request): void {
    if (!requests.delete(number)) return;
    bytes -= request.message.length;
    onEnd(request);
  }

  return {
    add(body) {
      check(ID_SIZE + body.length);
      const number = nextId();
      const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
      const request: Request = {
        message: withId(number, body),
        isSent: false,
        reply: promise,
        resolve(reply) {
          end(number, request);
          resolve(reply);
        },
        reject(reason) {
          end(number, request);
          reject(reason);
        },
      };
      requests.set(number, request);
      bytes += request.message.length;
      return request;
    },
    match(message) {
      if (message.length < ID_SIZE) return undefined;
      const number = new DataView(message.buffer, message.byteOffset).getUint32(0);
      const request = requests.get(number);
      return request?.isSent ? { request, body: message.subarray(ID_SIZE) } : undefined;
    },
    all: () => [...requests.values()],
    sent: () => [...requests.values()].filter(({ isSent }) => isSent),
  };
}

function withId(id: number, body: Uint8Array): Uint8Array {
  const message = Buffer.allocUnsafe(ID_SIZE + body.length);
  message.writeUInt32BE(id);
  message.set(body, ID_SIZE);
  return message;
}
