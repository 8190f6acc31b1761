import assert from "node:assert/strict";
import { test } from "node:test";
import { type CallerOptions, createCaller } from "../../src/bus/calls.ts";
import { CallError } from "../../src/bus/errors.ts";
import { pack, unpack } from "../../src/bus/packing.ts";
import type { CallOptions, ErrorClass, Params } from "../../src/bus/types.ts";
import { NoReply, NotSent } from "../../src/sp/errors.ts";

type Answer = Record<string, unknown> | Error | Uint8Array;

/** A bridge that gives these answers, one after the other, and a clock that leaps. */
function bridge(answers: Answer[], options: Partial<CallerOptions> = {}) {
  const requests: Record<string, unknown>[] = [];
  const timeouts: [timeout: number, leaveWithin: number][] = [];
  const slept: number[] = [];
  let now = 0;
  const caller = createCaller({
    port: {
      request: async (message, timeout, _signal, leaveWithin) => {
        requests.push(unpack(message) as Record<string, unknown>);
        timeouts.push([timeout, leaveWithin]);
        const answer = answers.shift();
        assert.ok(answer, "asked once too often");
        if (answer instanceof Error) throw answer;
        return answer instanceof Uint8Array ? answer : pack({ warnings: [], ms: 1, ...answer });
      },
    },
    account: "default",
    clock: {
      now: () => now,
      sleep: async (ms, signal) => {
        signal?.throwIfAborted();
        slept.push(ms);
        now += ms;
      },
    },
    ...options,
  });
  return { caller, requests, timeouts, slept, pass: (ms: number) => (now += ms) };
}

async function failure(
  answers: Answer[],
  how: CallOptions = {},
  params: Params = {},
): Promise<CallError> {
  const { caller } = bridge(answers);
  try {
    await caller.call("send_group_msg", params, how);
  } catch (error) {
    assert.ok(error instanceof CallError, String(error));
    assert.deepEqual(answers, [], "not asked often enough");
    return error;
  }
  throw new Error("it went well");
}

const failed = (error: string, more: Record<string, unknown> = {}) => ({
  status: error === "unknown" ? "unknown" : "failed",
  retcode: 1,
  error,
  message: "why",
  ...more,
});
const OK = { status: "ok", retcode: 0, data: { message_id: 7 } };

test("a call has all that the bridge needs, and the reply's data comes back", async () => {
  const { caller, requests, timeouts } = bridge([OK], { token: "secret" });
  const bytes = Uint8Array.of(1, 2, 3);
  const params = { group_id: 9007199254740993n, message: [{ file: bytes }], left_out: undefined };
  const reply = await caller.call("send_group_msg", params, { id: "i-1", timeout: 1000 });
  assert.deepEqual(reply, { data: { message_id: 7 }, warnings: [] });
  assert.deepEqual(requests, [
    {
      action: "send_group_msg",
      params: { group_id: 9007199254740993n, message: [{ file: bytes }] },
      account: "default",
      id: "i-1",
      timeout: 1000,
      token: "secret",
    },
  ]);
  assert.deepEqual(timeouts, [[6000, 1000]]);
});

test("a bridge that decides itself is waited for as long as it may take, but found soon", async () => {
  const { caller, timeouts } = bridge(Array(5).fill(OK));
  await caller.call("bridge.ping");
  await caller.call("get_group_list");
  await caller.call("upload_group_file");
  await caller.call("bridge.media.get");
  await caller.call("download_file_stream", {}, { timeout: 60_000 });
  const long = 2_000_000;
  assert.deepEqual(
    timeouts,
    [30_000, 120_000, long, long, long].map((ms) => [ms, 10_000]),
  );
});

test("the bridge's own actions are nobody's", async () => {
  const { caller, requests } = bridge([OK]);
  await caller.call("bridge.ping");
  assert.deepEqual(requests, [{ action: "bridge.ping", params: {} }]);
});

