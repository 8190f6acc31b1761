import assert from "node:assert/strict";
import { test } from "node:test";
import { type SubOptions, subscribe } from "../../src/sp/sub.ts";
import { handPipes } from "./hand-pipe.ts";
import { turnedClock } from "./turned-clock.ts";

function listening(options: Partial<SubOptions> = {}) {
  const clock = turnedClock();
  const pipes = handPipes();
  const heard: string[] = [];
  const sub = subscribe(
    {
      url: "tcp://h:1",
      onMessage: (message) => heard.push(Buffer.from(message).toString()),
      ...options,
    },
    { clock, connect: pipes.connect },
  );
  return { clock, pipes, heard, sub };
}

const SAID = ["", "qq", "qq.group.1", "qq.group.12", "qq.grou", "群.1", "q"];

const WANTED: readonly (readonly [SubOptions["prefixes"], readonly string[]])[] = [
  [undefined, SAID],
  [[""], SAID],
  [[], []],
  [["qq.group.1"], ["qq.group.1", "qq.group.12"]],
  [
    ["qq.group.12", "群"],
    ["qq.group.12", "群.1"],
  ],
  [[Buffer.from("群").subarray(0, 1)], ["群.1"]],
  [["none"], []],
];

for (const [prefixes, expected] of WANTED) {
  test(`of ${JSON.stringify(prefixes)} what begins so is heard`, () => {
    const { pipes, heard } = listening({ prefixes });
    pipes.last.open();
    for (const each of SAID) pipes.last.say(Buffer.from(each));
    assert.deepEqual(heard, expected);
  });
}

test("a pause holds for the connections that come", () => {
  const { clock, pipes, sub } = listening();
  sub.pause();
  pipes.last.open();
  assert.equal(pipes.last.isPaused, true);
  pipes.last.fail("closed");
  clock.turn(1000);
  pipes.last.open();
  assert.equal(pipes.last.isPaused, true);
  sub.resume();
  assert.equal(pipes.last.isPaused, false);
  sub.pause();
  assert.equal(pipes.last.isPaused, true);
});

test("up and down are told, until the end", () => {
  const told: string[] = [];
  const { clock, pipes, sub } = listening({
    onUp: () => told.push("up"),
    onDown: (reason) => told.push(reason.message),
  });
  pipes.last.fail("nobody listens there");
  assert.equal(sub.isUp, false);
  clock.turn(1000);
  pipes.last.open();
  assert.equal(sub.isUp, true);
  sub.close();
  assert.equal(sub.isUp, false);
  pipes.last.fail("closed");
  assert.deepEqual(told, ["tcp://h:1: nobody listens there", "up"]);
});
