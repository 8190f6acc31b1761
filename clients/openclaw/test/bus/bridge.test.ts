/** The real bridge, with a simulated QQ behind it. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import {
  CallError,
  type Caller,
  type CallerOptions,
  createCaller,
  type Delivery,
  decodeEnvelope,
  type Envelope,
  type EventsOptions,
  events,
  filePosition,
  type Position,
} from "../../src/bus/index.ts";
import { createReq, subscribe } from "../../src/sp/index.ts";
import { type BridgeProcess, type SimProcess, startBridge, startSim } from "../support/bridge.ts";
import type { Flood } from "../support/flood.ts";

/** ms: much more than it takes on a machine that has nothing else to do. */
const WAIT = 60_000;

/** Until a condition holds: looked at whenever others have had their turn. */
async function until(holds: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + WAIT;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

type Bus = AsyncDisposable & { calls: Caller; listen(options?: Partial<EventsOptions>): Listener };

interface Listener {
  got: Delivery[];
  events: Envelope[];
  texts: string[];
  told: string[];
  ups: number;
  /** Resolves with what the iteration ended with. */
  ended: Promise<unknown>;
}

/** A connection for calls, and streams that end with it. */
function connect(bridge: BridgeProcess, options: Partial<CallerOptions> = {}): Bus {
  const req = createReq({ url: bridge.actions });
  const calls = createCaller({ port: req, account: "default", ...options });
  const stop = new AbortController();
  const running: Promise<unknown>[] = [];
  return {
    calls,
    listen(more) {
      const listener = listen(bridge, { calls, signal: stop.signal, ...more });
      running.push(listener.ended);
      return listener;
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await Promise.all(running);
      req.close();
    },
  };
}

function listen(
  bridge: BridgeProcess,
  options: Partial<EventsOptions> & { calls: Caller },
): Listener {
  const listener: Listener = {
    got: [],
    events: [],
    texts: [],
    told: [],
    ups: 0,
    ended: Promise.resolve(),
  };
  const stream = events({
    port: { subscribe: (handlers) => subscribe({ url: bridge.events, ...handlers }) },
    onTrouble: (text) => listener.told.push(text),
    onUp: () => void listener.ups++,
    ...options,
  });
  const run = async (): Promise<unknown> => {
    try {
      for await (const delivery of stream) {
        listener.got.push(delivery);
        if (delivery.kind === "event") note(listener, delivery.event);
        delivery.done();
      }
    } catch (error) {
      return error;
    }
    return undefined;
  };
  listener.ended = run();
  return listener;
}

function note(listener: Listener, event: Envelope): void {
  listener.events.push(event);
  if (event.text !== undefined) listener.texts.push(event.text);
}

/** From the first event on. */
const fromStart = (bridge: BridgeProcess) => ({
  position: { load: async () => ({ epoch: bridge.epoch, seq: 0 }), save: async () => undefined },
});

/** Kill the bridge and start it again, `between` aside; it is back once QQ can be heard. */
async function killed(
  bridge: BridgeProcess,
  sim: SimProcess,
  between: () => void = () => undefined,
): Promise<void> {
  const from = sim.lines.all.length;
  await bridge.kill();
  between();
  await bridge.start();
  await sim.lines.waitFor("* connected to", from);
}

/** All that the bridge has in its journal. */
async function journal(calls: Caller): Promise<number[]> {
  const seqs: number[] = [];
  for (let after = 0, truncated = true; truncated; ) {
    const { data } = await calls.call<{ events: Uint8Array[]; next: number; truncated: boolean }>(
      "bridge.replay",
      { after, max_bytes: 4 << 20, limit: 10_000 },
    );
    seqs.push(...data.events.map((message) => decodeEnvelope(message).seq));
    ({ next: after, truncated } = data);
  }
  return seqs;
}

async function failure(call: Promise<unknown>): Promise<CallError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof CallError, `no failure: ${error}`);
  return error;
}

