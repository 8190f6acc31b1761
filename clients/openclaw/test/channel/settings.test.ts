import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { AccountConfig, ChannelSection, Config } from "../../src/channel/config.ts";
import { readEntry } from "../../src/channel/entry.ts";
import { readTime } from "../../src/channel/quantity.ts";
import { defaultAccountId, listAccountIds, resolveAccount } from "../../src/channel/settings.ts";

function cfgOf(section?: ChannelSection): Config {
  return (section ? { channels: { napcatqq: section } } : {}) as Config;
}

function accountOf(section: ChannelSection, id?: string) {
  return resolveAccount(cfgOf(section), id);
}

test("without settings there is one account, and it is not configured", () => {
  assert.deepEqual(listAccountIds(cfgOf()), ["default"]);
  assert.equal(resolveAccount(cfgOf()).configured, false);
  assert.equal(accountOf({}).configured, true);
});

test("every setting has its default", () => {
  const { config, ...account } = accountOf({});
  assert.deepEqual(config, {});
  assert.deepEqual(account, {
    accountId: "default",
    enabled: true,
    configured: true,
    problems: [],
    eventsUrl: "tcp://127.0.0.1:7710",
    actionsUrl: "tcp://127.0.0.1:7711",
    bridgeAccount: "default",
    backoff: { first: 1000, factor: 2, max: 5_000 },
    pingInterval: 30_000,
    timeout: 10_000,
    dmPolicy: "pairing",
    allowFrom: [],
    groupPolicy: "allowlist",
    groupAllowFrom: [],
    groupSenderAllowFrom: [],
    groups: {},
    historyLimit: 100,
    textChunkLimit: 2000,
    mediaMaxBytes: 52_428_800,
    maxAgeMs: 3_600_000,
    replyToMode: "first",
    typing: true,
    notices: "log",
    actions: {
      reactions: true,
      messages: true,
      files: true,
      info: true,
      moderation: false,
      friends: false,
    },
  });
});

test("accounts take from the channel what they have not themselves", () => {
  const section: ChannelSection = {
    eventsUrl: "tcp://bridge:1",
    maxAge: "10m",
    reconnect: { retryDelay: 500, maxDelay: "2m" },
    actions: { files: false },
    allowFrom: [1],
    groups: { "*": { requireMention: false }, 7: { systemPrompt: "seven", skills: ["a"] } },
    accounts: {
      one: {
        reconnect: { retryDelay: 700 },
        actions: { moderation: true },
        allowFrom: [],
        groups: { 7: { skills: ["b"] }, 8: { allowFrom: [2] } },
      },
      Two: { enabled: false, bridgeAccount: "deux" },
    },
  };
  assert.deepEqual(listAccountIds(cfgOf(section)), ["one", "two"]);
  const one = accountOf(section, "one");
  assert.deepEqual([one.eventsUrl, one.maxAgeMs, one.allowFrom], ["tcp://bridge:1", 600_000, []]);
  assert.deepEqual(one.backoff, { first: 700, factor: 2, max: 120_000 });
  assert.deepEqual([one.actions.files, one.actions.moderation], [false, true]);
  assert.deepEqual(one.groups, {
    "*": { requireMention: false },
    "7": { systemPrompt: "seven", skills: ["b"] },
    "8": { allowFrom: ["2"] },
  });
  const two = accountOf(section, "TWO");
  assert.deepEqual([two.accountId, two.bridgeAccount, two.enabled], ["two", "deux", false]);
});

test("an account's name in the bridge is written as there", () => {
  assert.equal(accountOf({ accounts: { Bot1: {} } }, "bot1").bridgeAccount, "Bot1");
});

test("the account meant when none is named can be set", () => {
  const section: ChannelSection = { defaultAccount: "b", accounts: { a: {}, b: { name: "B" } } };
  assert.equal(defaultAccountId(cfgOf(section)), "b");
  assert.equal(accountOf(section).name, "B");
});

test("private policies are handed to the host in its words", () => {
  const rows: [AccountConfig, string, string[]][] = [
    [{}, "pairing", []],
    [{ dmPolicy: "open" }, "open", ["*"]],
    [{ dmPolicy: "open", allowFrom: [123456789] }, "open", ["123456789"]],
    [{ dmPolicy: "closed", allowFrom: [1] }, "disabled", ["1"]],
    [{ dmPolicy: "disabled" }, "disabled", []],
    [{ dmPolicy: "allowlist", allowFrom: ["qq:1", 2, "user:3"] }, "allowlist", ["1", "2", "3"]],
    [
      { allowFrom: ["*", "accessGroup:crew", "group:4", "x"] },
      "pairing",
      ["*", "accessGroup:crew"],
    ],
  ];
  for (const [section, policy, allowFrom] of rows) {
    const account = accountOf(section);
    assert.deepEqual([account.dmPolicy, account.allowFrom], [policy, allowFrom]);
  }
});

test("entries of allow lists", () => {
  const rows: [string | number, unknown][] = [
    [123, { kind: "bare", id: "123" }],
    [" napcatqq: 123 ", { kind: "bare", id: "123" }],
    ["QQ:User:123", { kind: "user", id: "123" }],
    ["private:123", { kind: "user", id: "123" }],
    ["group: 123", { kind: "group", id: "123" }],
    ["accessGroup:a:b", { kind: "accessGroup", name: "a:b" }],
    ["*", { kind: "everybody" }],
    ["0", undefined],
    [1.5, undefined],
    ["group:*", undefined],
    ["accessGroup:", undefined],
    ["", undefined],
  ];
  for (const [written, entry] of rows) assert.deepEqual(readEntry(written), entry, String(written));
});

test("times are read as the bridge reads them", () => {
  const rows: [number | string, number | undefined][] = [
    [0, 0],
    [250, 250],
    ["250", 250],
    ["250ms", 250],
    ["30s", 30_000],
    ["5m", 300_000],
    ["1h", 3_600_000],
    ["7d", 604_800_000],
    ["1 h", undefined],
    ["h", undefined],
    [-1, undefined],
  ];
  for (const [written, ms] of rows) assert.equal(readTime(written), ms, String(written));
});

test("the token is read where the settings say it is", () => {
  const folder = mkdtempSync(join(tmpdir(), "settings-"));
  const file = join(folder, "token");
  writeFileSync(file, "from-file\n");
  assert.equal(accountOf({ busToken: "inline" }).token, "inline");
  assert.equal(accountOf({ busTokenFile: file }).token, "from-file");
  const own = accountOf({ busTokenFile: file, accounts: { a: { busToken: "own" } } }, "a");
  assert.deepEqual([own.token, own.problems], ["own", []]);
});

test("what is wrong with the token is told without it", () => {
  const both = accountOf({ busToken: "secret", busTokenFile: "/nowhere" });
  assert.match(both.problems.join(), /busToken and busTokenFile are both set/);
  assert.doesNotMatch(both.problems.join(), /secret/);
  assert.equal(both.configured, false);
  const missing = accountOf({ accounts: { a: { busTokenFile: "/nowhere/at-all" } } }, "a");
  assert.match(missing.problems.join(), /channels\.napcatqq\.accounts\.a\.busTokenFile/);
  const ref = { source: "env", provider: "default", id: "X" } as const;
  assert.match(accountOf({ busToken: ref }).problems.join(), /busToken: .*not to be had/);
});
