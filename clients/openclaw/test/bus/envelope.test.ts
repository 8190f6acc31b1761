import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { decodeEnvelope, MalformedMessage } from "../../src/bus/envelope.ts";
import { pack } from "../../src/bus/packing.ts";

const EXAMPLES = new URL("../../../../schema/examples/", import.meta.url);

/** JSON with integers that are exact. */
function parse(text: string): Record<string, unknown> {
  const exact = (_key: string, value: unknown, context?: { source?: string }) =>
    typeof value === "number" && !Number.isSafeInteger(value) && Number.isInteger(value)
      ? BigInt(context?.source ?? "")
      : value;
  return JSON.parse(text, exact);
}

function message(topic: string, envelope: unknown): Uint8Array {
  return Buffer.concat([Buffer.from(topic), Buffer.of(0), pack(envelope)]);
}

const GOOD = {
  v: 1,
  epoch: "0123456789abcdef",
  seq: 1,
  time: 1_786_700_000_000,
  account: "default",
  self_id: 10001,
  peer: "NapCat.Onebot/4.8.0",
  origin: "live",
  type: "notice.notify.poke",
  key: "notice:1",
  event: { post_type: "notice" },
};

const examples = readdirSync(EXAMPLES).filter((name) => name.endsWith(".json"));
assert.ok(examples.length > 20);

for (const name of examples) {
  test(`the golden example ${name} is read as it stands`, () => {
    const example = parse(readFileSync(new URL(name, EXAMPLES), "utf8"));
    const envelope = example["envelope"] as Record<string, unknown>;
    const topic = String(example["topic"]);
    const read = decodeEnvelope(message(topic, envelope));
    assert.deepEqual(read, { topic, peer: "", ...envelope });
  });
}

test("integers are numbers where they are exact, else bigints", () => {
  const event = {
    small: 7,
    below: -1,
    long: 2 ** 32,
    longest: Number.MAX_SAFE_INTEGER,
    least: Number.MIN_SAFE_INTEGER,
    beyond: 2n ** 53n + 1n,
    most: 2n ** 64n - 1n,
    floor: -(2n ** 63n),
    half: 0.5,
    list: [2n ** 60n, { deep: 2 ** 40 }],
  };
  assert.deepEqual(decodeEnvelope(message("qq.x", { ...GOOD, event })).event, event);
});

test("what the peer's name, the text and new keys are is no matter", () => {
  const { peer, ...rest } = GOOD;
  const read = decodeEnvelope(message("qq.x.y", { ...rest, text: 5, newer: { a: 1 } }));
  assert.deepEqual(read, { topic: "qq.x.y", ...rest, peer: "" });
  assert.equal(peer, "NapCat.Onebot/4.8.0");
});

test("a policy has what the group's settings say", () => {
  const policy = {
    allowed: true,
    respond: false,
    mentioned: true,
    reason: "open",
    from_bot: true,
    system_prompt: "Be brief.",
    skills: ["weather"],
    tools: { allow: ["send_*"], deny: ["send_like"] },
  };
  assert.deepEqual(decodeEnvelope(message("qq.x", { ...GOOD, policy })).policy, policy);
});

test("a verdict that is none allows nothing", () => {
  const policy = { allowed: "yes", respond: 1, skills: [1], tools: { allow: "x" } };
  assert.deepEqual(decodeEnvelope(message("qq.x", { ...GOOD, policy })).policy, {
    allowed: false,
    respond: false,
    mentioned: false,
    reason: "",
    tools: {},
  });
});

const without = (key: string) =>
  Object.fromEntries(Object.entries(GOOD).filter(([name]) => name !== key));

