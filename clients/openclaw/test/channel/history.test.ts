import assert from "node:assert/strict";
import { test } from "node:test";
import { createHistory } from "../../src/channel/history.ts";
import type { Incoming } from "../../src/qq/types.ts";

function said(text: string, over: Partial<Incoming> = {}): Incoming {
  return {
    chat: { kind: "group", id: "700" },
    messageId: text,
    time: 5,
    sender: { id: "42", name: "Mia", card: "Mia of room 9" },
    text,
    commandText: text,
    attachments: [],
    mentions: [],
    mentionsBot: false,
    mentionsAll: false,
    forwards: [],
    segments: [],
    ...over,
  };
}

test("what was said is kept with who said it, and with what came with it", () => {
  const history = createHistory(10);
  history.record(said("look", { attachments: [{ kind: "image" }] }));
  assert.deepEqual(history.read("700"), [
    { sender: "Mia of room 9 (42)", body: "look [image]", timestamp: 5, messageId: "look" },
  ]);
  assert.deepEqual(history.read("701") ?? [], []);
});

test("the newest are kept, and none once they have been told", () => {
  const history = createHistory(2);
  for (const text of ["a", "b", "c"]) history.record(said(text));
  assert.deepEqual(
    history.read("700")?.map(({ body }) => body),
    ["b", "c"],
  );
  history.clear("700");
  assert.deepEqual(history.read("700") ?? [], []);
});

test("a limit of 0 keeps nothing", () => {
  const history = createHistory(0);
  history.record(said("a"));
  assert.deepEqual(history.read("700") ?? [], []);
});
