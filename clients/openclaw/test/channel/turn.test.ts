import assert from "node:assert/strict";
import { test } from "node:test";
import type { Config } from "../../src/channel/config.ts";
import type { Live } from "../../src/channel/live.ts";
import { accountLog } from "../../src/channel/log.ts";
import { resolveAccount } from "../../src/channel/settings.ts";
import { runTurn, type TurnInput } from "../../src/channel/turn.ts";

type Dispatch = Live["rt"]["channel"]["inbound"]["dispatch"];
type Plan = Parameters<Dispatch>[0];

/** A turn with a host that does `dispatch`. */
function turn(dispatch: (plan: Plan) => Promise<void>, signal = new AbortController().signal) {
  const told: string[] = [];
  const live = {
    account: resolveAccount({ channels: { napcatqq: {} } } as Config),
    rt: { channel: { inbound: { dispatch } } },
    log: accountLog({ info() {}, warn() {}, error: (line) => told.push(line) }, "default"),
    signal,
  } as unknown as Live;
  const input = {
    live,
    cfg: {},
    route: { agentId: "main", sessionKey: "s" },
    envelope: { key: "group:700:5" },
    incoming: { chat: { kind: "group", id: "700" } },
    typing: { start: async () => undefined },
    ctxPayload: {},
    onAdopted: () => told.push("adopted"),
  } as unknown as TurnInput;
  return { told, outcome: runTurn(input) };
}

test("what the host has dealt with is done", async () => {
  assert.equal(await turn(async () => undefined).outcome, "done");
});

test("what the host has not taken fails, and is to be given again by whoever gave it", async () => {
  const { outcome } = turn(() => Promise.reject(new Error("draining")));
  await assert.rejects(outcome, /draining/);
});

test("once the host has it, an answer that cannot be sent is the host's, and in the log", async () => {
  const { outcome, told } = turn(async (plan) => {
    await plan.turnAdoptionLifecycle?.onAdopted();
    throw new Error("no way out");
  });
  assert.equal(await outcome, "done");
  assert.match(told.join(), /adopted.*no way out/);
});

test("what waits for its turn with the host is waited for", async () => {
  for (const [settle, expected] of [
    ["onAdopted", "done"],
    ["onAbandoned", "again"],
    ["onSettled", "done"],
  ] as const) {
    const { outcome } = turn(async (plan) => {
      plan.turnAdoptionLifecycle?.onDeferred?.();
      setImmediate(() => plan.turnAdoptionLifecycle?.[settle]?.());
    });
    assert.equal(await outcome, expected);
  }
});

test("and not beyond the account's end", async () => {
  const stop = new AbortController();
  const { outcome } = turn(async (plan) => {
    plan.turnAdoptionLifecycle?.onDeferred?.();
    setImmediate(() => stop.abort());
  }, stop.signal);
  assert.equal(await outcome, "again");
});

test("answers are named by the message and their number; thoughts are none", async () => {
  const marks: unknown[] = [];
  const { outcome } = turn(async ({ delivery }) => {
    for (const payload of [{ text: "a" }, { text: "t", isReasoning: true }, { text: "b" }]) {
      const prepared = await delivery.preparePayload?.(payload, { kind: "final" });
      marks.push(prepared?.channelData?.["napcatqq"]);
    }
  });
  await outcome;
  assert.deepEqual(marks, [
    { answer: "napcatqq:default:group:700:5:0" },
    undefined,
    { answer: "napcatqq:default:group:700:5:1" },
  ]);
});
