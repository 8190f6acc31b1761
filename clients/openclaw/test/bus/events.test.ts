import assert from "node:assert/strict";
import { test } from "node:test";
import { CallError } from "../../src/bus/errors.ts";
import { type EventsOptions, events } from "../../src/bus/events.ts";
import type { Delivery } from "../../src/bus/types.ts";
import { type Disk, eventMessage, type FakeBridge, fakeBridge } from "../support/fake-bridge.ts";
import { type HandClock, handClock, idle } from "../support/hand-clock.ts";

/** A process that iterates, and what it has got so far. */
interface Consumer {
  got: string[];
  deliveries: Delivery[];
  told: string[];
  ups: number;
  /** Resolves when the iteration has ended, with what it threw. */
  ended: Promise<unknown>;
  stop(): void;
  kill(): void;
  /** Take no more until `resume`. */
  pause(): void;
  resume(): void;
}

interface Setting {
  bridge: FakeBridge;
  clock: HandClock;
  disk: Disk;
  /** `keep`: each delivery is done at once unless it says otherwise. */
  consume(options?: Partial<EventsOptions> & { keep?: (delivery: Delivery) => boolean }): Consumer;
}

function setting(): Setting {
  const bridge = fakeBridge();
  const clock = handClock();
  const disk: Disk = { writes: 0 };
  return {
    bridge,
    clock,
    disk,
    consume({ keep = () => true, ...options } = {}) {
      const client = bridge.client();
      const stop = new AbortController();
      let gate = Promise.resolve();
      let open = (): void => undefined;
      const stream = events({
        port: client.port,
        calls: client.calls,
        position: client.store(disk),
        clock,
        signal: stop.signal,
        onTrouble: (text) => consumer.told.push(text),
        onUp: () => void consumer.ups++,
        ...options,
      });
      const run = async (): Promise<unknown> => {
        try {
          for await (const delivery of stream) {
            consumer.got.push(nameOf(delivery));
            consumer.deliveries.push(delivery);
            if (keep(delivery)) delivery.done();
            await gate;
          }
        } catch (error) {
          return error;
        }
        return undefined;
      };
      const consumer: Consumer = {
        got: [],
        deliveries: [],
        told: [],
        ups: 0,
        ended: Promise.resolve(),
        stop: () => stop.abort(),
        kill: () => client.kill(),
        pause() {
          gate = new Promise((resolve) => {
            open = resolve;
          });
        },
        resume: () => open(),
      };
      consumer.ended = run();
      return consumer;
    },
  };
}

function nameOf(delivery: Delivery): string {
  if (delivery.kind === "event") return `${delivery.event.epoch}/${delivery.event.seq}`;
  const { reason, epoch, from, to } = delivery.gap;
  return `${reason} ${epoch}/${from}-${to ?? ""}`;
}

const seqs = (from: number, to: number, epoch = "e1"): string[] =>
  Array.from({ length: to - from + 1 }, (_, at) => `${epoch}/${from + at}`);

test("without a position it begins with what comes, and keeps where that is", async () => {
  const { bridge, clock, disk, consume } = setting();
  for (let times = 0; times < 5; times++) bridge.publish();
  const consumer = consume();
  await clock.advance(200);
  assert.deepEqual(disk.position, { epoch: "e1", seq: 5 });
  bridge.publish();
  bridge.publish();
  await clock.advance(500);
  assert.deepEqual(consumer.got, seqs(6, 7));
  assert.deepEqual(disk.position, { epoch: "e1", seq: 7 });
  assert.match(consumer.told.join(), /from now on \(5\)/);
  assert.deepEqual(bridge.asked, [], "nothing was missed");
});

test("with one it goes on behind it, page by page, then live", async () => {
  const { bridge, clock, disk, consume } = setting();
  disk.position = { epoch: "e1", seq: 2 };
  bridge.pageSize = 3;
  for (let times = 0; times < 12; times++) bridge.publish();
  const consumer = consume();
  await clock.advance(50);
  bridge.publish();
  await clock.advance(500);
  assert.deepEqual(consumer.got, seqs(3, 13));
  assert.deepEqual(
    bridge.asked.slice(0, 4).map((asked) => asked["after"]),
    [2, 5, 8, 11],
  );
  assert.deepEqual(disk.position, { epoch: "e1", seq: 13 });
});

