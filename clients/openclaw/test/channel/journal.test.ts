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

test("position and what was dealt with are there after a restart, what was begun is not", async () => {
  const path = await file();
  const before = await openJournal(path);
  before.begin("begun");
  before.begin("done");
  assert.equal(before.has("begun"), true);
  await before.save({ epoch: "e", seq: 7 });
  await before.finish("done");
  const after = await openJournal(path);
  assert.deepEqual(await after.load(), { epoch: "e", seq: 7 });
  assert.equal(after.has("done"), true);
  assert.equal(after.has("begun"), false);
});

test("a write that is asked for while another runs is not lost", async () => {
  const path = await file();
  const journal = await openJournal(path);
  await Promise.all([1, 2, 3, 4].map((seq) => journal.save({ epoch: "e", seq })));
  assert.deepEqual(JSON.parse(await readFile(path, "utf8")).position, { epoch: "e", seq: 4 });
});

test("it remembers a bounded number, the newest", async () => {
  const journal = await openJournal(await file());
  const all = Array.from({ length: 520 }, (_, i) => journal.finish(`k${i}`));
  await Promise.all(all);
  assert.equal(journal.has("k0"), false);
  assert.equal(journal.has("k519"), true);
});

test("a file that nobody can read is as good as none", async () => {
  const path = await file();
  await writeFile(path, "{broken");
  const journal = await openJournal(path);
  assert.equal(await journal.load(), undefined);
  await journal.finish("k");
  assert.equal((await openJournal(path)).has("k"), true);
});
