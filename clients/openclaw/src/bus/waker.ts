import type { Clock } from "./clock.ts";

/** Lets one loop wait for news of several kinds. */
export interface Waker {
  /** There is news: who waits, or will wait next, looks. */
  wake(): void;
  /** Until there is news, for `ms` at most. */
  wait(ms: number): Promise<void>;
}

export function createWaker(clock: Clock): Waker {
  let isWoken = false;
  let nap: AbortController | undefined;
  return {
    wake() {
      isWoken = true;
      nap?.abort();
    },
    async wait(ms) {
      if (!isWoken) {
        nap = new AbortController();
        await clock.sleep(ms, nap.signal).catch(() => undefined);
        nap = undefined;
      }
      isWoken = false;
    },
  };
}
