import assert from "node:assert/strict";
import { test } from "node:test";
import type { Caller, Params } from "../../src/bus/types.ts";
import { type Answer, type Answering, say } from "../../src/channel/answer.ts";
import { renderText } from "../../src/channel/render.ts";

/** Say it in a group; gives the messages that went out. */
async function said(answer: Partial<Answer>): Promise<unknown[]> {
  const messages: unknown[] = [];
  const calls: Caller = {
    call: async <T>(_action: string, params?: Params) => {
      messages.push(params?.["message"]);
      return { data: { message_id: messages.length } as T, warnings: [] };
    },
  };
  const how: Answering = {
    calls,
    chat: { kind: "group", id: "700" },
    base: "test",
    patience: 0,
    render: (text) => renderText(text, 14),
    media: {},
    tolerant: false,
    log: () => undefined,
  };
  await say(
    { text: "", media: [], voice: false, asFile: false, quote: () => undefined, ...answer },
    how,
  );
  return messages;
}

const text = (text: string) => ({ type: "text", data: { text } });

test("a long answer leaves in parts, with its mentions and without its Markdown", async () => {
  assert.deepEqual(await said({ text: "**好的**。@10001 明天见[face: 微笑]" }), [
    [text("好的。"), { type: "at", data: { qq: "10001" } }],
    [text("明天见"), { type: "face", data: { id: "14" } }],
  ]);
});

test("a place leaves as one, after the text", async () => {
  const place = { latitude: 39.9, longitude: 116.4, name: "北京", address: "首都" };
  const location = { lat: 39.9, lon: 116.4, title: "北京", content: "首都" };
  assert.deepEqual(await said({ text: "在这里", place }), [
    [text("在这里")],
    [{ type: "location", data: location }],
  ]);
  assert.deepEqual(await said({ place: { latitude: 0, longitude: 0 } }), [
    [{ type: "location", data: { lat: 0, lon: 0 } }],
  ]);
});
