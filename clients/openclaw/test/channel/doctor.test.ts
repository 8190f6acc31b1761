import assert from "node:assert/strict";
import { test } from "node:test";
import type { ChannelSection, Config } from "../../src/channel/config.ts";
import { warningsOf } from "../../src/channel/doctor.ts";
import { findingsOf } from "../../src/channel/findings.ts";
import type { Probe } from "../../src/channel/probe.ts";
import { resolveAccount } from "../../src/channel/settings.ts";
import { faultsOf } from "../../src/channel/standing.ts";

const WELL: Probe = {
  ok: true,
  error: null,
  troubles: [],
  elapsedMs: 1,
  napcat: { connected: true, peer: "NapCat" },
};
const AWAY: Probe = {
  ok: false,
  error: "no answer",
  troubles: [{ kind: "runtime", message: "no answer", fix: "start onebus" }],
  elapsedMs: 1,
};

function cfgOf(section: ChannelSection, rest: Config = {}): Config {
  return { ...rest, channels: { napcatqq: section } } as Config;
}

async function warnings(section: ChannelSection, probe = WELL): Promise<string> {
  return (await warningsOf(cfgOf(section), async () => probe)).join("\n");
}

test("nothing is said where all is well", async () => {
  assert.equal(await warnings({ groups: { "*": {}, 7: {} }, wsPort: 3001 }), "");
  assert.deepEqual(await warningsOf({}, () => assert.fail("no account to ask about")), []);
});

test("what the bridge says is passed on, of the account in question", async () => {
  const text = await warnings({ accounts: { one: {}, two: { enabled: false } } }, AWAY);
  assert.equal(text, "- napcatqq (account one): no answer; start onebus");
});

test("where OpenClaw listened once, the bridge's settings are told, and no token", async () => {
  const text = await warnings({ wsPort: 3001, accessToken: "s3cret" }, AWAY);
  assert.match(text, /wsPort, accessToken: NapCat connects to the bridge/);
  assert.match(text, /\{"channels":\{"napcatqq":\{"wsPort":3001,"accessToken":"<the same token>"/);
  assert.match(text, /"bridge":\{"access":"mark"\}/);
  assert.doesNotMatch(text, /s3cret/);
});

test("what cannot be read is told without asking the bridge", async () => {
  const cfg = cfgOf({ busTokenFile: "/nowhere/token" });
  const lines = await warningsOf(cfg, () => assert.fail("asked without its token"));
  assert.match(lines.join(), /channels\.napcatqq\.busTokenFile/);
});

test("groups that count for none are told, and those that hear nobody", async () => {
  const text = await warnings({ groupAllowFrom: [5], groups: { "group:7": {}, 5: {}, 6: {} } });
  assert.match(text, /groups has "group:7", which is no group's number/);
  assert.match(text, /group 6 is listed, but nobody is heard there/);
});

test("a bridge that decides itself is told how to leave it to OpenClaw", () => {
  const account = resolveAccount(cfgOf({}));
  const own = { default: { links: 1, online: true } };
  assert.deepEqual(faultsOf({ access: "mark", accounts: own }, account), []);
  const [line = ""] = faultsOf({ access: "enforce", accounts: own }, account);
  assert.match(line, /"bridge": \{ "access": "mark" \}.*restart/);
  const [unknown = ""] = faultsOf({ access: "mark", accounts: { other: {} } }, account);
  assert.match(unknown, /no account default, it has: other; set channels.napcatqq.bridgeAccount/);
});

test("findings of the audit", () => {
  const owner: Config = { commands: { ownerAllowFrom: ["napcatqq:1"] } };
  const main: Config = { session: { dmScope: "main" } };
  const rows: [ChannelSection, Config, string[]][] = [
    [{}, {}, []],
    [{ groupPolicy: "open" }, {}, ["warn groups.open"]],
    [
      { groupPolicy: "open", groups: { "*": { requireMention: false } } },
      {},
      ["critical groups.open"],
    ],
    [{ groups: { "*": { requireMention: false } } }, {}, []],
    [{ allowFrom: ["*"] }, {}, ["critical dm.everybody"]],
    [{ dmPolicy: "open" }, {}, []],
    [{}, main, ["warn dm.scope"]],
    [{ dmPolicy: "closed" }, main, []],
    [{}, { session: { dmScope: "per-peer" } }, []],
    [{ actions: { moderation: true } }, {}, ["warn actions.owner"]],
    [{ actions: { friends: true } }, owner, []],
  ];
  for (const [section, rest, wanted] of rows) {
    const cfg = cfgOf(section, rest);
    const found = findingsOf({ cfg, account: resolveAccount(cfg) });
    const short = found.map((f) => `${f.severity} ${f.checkId.replace("channels.napcatqq.", "")}`);
    assert.deepEqual(short, wanted, JSON.stringify([section, rest]));
  }
});
