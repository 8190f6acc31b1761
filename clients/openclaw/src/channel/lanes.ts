/** What a lane hands to its work. */
export interface Turn {
  /** Let the next of the lane begin while this one goes on. */
  release(): void;
}

export interface Lanes {
  /**
   * Queue work for a lane. Resolves once there is room for it, which is what the
   * event stream waits for; never rejects, for work answers for its own errors.
   */
  push(key: string, work: (turn: Turn) => Promise<void>): Promise<void>;
  /** Resolves once nothing is under way. */
  idle(): Promise<void>;
}

export interface LaneLimits {
  /** Pieces of work of one lane that may wait or run. */
  perLane: number;
  /** Of all lanes together. */
  total: number;
}

/** Work in order within a lane, and lanes side by side. */
export function createLanes(limits: LaneLimits): Lanes {
  const tails = new Map<string, { last: Promise<void>; count: number }>();
  const waiting: (() => void)[] = [];
  let total = 0;

  const full = (key: string): boolean =>
    total >= limits.total || (tails.get(key)?.count ?? 0) >= limits.perLane;

  const wake = (): void => {
    for (const resume of waiting.splice(0)) resume();
  };

  const leave = (key: string): void => {
    total -= 1;
    const lane = tails.get(key);
    if (lane && --lane.count === 0) tails.delete(key);
    wake();
  };

  const start = (key: string, work: (turn: Turn) => Promise<void>): void => {
    const lane = tails.get(key) ?? { last: Promise.resolve(), count: 0 };
    tails.set(key, lane);
    lane.count += 1;
    total += 1;
    const before = lane.last;
    lane.last = new Promise<void>((release) => {
      const run = before.then(() => work({ release }));
      void run
        .catch(() => undefined)
        .then(() => {
          release();
          leave(key);
        });
    });
  };

  return {
    async push(key, work) {
      while (full(key)) await new Promise<void>((resume) => waiting.push(resume));
      start(key, work);
    },
    async idle() {
      while (total > 0) await new Promise<void>((resume) => waiting.push(resume));
    },
  };
}