const SAY = { group_id: 700, message: "hello" };

test("what is said in QQ comes with all the contract promises, and an answer arrives", async () => {
  await using bridge = await startBridge();
  await using sim = await startSim(bridge);
  await using bus = connect(bridge);
  const listener = bus.listen({ ...fromStart(bridge), patterns: ["qq.group.*.message.*"] });
  sim.type("你好，桥");
  await until(() => listener.texts.length > 0, "the message");
  const [event] = listener.events;
  assert.equal(event?.topic, "qq.group.700.message.normal");
  assert.equal(event?.epoch, bridge.epoch);
  assert.equal(event?.text, "你好，桥");
  assert.deepEqual(event?.policy, {
    allowed: true,
    respond: false,
    mentioned: false,
    reason: "open",
  });
  assert.deepEqual(
    [event?.account, event?.self_id, event?.event["user_id"]],
    ["default", 10001, 42],
  );
  sim.type("/wait");
  const reply = await bus.calls.call<{ message_id: number }>("send_group_msg", SAY);
  assert.ok(Number.isInteger(reply.data.message_id));
  await sim.lines.waitFor("hello");
});

test("a bridge that is killed in a stream, twice, costs no event that it had", async () => {
  await using bridge = await startBridge();
  await using sim = await startSim(bridge);
  await using bus = connect(bridge);
  const listener = bus.listen(fromStart(bridge));
  for (let round = 1; round <= 2; round++) {
    for (let number = 1; number <= 300; number++) sim.type(`${round}.${number}`);
    await until(() => listener.texts.includes(`${round}.20`), "the stream");
    await killed(bridge, sim);
    sim.type(`round ${round} is over`);
    await until(() => listener.texts.includes(`round ${round} is over`), "the rest");
  }
  const seqs = listener.events.map(({ seq }) => seq);
  assert.deepEqual(seqs, await journal(bus.calls));
  assert.deepEqual(
    seqs,
    Array.from({ length: seqs.length }, (_, at) => at + 1),
  );
  assert.equal(listener.got.length, seqs.length, "no gap");
  assert.ok(listener.ups >= 3);
});

test("another journal is a gap, and then all of the new one", async () => {
  await using bridge = await startBridge();
  await using sim = await startSim(bridge);
  await using bus = connect(bridge);
  const listener = bus.listen(fromStart(bridge));
  sim.type("before");
  await until(() => listener.texts.includes("before"), "the message");
  const old = bridge.epoch;
  await killed(bridge, sim, () => rmSync(join(bridge.folder, "state"), { recursive: true }));
  sim.type("after");
  await until(() => listener.texts.includes("after"), "the message of the new journal");
  const gaps = listener.got.flatMap((each) => (each.kind === "gap" ? [each.gap] : []));
  assert.deepEqual(
    gaps.map(({ reason, epoch }) => [reason, epoch]),
    [["epoch", old]],
  );
  const seqs = listener.events.flatMap(({ epoch, seq }) => (epoch === old ? [] : [seq]));
  assert.deepEqual(seqs, await journal(bus.calls));
});

test("a consumer that stands still while more is said than the bridge keeps for it gets all", async () => {
  const count = 14_000;
  await using bridge = await startBridge();
  await using bus = connect(bridge);
  let replays = 0;
  const counting: Caller = {
    call: (action, ...rest) => {
      if (action === "bridge.replay") replays += 1;
      return bus.calls.call(action, ...rest);
    },
  };
  const listener = bus.listen({ calls: counting });
  await until(() => listener.ups > 0, "the subscription");
  const heard = new Int32Array(new SharedArrayBuffer(4));
  const { actions } = bridge;
  const flood: Flood = { url: bridge.url(), actions, selfId: 10001, count, heard };
  const file = new URL("../support/flood.ts", import.meta.url);
  const worker = new Worker(file, { workerData: flood });
  await until(() => listener.texts.length > 0, "the flood");
  assert.notEqual(Atomics.wait(heard, 0, 0, WAIT), "timed-out");
  await until(() => listener.texts.length === count, "all of the flood");
  await worker.terminate();
  const numbers = listener.texts.map((text) => Number(text.slice(6)));
  assert.deepEqual(
    numbers,
    Array.from({ length: count }, (_, at) => at + 1),
  );
  assert.equal(listener.got.length, listener.events.length, "no gap");
  assert.ok(replays > 1, "it has been too slow");
});

