import assert from "node:assert/strict";
import { test } from "node:test";
import { askFor, type Mention, readMention } from "../../src/channel/access.ts";
import type { AccountConfig, Config } from "../../src/channel/config.ts";
import { resolveAccount } from "../../src/channel/settings.ts";
import type { Incoming } from "../../src/qq/types.ts";

const NOBODY: Mention = { mentioned: false, any: false, quotesBot: false };

function settings(section: AccountConfig): Config {
  return { channels: { napcatqq: section } } as Config;
}

function incoming(over: Partial<Incoming> = {}): Incoming {
  return {
    chat: { kind: "group", id: "700" },
    messageId: "77",
    time: 0,
    sender: { id: "42", name: "Mia" },
    text: "hello",
    commandText: "hello",
    attachments: [],
    mentions: [],
    mentionsBot: false,
    mentionsAll: false,
    forwards: [],
    segments: [],
    ...over,
  };
}

/** What the host is asked about a message. */
function asked(section: AccountConfig, message = incoming(), mention = NOBODY) {
  const cfg = settings(section);
  const channel = {
    inbound: {} as never,
    commands: { shouldHandleTextCommands: () => true },
    text: { hasControlCommand: (text?: string) => text?.startsWith("/") ?? false },
  };
  return askFor(channel, {
    cfg,
    account: resolveAccount(cfg),
    incoming: message,
    mention,
    agentId: "main",
    sessionKey: "agent:main:napcatqq:group:700",
    readStoreAllowFrom: async () => [],
  });
}

test("a private message: the policy and its list, and it may pair", () => {
  const message = incoming({ chat: { kind: "private", id: "42" } });
  const question = asked({ allowFrom: [1, "user:2"] }, message);
  assert.equal(question.policy.dmPolicy, "pairing");
  assert.deepEqual(question.allowFrom, ["1", "2"]);
  assert.deepEqual(question.conversation, { kind: "direct", id: "42" });
  assert.equal(question.event.mayPair, true);
  assert.deepEqual([question.route, question.mentionFacts], [undefined, undefined]);
});

test("open is everybody, closed is nobody, in the host's words", () => {
  const message = incoming({ chat: { kind: "private", id: "42" } });
  assert.deepEqual(asked({ dmPolicy: "open" }, message).allowFrom, ["*"]);
  assert.equal(asked({ dmPolicy: "closed" }, message).policy.dmPolicy, "disabled");
});

test("a group: listed or not, its senders, and never paired", () => {
  const question = asked({ groups: { "700": { allowFrom: [41] } } });
  assert.deepEqual(question.groupAllowFrom, ["41"]);
  assert.equal(question.event.mayPair, false);
  assert.equal(question.policy.activation?.requireMention, true);
  const [gate] = [question.route].flat();
  assert.deepEqual([gate?.id, gate?.allowed], ["qq:group", true]);
  assert.equal([asked({ groups: { "1": {} } }).route].flat()[0]?.allowed, false);
});

test("a disabled group is closed by a gate of its own", () => {
  const gates = [asked({ groups: { "700": { enabled: false } } }).route].flat();
  assert.deepEqual(
    gates.map((gate) => [gate?.id, gate?.enabled]),
    [
      ["qq:group", undefined],
      ["qq:group-enabled", false],
    ],
  );
});

test("a command is told from what people say", () => {
  assert.equal(asked({}).command?.hasControlCommand, false);
  assert.equal(asked({}, incoming({ commandText: "/stop" })).command?.hasControlCommand, true);
});

test("the nameless of a group are nobody", () => {
  const message = incoming({ sender: { id: "80000000", name: "x", anonymous: true } });
  assert.equal(asked({}, message).subject.stableId, null);
});

/** Whether and how a message speaks to the bot. */
function mention(
  message: Partial<Incoming>,
  { section = {}, mentioned = false }: { section?: AccountConfig; mentioned?: boolean } = {},
): Mention {
  const cfg = settings(section);
  const mentions = {
    buildMentionRegexes: () => [/jeeves/i],
    matchesMentionPatterns: (text: string, patterns: RegExp[]) =>
      patterns.some((pattern) => pattern.test(text)),
  };
  return readMention(mentions, {
    cfg,
    account: resolveAccount(cfg),
    agentId: "main",
    incoming: incoming(message),
    policy: { allowed: true, respond: true, mentioned, reason: "open" },
  });
}

test("an at and the bot's name are mentions", () => {
  assert.deepEqual(mention({ mentionsBot: true }), {
    mentioned: true,
    any: true,
    quotesBot: false,
  });
  assert.equal(mention({ text: "Jeeves, tea" }).mentioned, true);
  assert.deepEqual(mention({ mentions: ["41"] }), { ...NOBODY, any: true });
});

test("a mention of everybody is one where the group has that", () => {
  const section = { groups: { "700": { mentionAll: true } } };
  assert.equal(mention({ mentionsAll: true }).mentioned, false);
  assert.equal(mention({ mentionsAll: true }, { section }).mentioned, true);
});

test("a quote of the bot is told apart from one of others", () => {
  assert.equal(mention({ replyTo: "5" }, { mentioned: true }).quotesBot, true);
  assert.equal(mention({ replyTo: "5" }).quotesBot, false);
  assert.equal(mention({ replyTo: "5", mentionsBot: true }, { mentioned: true }).quotesBot, false);
});
