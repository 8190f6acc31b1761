import assert from "node:assert/strict";
import { test } from "node:test";
import { createDialer, pauseAfter } from "../../src/sp/dialer.ts";
import type { DialOptions } from "../../src/sp/pipe.ts";
import { SUB } from "../../src/sp/protocol.ts";
import { handPipes } from "./hand-pipe.ts";
import { turnedClock } from "./turned-clock.ts";

function dialling(options: Partial<DialOptions> = {}) {
  const clock = turnedClock();
  const pipes = handPipes();
  const told: string[] = [];
  const dialer = createDialer(
    SUB,
    { url: "ws://h:1/events?token=hush", ...options },
    {
      onOpen: () => told.push("up"),
      onMessage: () => told.push("message"),
      onDown: (reason) => told.push(reason.message),
    },
    { clock, connect: pipes.connect },
  );
  return { clock, pipes, told, dialer };
}

test("pauses grow up to a limit, and half of each is chance", () => {
  const backoff = { first: 200, factor: 2, max: 5000 };
  const whole = [0, 1, 2, 3, 4, 5, 6, 7, 1e9].map((tries) => pauseAfter(tries, backoff, 1));
  assert.deepEqual(whole, [200, 200, 400, 800, 1600, 3200, 5000, 5000, 5000]);
  assert.equal(pauseAfter(3, backoff, 0), 400);
});

test("it dials for ever, with growing pauses", () => {
  const { clock, pipes, told } = dialling();
  const pauses: number[] = [];
  for (let dial = 0; dial < 50; dial++) {
    pipes.last.fail("nobody listens there");
    pauses.push(...clock.due);
    clock.turn(clock.due[0] ?? 0);
  }
  assert.deepEqual(pauses.slice(0, 8), [150, 300, 600, 1200, 2400, 3750, 3750, 3750]);
  assert.equal(pauses.length, 50);
  assert.equal(pipes.dials.length, 51);
  assert.equal(told[0], "ws://h:1/events?…: nobody listens there");
});

test("after a good connection it is there again soon, after one that ended at once it is not", () => {
  const { clock, pipes } = dialling();
  for (let dial = 0; dial < 5; dial++) {
    pipes.last.open();
    pipes.last.fail("closed at once");
    clock.turn(clock.due[0] ?? 0);
  }
  pipes.last.open();
  clock.turn(2999);
  pipes.last.fail("closed");
  assert.deepEqual(clock.due, [3750]);
  clock.turn(3750);
  pipes.last.open();
  clock.turn(3000);
  pipes.last.fail("closed");
  assert.deepEqual(clock.due, [150]);
});

test("one that is ended tells nothing and dials no more", () => {
  const { clock, pipes, told, dialer } = dialling();
  pipes.last.open();
  dialer.close();
  dialer.close();
  assert.ok(pipes.last.isClosed);
  pipes.last.fail("closed");
  assert.deepEqual([told, clock.due], [["up"], []]);
});

test("one that is ended while it waits dials no more", () => {
  const { clock, pipes, dialer } = dialling();
  pipes.last.fail("nobody listens there");
  dialer.close();
  clock.turn(60_000);
  assert.equal(pipes.dials.length, 1);
});

test("it may be ended by who is told that it is down", () => {
  const clock = turnedClock();
  const pipes = handPipes();
  const dialer = createDialer(
    SUB,
    { url: "tcp://h:1" },
    { onOpen: () => {}, onMessage: () => {}, onDown: () => dialer.close() },
    { clock, connect: pipes.connect },
  );
  pipes.last.fail("nobody listens there");
  assert.deepEqual(clock.due, []);
});

test("an address that is none is told at once", () => {
  assert.throws(() => dialling({ url: "tcp://h" }), { code: "SP_ADDRESS" });
});

const CANNOT_DIAL: readonly (readonly [DialOptions, RegExp])[] = [
  [
    { url: "ws://127.0.0.1:1/", token: "hu\nsh" },
    /the token has characters that no header may have/,
  ],
  [{ url: "tls+tcp://127.0.0.1:1", cert: "hush", key: "hush" }, /is no PEM/],
  [{ url: "wss://127.0.0.1:1/", cert: "hush", key: "hush" }, /is no PEM/],
];

for (const [options, why] of CANNOT_DIAL) {
  test(`with ${options.url} and nonsense it goes on, and says what is wrong: ${why.source}`, async () => {
    const clock = turnedClock();
    const reasons: string[] = [];
    const down = Promise.withResolvers<void>();
    const onDown = (reason: Error) => {
      reasons.push(reason.message);
      down.resolve();
    };
    const dialer = createDialer(
      SUB,
      options,
      { onOpen: () => {}, onMessage: () => {}, onDown },
      { clock },
    );
    await down.promise;
    assert.match(reasons[0] ?? "", why);
    assert.doesNotMatch(reasons[0] ?? "", /hu\n?sh/);
    assert.deepEqual(clock.due, [150]);
    dialer.close();
  });
}
