import type { Clock } from "../../src/sp/clock.ts";

/** A clock that stands still until it is turned, and where chance is always half. */
export interface TurnedClock extends Clock {
  /** Let `ms` pass. What is due on the way happens at its time. */
  turn(ms: number): void;
  /** ms from now until each of what is to come. */
  readonly due: number[];
}

export function turnedClock(): TurnedClock {
  let now = 0;
  const timers = new Set<{ at: number; action: () => void }>();
  const first = () => [...timers].sort((one, other) => one.at - other.at)[0];
  return {
    now: () => now,
    random: () => 0.5,
    after(ms, action) {
      const timer = { at: now + ms, action };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    turn(ms) {
      const end = now + ms;
      for (let next = first(); next && next.at <= end; next = first()) {
        timers.delete(next);
        now = next.at;
        next.action();
      }
      now = end;
    },
    get due() {
      return [...timers].map(({ at }) => at - now);
    },
  };
}