test("what is published while it replays comes once, in its place", async () => {
  const { bridge, clock, disk, consume } = setting();
  disk.position = { epoch: "e1", seq: 0 };
  bridge.pageSize = 2;
  for (let times = 0; times < 6; times++) bridge.publish();
  const consumer = consume();
  for (let times = 0; times < 20; times++) {
    bridge.publish({ lose: times % 3 === 0 });
    await new Promise(setImmediate);
  }
  await clock.advance(3000);
  assert.deepEqual(consumer.got, seqs(1, 26));
});

test("a hole is filled before what follows it is handed on", async () => {
  const { bridge, clock, consume } = setting();
  const consumer = consume();
  await clock.advance(200);
  bridge.publish();
  bridge.publish({ lose: true });
  bridge.publish({ lose: true });
  bridge.publish();
  await idle();
  await clock.advance(0);
  assert.deepEqual(consumer.got, seqs(1, 4));
});

test("a last event that was lost is found within seconds, though nothing follows", async () => {
  const { bridge, clock, consume } = setting();
  const consumer = consume();
  await clock.advance(200);
  bridge.publish();
  await clock.advance(10);
  bridge.publish({ lose: true });
  await clock.advance(2100);
  assert.deepEqual(consumer.got, seqs(1, 2));
  await clock.advance(60_000);
  bridge.publish({ lose: true });
  await clock.advance(10_100);
  assert.deepEqual(consumer.got, seqs(1, 3), "after a minute of silence as well");
  bridge.publish();
  await clock.advance(2500);
  bridge.publish({ lose: true });
  await clock.advance(2000);
  assert.deepEqual(consumer.got, seqs(1, 5), "and soon again once something has come");
});

test("silence costs a ping every ten seconds, and no replay", async () => {
  const { bridge, clock, consume } = setting();
  consume();
  await clock.advance(60_000);
  bridge.calls.length = 0;
  await clock.advance(60_000);
  assert.deepEqual(bridge.calls, Array(6).fill("bridge.ping"));
});

test("an event twice is handed on once, and an old one never", async () => {
  const { bridge, clock, consume } = setting();
  const consumer = consume();
  await clock.advance(200);
  for (let times = 0; times < 3; times++) bridge.publish();
  bridge.say(eventMessage("e1", 3));
  bridge.say(eventMessage("e1", 1));
  bridge.publish();
  await clock.advance(5000);
  assert.deepEqual(consumer.got, seqs(1, 4));
  assert.deepEqual(bridge.asked, [], "that is no hole");
});

test("a bridge that comes back is asked at once for what was published meanwhile", async () => {
  const { bridge, clock, consume } = setting();
  const consumer = consume();
  await clock.advance(3000);
  bridge.publish();
  await clock.advance(10);
  bridge.down();
  bridge.publish();
  bridge.publish();
  await clock.advance(9000);
  bridge.up();
  await clock.advance(150);
  assert.deepEqual(consumer.got, seqs(1, 3));
  assert.equal(consumer.ups, 2);
});

test("a bridge that is away at the beginning is waited for", async () => {
  const { bridge, clock, consume } = setting();
  bridge.down();
  const consumer = consume();
  await clock.advance(30_000);
  bridge.up();
  await clock.advance(2500);
  bridge.publish();
  await clock.advance(10);
  assert.deepEqual(consumer.got, seqs(1, 1));
  assert.equal(consumer.told.filter((text) => /no_bridge/.test(text)).length, 1);
});

for (const error of ["busy", "shutting_down", "internal", "timeout", "lost"] as const) {
  test(`a replay that fails as ${error} is asked for again`, async () => {
    const { bridge, clock, disk, consume } = setting();
    disk.position = { epoch: "e1", seq: 0 };
    bridge.publish();
    bridge.fail("bridge.replay", error, 3);
    const consumer = consume();
    await clock.advance(1000);
    assert.deepEqual(consumer.got, seqs(1, 1));
  });
}

