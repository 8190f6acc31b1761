/** Keeps one connection up: dials, and dials again when it is gone, for ever. */

import { parseAddress, shown } from "./address.ts";
import { CLOCK, type Clock } from "./clock.ts";
import type { Backoff, DialOptions, Pipe, PipeHandlers } from "./pipe.ts";
import type { Role } from "./protocol.ts";
import { inWords } from "./reasons.ts";
import { connectStream } from "./stream.ts";
import { connectWebSocket } from "./websocket.ts";

export interface DialerHandlers {
  onOpen(pipe: Pipe): void;
  onMessage(message: Uint8Array): void;
  /** The pipe is gone, or a dial failed (then no `onOpen` was before it). */
  onDown(reason: Error): void;
  isOwedReply?(): boolean;
}

export interface Dialer {
  /** Ends it: nothing is told any more. */
  close(): void;
}

/** Makes a connection: the real one, or that of a test. */
export type Connect = (role: Role, options: DialOptions, handlers: PipeHandlers) => Pipe;

export interface DialerPorts {
  clock?: Clock;
  connect?: Connect;
}

const BACKOFF: Backoff = { first: 200, factor: 2, max: 5_000 };
/** ms that a connection has to last to count as a good one. */
const GOOD = 3_000;

/** @throws AddressError at once, for a URL that is none. */
export function createDialer(
  role: Role,
  options: DialOptions,
  handlers: DialerHandlers,
  ports: DialerPorts = {},
): Dialer {
  const clock = ports.clock ?? CLOCK;
  const connect = ports.connect ?? connectPipe;
  const backoff = options.backoff ?? BACKOFF;
  parseAddress(options.url);
  let tries = 0;
  let stopWaiting = () => {};
  let isClosed = false;
  let pipe: Pipe | undefined;

  function dial(): void {
    let openedAt: number | undefined;
    const down = (reason: Error) => {
      if (isClosed) return;
      pipe = undefined;
      // One who takes us and throws us out again is not to be asked without pause.
      tries = openedAt !== undefined && clock.now() - openedAt >= GOOD ? 0 : tries + 1;
      stopWaiting = clock.after(pauseAfter(tries, backoff, clock.random()), dial);
      handlers.onDown(new Error(`${shown(options.url)}: ${reason.message}`, { cause: reason }));
    };
    const onOpen = (opened: Pipe) => {
      openedAt = clock.now();
      handlers.onOpen(opened);
    };
    try {
      pipe = connect(role, options, { ...handlers, onOpen, onClose: down });
    } catch (error) {
      // A token or certificate that is none: told as any other failure, when we are back.
      queueMicrotask(() => down(inWords(error as Error)));
    }
  }

  dial();
  return {
    close() {
      if (isClosed) return;
      isClosed = true;
      stopWaiting();
      pipe?.close();
    },
  };
}

/** ms: half of it is chance, so that many do not come at once. */
export function pauseAfter(tries: number, backoff: Backoff, chance: number): number {
  const whole = Math.min(backoff.first * backoff.factor ** Math.max(tries - 1, 0), backoff.max);
  return whole / 2 + (whole / 2) * chance;
}

const connectPipe: Connect = (role, options, handlers) => {
  const address = parseAddress(options.url);
  return address.kind === "websocket"
    ? connectWebSocket(address.url, role, options, handlers)
    : connectStream(address, role, options, handlers);
};
