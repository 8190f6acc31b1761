import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { filePosition } from "../../src/bus/position.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "position-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function store(account = "default", bridge = "tcp://127.0.0.1:7710") {
  const told: string[] = [];
  const onTrouble = (text: string) => void told.push(text);
  return { told, ...filePosition({ folder: join(folder, "a", "b"), account, bridge, onTrouble }) };
}

test("what is saved is there for the next, in a file for its owner alone", async () => {
  const { save, file } = store();
  await save({ epoch: "e1", seq: 41 });
  await save({ epoch: "e1", seq: 42 });
  const next = store();
  assert.deepEqual(await next.load(), { epoch: "e1", seq: 42 });
  assert.deepEqual(next.told, []);
  assert.equal(readFileSync(file, "utf8"), '{"epoch":"e1","seq":42}\n');
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal(readdirSync(join(folder, "a", "b")).length, 1);
});

test("a file that is not there is no trouble", async () => {
  const { load, told } = store();
  assert.equal(await load(), undefined);
  assert.deepEqual(told, []);
});

const DAMAGED = [
  "",
  "{",
  "null",
  "[]",
  '{"epoch":"e1"}',
  '{"epoch":"","seq":1}',
  '{"epoch":"e1","seq":-1}',
  '{"epoch":"e1","seq":1.5}',
  '{"epoch":"e1","seq":"1"}',
  "\0".repeat(500),
];

for (const text of DAMAGED) {
  test(`a file with ${JSON.stringify(text.slice(0, 24))} is told, and replaced by the next save`, async () => {
    const { load, save, told, file } = store();
    await save({ epoch: "e1", seq: 1 });
    writeFileSync(file, text);
    assert.equal(await load(), undefined);
    assert.equal(told.length, 1);
    assert.ok(told[0]?.startsWith(`${file}: no position`) && told[0].length < file.length + 500);
    await save({ epoch: "e1", seq: 2 });
    assert.deepEqual(await load(), { epoch: "e1", seq: 2 });
  });
}

test("a file that cannot be read is told", async () => {
  const { load, file, told } = store();
  await mkdir(file, { recursive: true });
  assert.equal(await load(), undefined);
  assert.match(told.join(), /cannot be read.*EISDIR/);
});

test("a half-written draft of a crash is no matter", async () => {
  const { save, load, file } = store();
  await save({ epoch: "e1", seq: 1 });
  writeFileSync(`${file}.new`, '{"epo');
  assert.deepEqual(await load(), { epoch: "e1", seq: 1 });
  await save({ epoch: "e1", seq: 2 });
  assert.deepEqual(await load(), { epoch: "e1", seq: 2 });
});

test("a save that fails says so, and leaves what was", async () => {
  const { save, load, file } = store();
  await save({ epoch: "e1", seq: 1 });
  await mkdir(`${file}.new`);
  await assert.rejects(save({ epoch: "e1", seq: 2 }), /EISDIR/);
  assert.deepEqual(await load(), { epoch: "e1", seq: 1 });
});

test("each account and each bridge has its own", async () => {
  const stores = [
    store("default"),
    store("../default/二"),
    store("default", "ipc:///run/onebus/events"),
  ];
  for (const [at, { save }] of stores.entries()) await save({ epoch: "e1", seq: at });
  for (const [at, { load }] of stores.entries()) assert.equal((await load())?.seq, at);
  assert.equal(readdirSync(join(folder, "a", "b")).length, 3);
});