for (const action of ["bridge.replay", "bridge.ping"]) {
  test(`${action} that is not authorized ends it, and what is done is kept`, async () => {
    const { bridge, clock, disk, consume } = setting();
    const consumer = consume();
    await clock.advance(200);
    bridge.publish();
    await idle();
    bridge.fail(action, "unauthorized");
    bridge.publish({ lose: true });
    if (action === "bridge.replay") bridge.publish();
    await clock.advance(3000);
    const error = await consumer.ended;
    assert.ok(error instanceof CallError && error.error === "unauthorized");
    assert.deepEqual(disk.position, { epoch: "e1", seq: 1 });
  });
}

test("who may not replay gets live events, and each hole as a gap", async () => {
  const { bridge, clock, disk, consume } = setting();
  bridge.fail("bridge.replay", "denied", 99);
  const consumer = consume();
  await clock.advance(200);
  bridge.publish();
  bridge.publish({ lose: true });
  bridge.publish({ lose: true });
  bridge.publish();
  bridge.publish({ lose: true });
  await clock.advance(500);
  bridge.publish();
  await clock.advance(60_000);
  assert.deepEqual(consumer.got, ["e1/1", "denied e1/2-3", "e1/4", "denied e1/5-5", "e1/6"]);
  assert.deepEqual(disk.position, { epoch: "e1", seq: 6 });
  assert.equal(consumer.told.filter((text) => /live events only/.test(text)).length, 1);
  bridge.down();
  bridge.fail("bridge.replay", "denied", 0);
  bridge.publish();
  bridge.up();
  await clock.advance(200);
  assert.equal(consumer.got.at(-1), "e1/7", "with a new connection it is asked again");
});

test("what the journal no longer has, or never had, is told as a gap in its place", async () => {
  const { bridge, clock, disk, consume } = setting();
  disk.position = { epoch: "e1", seq: 1 };
  for (let times = 0; times < 9; times++) bridge.publish();
  bridge.expire(4);
  bridge.forget(6);
  bridge.forget(7);
  const consumer = consume();
  await clock.advance(500);
  assert.deepEqual(consumer.got, ["expired e1/2-4", "e1/5", "lost e1/6-7", "e1/8", "e1/9"]);
  assert.deepEqual(disk.position, { epoch: "e1", seq: 9 });
});

test("an event that is live only, for the journal could not take it, comes all the same", async () => {
  const { bridge, clock, consume } = setting();
  const consumer = consume();
  await clock.advance(200);
  bridge.publish({ lose: true });
  bridge.forget(1);
  bridge.say(eventMessage("e1", 3));
  await clock.advance(100);
  assert.deepEqual(consumer.got, ["lost e1/1-1", "lost e1/2-2", "e1/3"]);
});

test("another journal voids the position: a gap, then all there is in the new one", async () => {
  const { bridge, clock, disk, consume } = setting();
  const consumer = consume();
  await clock.advance(200);
  bridge.publish();
  await idle();
  bridge.down();
  bridge.renew("e2");
  bridge.publish();
  bridge.publish();
  bridge.up();
  await clock.advance(500);
  bridge.publish();
  await clock.advance(500);
  assert.deepEqual(consumer.got, ["e1/1", "epoch e1/2-", ...seqs(1, 3, "e2")]);
  assert.deepEqual(disk.position, { epoch: "e2", seq: 3 });
});

test("another journal is noticed at a start, by an event, and by silence", async () => {
  const start = setting();
  start.disk.position = { epoch: "e0", seq: 7 };
  start.bridge.publish();
  const one = start.consume();
  await start.clock.advance(500);
  assert.deepEqual(one.got, ["epoch e0/8-", "e1/1"]);

  for (const lose of [false, true]) {
    const { bridge, clock, consume } = setting();
    const consumer = consume();
    await clock.advance(200);
    bridge.publish();
    await idle();
    bridge.renew("e2");
    bridge.publish({ lose });
    await clock.advance(lose ? 2200 : 10);
    assert.deepEqual(consumer.got, ["e1/1", "epoch e1/2-", "e2/1"]);
  }
});

