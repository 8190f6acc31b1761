/** When it has been quiet for so long that the last event may have been missed. */

export interface Quiet {
  /** Something has come: what was missed before it is seen by it. */
  heard(now: number): void;
  /** The connection is new. */
  connected(now: number): void;
  /** The bridge is being asked. */
  asked(now: number): void;
  /** ms until it is time to ask; 0 if it is. */
  left(now: number): number;
}

/** ms after a connection was made: the bridge may take it for made a moment later than we do. */
const AFTER_CONNECT = 100;
/** ms after something has come; twice as long each time that nothing has, up to the most. */
const LEAST = 2_000;
const MOST = 10_000;

export function createQuiet(now: number): Quiet {
  let pause = LEAST;
  let at = now + pause;
  const after = (ms: number, from: number): void => {
    pause = LEAST;
    at = from + ms;
  };
  return {
    heard: (from) => after(LEAST, from),
    connected: (from) => after(AFTER_CONNECT, from),
    asked(from) {
      at = from + pause;
      pause = Math.min(pause * 2, MOST);
    },
    left: (from) => Math.max(at - from, 0),
  };
}
