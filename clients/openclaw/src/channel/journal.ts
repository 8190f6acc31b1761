import { join } from "node:path";
import { readJsonFileWithFallback, writeJsonFileAtomically } from "openclaw/plugin-sdk/json-store";
import { resolveStateDir } from "openclaw/plugin-sdk/state-paths";
import type { Position, PositionStore } from "../bus/types.ts";
import { forgetOldest } from "../qq/recent.ts";

/** Keys remembered per account: more than can be under way, and than a bridge repeats. */
const REMEMBERED = 500;

/**
 * What this account has done with its events, kept over restarts: up to where
 * everything is done, and the keys of the messages that were dealt with since.
 */
export interface Journal extends PositionStore {
  /** Whether the message with this key has been dealt with. */
  has(key: string): boolean;
  /**
   * Deal with a message, unless that has been done; one that is under way already,
   * from before a restart of the channel, is waited for first. `work` says whether the
   * message needs no second delivery, and so does this: on disk once it resolves.
   */
  once(key: string, work: () => Promise<boolean>): Promise<boolean>;
}

interface Kept {
  position?: Position;
  done: string[];
}

const journals = new Map<string, Promise<Journal>>();

/** The account's journal: one for the whole process, so that a channel that restarts goes on with it. */
export function journalOf(accountId: string): Promise<Journal> {
  const file = join(resolveStateDir(), "napcatqq", `${encodeURIComponent(accountId)}.json`);
  let journal = journals.get(file);
  if (!journal) {
    journal = openJournal(file);
    journals.set(file, journal);
  }
  return journal;
}

export async function openJournal(file: string): Promise<Journal> {
  const kept = read((await readJsonFileWithFallback<unknown>(file, undefined)).value);
  const done = new Set(kept.done);
  const begun = new Map<string, Promise<boolean>>();
  let position = kept.position;
  const save = coalesced(() =>
    writeJsonFileAtomically(file, {
      ...(position && { position }),
      done: [...done],
    } satisfies Kept),
  );

  const attempt = async (key: string, work: () => Promise<boolean>): Promise<boolean> => {
    if (!(await work())) return false;
    done.add(key);
    forgetOldest(done, REMEMBERED);
    await save();
    return true;
  };

  return {
    load: async () => position,
    save(next) {
      position = next;
      return save();
    },
    has: (key) => done.has(key),
    async once(key, work) {
      for (let before = begun.get(key); before; before = begun.get(key)) {
        if (await before.catch(() => false)) return true;
      }
      if (done.has(key)) return true;
      const running = attempt(key, work).finally(() => begun.delete(key));
      begun.set(key, running);
      return running;
    },
  };
}

/** A file that is missing, or that nobody can read, is as good as a new one. */
function read(value: unknown): Kept {
  const { position, done } = (value ?? {}) as { position?: Partial<Position>; done?: unknown };
  const keys = Array.isArray(done) ? done.filter((key) => typeof key === "string") : [];
  return typeof position?.epoch === "string" && typeof position.seq === "number"
    ? { position: { epoch: position.epoch, seq: position.seq }, done: keys }
    : { done: keys };
}

/** Many calls while one is at it come to one more: each caller waits for a write that began after it asked. */
function coalesced(write: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const begin = (): Promise<void> => {
    next = undefined;
    running = write().finally(() => {
      running = undefined;
    });
    return running;
  };
  return () => {
    if (!running) return begin();
    next ??= running.catch(() => undefined).then(begin);
    return next;
  };
}
