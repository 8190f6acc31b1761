import assert from "node:assert/strict";
import { test } from "node:test";
import { createProgress, type Progress } from "../../src/bus/progress.ts";

/** A progress, and how far it has said that all is done. */
function watched(): { progress: Progress; reached(): number[] } {
  const seen: number[] = [];
  const progress = createProgress(({ seq }) => seen.push(seq));
  return { progress, reached: () => seen.splice(0) };
}

const at = (seq: number, epoch = "e1") => ({ epoch, seq });

test("everything up to the first that is not done is done", () => {
  const { progress, reached } = watched();
  const ends = [1, 2, 3, 4].map((seq) => progress.begin(at(seq)));
  ends[1]?.();
  ends[3]?.();
  assert.deepEqual([reached(), progress.open], [[], 2]);
  ends[0]?.();
  assert.deepEqual([reached(), progress.open], [[2], 1]);
  ends[2]?.();
  assert.deepEqual([reached(), progress.open], [[4], 0]);
});

test("done twice is done once", () => {
  const { progress, reached } = watched();
  const end = progress.begin(at(1));
  progress.begin(at(2));
  end();
  end();
  assert.deepEqual([reached(), progress.open], [[1], 1]);
});

test("what is passed over counts as soon as what is before it is done", () => {
  const { progress, reached } = watched();
  progress.pass(at(3));
  const end = progress.begin(at(4));
  progress.pass(at(6));
  progress.pass(at(9));
  assert.deepEqual(reached(), [3]);
  end();
  assert.deepEqual(reached(), [9]);
});

test("work of another journal holds nothing up", () => {
  const { progress, reached } = watched();
  const old = progress.begin(at(7));
  progress.restart();
  const end = progress.begin(at(0, "e2"));
  old();
  assert.deepEqual([reached(), progress.open], [[], 1]);
  end();
  assert.deepEqual([reached(), progress.open], [[0], 0]);
});

test("thousands that are done behind one that is not are kept short, and none is forgotten", () => {
  const { progress, reached } = watched();
  const first = progress.begin(at(1));
  const begun = performance.now();
  for (let seq = 2; seq <= 200_000; seq++) progress.begin(at(seq))();
  const last = progress.begin(at(200_001));
  assert.ok(performance.now() - begun < 5000, "it gets slower and slower");
  first();
  assert.deepEqual(reached(), [200_000]);
  last();
  assert.deepEqual(reached(), [200_001]);
});
