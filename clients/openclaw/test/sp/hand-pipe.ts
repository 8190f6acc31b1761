import type { Connect } from "../../src/sp/dialer.ts";
import type { Pipe, PipeHandlers } from "../../src/sp/pipe.ts";

/** Connections whose other end is the test. */
export interface HandPipes {
  connect: Connect;
  /** Every dial, oldest first. */
  readonly dials: HandPipe[];
  readonly last: HandPipe;
}

export interface HandPipe {
  /** What was sent, whether the other end has taken it or not. */
  readonly sent: Uint8Array[];
  readonly isPaused: boolean;
  readonly isClosed: boolean;
  open(): void;
  say(message: Uint8Array): void;
  fail(text: string): void;
  /** Take everything that was sent out of the socket's buffer. */
  take(): void;
  /** Whether a silent peer has a reason to be. */
  isOwedReply(): boolean;
}

export function handPipes(): HandPipes {
  const dials: HandPipe[] = [];
  return {
    dials,
    get last() {
      const last = dials.at(-1);
      if (last === undefined) throw new Error("nobody dialled");
      return last;
    },
    connect(_role, _options, handlers) {
      const { hand, pipe } = handPipe(handlers);
      dials.push(hand);
      return pipe;
    },
  };
}

function handPipe(handlers: PipeHandlers): { hand: HandPipe; pipe: Pipe } {
  const sent: Uint8Array[] = [];
  const leaving: (() => void)[] = [];
  let isPaused = false;
  let isClosed = false;
  const pipe: Pipe = {
    send(message, onLeft) {
      sent.push(message);
      if (onLeft) leaving.push(onLeft);
    },
    pause: () => {
      isPaused = true;
    },
    resume: () => {
      isPaused = false;
    },
    close: () => {
      isClosed = true;
    },
  };
  const hand: HandPipe = {
    sent,
    get isPaused() {
      return isPaused;
    },
    get isClosed() {
      return isClosed;
    },
    open: () => handlers.onOpen(pipe),
    say: (message) => handlers.onMessage(message),
    fail: (text) => handlers.onClose(new Error(text)),
    take: () => {
      for (const left of leaving.splice(0)) left();
    },
    isOwedReply: () => handlers.isOwedReply?.() ?? false,
  };
  return { hand, pipe };
}