test("work on the old journal holds up nothing, and a return to it goes on where it was", async () => {
  const { bridge, clock, disk, consume } = setting();
  const consumer = consume({ keep: (delivery) => nameOf(delivery) !== "e1/1" });
  await clock.advance(200);
  bridge.publish();
  bridge.publish();
  await clock.advance(300);
  assert.deepEqual(disk.position, { epoch: "e1", seq: 0 });
  bridge.renew("e2");
  bridge.publish();
  await clock.advance(300);
  assert.deepEqual(disk.position, { epoch: "e2", seq: 1 });
  consumer.deliveries[0]?.done();
  bridge.restore("e1");
  for (let times = 0; times < 10; times++) {
    bridge.publish({ lose: times > 0 });
    bridge.say(eventMessage("e1", 3));
    await clock.advance(300);
  }
  assert.deepEqual(consumer.got.slice(0, 5), [...seqs(1, 2), "epoch e1/3-", "e2/1", "epoch e2/2-"]);
  assert.deepEqual(consumer.got.slice(5, 8), seqs(3, 5));
  assert.equal(disk.position?.epoch, "e1");
});

test("an old event of the journal before does not bring it back", async () => {
  const { bridge, clock, consume } = setting();
  const consumer = consume();
  await clock.advance(200);
  bridge.publish();
  await idle();
  bridge.renew("e2");
  bridge.publish();
  await clock.advance(10);
  bridge.say(eventMessage("e1", 2));
  bridge.publish();
  await clock.advance(10);
  assert.deepEqual(consumer.got, ["e1/1", "epoch e1/2-", "e2/1", "e2/2"]);
});

test("only this account's events and topics come, and the others count as done", async () => {
  const { bridge, clock, disk, consume } = setting();
  const consumer = consume({ account: "mine", patterns: ["qq.group.*", "qq.private.*"] });
  await clock.advance(200);
  bridge.publish({ account: "mine" });
  bridge.publish({ account: "other" });
  bridge.publish({ account: "mine", topic: "qq.meta.10001.heartbeat" });
  bridge.publish({ account: "mine", lose: true, topic: "qq.private.1.message.friend" });
  bridge.publish({ account: "other" });
  await clock.advance(500);
  assert.deepEqual(consumer.got, ["e1/1", "e1/4"]);
  assert.deepEqual(disk.position, { epoch: "e1", seq: 5 });
  assert.deepEqual(bridge.asked[0]?.["topics"], ["qq.group.*", "qq.private.*"]);
});

test("the position is behind the first that is not done", async () => {
  const { bridge, clock, disk, consume } = setting();
  const consumer = consume({ keep: () => false });
  await clock.advance(200);
  for (let times = 0; times < 4; times++) bridge.publish();
  await clock.advance(300);
  assert.deepEqual(disk.position, { epoch: "e1", seq: 0 });
  for (const [at, position] of [
    [2, 0],
    [0, 1],
    [1, 3],
    [1, 3],
    [3, 4],
  ] as const) {
    consumer.deliveries[at]?.done();
    await clock.advance(300);
    assert.equal(disk.position?.seq, position);
  }
});

test("the next waits while as many as the window has are at work", async () => {
  const { bridge, clock, consume } = setting();
  const consumer = consume({ window: 2, keep: () => false });
  await clock.advance(200);
  for (let times = 0; times < 5; times++) bridge.publish();
  await clock.advance(100);
  assert.deepEqual(consumer.got, seqs(1, 2));
  consumer.deliveries[1]?.done();
  await clock.advance(0);
  assert.deepEqual(consumer.got, seqs(1, 3));
  consumer.stop();
  assert.equal(await consumer.ended, undefined);
});

