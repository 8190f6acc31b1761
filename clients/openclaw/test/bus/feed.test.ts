import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeEnvelope } from "../../src/bus/envelope.ts";
import { createFeed, type Item, type Page } from "../../src/bus/feed.ts";
import { eventMessage } from "../support/fake-bridge.ts";

const event = (seq: number, epoch = "e1") => decodeEnvelope(eventMessage(epoch, seq));

const page = (seqs: number[], more: Partial<Page> = {}): Page => ({
  epoch: "e1",
  events: seqs.map((seq) => event(seq)),
  next: seqs.at(-1) ?? 0,
  oldest: 1,
  truncated: false,
  lost: [],
  ...more,
});

const names = (items: Item[]): string[] =>
  items.map((item) =>
    item.kind === "event" ? `${item.at.seq}` : `${item.gap.reason} ${item.gap.from}-${item.gap.to}`,
  );

test("a page that has what has been, or stands behind us, takes nothing back", () => {
  const feed = createFeed({ epoch: "e1", seq: 5 }, true);
  assert.deepEqual(names(feed.page(page([3, 4, 5, 6]))), ["6"]);
  assert.deepEqual(names(feed.page(page([], { next: 2 }))), []);
  assert.deepEqual(feed.position, { epoch: "e1", seq: 6 });
});

test("what is held comes once the journal has no more, with the hole before it", () => {
  const feed = createFeed({ epoch: "e1", seq: 0 }, false);
  assert.equal(feed.live(event(4)), "ask");
  assert.deepEqual(names(feed.page(page([1], { truncated: true }))), ["1"]);
  assert.deepEqual(names(feed.page(page([2]))), ["2", "lost 3-3", "4"]);
  assert.equal(feed.isBehind, false);
});

test("what is held of another journal than the bridge's is let go", () => {
  const feed = createFeed({ epoch: "e1", seq: 3 }, false);
  assert.equal(feed.live(event(1, "e2")), "ask");
  assert.deepEqual(names(feed.page(page([], { next: 3 }))), []);
  assert.deepEqual(feed.position, { epoch: "e1", seq: 3 });
});

test("a live event of another journal counts where nothing can be asked", () => {
  const feed = createFeed({ epoch: "e1", seq: 3 }, false);
  assert.equal(feed.live(event(2, "e2")), "ask");
  assert.deepEqual(names(feed.refused()), ["epoch 4-undefined", "denied 1-1", "2"]);
  assert.deepEqual(feed.position, { epoch: "e2", seq: 2 });
});
