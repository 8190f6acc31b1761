/** What is said, through the real bridge and the simulated QQ, and as it is heard again. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createCaller } from "../../src/bus/calls.ts";
import type { Caller } from "../../src/bus/types.ts";
import { readOutgoing, splitMessages, textSegments, toSegments } from "../../src/qq/outgoing.ts";
import { type Quoted, readQuoted } from "../../src/qq/quoted.ts";
import type { Segment } from "../../src/qq/types.ts";
import { createReq } from "../../src/sp/req.ts";
import { startBridge, startSim } from "../support/bridge.ts";

const BYTES = new Uint8Array([1, 2, 3]);

/** A message in the guide's form, its text and its attachment when it is heard. */
const SAID: readonly (readonly [unknown, string, string?])[] = [
  ["你好 [CQ:at,qq=all] &amp;", "你好 [CQ:at,qq=all] &amp;"],
  [{ type: "face", data: { id: 178 } }, "[face: 斜眼笑]"],
  [{ type: "image", data: { file: BYTES } }, "", "image"],
  [{ type: "record", data: { file: BYTES } }, "", "voice"],
  [{ type: "video", data: { file: BYTES, name: "a.mp4" } }, "", "video"],
  [{ type: "file", data: { file: BYTES, name: "终稿.pdf" } }, "", "file"],
  [{ type: "markdown", data: { content: "# 标题" } }, "# 标题"],
  [
    { type: "mface", data: { emoji_package_id: 1, emoji_id: "a", key: "k", summary: "[摸头]" } },
    "[sticker: 摸头]",
    "sticker",
  ],
  [{ type: "dice", data: { result: 6 } }, "[dice: 6]"],
  [{ type: "rps", data: { result: 3 } }, "[rock-paper-scissors: paper]"],
  [
    { type: "location", data: { lat: 39.9042, lon: 116.4074, title: "北京", content: "首都" } },
    "[location: 北京 | 首都 | 39.9042, 116.4074]",
  ],
  [{ type: "json", data: { data: '{"prompt":"卡片"}' } }, "[card: 卡片]"],
  [
    { type: "miniapp", data: { app: "com.tencent.miniapp_01", meta: { d: { title: "程序" } } } },
    "[mini program: 程序]",
  ],
  [{ type: "share", data: { url: "https://e.com", title: "标题" } }, "标题 https://e.com"],
  [{ type: "contact", data: { type: "qq", id: 10002 } }, "[contact card]"],
  [{ type: "music", data: { type: "163", id: 28949129 } }, "[music]"],
];

async function heard(calls: Caller, message: Segment[]): Promise<Quoted | undefined> {
  const sent = await calls.call<{ message_id: number }>("send_group_msg", {
    group_id: "700",
    message,
  });
  return readQuoted((await calls.call("get_msg", { message_id: sent.data.message_id })).data);
}

test("every kind of message is taken by the bridge, and heard as what it was", async () => {
  await using bridge = await startBridge();
  await using _sim = await startSim(bridge);
  using req = disposable(createReq({ url: bridge.actions }));
  const calls = createCaller({ port: req.value, account: "default" });
  for (const [given, text, kind] of SAID) {
    for (const message of splitMessages(toSegments(readOutgoing(given)))) {
      const quoted = await heard(calls, message);
      assert.equal(quoted?.text, text, JSON.stringify(given));
      assert.equal(quoted.attachments[0]?.kind, kind, JSON.stringify(given));
    }
  }
  const mentioning = await heard(calls, textSegments("@10002 看 @all", { kind: "group" }));
  assert.equal(mentioning?.text, "@10002 看 @all");
  const poke = toSegments(readOutgoing({ type: "poke", data: { qq: 42 } }));
  await calls.call("send_group_msg", { group_id: "700", message: poke });
  const xml = toSegments(readOutgoing({ type: "xml", data: { data: "<msg/>" } }));
  await assert.rejects(heard(calls, xml), { error: "unsupported_by_peer" });
});

function disposable<T extends { close(): void }>(value: T): Disposable & { value: T } {
  return { value, [Symbol.dispose]: () => value.close() };
}
