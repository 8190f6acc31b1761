/**
 * From the journal to the live events, with no hole and no event twice.
 *
 * Events come in two ways: one by one as they are published, and in pages of the
 * journal, which are asked for. All that is kept is how far we have come:
 *
 *     live    last + 1         deliver it
 *             up to last       it has been: pass over it
 *             beyond           something is missing: hold it, and ask what is
 *                              behind last
 *     page    up to its next   deliver its events; last = next
 *
 * An event is in the journal before it is published, so the page that is asked for
 * because of an event has the event itself; what is held matters only where the
 * journal could not take it. Each epoch counts for itself, and a page says which one
 * is the bridge's: an event may be an old one that lay in a queue.
 *
 * Neither sockets nor a clock: what comes in is told, what to do is answered.
 */

import type { Envelope, Gap, Position } from "./types.ts";

/** A reply of `bridge.replay`: section 9 of the contract. */
export interface Page {
  epoch: string;
  /** Those between what was asked for and `next` that are wanted. */
  events: Envelope[];
  next: number;
  oldest: number;
  truncated: boolean;
  /** First and last of those between them that cannot be had. */
  lost: [first: number, last: number][];
}

/** What comes out: `at` is how far one is once it is dealt with. */
export type Item =
  | { kind: "event"; event: Envelope; at: Position }
  | { kind: "gap"; gap: Gap; at: Position };

export interface Feed {
  /** How far what has come out reaches. */
  readonly position: Position;
  /** There is more to ask of the journal before live events count. */
  readonly isBehind: boolean;
  /**
   * A live event has come, and nothing is to be asked for. After `ask` it is held, and
   * comes out in its turn of `page` or `refused`.
   */
  live(event: Envelope): "deliver" | "pass" | "ask";
  /** What was published last is not what came last. */
  recheck(): void;
  /** A page has come, of what is behind `position`. */
  page(page: Page): Item[];
  /** The bridge lets us ask for nothing: live events are all there is. */
  refused(): Item[];
}

export function createFeed(begin: Position, isBehind: boolean): Feed {
  let { epoch, seq: last } = begin;
  let former: Position | undefined;
  let held: Envelope | undefined;
  let behind = isBehind;

  /** Another journal: ours is void. Should the bridge return to it, we go on where we were. */
  const change = (to: string): Item => {
    const left = { epoch, seq: last };
    last = former?.epoch === to ? former.seq : 0;
    epoch = to;
    former = left;
    behind = true;
    return {
      kind: "gap",
      gap: { reason: "epoch", epoch: left.epoch, from: left.seq + 1 },
      at: { epoch, seq: last },
    };
  };

  /** What is held, once there is nothing more to ask for. */
  const settle = (reason: Gap["reason"]): Item[] => {
    const event = held;
    held = undefined;
    if (event?.epoch !== epoch || event.seq <= last) return [];
    const items: Item[] = [];
    if (event.seq > last + 1) items.push(gapOf(reason, epoch, last + 1, event.seq - 1));
    last = event.seq;
    items.push(itemOf(event));
    return items;
  };

  return {
    get position() {
      return { epoch, seq: last };
    },
    get isBehind() {
      return behind;
    },
    live(event) {
      if (event.epoch === epoch) {
        if (event.seq <= last) return "pass";
        if (event.seq === last + 1) {
          last = event.seq;
          return "deliver";
        }
      } else if (event.epoch === former?.epoch) {
        return "pass";
      }
      held = event;
      behind = true;
      return "ask";
    },
    recheck() {
      behind = true;
    },
    page(page) {
      if (page.epoch !== epoch) return [change(page.epoch)];
      const items = itemsOf(page, last);
      last = Math.max(last, page.next);
      behind = page.truncated;
      return behind ? items : [...items, ...settle("lost")];
    },
    refused() {
      const changed = held && held.epoch !== epoch ? [change(held.epoch)] : [];
      behind = false;
      return [...changed, ...settle("denied")];
    },
  };
}

export function itemOf(event: Envelope): Item {
  return { kind: "event", event, at: { epoch: event.epoch, seq: event.seq } };
}

function gapOf(reason: Gap["reason"], epoch: string, from: number, to: number): Item {
  return { kind: "gap", gap: { reason, epoch, from, to }, at: { epoch, seq: to } };
}

/** The events of a page behind `last`, and its gaps, in their order. */
function itemsOf(page: Page, last: number): Item[] {
  const items = page.events.filter((event) => event.seq > last).map(itemOf);
  if (page.lost.length === 0) return items;
  for (const [first, end] of page.lost) {
    items.push(gapOf(end < page.oldest ? "expired" : "lost", page.epoch, first, end));
  }
  return items.sort((one, other) => one.at.seq - other.at.seq);
}
