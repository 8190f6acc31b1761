/** NNG's SUB socket. */

import { createDialer, type DialerPorts } from "./dialer.ts";
import type { DialOptions, Pipe, SocketHandlers } from "./pipe.ts";
import { SUB } from "./protocol.ts";

export interface SubOptions extends DialOptions, SocketHandlers {
  /** Byte prefixes of what is wanted; text stands for its UTF-8. Default: everything. */
  prefixes?: readonly (string | Uint8Array)[] | undefined;
  onMessage(message: Uint8Array): void;
}

export interface Sub {
  readonly isUp: boolean;
  /**
   * Take nothing more until `resume`. What the publisher sends meanwhile waits in the
   * buffers on the way and in its queue for us, and is lost to us once those are full.
   */
  pause(): void;
  resume(): void;
  /** Ends it: nothing is told any more. */
  close(): void;
}

/**
 * Subscribe, and stay subscribed: a lost connection is made again. A publisher keeps
 * nothing for one who is away.
 *
 * @throws AddressError at once, for a URL that is none.
 */
export function subscribe(options: SubOptions, ports: DialerPorts = {}): Sub {
  const isWanted = filter(options.prefixes);
  let pipe: Pipe | undefined;
  let isPaused = false;
  const dialer = createDialer(
    SUB,
    options,
    {
      onOpen: (opened) => {
        pipe = opened;
        if (isPaused) opened.pause();
        options.onUp?.();
      },
      onMessage: (message) => {
        if (isWanted(message)) options.onMessage(message);
      },
      onDown: (reason) => {
        pipe = undefined;
        options.onDown?.(reason);
      },
    },
    ports,
  );
  return {
    get isUp() {
      return pipe !== undefined;
    },
    pause() {
      isPaused = true;
      pipe?.pause();
    },
    resume() {
      isPaused = false;
      pipe?.resume();
    },
    close() {
      pipe = undefined;
      dialer.close();
    },
  };
}

/** A subscription never crosses the wire: who subscribes is who sorts out. */
function filter(prefixes: SubOptions["prefixes"]): (message: Uint8Array) => boolean {
  if (prefixes === undefined) return () => true;
  const wanted = prefixes.map((prefix) => Buffer.from(prefix as Uint8Array));
  return (message) =>
    wanted.some(
      (prefix) =>
        message.length >= prefix.length && prefix.compare(message, 0, prefix.length) === 0,
    );
}