test("a consumer that is slower than the bridge gets all of it, from the journal", async () => {
  const { bridge, clock, consume } = setting();
  const consumer = consume();
  await clock.advance(200);
  bridge.publish();
  consumer.pause();
  await idle();
  for (let times = 0; times < 20_000; times++) bridge.publish();
  consumer.resume();
  let most = 0;
  for (let turns = 0; consumer.got.length < 20_001 && turns < 20_000; turns++) {
    const before = consumer.got.length;
    await new Promise(setImmediate);
    most = Math.max(most, consumer.got.length - before);
  }
  assert.ok(most <= 64, `others have their turn after ${most}`);
  await clock.advance(5000);
  assert.deepEqual(consumer.got, seqs(1, 20_001));
  assert.ok(bridge.asked.length > 10, "more came than is kept in memory");
});

test("what is no event is told, and passed over wherever it is", async () => {
  const { bridge, clock, consume } = setting();
  const consumer = consume();
  await clock.advance(200);
  bridge.say(Buffer.from("noise"));
  bridge.publish({ topic: "qq.gr oup.1" });
  bridge.publish();
  await clock.advance(100);
  assert.deepEqual(consumer.got, ["e1/2"]);
  assert.match(consumer.told.join("\n"), /passed over: .*5 bytes[\s\S]*passed over in the journal/);
});

test("positions are saved at once, then not more often than is said, and at the end", async () => {
  const { bridge, clock, disk, consume } = setting();
  const consumer = consume({ saveEvery: 1000 });
  await clock.advance(2000);
  disk.writes = 0;
  for (let times = 0; times < 50; times++) {
    bridge.publish();
    await clock.advance(10);
  }
  assert.equal(disk.writes, 1);
  await clock.advance(600);
  assert.deepEqual([disk.writes, disk.position?.seq], [2, 50]);
  await clock.advance(60_000);
  assert.equal(disk.writes, 2, "there was nothing to save");
  bridge.publish();
  await idle();
  consumer.stop();
  await consumer.ended;
  assert.deepEqual([disk.writes, disk.position?.seq], [3, 51]);
  await clock.advance(60_000);
  assert.equal(disk.writes, 3);
});

test("where it begins is kept before anything is handed on", async () => {
  for (let rounds = 0; rounds < 12; rounds++) {
    const { bridge, clock, consume } = setting();
    const consumer = consume({ keep: () => false });
    for (let round = 0; round < rounds; round++) await new Promise(setImmediate);
    bridge.publish();
    await clock.advance(rounds);
    const { got } = consumer;
    consumer.kill();
    const next = consume();
    await clock.advance(3000);
    assert.deepEqual(next.got, got, `published after ${rounds} rounds`);
  }
});

test("what nobody wants is done page by page", async () => {
  const { bridge, clock, disk, consume } = setting();
  disk.position = { epoch: "e1", seq: 0 };
  bridge.pageSize = 2;
  for (let times = 0; times < 9; times++) bridge.publish({ account: "other" });
  bridge.forget(7);
  const consumer = consume({ account: "mine", keep: () => false });
  await clock.advance(1000);
  assert.deepEqual([consumer.got, disk.position?.seq], [["lost e1/7-7"], 6]);
});

test("a page that leads nowhere is asked for again, but not in haste", async () => {
  const { bridge, clock, disk, consume } = setting();
  disk.position = { epoch: "e1", seq: 0 };
  bridge.publish();
  bridge.pageSize = 0;
  const consumer = consume();
  for (let times = 0; times < 50; times++) await idle();
  assert.equal(bridge.asked.length, 1);
  await clock.advance(1000);
  assert.ok(bridge.asked.length > 5 && bridge.asked.length <= 21, String(bridge.asked.length));
  bridge.pageSize = 1;
  await clock.advance(100);
  assert.deepEqual(consumer.got, ["e1/1"]);
});

test("what is done after the end counts, too", async () => {
  const { bridge, clock, disk, consume } = setting();
  const consumer = consume({ keep: () => false });
  await clock.advance(200);
  bridge.publish();
  await idle();
  consumer.stop();
  await consumer.ended;
  consumer.deliveries[0]?.done();
  await idle();
  assert.deepEqual(disk.position, { epoch: "e1", seq: 1 });
});

