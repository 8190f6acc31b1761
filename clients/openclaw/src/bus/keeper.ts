/** Saves how far a consumer has come: soon, but not each time. */

import { reasonOf } from "../sp/thrown.ts";
import type { Clock } from "./clock.ts";
import type { Position, PositionStore } from "./types.ts";

export interface Keeper {
  /** Everything up to here is done. */
  note(position: Position): void;
  /** Save what is noted, and from now on without delay. Resolves when that is done, or has failed. */
  flush(): Promise<void>;
}

export interface KeeperOptions {
  store: PositionStore;
  clock: Clock;
  /** ms between two saves, the first of which is at once. */
  every: number;
  /** What cannot be saved is told once, until it can be again. */
  onTrouble(text: string): void;
}

/** ms until what could not be saved is tried again. */
const AGAIN = 5_000;

export function createKeeper(options: KeeperOptions): Keeper {
  const { store, clock } = options;
  const hurry = new AbortController();
  let noted: Position | undefined;
  let last: Position | undefined;
  let running: Promise<void> | undefined;
  let notBefore = 0;
  let isFailing = false;

  const save = async (position: Position): Promise<void> => {
    try {
      await store.save(position);
      isFailing = false;
    } catch (error) {
      noted ??= position;
      if (!isFailing) options.onTrouble(`what is done cannot be saved for now: ${reasonOf(error)}`);
      isFailing = true;
    }
    notBefore = clock.now() + (isFailing ? AGAIN : options.every);
  };

  const run = async (): Promise<void> => {
    while (noted) {
      await pause(clock, notBefore - clock.now(), hurry.signal);
      const position: Position = noted;
      noted = undefined;
      await save(position);
      if (isFailing && hurry.signal.aborted) break;
    }
    running = undefined;
  };

  return {
    note(position) {
      if (last?.epoch === position.epoch && last.seq === position.seq) return;
      last = noted = position;
      running ??= run();
    },
    async flush() {
      hurry.abort();
      await running;
    },
  };
}

async function pause(clock: Clock, ms: number, hurry: AbortSignal): Promise<void> {
  if (ms <= 0 || hurry.aborted) return;
  await clock.sleep(ms, hurry).catch(() => undefined);
}
