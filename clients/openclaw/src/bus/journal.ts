/** The bridge's journal, as one asks for it: how far it is, and its pages. */

import type { Clock } from "./clock.ts";
import { decodeEnvelope, MalformedMessage } from "./envelope.ts";
import { CallError } from "./errors.ts";
import type { Page } from "./feed.ts";
import { isMap } from "./packing.ts";
import type { Caller, Envelope, ErrorClass, Params, Position } from "./types.ts";

export interface Journal {
  /** Where the last event stands. */
  newest(): Promise<Position>;
  /** The same if the bridge says so now; undefined if it is away. */
  look(): Promise<Position | undefined>;
  /** What is behind `after`; undefined: the token may not replay. */
  page(after: number): Promise<Page | undefined>;
}

export interface JournalOptions {
  calls: Caller;
  clock: Clock;
  /** Topics of what is wanted, none for everything. */
  patterns: readonly string[];
  signal: AbortSignal;
  onTrouble(text: string): void;
}

/** A page: events, and bytes of all of them. */
const PAGE_EVENTS = 1000;
const PAGE_BYTES = 256 << 10;
/** As many patterns as the bridge takes; of more it is asked for all events. */
const PATTERNS_MAX = 64;
/** ms until it is asked again, at first and at most. */
const PAUSE = 100;
const PAUSE_MOST = 2_000;
/** ms until a page is asked for again that has led nowhere. */
const UNMOVED = 50;

/** What need not be so the next time: what is asked here changes nothing, so it may be asked again. */
const PASSING: ReadonlySet<ErrorClass> = new Set<ErrorClass>([
  "busy",
  "shutting_down",
  "internal",
  "timeout",
  "no_bridge",
  "lost",
]);

/** Asks until there is an answer, for a bridge that is away may come back. What it refuses is thrown. */
export function createJournal(options: JournalOptions): Journal {
  const { clock, signal } = options;
  const wanted: Params = { limit: PAGE_EVENTS, max_bytes: PAGE_BYTES };
  const count = options.patterns.length;
  if (count > 0 && count <= PATTERNS_MAX) wanted["topics"] = options.patterns;

  const ask = async (action: string, params: Params): Promise<Record<string, unknown>> => {
    const { data } = await options.calls.call(action, params, { signal });
    if (isMap(data)) return data;
    throw new MalformedMessage(`the answer to ${action} has no map for data`);
  };

  const insist = async (action: string, params: Params): Promise<Record<string, unknown>> => {
    for (let pause = PAUSE; ; pause = Math.min(pause * 2, PAUSE_MOST)) {
      try {
        return await ask(action, params);
      } catch (error) {
        if (!isPassing(error)) throw error;
        if (pause === PAUSE)
          options.onTrouble(`asked again until it is answered: ${error.message}`);
      }
      await clock.sleep(pause, signal);
    }
  };

  return {
    newest: async () => positionOf(await insist("bridge.ping", {})),
    async look() {
      try {
        return positionOf(await ask("bridge.ping", {}));
      } catch (error) {
        if (isPassing(error)) return undefined;
        throw error;
      }
    },
    async page(after) {
      try {
        const page = pageOf(await insist("bridge.replay", { ...wanted, after }), options.onTrouble);
        if (page.truncated && page.next <= after) await clock.sleep(UNMOVED, signal);
        return page;
      } catch (error) {
        if (!(error instanceof CallError && error.error === "denied")) throw error;
        options.onTrouble(`live events only, what is missed stays missed: ${error.message}`);
        return undefined;
      }
    },
  };
}

function isPassing(error: unknown): error is CallError {
  return error instanceof CallError && PASSING.has(error.error);
}

function positionOf(data: Record<string, unknown>): Position {
  return { epoch: epochIn(data), seq: countIn(data, "seq") };
}

function pageOf(data: Record<string, unknown>, onTrouble: (text: string) => void): Page {
  return {
    epoch: epochIn(data),
    events: listIn(data, "events").flatMap((message) => eventOf(message, onTrouble)),
    next: countIn(data, "next"),
    oldest: countIn(data, "oldest"),
    truncated: data["truncated"] === true,
    lost: listIn(data, "lost").map(rangeOf),
  };
}

/** What cannot be read would be so the next time, too: it is told, and passed over. */
function eventOf(message: unknown, onTrouble: (text: string) => void): Envelope[] {
  try {
    if (message instanceof Uint8Array) return [decodeEnvelope(message)];
    throw new MalformedMessage("an event that is no bin");
  } catch (error) {
    if (!(error instanceof MalformedMessage)) throw error;
    onTrouble(`passed over in the journal: ${error.message}`);
    return [];
  }
}

function rangeOf(range: unknown): [number, number] {
  const [first, last] = Array.isArray(range) ? range : [];
  if (isCount(first) && isCount(last) && first <= last) return [first, last];
  throw malformed("a range of lost");
}

function epochIn(data: Record<string, unknown>): string {
  const epoch = data["epoch"];
  if (typeof epoch === "string" && epoch !== "") return epoch;
  throw malformed("epoch");
}

function countIn(data: Record<string, unknown>, key: string): number {
  const value = data[key];
  if (isCount(value)) return value;
  throw malformed(key);
}

function listIn(data: Record<string, unknown>, key: string): unknown[] {
  const value = data[key];
  if (Array.isArray(value)) return value;
  throw malformed(key);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function malformed(what: string): MalformedMessage {
  return new MalformedMessage(`${what} in an answer of the bridge is not what its contract says`);
}
