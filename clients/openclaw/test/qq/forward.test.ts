import assert from "node:assert/strict";
import { test } from "node:test";
import { readForward } from "../../src/qq/forward.ts";
import { readQuoted } from "../../src/qq/quoted.ts";
import { hostile, hostileMap, seeded } from "./seeded.ts";

const seg = (type: string, data: Record<string, unknown> = {}) => ({ type, data });
const say = (text: string) => seg("text", { text });
const said = (nickname: string, ...message: unknown[]) => ({ sender: { nickname }, message });

test("a conversation is read in the form of each implementation", () => {
  const napcat = { messages: [said("甲", say("一\n二")), said("乙", seg("face", { id: "178" }))] };
  assert.equal(readForward(napcat).text, "甲: 一\n  二\n乙: [face: 斜眼笑]");
  const gocq = { messages: [{ sender: { nickname: "甲", user_id: 1 }, content: "一", time: 1 }] };
  assert.equal(readForward(gocq).text, "甲: 一");
  const standard = {
    message: [seg("node", { user_id: "10001", nickname: "甲", content: [say("一")] })],
  };
  assert.equal(readForward(standard).text, "甲: 一");
  assert.equal(readForward([said("甲", say("一"))]).text, "甲: 一");
  assert.equal(
    readForward({ messages: [{ user_id: 10001, message: [say("x")] }] }).text,
    "10001: x",
  );
});

test("what is forwarded within is told in its place, or named to be read", () => {
  const inner = seg("forward", { id: "2", content: [said("乙", say("里"))] });
  const told = readForward({
    messages: [said("甲", inner), said("丙", seg("forward", { id: "3" }))],
  });
  assert.equal(
    told.text,
    "甲: [forwarded conversation:\n  乙: 里\n  ]\n丙: [forwarded conversation]",
  );
  assert.deepEqual(told.unread, ["3"]);
  const shallow = readForward({ messages: [said("甲", inner)] }, { depth: 1 });
  assert.equal(shallow.text, "甲: [forwarded conversation]");
  assert.deepEqual(shallow.unread, ["2"]);
});

test("pictures and files stand in their place and come along", () => {
  const data = {
    messages: [
      said("甲", say("看"), seg("image", { file: "a.jpg" })),
      said("乙", seg("file", { file: "b.pdf" })),
    ],
  };
  const told = readForward(data);
  assert.equal(told.text, "甲: 看[image]\n乙: [file: b.pdf]");
  assert.deepEqual(
    told.attachments.map(({ file }) => file),
    ["a.jpg", "b.pdf"],
  );
});

test("a conversation is bounded in messages, depth and length", () => {
  const many = { messages: Array.from({ length: 500 }, (_, i) => said("甲", say(String(i)))) };
  const told = readForward(many, { messages: 3 });
  assert.equal(told.text, "甲: 0\n甲: 1\n甲: 2\n… 497 more messages");
  assert.equal(told.messages, 500);
  assert.ok(readForward(many, { length: 50 }).text.length <= 50);
  const images = { messages: [said("甲", ...Array.from({ length: 300 }, () => seg("image")))] };
  assert.ok(readForward(images).attachments.length <= 50);
});

test("no answer is no conversation", () => {
  for (const data of [undefined, null, "", {}, { messages: null }, 7]) {
    assert.deepEqual(readForward(data), { text: "", attachments: [], messages: 0, unread: [] });
  }
});

test("a quoted message says who, what and what came with it", () => {
  const quoted = readQuoted({
    message_id: -7,
    time: 1786703402,
    message_type: "group",
    sender: { user_id: 10001, nickname: "小明", card: "班长" },
    message: [
      seg("reply", { id: "3" }),
      say("看这里 "),
      seg("at", { qq: 10002 }),
      seg("image", { file: "a" }),
    ],
  });
  assert.deepEqual(quoted, {
    messageId: "-7",
    time: 1786703402000,
    sender: { id: "10001", name: "小明", card: "班长" },
    text: "看这里 @10002",
    attachments: [{ kind: "image", file: "a" }],
    forwards: [],
    replyTo: "3",
  });
  const long = readQuoted({ sender: { user_id: 1 }, message: "x".repeat(9000) });
  assert.equal(long?.text.length, 4000);
});

test("no answer is no quoted message", () => {
  for (const data of [undefined, null, "", [], {}, { message: [] }, { message: 7, sender: 7 }]) {
    assert.equal(readQuoted(data), undefined);
  }
});

test("nothing a peer can answer throws", () => {
  const next = seeded(9);
  for (let round = 0; round < 2000; round++) {
    const data = next() < 0.5 ? hostile(next, 4) : hostileMap(next, 4);
    assert.equal(typeof readForward(data).text, "string");
    readQuoted(data);
  }
});
