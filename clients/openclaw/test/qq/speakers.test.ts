import assert from "node:assert/strict";
import { test } from "node:test";
import { createSpeakers } from "../../src/qq/speakers.ts";

const group = { kind: "group", id: "700" } as const;
const alone = { kind: "private", id: "10001" } as const;

test("people are called as in that group, else as anywhere", () => {
  const speakers = createSpeakers();
  assert.equal(speakers.nameOf("700", "10001"), undefined);
  speakers.hear({ chat: alone, sender: { id: "10001", name: "小明" } });
  assert.equal(speakers.nameOf("700", "10001"), "小明");
  speakers.hear({ chat: group, sender: { id: "10001", name: "小明", card: "班长" } });
  assert.equal(speakers.nameOf("700", "10001"), "班长");
  assert.equal(speakers.nameOf("701", "10001"), "小明");
  speakers.hear({ chat: group, sender: { id: "80000000", name: "大力鬼王", anonymous: true } });
  assert.equal(speakers.nameOf("700", "80000000"), undefined);
});

test("names are forgotten, the oldest first", () => {
  const speakers = createSpeakers(2);
  for (const id of ["1", "2", "1", "3"]) speakers.hear({ chat: alone, sender: { id, name: id } });
  assert.deepEqual(
    ["1", "2", "3"].map((id) => speakers.nameOf("", id)),
    ["1", undefined, "3"],
  );
});
