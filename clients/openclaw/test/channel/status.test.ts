import assert from "node:assert/strict";
import { test } from "node:test";
import type { Config } from "../../src/channel/config.ts";
import { type Probe, probeOf } from "../../src/channel/probe.ts";
import { resolveAccount } from "../../src/channel/settings.ts";
import { describeProbe, probe, status } from "../../src/channel/status.ts";
import { failing, fakeCaller } from "../support/caller.ts";

const account = resolveAccount({ channels: { napcatqq: {} } } as Config);
const UP = { links: 1, online: true, actions: "ok", self_id: 10001, peer: "NapCat.Onebot/4.8.0" };

function asked(own: object, more: object = {}): Promise<Probe> {
  const data = { version: "0.1.0", access: "mark", accounts: { default: own }, ...more };
  return probeOf(account, fakeCaller({ "bridge.status": data }), 1000);
}

test("all of it works", async () => {
  const probed = await asked(UP);
  assert.equal(probed.ok, true);
  assert.deepEqual(describeProbe(probed), [
    "bridge: onebus 0.1.0, account default, access mark",
    "NapCat: connected (NapCat.Onebot/4.8.0)",
    "QQ: online, 10001",
  ]);
});

const troubles: [string, Promise<Probe>, RegExp, string][] = [
  [
    "NapCat is away",
    asked({ ...UP, links: 0, online: null }),
    /NapCat is not connected/,
    "runtime",
  ],
  ["QQ is offline", asked({ ...UP, online: false }), /QQ is offline/, "auth"],
  ["NapCat answers nothing", asked({ ...UP, actions: "stalled" }), /answers no calls/, "runtime"],
  [
    "the account is another",
    asked(UP, { accounts: { a: UP } }),
    /no account default; it has: a/,
    "config",
  ],
];
for (const error of ["unauthorized", "denied", "no_bridge", "lost"] as const) {
  const calls = fakeCaller({
    "bridge.status": () => {
      throw failing(error);
    },
  });
  const words = {
    unauthorized: /token/,
    denied: /grant/,
    no_bridge: /not reached/,
    lost: /did not answer/,
  };
  const kind = error === "unauthorized" || error === "denied" ? "auth" : "runtime";
  troubles.push([error, probeOf(account, calls, 1000), words[error], kind]);
}
for (const [name, probing, message, kind] of troubles) {
  test(`${name}: what to do is said`, async () => {
    const probed = await probing;
    assert.equal(probed.ok, false);
    assert.match(probed.error ?? "", message);
    assert.equal(probed.troubles[0]?.kind, kind);
    assert.ok(probed.troubles[0]?.fix);
    const issues = status.collectStatusIssues?.([{ accountId: "default", probe: probed }]);
    assert.match(issues?.[0]?.message ?? "", message);
  });
}

test("a bridge that keeps messages back works, and is warned of", async () => {
  const probed = await asked(UP, { access: "enforce" });
  assert.equal(probed.ok, true);
  assert.match(probed.troubles[0]?.fix ?? "", /"access": "mark"/);
});

test("a bridge that is not there is told within the host's time", async () => {
  const nowhere = { ...account, actionsUrl: "tcp://127.0.0.1:1" };
  const start = Date.now();
  const probed = await probe(nowhere, 1000);
  assert.equal(probed.ok, false);
  assert.match(probed.error ?? "", /127\.0\.0\.1:1/);
  assert.ok(Date.now() - start < 1500);
});