test("an answer that says no more is a good one, and warnings are told", async () => {
  const told: string[] = [];
  const { caller } = bridge([{ status: "async", retcode: 1, warnings: ["cut", 3] }], {
    onWarning: (text) => told.push(text),
  });
  const reply = await caller.call("set_restart");
  assert.deepEqual(reply, { data: undefined, warnings: ["cut"] });
  assert.deepEqual(told, ["set_restart: cut"]);
});

const CLASSES: [error: ErrorClass, free: boolean, advice: RegExp][] = [
  ["bad_request", true, /: why$/],
  ["bad_params", true, /: why$/],
  ["unknown_action", true, /does not have it/],
  ["account_required", true, /name one/],
  ["unknown_account", true, /onebus status/],
  ["unauthorized", true, /token/],
  ["denied", true, /grants/],
  ["too_large", true, /smaller/],
  ["busy", true, /later/],
  ["rate_limited", true, /later/],
  ["not_connected", true, /NapCat/],
  ["offline", true, /log QQ in/],
  ["muted", true, /mute/],
  ["not_in_group", true, /join/],
  ["stalled", true, /restart/],
  ["timeout", true, /try again/],
  ["unknown", false, /may have happened/],
  ["unsupported_by_peer", true, /: why$/],
  ["peer_error", false, /: why$/],
  ["shutting_down", true, /is back/],
  ["internal", false, /log/],
];

for (const [word, free, advice] of CLASSES) {
  test(`${word} names the call and what to do, and is ${free ? "" : "not "}free`, async () => {
    const error = await failure([failed(word, { wording: "说" })]);
    assert.equal(error.error, word);
    assert.equal(error.free, free);
    assert.equal(error.wording, "说");
    assert.ok(error.message.startsWith(`send_group_msg (account default): ${word}: why`));
    assert.match(error.message, advice);
  });
}

test("a class of error that is newer is told by its status", async () => {
  assert.equal((await failure([failed("tired")])).error, "internal");
  assert.match((await failure([failed("tired")])).message, /internal: tired: why/);
  const unknown = await failure([{ status: "unknown", error: "foggy" }]);
  assert.deepEqual([unknown.error, unknown.free], ["unknown", false]);
  assert.equal((await failure([failed("toString")])).error, "internal");
});

test("an id that is used for something else is no other bad request", async () => {
  const error = await failure([failed("bad_request", { data: { id_reused: true } })]);
  assert.deepEqual([error.idReused, error.free], [true, false]);
  assert.equal((await failure([failed("bad_request")])).idReused, false);
});

test("what was done in part is not free", async () => {
  const data = { message_ids: [1], done: 1, steps: 3 };
  assert.equal((await failure([failed("muted", { data })], { patience: 60_000 })).free, false);
  const busy = failed("busy", { data });
  assert.equal((await failure([busy], { patience: 60_000, id: "i" })).free, false);
});

test("when it may be tried again is told", async () => {
  const error = await failure([failed("rate_limited", { data: { retry_after_ms: 1500 } })]);
  assert.equal(error.retryAfter, 1500);
  assert.match(error.message, /tried again in 2 s$/);
  assert.equal((await failure([failed("muted")])).retryAfter, undefined);
});

test("where the bridge says nothing the peer's own words are told", async () => {
  const error = await failure([failed("peer_error", { message: null, wording: "消息发送失败" })]);
  assert.match(error.message, /peer_error: 消息发送失败$/);
});

test("no bridge: nothing was sent; no reply: it may have happened", async () => {
  const away = await failure([new NotSent("tcp://127.0.0.1:1: refused")]);
  assert.deepEqual([away.error, away.free], ["no_bridge", true]);
  assert.match(away.message, /tcp:.*refused; nothing was sent/);
  const gone = await failure([new NoReply("tcp://127.0.0.1:1: closed")]);
  assert.deepEqual([gone.error, gone.free], ["lost", false]);
});

for (const [what, bytes] of [
  ["nothing", Buffer.of()],
  ["noise", Buffer.from("HTTP/1.1 400")],
  ["a list", pack([1])],
  ["a map without status", pack({ data: 1 })],
] as const) {
  test(`${what} for a reply is no reply`, async () => {
    const error = await failure([bytes]);
    assert.equal(error.error, "lost");
    assert.match(error.message, /no reply of a bridge/);
  });
}