const WRONG: [what: string, bytes: Uint8Array, told: RegExp][] = [
  ["no bytes", Buffer.of(), /without a topic: 0 bytes$/],
  ["no NUL", Buffer.from("qq.group.1"), /without a topic: 10 bytes, 7171/],
  ["a topic without end", Buffer.alloc(5000, "a"), /without a topic: 5000 bytes, 61.*…/],
  ["a topic too long", message(`${"q.".repeat(300)}q`, GOOD), /without a topic: \d+ bytes, 712e/],
  ["no topic", message("", GOOD), /topic is none: 0 bytes/],
  ["a strange topic", message("qq.gr\npup", GOOD), /topic is none/],
  ["no envelope", Buffer.from("qq.x\0"), /qq\.x: .* no MessagePack/],
  ["half an envelope", message("qq.x", GOOD).subarray(0, 60), /qq\.x: .* no MessagePack/],
  ["more than one", Buffer.concat([message("qq.x", GOOD), Buffer.of(1)]), /no MessagePack/],
  ["a huge array", Buffer.from("qq.x\0\xdd\xff\xff\xff\xff", "latin1"), /no MessagePack.*array/i],
  ["a huge map", Buffer.from("qq.x\0\xdf\xff\xff\xff\xff", "latin1"), /no MessagePack.*map/i],
  ["a huge string", Buffer.from("qq.x\0\xdb\xff\xff\xff\xff", "latin1"), /no MessagePack/],
  ["a bottomless array", Buffer.concat([Buffer.from("qq.x\0"), Buffer.alloc(200_000, 0x91)]), /no/],
  ["a list", message("qq.x", [1]), /envelope is an array; allowed: a map/],
  ["keys of numbers", Buffer.from("qq.x\0\x81\x01\x02", "latin1"), /key of a map is number/],
  [
    "a prototype",
    Buffer.concat([Buffer.from("qq.x\0\x81\xa9", "latin1"), Buffer.from("__proto__\x01")]),
    /__proto__/,
  ],
  ["another version", message("qq.x", { ...GOOD, v: 2 }), /v is 2 .*allowed: 1/],
  ["no seq", message("qq.x", without("seq")), /seq is missing/],
  ["seq 0", message("qq.x", { ...GOOD, seq: 0 }), /seq is 0/],
  ["half a seq", message("qq.x", { ...GOOD, seq: 1.5 }), /seq is 1\.5/],
  ["a seq beyond", message("qq.x", { ...GOOD, seq: 2n ** 60n }), /seq is 1152/],
  ["no epoch", message("qq.x", { ...GOOD, epoch: "" }), /epoch is ""/],
  ["no account", message("qq.x", { ...GOOD, account: null }), /account is null/],
  ["a long account", message("qq.x", { ...GOOD, account: 10n ** 18n }), /account is 1000/],
  [
    "no event",
    message("qq.x", { ...GOOD, event: "said in secret, at length" }),
    /event is a string of 25/,
  ],
  ["no map of a policy", message("qq.x", { ...GOOD, policy: [] }), /policy is an array/],
];

for (const [what, bytes, told] of WRONG) {
  test(`${what}: told as what it is`, () => {
    assert.throws(
      () => decodeEnvelope(bytes),
      (error) => error instanceof MalformedMessage && told.test(error.message),
    );
  });
}

test("bytes of no sense are an error, never anything else", () => {
  const good = message("qq.group.1.message.normal", GOOD);
  for (let at = 0; at < good.length; at++) {
    for (const bits of [0x01, 0x80, 0xff]) {
      const bad = Buffer.from(good);
      bad[at] = (bad[at] ?? 0) ^ bits;
      try {
        decodeEnvelope(bad);
      } catch (error) {
        assert.ok(error instanceof MalformedMessage, `${at}: ${error}`);
      }
    }
  }
});

const INTEGERS: [value: number | bigint, bytes: string][] = [
  [0, "00"],
  [-1, "ff"],
  [2 ** 31, "ce80000000"],
  [2 ** 32, "cf0000000100000000"],
  [-(2 ** 31) - 1, "d3ffffffff7fffffff"],
  [Number.MAX_SAFE_INTEGER, "cf001fffffffffffff"],
  [2n ** 63n, "cf8000000000000000"],
];

for (const [value, bytes] of INTEGERS) {
  test(`the integer ${value} leaves as one`, () => {
    assert.equal(
      Buffer.from(pack([{ a: value, b: undefined }])).toString("hex"),
      `9181a161${bytes}`,
    );
  });
}
