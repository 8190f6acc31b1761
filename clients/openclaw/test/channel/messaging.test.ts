import assert from "node:assert/strict";
import { test } from "node:test";
import type { Config } from "../../src/channel/config.ts";
import { messaging } from "../../src/channel/messaging.ts";
import { routeOf } from "../../src/channel/route.ts";
import type { Chat } from "../../src/qq/types.ts";

const CHATS: Chat[] = [
  { kind: "group", id: "700" },
  { kind: "private", id: "30001" },
];

async function outbound(cfg: Config, target: string) {
  return messaging.resolveOutboundSessionRoute?.({
    cfg,
    agentId: "main",
    accountId: "bot1",
    target,
  });
}

for (const dmScope of [undefined, "per-peer", "main"] as const) {
  for (const chat of CHATS) {
    test(`what is sent to ${chat.kind} is in the session of what comes from there (${dmScope})`, async () => {
      const cfg: Config = dmScope ? { session: { dmScope } } : {};
      const route = await outbound(cfg, `napcatqq:${chat.kind}:${chat.id}`);
      assert.equal(route?.sessionKey, routeOf(cfg, "bot1", chat).sessionKey);
      assert.equal(route?.to, `${chat.kind}:${chat.id}`);
    });
  }
}

test("private chats are apart unless the operator has written otherwise", () => {
  const [, alice] = CHATS;
  const bob: Chat = { kind: "private", id: "30002" };
  const key = (cfg: Config, chat: Chat | undefined): string =>
    routeOf(cfg, "bot1", chat ?? bob).sessionKey;
  assert.notEqual(key({}, alice), key({}, bob));
  assert.equal(
    key({ session: { dmScope: "main" } }, alice),
    key({ session: { dmScope: "main" } }, bob),
  );
});

test("a bare number is a group's or a person's: it names no chat", async () => {
  assert.equal(messaging.normalizeTarget?.("700"), undefined);
  assert.equal(await outbound({}, "700"), null);
  assert.equal(messaging.inferTargetChatType?.({ to: "qq:group:700" }), "group");
  assert.equal(messaging.inferTargetChatType?.({ to: "user:42" }), "direct");
});
