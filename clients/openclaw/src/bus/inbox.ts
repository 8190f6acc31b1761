/** What came and has not been looked at, so much of it at most. */

export interface Inbox {
  put(message: Uint8Array): void;
  take(): Uint8Array | undefined;
}

export interface InboxLimits {
  count: number;
  bytes: number;
}

/** As many as the bridge keeps for a subscriber, and some KiB for each. */
const LIMITS: InboxLimits = { count: 8192, bytes: 16 << 20 };

/** Those that were taken are let go in so large a lot. */
const TAKEN_MOST = 256;

/**
 * When it is full all of it is let go: a hole is seen by what comes next, and the
 * journal has what was in it.
 */
export function createInbox(limits: InboxLimits = LIMITS): Inbox {
  let messages: Uint8Array[] = [];
  let next = 0;
  let bytes = 0;

  const clear = (): void => {
    messages = [];
    next = 0;
    bytes = 0;
  };

  return {
    put(message) {
      const count = messages.length - next;
      if (count >= limits.count || (count > 0 && bytes + message.length > limits.bytes)) clear();
      messages.push(message);
      bytes += message.length;
    },
    take() {
      const message = messages[next];
      if (!message) return undefined;
      next += 1;
      bytes -= message.length;
      if (next >= TAKEN_MOST || next === messages.length) {
        messages.splice(0, next);
        next = 0;
      }
      return message;
    },
  };
}
