/** How far one has come where several are at work at once. */

import type { Position } from "./types.ts";

export interface Progress {
  /** Work begins on what ends at `at`. Call what it gives once it is done; twice is as once. */
  begin(at: Position): () => void;
  /** There is nothing to do up to `at`. */
  pass(at: Position): void;
  /** Another journal: work that is open holds nothing up any more. */
  restart(): void;
  /** How many are at work. */
  readonly open: number;
}

/**
 * Positions come in their order and are done in any. `onDone` is told each time that
 * everything up to a further one is.
 */
export function createProgress(onDone: (position: Position) => void): Progress {
  /** Work that is open, each with how far all is done once it is. */
  let steps: { at: Position }[] = [];

  const end = (step: { at: Position }): void => {
    const place = steps.indexOf(step);
    if (place < 0) return;
    steps.splice(place, 1);
    const before = steps[place - 1];
    if (before) before.at = step.at;
    else onDone(step.at);
  };

  return {
    begin(at) {
      const step = { at };
      steps.push(step);
      return () => end(step);
    },
    pass(at) {
      const last = steps.at(-1);
      if (last) last.at = at;
      else onDone(at);
    },
    restart() {
      steps = [];
    },
    get open() {
      return steps.length;
    },
  };
}
