import assert from "node:assert/strict";
import { test } from "node:test";
import type * as root from "../../index.ts";
import type { Caller, Params } from "../../src/bus/types.ts";
import * as functions from "../../src/channel/functions.ts";
import { running } from "../../src/channel/running.ts";
import { setRuntime } from "../../src/channel/runtime.ts";
import { startBridge, startSim } from "../support/bridge.ts";

const GUIDE = [
  ...["deleteFriend", "getFriendList", "getGroupMemberInfo", "kickGroupMember", "setFriendRemark"],
  ...["setGroupAdmin", "setGroupMute", "setGroupName", "setGroupWholeMute", "uploadGroupFile"],
  "uploadPrivateFile",
];

/** Of the host's runtime only the settings are asked for. */
function withSettings(napcatqq: Record<string, unknown>): void {
  const config = { current: () => ({ channels: { napcatqq } }) };
  setRuntime({ config } as unknown as Parameters<typeof setRuntime>[0]);
}

/** The package's root has them, too: else this is no type. */
type OfRoot = Pick<typeof root, keyof typeof functions>;

test("there are the guide's eleven functions", () => {
  const all: OfRoot = functions;
  assert.deepEqual(Object.keys(all).sort(), GUIDE);
});

test("without a gateway there are no accounts, and the error says so", async () => {
  await assert.rejects(
    functions.getFriendList("bot1"),
    /no account bot1: the gateway does not run here/,
  );
});

test("an account that runs lends its connection", async () => {
  const calls: [string, Params | undefined][] = [];
  const caller: Caller = {
    call: async <T>(action: string, params?: Params) => {
      calls.push([action, params]);
      return { data: null as T, warnings: [] };
    },
  };
  const account = {
    calls: caller,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    signal: new AbortController().signal,
    sent() {},
  };
  running.set("bot1", account);
  await functions.setGroupMute("bot1", 434395907, 10001, 600);
  running.delete("bot1", account);
  assert.deepEqual(calls, [
    ["set_group_ban", { group_id: "434395907", user_id: "10001", duration: 600 }],
  ]);
});

test("an account of the settings has a connection for each call", async () => {
  await using bridge = await startBridge();
  await using _sim = await startSim(bridge);
  withSettings({ accounts: { bot1: { actionsUrl: bridge.actions, bridgeAccount: "default" } } });
  const member = await functions.getGroupMemberInfo("bot1", 700, 10001, false);
  assert.equal(Number(member.user_id), 10001);
  await functions.setGroupName("bot1", 700, "新名");
  const uploaded = await functions.uploadGroupFile("bot1", 700, new Uint8Array([1]), "", "a.bin");
  assert.ok(uploaded);
  await assert.rejects(functions.getFriendList("bot2"), /no account bot2; there are: bot1/);
});
