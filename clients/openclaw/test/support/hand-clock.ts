import type { Clock } from "../../src/bus/clock.ts";

/** A clock that stands still until it is turned. */
export interface HandClock extends Clock {
  /** Let `ms` pass: who sleeps wakes at its time, and what follows from it happens before the next. */
  advance(ms: number): Promise<void>;
}

/** Rounds of the event loop within which all that can happen without time has. */
const ROUNDS = 12;

export async function idle(): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) await new Promise(setImmediate);
}

export function handClock(): HandClock {
  let now = 0;
  const sleepers = new Set<{ at: number; wake(): void }>();

  const due = (end: number) =>
    [...sleepers].filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)[0];

  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const abort = () => {
          sleepers.delete(sleeper);
          reject(signal?.reason);
        };
        const sleeper = {
          at: now + ms,
          wake() {
            sleepers.delete(sleeper);
            signal?.removeEventListener("abort", abort);
            resolve();
          },
        };
        signal?.addEventListener("abort", abort, { once: true });
        sleepers.add(sleeper);
      }),
    async advance(ms) {
      const end = now + ms;
      await idle();
      for (let next = due(end); next; next = due(end)) {
        now = Math.max(now, next.at);
        next.wake();
        await idle();
      }
      now = end;
    },
  };
}
