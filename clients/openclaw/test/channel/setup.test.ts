import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { ChannelSection, Config } from "../../src/channel/config.ts";
import { listAccountIds, resolveAccount } from "../../src/channel/settings.ts";
import { inputFault, setupContract } from "../../src/channel/setup.ts";
import { dmPolicy, groupAccess } from "../../src/channel/setup-access.ts";
import { patchAccount } from "../../src/channel/setup-account.ts";

function cfgOf(section?: ChannelSection): Config {
  return (section ? { channels: { napcatqq: section } } : {}) as Config;
}

function sectionIn(cfg: Config): unknown {
  return (cfg.channels as Record<string, unknown> | undefined)?.["napcatqq"];
}

test("package.json has the fields of the setup, for before any code runs", () => {
  const file = new URL("../../package.json", import.meta.url);
  const { openclaw } = JSON.parse(readFileSync(file, "utf8"));
  assert.deepEqual(openclaw.channel.setup.fields, setupContract.metadata.fields);
});

test("what is wrong with the input is told in words", () => {
  const url = "tcp://127.0.0.1:7710";
  const rows: [Parameters<typeof inputFault>[0], RegExp | null][] = [
    [{}, null],
    [{ eventsUrl: url, actionsUrl: "ipc:///run/actions", busToken: "s" }, null],
    [{ eventsUrl: "http://127.0.0.1:7710" }, /"http:\/\/127.0.0.1:7710" is no address of a bus/],
    [{ actionsUrl: "tcp://bridge" }, /tcp:\/\/bridge/],
    [{ eventsUrl: url, actionsUrl: url }, /two sockets/],
    [{ busToken: "s3cret", busTokenFile: "f" }, /both given/],
  ];
  for (const [input, wanted] of rows) {
    const fault = inputFault(input);
    if (wanted === null) assert.equal(fault, null);
    else assert.match(fault ?? "", wanted);
    assert.doesNotMatch(fault ?? "", /s3cret/);
  }
});

test("an account is written where it is read", () => {
  const one = patchAccount(cfgOf(), "default", { eventsUrl: "tcp://a:1", name: "First" });
  assert.deepEqual(sectionIn(one), { enabled: true, eventsUrl: "tcp://a:1", name: "First" });

  const two = patchAccount(one, "bot2", { bridgeAccount: "two" });
  assert.deepEqual(listAccountIds(two), ["bot2", "default"]);
  const { eventsUrl, bridgeAccount, name } = resolveAccount(two, "bot2");
  assert.deepEqual([eventsUrl, bridgeAccount, name], ["tcp://a:1", "two", undefined]);
  assert.equal(resolveAccount(two, "default").name, "First");

  const changed = patchAccount(two, "default", { eventsUrl: "tcp://b:1" });
  assert.equal(resolveAccount(changed, "default").eventsUrl, "tcp://b:1");
  assert.equal(resolveAccount(changed, "bot2").eventsUrl, "tcp://a:1");
});

test("a first account may have a name of its own at once", () => {
  const cfg = patchAccount(cfgOf({ enabled: true }), "bot2", { eventsUrl: "tcp://a:1" });
  assert.deepEqual(listAccountIds(cfg), ["bot2"]);
});

test("a token takes the place of the file that held one, and the reverse", () => {
  const inline = patchAccount(cfgOf({ busTokenFile: "f" }), "default", { busToken: "t" });
  assert.deepEqual(sectionIn(inline), { enabled: true, busToken: "t" });
  const file = patchAccount(inline, "default", { busTokenFile: "f" });
  assert.deepEqual(sectionIn(file), { enabled: true, busTokenFile: "f" });
});

test("a private policy and its list never say different things", () => {
  const open = dmPolicy.setPolicy(cfgOf({ allowFrom: [1] }), "open");
  assert.deepEqual(resolveAccount(open).allowFrom, ["*", "1"]);
  const closed = dmPolicy.setPolicy(open, "pairing");
  assert.deepEqual(resolveAccount(closed).allowFrom, ["1"]);
  assert.equal(dmPolicy.getCurrent(cfgOf({ dmPolicy: "closed" })), "disabled");
  const keys = dmPolicy.resolveConfigKeys?.(cfgOf({ accounts: { a: {} } }), "a");
  assert.equal(keys?.policyKey, "channels.napcatqq.accounts.a.dmPolicy");
});

test("groups that stay keep their settings, and what is no group is told", async () => {
  const cfg = cfgOf({ groups: { 7: { requireMention: false }, 8: {} } });
  const notes: string[] = [];
  const resolved = await groupAccess.resolveAllowlist?.({
    cfg,
    accountId: "default",
    credentialValues: {},
    entries: ["7", "group:9", "*", "crew", "7"],
    prompter: { note: async (message) => void notes.push(message) },
  });
  assert.match(notes.join(), /left out: crew/);
  const next = groupAccess.applyAllowlist?.({ cfg, accountId: "default", resolved }) ?? cfg;
  assert.deepEqual(resolveAccount(next).config.groups, {
    7: { requireMention: false },
    9: {},
    "*": {},
  });
});