test("without patience nothing is asked twice", async () => {
  for (const word of ["busy", "rate_limited", "not_connected"]) {
    await failure([failed(word)], { id: "i-1" });
  }
});

test("with patience what may pass is asked again, as it was, when there may be room", async () => {
  const answers = [
    failed("busy"),
    failed("rate_limited", { data: { retry_after_ms: 1200 } }),
    failed("not_connected"),
    new NotSent("away"),
    OK,
  ];
  const { caller, requests, slept } = bridge(answers);
  await caller.call("send_msg", { message: "x" }, { patience: 10_000, id: "i-1" });
  assert.deepEqual(slept, [250, 1200, 1000, 2000]);
  assert.equal(requests.length, 5);
  for (const request of requests) assert.deepEqual(request, requests[0]);
});

test("patience ends, and a wait that is longer than it is not begun", async () => {
  const busy = Array.from({ length: 4 }, () => failed("busy"));
  assert.equal((await failure(busy, { patience: 2000 })).error, "busy");
  const late = failed("rate_limited", { data: { retry_after_ms: 2001 } });
  assert.equal((await failure([late], { patience: 2000 })).retryAfter, 2001);
});

for (const word of ["unknown", "peer_error", "muted", "offline", "denied", "timeout"]) {
  test(`${word} is asked once, whatever the patience`, async () => {
    await failure([failed(word)], { patience: 60_000, id: "i-1" });
  });
}

test("what was lost is asked again with an id only", async () => {
  await failure([new NoReply("gone")], { patience: 60_000 });
  const { caller } = bridge([new NoReply("gone"), new NotSent("away"), OK]);
  const reply = await caller.call("send_msg", {}, { patience: 60_000, id: "i-1" });
  assert.deepEqual(reply.data, { message_id: 7 });
});

test("after a loss a refusal to look does not make it free", async () => {
  for (const after of [failed("denied"), failed("busy"), new NotSent("away")]) {
    const error = await failure([new NoReply("gone"), after], { patience: 400, id: "i-1" });
    assert.deepEqual([error.error, error.free], ["lost", false]);
  }
  const settled = await failure([new NoReply("gone"), failed("timeout")], {
    patience: 400,
    id: "i",
  });
  assert.deepEqual([settled.error, settled.free], ["timeout", true]);
});

test("a signal ends it, also between two attempts", async () => {
  const stop = new AbortController();
  const { caller } = bridge([failed("busy")], {
    clock: {
      now: () => 0,
      sleep: async (_ms, signal) => {
        stop.abort(new Error("stopped"));
        signal?.throwIfAborted();
      },
    },
  });
  const call = caller.call("send_msg", {}, { patience: 9999, signal: stop.signal });
  await assert.rejects(call, /stopped/);
  await assert.rejects(caller.call("send_msg", {}, { signal: stop.signal }), /stopped/);
});

test("what has no form, or is too large, is refused before it leaves", async () => {
  const loop: Params = {};
  loop["self"] = loop;
  for (const params of [loop, { f: () => 1 }, { s: Symbol("x") }]) {
    const error = await failure([], {}, params);
    assert.deepEqual([error.error, error.free], ["bad_request", true]);
    assert.match(error.message, /params: /);
  }
  assert.match((await failure([], {}, loop)).message, /more than 100 levels/);
  const large = await failure([], {}, { file: new Uint8Array(64 << 20) });
  assert.deepEqual([large.error, large.free], ["too_large", true]);
});

test("no token is in what fails", async () => {
  const { caller } = bridge([failed("unauthorized"), new NoReply("gone")], { token: "s3cret" });
  for (let times = 0; times < 2; times++) {
    await assert.rejects(caller.call("send_msg", { token: "p4ram" }), (error: CallError) => {
      return !/s3cret|p4ram/.test(JSON.stringify(error) + error.stack + error.message);
    });
  }
});