test("a consumer that is killed, again and again, misses nothing and repeats what was not done", async () => {
  await using bridge = await startBridge();
  await using sim = await startSim(bridge);
  await using bus = connect(bridge);
  const folder = mkdtempSync(join(tmpdir(), "position-"));
  const store = filePosition({ folder, account: "default", bridge: bridge.events });
  await store.save({ epoch: bridge.epoch, seq: 0 });
  const file = fileURLToPath(new URL("../support/consumer.ts", import.meta.url));
  const seen = new Set<number>();
  const problems: string[] = [];
  let said = 0;
  let newest = 0;
  for (let life = 0; life < 3; life++) {
    const child = spawn(process.execPath, [file, bridge.events, bridge.actions, folder], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let last = Number.NaN;
    createInterface({ input: child.stdout }).on("line", (line) => {
      const seq = Number(line);
      if (line === "up") return;
      if (!Number.isNaN(last) && seq !== last + 1) problems.push(`${line} after ${last}`);
      last = seq;
      seen.add(seq);
    });
    const before = seen.size;
    for (let times = 0; times < 50; times++) sim.type(`#${++said}`);
    await until(() => seen.size > before + 10, "some of them");
    if (life === 2) {
      const { data } = await bus.calls.call<Position>("bridge.ping");
      newest = data.seq;
      await until(() => seen.has(newest), "the last one");
    }
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }
  rmSync(folder, { recursive: true });
  assert.deepEqual(problems, []);
  const seqs = (await journal(bus.calls)).filter((seq) => seq >= Math.min(...seen));
  assert.deepEqual(
    [...seen].sort((one, other) => one - other),
    seqs,
  );
});

test("an id is done once: it is joined, answered again, over a kill too, and not taken for other calls", async () => {
  await using bridge = await startBridge();
  await using sim = await startSim(bridge);
  await using bus = connect(bridge);
  sim.type("/fault send_* late:0.3 1");
  sim.type("go");
  await sim.lines.waitFor("go");
  const ask = () => bus.calls.call<{ message_id: number }>("send_group_msg", SAY, { id: "i-1" });
  const [one, two] = await Promise.all([ask(), ask()]);
  assert.equal(one.data.message_id, two.data.message_id);
  assert.deepEqual((await ask()).data, one.data);
  const other = { ...SAY, message: "something else" };
  for (let life = 0; life < 2; life++) {
    const reused = await failure(bus.calls.call("send_group_msg", other, { id: "i-1" }));
    assert.deepEqual([reused.error, reused.idReused, reused.free], ["bad_request", true, false]);
    if (life > 0) break;
    await bridge.kill();
    await bridge.start();
    assert.deepEqual((await ask()).data, one.data);
  }
  const wrong = await failure(bus.calls.call("send_group_msg", SAY, { id: "x".repeat(200) }));
  assert.deepEqual([wrong.error, wrong.idReused, wrong.free], ["bad_request", false, true]);
  assert.equal(sim.lines.all.filter((line) => line.includes("hello")).length, 1);
});

test("a bridge killed under a call: lost, then by the same id what is known of it", async () => {
  await using bridge = await startBridge();
  await using sim = await startSim(bridge);
  await using bus = connect(bridge);
  sim.type("/fault send_* lost 1");
  sim.type("go");
  await sim.lines.waitFor("go");
  const calling = failure(bus.calls.call("send_group_msg", SAY, { id: "i-1" }));
  await sim.lines.waitFor("hello");
  await bridge.kill();
  const lost = await calling;
  assert.deepEqual([lost.error, lost.free], ["lost", false]);
  await bridge.start();
  const again = await failure(
    bus.calls.call("send_group_msg", SAY, { id: "i-1", patience: 20_000 }),
  );
  assert.deepEqual([again.error, again.free], ["unknown", false]);
  assert.equal(sim.lines.all.filter((line) => line.includes("hello")).length, 1);
});

test("no answer to a write is unknown, and patience does not repeat it", async () => {
  await using bridge = await startBridge({ bridge: { call: { writeTimeout: 300 } } });
  await using sim = await startSim(bridge);
  await using bus = connect(bridge);
  sim.type("/fault send_* lost 1");
  sim.type("go");
  await sim.lines.waitFor("go");
  const error = await failure(bus.calls.call("send_group_msg", SAY, { patience: 20_000 }));
  assert.deepEqual([error.error, error.retcode, error.free], ["unknown", 33005, false]);
  assert.match(error.message, /send_group_msg \(account default\): unknown: .*may have happened/);
});

test("who is away is told, and found with patience when back", async () => {
  await using bridge = await startBridge({ channel: { reconnect: { retryDelay: 50 } } });
  await using bus = connect(bridge);
  const away = await failure(bus.calls.call("send_group_msg", SAY, { id: "i-1" }));
  assert.deepEqual([away.error, away.free], ["not_connected", true]);
  const saying = bus.calls.call("send_group_msg", SAY, { id: "i-1", patience: 20_000 });
  await using sim = await startSim(bridge);
  await saying;
  await bridge.stop();
  const gone = await failure(bus.calls.call("bridge.ping", {}, { timeout: 200 }));
  assert.deepEqual([gone.error, gone.free], ["no_bridge", true]);
  assert.ok(gone.message.includes(bridge.actions));
  const pinging = bus.calls.call("bridge.ping", {}, { timeout: 200, patience: 20_000 });
  await bridge.start();
  await pinging;
  assert.equal(sim.lines.all.filter((line) => line.includes("hello")).length, 1);
});

test("grants: no token, a wrong one, one that covers it, and one that may not replay", async () => {
  const grants = [
    { name: "bot", token: "right" },
    { name: "narrow", token: "small", chats: ["group.700"], actions: ["send_*", "bridge.*"] },
  ];
  await using bridge = await startBridge({ bridge: { grants } });
  await using sim = await startSim(bridge);
  for (const token of [undefined, "wrong"]) {
    await using bus = connect(bridge, token === undefined ? {} : { token });
    const error = await failure(bus.calls.call("send_group_msg", SAY));
    assert.deepEqual([error.error, error.free], ["unauthorized", true]);
    assert.ok(!error.message.includes("wrong"));
    const ended = await bus.listen().ended;
    assert.ok(ended instanceof CallError && ended.error === "unauthorized", String(ended));
  }
  await using right = connect(bridge, { token: "right" });
  await right.calls.call("send_group_msg", SAY);
  await using narrow = connect(bridge, { token: "small" });
  const denied = await failure(narrow.calls.call("send_group_msg", { ...SAY, group_id: 701 }));
  assert.deepEqual([denied.error, denied.free], ["denied", true]);
  const position: Position = { epoch: bridge.epoch, seq: 0 };
  const store = { load: async () => position, save: async () => undefined };
  const listener = narrow.listen({ position: store });
  await until(() => listener.ups > 0 && listener.told.length > 0, "the refusal");
  // One that is published before the bridge has noticed the connection is missed for good.
  await until(() => {
    sim.type("live");
    return listener.texts.includes("live");
  }, "the live event");
  const [gap] = listener.got;
  assert.ok(gap?.kind === "gap" && gap.gap.reason === "denied" && gap.gap.from === 1);
  assert.match(listener.told.join(), /live events only.*denied/);
});
