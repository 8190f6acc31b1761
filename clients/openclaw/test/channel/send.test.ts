import assert from "node:assert/strict";
import { test } from "node:test";
import { PlatformMessageNotDispatchedError } from "openclaw/plugin-sdk/error-runtime";
import { CallError } from "../../src/bus/errors.ts";
import type { ErrorClass } from "../../src/bus/types.ts";
import { createSender, type SendOptions, stillUnsure } from "../../src/channel/send.ts";
import { type FakeCaller, failing, fakeCaller } from "../support/caller.ts";

const GROUP = { kind: "group", id: "20002" } as const;
const TEXT = [{ type: "text", data: { text: "hello" } }];
const OPTIONS: SendOptions = { base: "napcatqq:a:k:0", patience: 10_000 };

/** Sends are answered by turns; a failure is one. */
function answering(...turns: unknown[]): FakeCaller {
  const give = (): unknown => {
    const turn = turns[Math.min(caller.calls.length, turns.length) - 1];
    if (turn instanceof Error) throw turn;
    return turn;
  };
  const caller = fakeCaller({
    send_group_msg: give,
    send_private_msg: give,
    upload_group_file: give,
  });
  return caller;
}

const SENT = { message_id: 1 };

test("messages of one sending are named in order, and say where they went", async () => {
  const caller = answering({ message_id: 100 }, { message_id: "101" });
  const sender = createSender(caller, GROUP, OPTIONS);
  assert.deepEqual(await sender.message(TEXT), { messageId: "100", repeated: false });
  assert.deepEqual(await sender.send("upload_group_file", { file: "x" }), {
    messageId: "101",
    repeated: false,
  });
  assert.deepEqual(
    caller.calls.map(({ action, params }, n) => [
      action,
      params["group_id"],
      caller.options[n]?.id,
    ]),
    [
      ["send_group_msg", "20002", "napcatqq:a:k:0:0"],
      ["upload_group_file", "20002", "napcatqq:a:k:0:1"],
    ],
  );
});

test("a private chat is its other end", async () => {
  const caller = answering(SENT);
  await createSender(caller, { kind: "private", id: "30001" }, OPTIONS).message(TEXT);
  assert.equal(caller.calls[0]?.action, "send_private_msg");
  assert.equal(caller.calls[0]?.params["user_id"], "30001");
});

for (const error of ["no_bridge", "not_connected", "offline", "lost", "unknown"] as const) {
  test(`${error}: it is asked again under the same name`, async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout", "Date"] });
    const caller = answering(failing(error), SENT);
    const waited: string[] = [];
    const onWait = (failed: { error: ErrorClass }): void => void waited.push(failed.error);
    const sent = createSender(caller, GROUP, { ...OPTIONS, onWait }).message(TEXT);
    await passes(t, () => caller.calls.length === 2);
    assert.deepEqual(await sent, { messageId: "1", repeated: false });
    assert.equal(caller.options[0]?.id, caller.options[1]?.id);
    assert.deepEqual(waited, [error]);
  });
}

test("a stranger is written to through the group by which they came", async () => {
  const caller = answering(SENT);
  const chat = { kind: "private", id: "30001" } as const;
  await createSender(caller, chat, { ...OPTIONS, via: "700" }).message(TEXT);
  assert.deepEqual(caller.calls[0]?.params, { user_id: "30001", group_id: "700", message: TEXT });
});

test("a send that is known not to have happened is made again under another name", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const caller = answering(failing("timeout"), SENT);
  const sent = createSender(caller, GROUP, OPTIONS).message(TEXT);
  await passes(t, () => caller.calls.length === 2);
  await sent;
  assert.equal(caller.options[1]?.id, "napcatqq:a:k:0:0~1");
});

test("another answer under the same name was given before: that one stands", async () => {
  const caller = answering(failing("bad_request", "send_group_msg", { id_reused: true }));
  assert.deepEqual(await createSender(caller, GROUP, OPTIONS).message(TEXT), { repeated: true });
});

for (const error of ["denied", "peer_error", "not_in_group", "bad_params"] as const) {
  test(`${error}: the host is told that it did not go out, and never will`, async () => {
    const caller = answering(failing(error));
    const sent = createSender(caller, GROUP, OPTIONS).message(TEXT);
    await assert.rejects(sent, (thrown: unknown) => {
      assert.ok(thrown instanceof PlatformMessageNotDispatchedError);
      assert.equal(thrown.retryable, false);
      return true;
    });
    assert.equal(caller.calls.length, 1);
  });
}

test("when patience is over the host may try again later", async () => {
  const caller = answering(failing("no_bridge"));
  await assert.rejects(
    createSender(caller, GROUP, { ...OPTIONS, patience: 0 }).message(TEXT),
    (thrown: unknown) => thrown instanceof PlatformMessageNotDispatchedError && thrown.retryable,
  );
});

test("of what nobody knows the host is not told that it did not go out", async () => {
  const caller = answering(failing("unknown"));
  await assert.rejects(
    createSender(caller, GROUP, { ...OPTIONS, patience: 0 }).message(TEXT),
    (thrown: unknown) => !(thrown instanceof PlatformMessageNotDispatchedError),
  );
});

test("what went out in part is neither sent again nor told to be unsent", async () => {
  const caller = answering(failing("rate_limited", "send_group_msg", { done: 1, steps: 2 }));
  await assert.rejects(
    createSender(caller, GROUP, OPTIONS).message(TEXT),
    (thrown: unknown) => thrown instanceof CallError && thrown.inPart,
  );
  assert.equal(caller.calls.length, 1);
});

test("a wait ends when the account stops", async () => {
  const stop = new AbortController();
  const caller = answering(failing("no_bridge"));
  const sent = createSender(caller, GROUP, { ...OPTIONS, signal: stop.signal }).message(TEXT);
  stop.abort();
  await assert.rejects(sent, PlatformMessageNotDispatchedError);
});

/** Let mocked time pass until something is so. */
async function passes(
  t: { mock: { timers: { tick(ms: number): void } } },
  isSo: () => boolean,
): Promise<void> {
  for (let turns = 0; turns < 100 && !isSo(); turns++) {
    await new Promise((resolve) => setImmediate(resolve));
    t.mock.timers.tick(1_000);
  }
}

const CASES: [attempts: ErrorClass[], unsure: ErrorClass | undefined][] = [
  [["no_bridge"], undefined],
  [["lost"], "lost"],
  [["unknown", "unknown"], "unknown"],
  [["lost", "no_bridge", "busy"], "lost"],
  [["lost", "not_connected"], "lost"],
  [["lost", "denied"], "lost"],
  [["lost", "internal"], "lost"],
  [["lost", "timeout"], undefined],
  [["lost", "timeout", "busy"], undefined],
  [["lost", "peer_error"], undefined],
];

for (const [attempts, expected] of CASES) {
  test(`${attempts.join(", ")}: ${expected ? "it may have gone out" : "it did not go out"}`, () => {
    let unsure: CallError | undefined;
    for (const error of attempts) unsure = stillUnsure(failing(error), unsure);
    assert.equal(unsure?.error, expected);
  });
}
