import { join } from "node:path";
import { readJsonFileWithFallback, writeJsonFileAtomically } from "openclaw/plugin-sdk/json-store";
import { resolveStateDir } from "openclaw/plugin-sdk/state-paths";
import type { Position, PositionStore } from "../bus/types.ts";

/** Keys remembered per account: more than can be under way, and than a bridge repeats. */
const REMEMBERED = 500;

/**
 * What this account has done with its events, kept over restarts: up to where
 * everything is done, and the keys of the messages that were dealt with since.
 */
export interface Journal extends PositionStore {
  /** Whether the message with this key has been dealt with, or is being. */
  has(key: string): boolean;
  /** It is under way: another delivery of it is passed over until it is `forget`ten. */
  begin(key: string): void;
  forget(key: string): void;
  /** It needs no second delivery. On disk once this resolves. */
  finish(key: string): Promise<void>;
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
  const begun = new Set<string>();
  let position = kept.position;
  const save = coalesced(() =>
    writeJsonFileAtomically(file, {
      ...(position && { position }),
      done: [...done],
    } satisfies Kept),
  );

  return {
    load: async () => position,
    save(next) {
      position = next;
      return save();
    },
    has: (key) => begun.has(key) || done.has(key),
    begin: (key) => void begun.add(key),
    forget: (key) => void begun.delete(key),
    finish(key) {
      begun.delete(key);
      remember(done, key);
      return save();
    },
  };
}

function remember(done: Set<string>, key: string): void {
  done.add(key);
  for (const oldest of done) {
    if (done.size <= REMEMBERED) return;
    done.delete(oldest);
  }
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
