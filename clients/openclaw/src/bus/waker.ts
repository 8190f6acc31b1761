import type { Clock } from "./clock.ts";

/**
 * Lets one loop wait for news of several kinds. It looks for news and then waits, with
 * nothing in between in which others have their turn.
 */
export interface Waker {
  /** There is news: who waits looks. */
  wake(): void;
  /** Until there is news, for `ms` at most. */
  wait(ms: number): Promise<void>;
}

export function createWaker(clock: Clock): Waker {
  let nap: AbortController | undefined;
  return {
    wake: () => nap?.abort(),
    async wait(ms) {
      nap = new AbortController();
      await clock.sleep(ms, nap.signal).catch(() => undefined);
      nap = undefined;
    },
  };
}
