import assert from "node:assert/strict";
import { test } from "node:test";
import type { ChannelSection, Config } from "../../src/channel/config.ts";
import { inspect } from "../../src/channel/inspect.ts";
import { resolveAccount } from "../../src/channel/settings.ts";
import { startBridge, startSim } from "../support/bridge.ts";

function look(section: ChannelSection) {
  const cfg = { channels: { napcatqq: section } } as Config;
  return inspect(resolveAccount(cfg), 5000);
}

test("a bridge tells how the account stands", async () => {
  await using bridge = await startBridge({ bridge: { access: "enforce" } });
  const section = { eventsUrl: bridge.events, actionsUrl: bridge.actions };
  const before = await look(section);
  assert.deepEqual(before.standing, { bridge: true, peer: false, online: false });
  assert.match(before.troubles.join(), /bridge\.access: enforce/);
  assert.match(before.troubles.join(), /NapCat is not connected/);

  await using sim = await startSim(bridge);
  assert.ok(sim);
  const after = await look(section);
  assert.deepEqual(after.standing, { bridge: true, peer: true, online: true });
  assert.doesNotMatch(after.troubles.join(), /NapCat/);

  const other = await look({ ...section, bridgeAccount: "two" });
  assert.deepEqual(other.standing, { bridge: true, peer: false, online: false });
  assert.match(other.troubles.join(), /no account two, it has: default/);
});

test("a bridge that wants another token is told, without it", async () => {
  const grants = [{ name: "openclaw", token: "right" }];
  await using bridge = await startBridge({ bridge: { grants } });
  const refused = await look({ actionsUrl: bridge.actions, busToken: "wr0ng" });
  assert.equal(refused.standing.bridge, false);
  assert.match(refused.troubles.join(), /does not answer at ipc.*unauthorized/);
  assert.doesNotMatch(refused.troubles.join(), /wr0ng/);
  const taken = await look({ actionsUrl: bridge.actions, busToken: "right" });
  assert.equal(taken.standing.bridge, true);
});
