import assert from "node:assert/strict";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openJournal } from "../../src/channel/journal.ts";

async function file(): Promise<string> {
  return join(await mkdtemp(join(tmpdir(), "journal-")), "default.json");
}

test("a new one knows nothing", async () => {
  const journal = await openJournal(await file());
  assert.equal(await journal.load(), undefined);
  assert.equal(journal.has("k"), false);
});

test("position and what was dealt with are there after a restart, what failed is not", async () => {
  const path = await file();
  const before = await openJournal(path);
  await before.save({ epoch: "e", seq: 7 });
  assert.equal(await before.once("done", async () => true), true);
  assert.equal(await before.once("left", async () => false), false);
  await assert.rejects(before.once("failed", () => Promise.reject(new Error("broken"))));
  const after = await openJournal(path);
  assert.deepEqual(await after.load(), { epoch: "e", seq: 7 });
  assert.deepEqual(["done", "left", "failed"].map(after.has), [true, false, false]);
});

test("what was dealt with is not dealt with again", async () => {
  const journal = await openJournal(await file());
  let worked = 0;
  const work = async (): Promise<boolean> => ++worked > 0;
  await journal.once("k", work);
  assert.equal(await journal.once("k", work), true);
  assert.equal(worked, 1);
});

test("a second delivery waits for the first, and takes over only if that gave up", async () => {
  const journal = await openJournal(await file());
  for (const first of [true, false]) {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    let again = 0;
    const one = journal.once(`k${first}`, () => promise);
    const two = journal.once(`k${first}`, async () => ++again > 0);
    resolve(first);
    assert.deepEqual([await one, await two, again], [first, true, first ? 0 : 1]);
  }
});

test("a write that is asked for while another runs is not lost", async () => {
  const path = await file();
  const journal = await openJournal(path);
  await Promise.all([1, 2, 3, 4].map((seq) => journal.save({ epoch: "e", seq })));
  assert.deepEqual(JSON.parse(await readFile(path, "utf8")).position, { epoch: "e", seq: 4 });
});

test("it remembers a bounded number, the newest", async () => {
  const journal = await openJournal(await file());
  const all = Array.from({ length: 520 }, (_, i) => journal.once(`k${i}`, async () => true));
  await Promise.all(all);
  assert.equal(journal.has("k0"), false);
  assert.equal(journal.has("k519"), true);
});

test("a file that nobody can read is as good as none", async () => {
  const path = await file();
  await writeFile(path, "{broken");
  const journal = await openJournal(path);
  assert.equal(await journal.load(), undefined);
  await journal.once("k", async () => true);
  assert.equal((await openJournal(path)).has("k"), true);
});
