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

interface Step {
  at: Position;
  isDone: boolean;
}

/** Done steps between open ones that are kept before they are put together. */
const SLACK = 64;

/**
 * Positions come in their order and are done in any. `onDone` is told each time that
 * everything up to a further one is.
 */
export function createProgress(onDone: (position: Position) => void): Progress {
  let steps: Step[] = [];
  let open = 0;
  let journal = 0;

  const advance = (): void => {
    const first = steps.findIndex((step) => !step.isDone);
    const done = first < 0 ? steps.length : first;
    const last = steps[done - 1];
    if (!last) return;
    steps.splice(0, done);
    onDone(last.at);
  };

  const end = (step: Step, of: number): void => {
    if (step.isDone || of !== journal) return;
    step.isDone = true;
    open -= 1;
    if (steps[0] === step) advance();
    else if (steps.length > 2 * open + SLACK) steps = folded(steps);
  };

  return {
    begin(at) {
      const step = { at, isDone: false };
      steps.push(step);
      open += 1;
      const of = journal;
      return () => end(step, of);
    },
    pass(at) {
      const last = steps.at(-1);
      if (!last) onDone(at);
      else if (last.isDone) last.at = at;
      else steps.push({ at, isDone: true });
    },
    restart() {
      steps = [];
      open = 0;
      journal += 1;
    },
    get open() {
      return open;
    },
  };
}

/** Of done ones that stand side by side the last says it all. */
function folded(steps: readonly Step[]): Step[] {
  return steps.filter((step, at) => !step.isDone || !steps[at + 1]?.isDone);
}
