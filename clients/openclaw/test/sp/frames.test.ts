import assert from "node:assert/strict";
import { test } from "node:test";
import {
  createFrameReader,
  FrameError,
  type Framing,
  frameHeader,
  handshake,
} from "../../src/sp/frames.ts";
import { REQ, type Role, SUB } from "../../src/sp/protocol.ts";

const MOST = 1000;
const PUB_SAYS = bytes("0053500000200000");
const FRAMINGS: readonly Framing[] = ["tcp", "ipc"];

function bytes(hex: string): Buffer {
  return Buffer.from(hex, "hex");
}

function frame(framing: Framing, message: Uint8Array): Buffer {
  return Buffer.concat([frameHeader(framing, message.length), message]);
}

/** What is read from these chunks, in hex; "shake" for the handshake. */
function readAll(framing: Framing, chunks: readonly Uint8Array[], role: Role = SUB): string[] {
  const read: string[] = [];
  const reader = createFrameReader(framing, role, MOST, {
    onHandshake: () => read.push("shake"),
    onMessage: (message) => read.push(Buffer.from(message).toString("hex")),
  });
  for (const chunk of chunks) reader.push(chunk);
  return read;
}

test("we say what NNG's sockets say", () => {
  assert.deepEqual(Buffer.from(handshake(SUB)), bytes("0053500000210000"));
  assert.deepEqual(Buffer.from(handshake(REQ)), bytes("0053500000300000"));
  assert.deepEqual(Buffer.from(frameHeader("tcp", 0x1234)), bytes("0000000000001234"));
  assert.deepEqual(Buffer.from(frameHeader("ipc", 0)), bytes("010000000000000000"));
  assert.deepEqual(Buffer.from(frameHeader("tcp", 2 ** 33)), bytes("0000000200000000"));
});

for (const framing of FRAMINGS) {
  const messages = [Buffer.from("hello"), Buffer.alloc(0), Buffer.alloc(MOST, 7)];
  const stream = Buffer.concat([PUB_SAYS, ...messages.map((each) => frame(framing, each))]);
  const expected = ["shake", ...messages.map((each) => each.toString("hex"))];

  test(`${framing}: messages are the same wherever the stream is cut`, () => {
    for (let at = 0; at <= stream.length; at++) {
      assert.deepEqual(readAll(framing, [stream.subarray(0, at), stream.subarray(at)]), expected);
    }
    const single = Array.from(stream, (byte) => Uint8Array.of(byte));
    assert.deepEqual(readAll(framing, single), expected);
  });

  test(`${framing}: random messages come through random chunks`, () => {
    const random = seeded(20_240_601);
    for (let round = 0; round < 300; round++) {
      const sent = Array.from({ length: random(20) }, () =>
        Buffer.alloc(random(MOST + 1), random(256)),
      );
      const all = Buffer.concat([PUB_SAYS, ...sent.map((each) => frame(framing, each))]);
      const read = readAll(framing, cut(all, random));
      assert.deepEqual(read, ["shake", ...sent.map((each) => each.toString("hex"))]);
    }
  });

  test(`${framing}: random bytes are refused or waited for, and nothing else happens`, () => {
    const random = seeded(7);
    for (let round = 0; round < 2000; round++) {
      const noise = Buffer.from(Array.from({ length: random(64) }, () => random(256)));
      const start = random(2) === 0 ? PUB_SAYS : Buffer.alloc(0);
      try {
        readAll(framing, cut(Buffer.concat([start, noise]), random));
      } catch (error) {
        assert.ok(error instanceof FrameError, String(error));
      }
    }
  });
}

/** From 0 to below `limit`, the same in each run. */
function seeded(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

function cut(all: Buffer, random: (limit: number) => number): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < all.length; ) {
    const size = 1 + random(random(8) === 0 ? 2000 : 12);
    chunks.push(all.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

const REFUSED: readonly (readonly [string, Framing, string, RegExp])[] = [
  ["another protocol", "tcp", "485454502f312e31", /does not speak SP/],
  ["SP of another version", "tcp", "0053500100200000", /does not speak SP/],
  ["a reserved word that is set", "tcp", "0053500000200001", /does not speak SP/],
  ["a REP socket", "tcp", "0053500000310000", /is a REP socket, not PUB: .* mixed up/],
  ["another SUB", "ipc", "0053500000210000", /is a SUB socket, not PUB/],
  ["a socket that is not known", "ipc", "0053500012340000", /protocol 0x1234 socket/],
  ["one byte too many", "tcp", "0053500000200000 00000000000003e9", /1001 bytes; 1000 are allowed/],
  ["2^53 bytes and one", "tcp", "0053500000200000 0020000000000001", /9007199254740993 bytes/],
  [
    "the longest of all",
    "ipc",
    "0053500000200000 01ffffffffffffffff",
    /18446744073709551615 bytes/,
  ],
  ["a frame of another type", "ipc", "0053500000200000 020000000000000001", /type 2; allowed: 1/],
];

for (const [what, framing, hex, why] of REFUSED) {
  test(`${what} is refused before anything of it is kept`, () => {
    const stream = bytes(hex.replaceAll(" ", ""));
    assert.throws(() => readAll(framing, [stream]), { name: "FrameError", message: why });
    assert.throws(
      () =>
        readAll(
          framing,
          Array.from(stream, (byte) => Uint8Array.of(byte)),
        ),
      FrameError,
    );
  });
}

test("who is told and throws loses no message that comes after", () => {
  const read: string[] = [];
  const reader = createFrameReader("tcp", SUB, MOST, {
    onHandshake: () => {},
    onMessage: (message) => {
      read.push(Buffer.from(message).toString());
      if (read.length === 1) throw new Error("mine");
    },
  });
  const both = [frame("tcp", Buffer.from("one")), frame("tcp", Buffer.from("two"))];
  assert.throws(() => reader.push(Buffer.concat([PUB_SAYS, ...both])), /mine/);
  reader.push(frame("tcp", Buffer.from("three")));
  assert.deepEqual(read, ["one", "two", "three"]);
});
