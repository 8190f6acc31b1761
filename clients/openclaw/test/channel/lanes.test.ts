import assert from "node:assert/strict";
import { test } from "node:test";
import { createLanes } from "../../src/channel/lanes.ts";

const limits = { perLane: 3, total: 4 };

function gate(): { open: () => void; wait: Promise<void> } {
  let open = (): void => undefined;
  const wait = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, wait };
}

const turned = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("a lane keeps its order, others pass it by", async () => {
  const lanes = createLanes(limits);
  const seen: string[] = [];
  const first = gate();
  await lanes.push("a", async () => {
    await first.wait;
    seen.push("a1");
  });
  await lanes.push("a", async () => void seen.push("a2"));
  await lanes.push("b", async () => void seen.push("b1"));
  await turned();
  assert.deepEqual(seen, ["b1"]);
  first.open();
  await lanes.idle();
  assert.deepEqual(seen, ["b1", "a1", "a2"]);
});

test("released work goes on while the next of its lane begins", async () => {
  const lanes = createLanes(limits);
  const seen: string[] = [];
  const first = gate();
  await lanes.push("a", async ({ release }) => {
    release();
    await first.wait;
    seen.push("a1");
  });
  await lanes.push("a", async () => void seen.push("a2"));
  await turned();
  assert.deepEqual(seen, ["a2"]);
  first.open();
  await lanes.idle();
  assert.deepEqual(seen, ["a2", "a1"]);
});

test("work that fails does not stop its lane", async () => {
  const lanes = createLanes(limits);
  const seen: string[] = [];
  await lanes.push("a", async () => {
    throw new Error("broken");
  });
  await lanes.push("a", async () => void seen.push("a2"));
  await lanes.idle();
  assert.deepEqual(seen, ["a2"]);
});

test("a full lane, and full lanes, make the giver wait", async () => {
  const lanes = createLanes(limits);
  const held = gate();
  for (let i = 0; i < 3; i++) await lanes.push("a", () => held.wait);
  let accepted = false;
  const fourth = lanes
    .push("a", async () => undefined)
    .then(() => {
      accepted = true;
    });
  await lanes.push("b", () => held.wait);
  let other = false;
  const fifth = lanes
    .push("c", async () => undefined)
    .then(() => {
      other = true;
    });
  await turned();
  assert.deepEqual([accepted, other], [false, false]);
  held.open();
  await Promise.all([fourth, fifth]);
  await lanes.idle();
});
