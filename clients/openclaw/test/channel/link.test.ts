import assert from "node:assert/strict";
import { test } from "node:test";
import type { Envelope } from "../../src/bus/types.ts";
import type { Config } from "../../src/channel/config.ts";
import { createLink } from "../../src/channel/link.ts";
import type { StatusPatch } from "../../src/channel/live.ts";
import { accountLog } from "../../src/channel/log.ts";
import { resolveAccount } from "../../src/channel/settings.ts";
import { fakeCaller } from "../support/caller.ts";

const CFG = { channels: { napcatqq: {} } } as Config;

function linked(status: unknown) {
  const patches: StatusPatch[] = [];
  const lines: string[] = [];
  const write = (line: string): void => void lines.push(line);
  const link = createLink({
    account: resolveAccount(CFG),
    calls: fakeCaller({ "bridge.status": status }),
    log: accountLog({ info: write, warn: write, error: write }, "default"),
    status: (patch) => patches.push(patch),
    signal: new AbortController().signal,
  });
  return { link, lines, last: () => Object.assign({}, ...patches) as StatusPatch };
}

function own(what: string, event: Record<string, unknown> = {}): Envelope {
  return {
    topic: `qq.bridge.default.${what}`,
    v: 1,
    epoch: "e",
    seq: 1,
    time: 0,
    account: "default",
    self_id: 10001,
    peer: "",
    origin: "live",
    type: `bridge.${what}`,
    key: what,
    event,
  };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const GOOD = { access: "mark", accounts: { default: { links: 1, online: true } } };

test("connected is the bridge, NapCat and QQ", async () => {
  const { link, last } = linked(GOOD);
  link.onUp();
  await settled();
  assert.deepEqual([last().connected, last().lastError], [true, null]);
});

for (const [what, status, words] of [
  ["NapCat away", { accounts: { default: { links: 0, online: null } } }, /NapCat is not connected/],
  ["QQ offline", { accounts: { default: { links: 1, online: false } } }, /QQ is offline/],
  ["no such account", { accounts: { other: { links: 1 } } }, /no account default, it has: other/],
] as const) {
  test(`${what}: not connected, and said why`, async () => {
    const { link, last, lines } = linked(status);
    link.onUp();
    await settled();
    assert.equal(last().connected, false);
    assert.match(String(last().lastError), words);
    assert.match(lines.join(), words);
  });
}

test("a bridge that is the gate itself is told of, though all is connected", async () => {
  const { link, last } = linked({ ...GOOD, access: "enforce" });
  link.onUp();
  await settled();
  assert.equal(last().connected, true);
  assert.match(String(last().lastError), /"access": "mark"/);
});

test("what the bridge tells of links and of QQ is followed", async () => {
  const { link, last } = linked(GOOD);
  link.onUp();
  await settled();
  const seen = [
    own("offline"),
    own("online"),
    own("link.down", { links: 1 }),
    own("link.down", { links: 0 }),
    own("link.up"),
  ].map((event) => {
    link.onEvent(event);
    return last().connected;
  });
  assert.deepEqual(seen, [false, true, true, false, true]);
  link.onDown(new Error("gone"));
  assert.equal(last().connected, false);
  assert.match(String(last().lastError), /bridge is not reached/);
});
