import assert from "node:assert/strict";
import { test } from "node:test";
import {
  approve,
  deny,
  describePending,
  listPending,
  type Rpc,
} from "../../src/channel/approval.ts";

const request = (senderId: string, accountId = "default") => ({
  requestId: `r-${accountId}-${senderId}`,
  accountId,
  senderId,
  metadata: { name: `n${senderId}` },
  expiresAt: "2026-01-01T01:00:00.000Z",
});

function gateway(requests: object[]) {
  const asked: { method: string; params: Record<string, unknown> }[] = [];
  const rpc: Rpc = async (method, params) => {
    asked.push({ method, params });
    if (method === "channels.pairing.list") return { accounts: [{}], requests };
    return { notification: "sent", commandOwnerBootstrap: "not-requested" };
  };
  return { rpc, asked };
}

const HOW = { notify: true, owner: false };

test("a QQ number is approved by its request", async () => {
  const { rpc, asked } = gateway([request("42"), request("43")]);
  const said = await approve(rpc, { who: "qq:43", ...HOW });
  assert.match(said, /n43 \(43\) may write.*told in QQ/);
  assert.deepEqual(asked.at(-1), {
    method: "channels.pairing.approve",
    params: { channel: "napcatqq", accountId: "default", requestId: "r-default-43", notify: true },
  });
});

test("whoever is to be the owner is, unless there is one", async () => {
  const rpc: Rpc = async (method) =>
    method === "channels.pairing.list"
      ? { requests: [request("42")] }
      : { notification: "not-requested", commandOwnerBootstrap: "already-configured" };
  const said = await approve(rpc, { who: "42", notify: false, owner: true });
  assert.match(said, /n42 \(42\) may write.*an? command owner already/);
});

test("a number that has not asked is told with those that have", async () => {
  const { rpc, asked } = gateway([request("42")]);
  await assert.rejects(approve(rpc, { who: "44", ...HOW }), /44 has not asked[\s\S]*n42 \(42\)/);
  assert.equal(asked.length, 1);
  await assert.rejects(deny(gateway([]).rpc, { who: "44" }), /Nobody else is waiting/);
});

test("who has asked several accounts is approved for the one that is named", async () => {
  const { rpc } = gateway([request("42", "a"), request("42", "b")]);
  await assert.rejects(approve(rpc, { who: "42", ...HOW }), /several accounts.*a, b/);
});

test("what is no QQ number is said so", async () => {
  await assert.rejects(approve(gateway([]).rpc, { who: "GDBAJS4T", ...HOW }), /a QQ number/);
});

test("an account that does not pair is told", async () => {
  const rpc: Rpc = async () => ({ accounts: [], requests: [] });
  await assert.rejects(listPending(rpc, "x"), /account x: there is none/);
});

test("a request is shown with the time that it has", () => {
  const [pending] = [{ ...request("42"), name: "n42", expiresAt: 120_000 }];
  assert.equal(describePending(pending, 60_000), "n42 (42), account default, for 1 more min");
});
