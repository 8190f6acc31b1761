/** Time, as something that tests can turn by hand. */
export interface Clock {
  /** ms, from any moment on. */
  now(): number;
  /** Call back after `ms`, unless the function that is given is called before. */
  after(ms: number, action: () => void): () => void;
  /** From 0 to 1, without the 1. */
  random(): number;
}

/** ms, some 24 days: a timer that is set to more would end at once. */
const LONGEST = 2 ** 31 - 1;

export const CLOCK: Clock = {
  now: () => performance.now(),
  after: (ms, action) => {
    const timer = setTimeout(action, Math.min(ms, LONGEST));
    return () => clearTimeout(timer);
  },
  random: Math.random,
};