test("a disk that cannot be written is told once, and got over", async () => {
  const { bridge, clock, disk, consume } = setting();
  const consumer = consume();
  await clock.advance(300);
  disk.broken = true;
  for (let times = 0; times < 5; times++) {
    bridge.publish();
    await clock.advance(6000);
  }
  assert.equal(consumer.told.filter((text) => /cannot be saved.*no space/.test(text)).length, 1);
  disk.broken = false;
  await clock.advance(6000);
  assert.deepEqual(disk.position, { epoch: "e1", seq: 5 });
  disk.broken = true;
  bridge.publish();
  await idle();
  consumer.stop();
  assert.equal(await consumer.ended, undefined, "the end does not wait for the disk");
});

test("a signal ends it wherever it waits", async () => {
  for (const wait of ["live", "away", "begun"] as const) {
    const { bridge, clock, consume } = setting();
    if (wait === "away") bridge.down();
    const consumer = consume();
    if (wait !== "begun") await clock.advance(500);
    consumer.stop();
    assert.equal(await consumer.ended, undefined);
  }
});

test("a pattern that is none is told at once", () => {
  assert.throws(() => setting().consume({ patterns: ["qq.gr*"] }), /token 2/);
});

// ---- whatever happens ------------------------------------------------------------------

/** Numbers that are random and the same each time. */
function random(seed: number): (below: number) => number {
  let state = seed * 2654435761 + 1;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    return (state >>> 8) % below;
  };
}

/** A life of a consumer has to be without hole and in order; `done` names what was saved as done before. */
function checkLife(got: readonly string[], begin: number): number {
  let last = begin;
  for (const name of got) {
    const seq = Number(name.split("/")[1]);
    assert.equal(seq, last + 1, `${name} after ${last}`);
    last = seq;
  }
  return last;
}

for (let seed = 1; seed <= 40; seed++) {
  test(`losses, restarts and kills at any point lose and repeat nothing (${seed})`, async () => {
    const { bridge, clock, disk, consume } = setting();
    const below = random(seed);
    bridge.pageSize = 1 + below(5);
    disk.position = { epoch: "e1", seq: 0 };
    const work: Delivery[] = [];
    const done = new Set<string>();
    const fresh = () =>
      consume({ keep: (delivery) => void work.push(delivery) as never, window: 8 });
    const finish = (delivery: Delivery): void => {
      done.add(nameOf(delivery));
      delivery.done();
    };
    let begin = 0;
    let consumer = fresh();
    const reborn = (): void => {
      checkLife(consumer.got, begin);
      begin = disk.position?.seq ?? 0;
      for (let seq = 1; seq <= begin; seq++) assert.ok(done.has(`e1/${seq}`), `${seq} is saved`);
      work.length = 0;
      consumer = fresh();
    };
    for (let step = 0; step < 200; step++) {
      const what = below(100);
      if (what < 45) bridge.publish({ lose: below(3) === 0 });
      else if (what < 50) bridge.down();
      else if (what < 58) bridge.up();
      else if (what < 80 && work.length > 0)
        finish(work.splice(below(work.length), 1)[0] as Delivery);
      else if (what < 84) {
        consumer.kill();
        reborn();
      } else if (what < 86) {
        consumer.stop();
        await clock.advance(20);
        reborn();
      } else await clock.advance(below(3) === 0 ? 3000 : below(300));
      for (let rounds = below(4); rounds > 0; rounds--) await new Promise(setImmediate);
    }
    bridge.up();
    for (let times = 0; times < 60; times++) {
      for (const delivery of work.splice(0)) finish(delivery);
      await clock.advance(500);
    }
    assert.equal(checkLife(consumer.got, begin), bridge.newest());
    assert.deepEqual(disk.position, { epoch: "e1", seq: bridge.newest() });
    assert.equal(done.size, bridge.newest());
    consumer.stop();
    assert.equal(await consumer.ended, undefined);
  });
}
