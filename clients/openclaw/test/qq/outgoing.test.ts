import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { describe } from "../../src/qq/describe.ts";
import { mentionPieces } from "../../src/qq/mention.ts";
import {
  OUTGOING_TYPES,
  OutgoingError,
  readOutgoing,
  splitMessages,
  textSegments,
  toSegments,
} from "../../src/qq/outgoing.ts";
import type { Segment } from "../../src/qq/types.ts";
import { hostile, pick, seeded } from "./seeded.ts";

const seg = (type: string, data: Record<string, unknown>): Segment => ({ type, data });
const say = (text: string) => seg("text", { text });
const at = (qq: string) => seg("at", { qq });

const GROUP_TEXTS: readonly (readonly [string, readonly Segment[]])[] = [
  ["你好", [say("你好")]],
  ["@10001 你好", [at("10001"), say(" 你好")]],
  ["请@10001看", [say("请"), at("10001"), say(" 看")]],
  ["@10001", [at("10001")]],
  ["@10001@10002", [at("10001"), at("10002")]],
  ["@小_明(2274735204)，好", [at("2274735204"), say("，好")]],
  ["（@10001）", [say("（"), at("10001"), say("）")]],
  ["好的 @10001.", [say("好的 "), at("10001"), say(".")]],
  ["mail a@10001.com b@12345", [say("mail a@10001.com b@12345")]],
  ["@10001.com", [say("@10001.com")]],
  ["https://e.com/@10001 @10001-2", [say("https://e.com/@10001 @10001-2")]],
  ["@10001a @1000 @012345 @123456789012", [say("@10001a @1000 @012345 @123456789012")]],
  ["@all 开会", [say("@all 开会")]],
  [
    "[CQ:at,qq=all] &amp; [CQ:image,file=file:///etc/passwd]",
    [say("[CQ:at,qq=all] &amp; [CQ:image,file=file:///etc/passwd]")],
  ],
  ["", []],
];

test("text for a group has real mentions, and codes in it stay text", () => {
  for (const [text, segments] of GROUP_TEXTS) {
    assert.deepEqual(textSegments(text, { kind: "group" }), segments, text);
  }
});

test("a face in an answer is one, as a face that came in is told", () => {
  const faces = textSegments("好[face: 斜眼笑][face: 流泪 ×3] [face: 没有] [face: 178]", {
    kind: "private",
  });
  const face = (id: string) => seg("face", { id });
  const texts = [say("好"), face("178"), face("5"), say(" [face: 没有] "), face("178")];
  assert.deepEqual(faces, texts);
});

test("all are mentioned only where that is allowed", () => {
  const options = { kind: "group", mentionAll: true } as const;
  assert.deepEqual(textSegments("@all 开会", options), [at("all"), say(" 开会")]);
  assert.deepEqual(textSegments("@全体成员 开会", options), [at("all"), say(" 开会")]);
  assert.deepEqual(textSegments("@allow @all-in", options), [say("@allow @all-in")]);
});

test("a private chat has no mentions", () => {
  assert.deepEqual(textSegments("@10001 @all", { kind: "private", mentionAll: true }), [
    say("@10001 @all"),
  ]);
});

test("the quote comes first", () => {
  const quote = seg("reply", { id: "-7" });
  const options = { kind: "group", replyTo: "-7" } as const;
  assert.deepEqual(textSegments("@10001", options), [quote, at("10001")]);
  assert.deepEqual(textSegments("x", { ...options, kind: "private" }), [quote, say("x")]);
  assert.deepEqual(toSegments(readOutgoing({ type: "dice" }), { replyTo: "-7" }), [
    quote,
    seg("dice", {}),
  ]);
});

test("a mention that came in can be sent as it was told", () => {
  for (const name of ["小明", "小 明", "a(b)c", "@机器人", ""]) {
    const told = describe(seg("at", { qq: "10001", name }));
    assert.deepEqual(textSegments(told, { kind: "group" }), [at("10001")], told);
  }
});

test("the pieces of a text are the text", () => {
  const next = seeded(3);
  const parts = [
    "@",
    "10001",
    "(10001)",
    "all",
    "全体成员",
    "名",
    " ",
    ".",
    "a",
    "@10001",
    "😀",
    "\n",
  ];
  for (let round = 0; round < 2000; round++) {
    const text = Array.from({ length: 8 }, () => pick(next, parts)).join("");
    assert.equal(
      mentionPieces(text)
        .map((piece) => piece.text)
        .join(""),
      text,
    );
  }
});

/** The guide's own examples and more, and what leaves. */
const GOOD: readonly (readonly [unknown, Segment])[] = [
  ["text", say("text")],
  [{ type: "text", data: { text: "x" } }, say("x")],
  [{ type: "at", data: { qq: 10001 } }, at("10001")],
  [{ type: "at", data: { qq: "all" } }, at("all")],
  [{ type: "reply", data: { id: -7 } }, seg("reply", { id: "-7" })],
  [{ type: "face", data: { id: 178 } }, seg("face", { id: "178" })],
  [
    { type: "image", data: { file: "https://e.com/a.png" } },
    seg("image", { file: "https://e.com/a.png" }),
  ],
  [
    { type: "image", data: { file: "a", sub_type: "1", type: "flash" } },
    seg("image", { file: "a", sub_type: 1, type: "flash" }),
  ],
  [
    { type: "record", data: { file: new Uint8Array([1]) } },
    seg("record", { file: new Uint8Array([1]) }),
  ],
  [
    { type: "video", data: { file: "a.mp4", thumb: "b.jpg" } },
    seg("video", { file: "a.mp4", thumb: "b.jpg" }),
  ],
  [
    { type: "file", data: { file: "file:///path/to/document.pdf", name: "document.pdf" } },
    seg("file", { file: "file:///path/to/document.pdf", name: "document.pdf" }),
  ],
  [{ type: "markdown", data: { content: "# Title" } }, seg("markdown", { content: "# Title" })],
  [{ type: "markdown", data: "# Title" }, seg("markdown", { content: "# Title" })],
  [{ type: "miniapp", data: { data: "{}" } }, seg("miniapp", { data: "{}" })],
  [
    {
      type: "mface",
      data: { emoji_package_id: 12345, emoji_id: "abc123", key: "emoji_key", summary: "表情摘要" },
    },
    seg("mface", {
      emoji_id: "abc123",
      emoji_package_id: 12345,
      key: "emoji_key",
      summary: "表情摘要",
    }),
  ],
  [{ type: "dice", data: { result: 6 } }, seg("dice", { result: 6 })],
  [{ type: "dice", data: { result: null } }, seg("dice", {})],
  [{ type: "dice", data: null }, seg("dice", {})],
  [{ type: "dice", result: "6" }, seg("dice", { result: 6 })],
  [{ type: "rps" }, seg("rps", {})],
  [{ type: "rps", data: { result: 1 } }, seg("rps", { result: 1 })],
  [
    {
      type: "location",
      data: { lat: 39.9042, lon: "116.4074", title: "Beijing", content: "Capital of China" },
    },
    seg("location", { lat: 39.9042, lon: 116.4074, title: "Beijing", content: "Capital of China" }),
  ],
  [
    { type: "json", data: { data: '{"key": "value"}', config: { token: "optional_token" } } },
    seg("json", { data: '{"key": "value"}', config: { token: "optional_token" } }),
  ],
  [{ type: "json", data: '{"key": "value"}' }, seg("json", { data: '{"key": "value"}' })],
  [
    { type: "json", data: { app: "com.tencent.map" } },
    seg("json", { data: { app: "com.tencent.map" } }),
  ],
  [{ type: "xml", data: { data: "<xml>...</xml>" } }, seg("xml", { data: "<xml>...</xml>" })],
  [
    { type: "share", data: { url: "https://e.com", title: "t" } },
    seg("share", { url: "https://e.com", title: "t" }),
  ],
  [
    { type: "contact", data: { type: "group", id: 434395907 } },
    seg("contact", { type: "group", id: "434395907" }),
  ],
  [
    { type: "music", data: { type: "163", id: 28949129 } },
    seg("music", { type: "163", id: "28949129" }),
  ],
  [
    { type: "music", data: { type: "custom", url: "u", audio: "a", title: "t" } },
    seg("music", { type: "custom", url: "u", audio: "a", title: "t" }),
  ],
  [{ type: "poke", data: { qq: "10001" } }, seg("poke", { qq: "10001" })],
  [{ type: "poke" }, seg("poke", {})],
];

test("the guide's messages leave as they are written there", () => {
  for (const [given, segment] of GOOD) {
    assert.deepEqual(toSegments(readOutgoing(given)), [segment], JSON.stringify(given));
  }
  const all = GOOD.map(([given]) => given);
  assert.deepEqual(
    toSegments(readOutgoing(all)),
    GOOD.map(([, segment]) => segment),
  );
  const covered = new Set(GOOD.map(([, { type }]) => type));
  assert.deepEqual(
    OUTGOING_TYPES.filter((type) => !covered.has(type)),
    [],
  );
});

const BAD: readonly (readonly [unknown, RegExp])[] = [
  [undefined, /^message: allowed: a text, or a segment/],
  ["", /^message: allowed: a text, or a segment/],
  [7, /^message: allowed: a text, or a segment/],
  [[], /^message: allowed: 1 to 4096 segments/],
  [["x", null], /^message\[1\]: allowed: a text, or a segment/],
  [{}, /^message\.type: allowed: text, at, reply, face, image, /],
  [{ type: "toString" }, /^message\.type: allowed: /],
  [
    { type: "dice", data: { result: 7 } },
    /^message\.data\.result: allowed: an integer from 1 to 6$/,
  ],
  [
    { type: "dice", data: { result: 1.5 } },
    /^message\.data\.result: allowed: an integer from 1 to 6$/,
  ],
  [{ type: "dice", data: { reslt: 1 } }, /^message\.data\.reslt: unknown; allowed: result$/],
  [
    { type: "rps", data: { result: 0 } },
    /^message\.data\.result: allowed: an integer from 1 to 3$/,
  ],
  [
    { type: "location", data: { lat: 91, lon: 0 } },
    /^message\.data\.lat: required: a number from -90 to 90$/,
  ],
  [{ type: "location", data: { lat: "", lon: 0 } }, /^message\.data\.lat: required: a number/],
  [
    { type: "mface", data: { emoji_id: "a", key: "k" } },
    /^message\.data\.emoji_package_id: required: an integer/,
  ],
  [
    { type: "json", data: { data: "{" } },
    /^message\.data\.data: required: JSON, as text or as a map$/,
  ],
  [{ type: "json", data: { data: "{}", config: "x" } }, /^message\.data\.config: allowed: a map$/],
  [{ type: "at", data: { qq: "everyone" } }, /^message\.data\.qq: required: a QQ number, or all$/],
  [
    { type: "contact", data: { type: "user", id: 10001 } },
    /^message\.data\.type: required: qq, group$/,
  ],
  [{ type: "music", data: { type: "163" } }, /^message\.data\.id: required for music of 163$/],
  [
    { type: "music", data: { type: "custom", url: "u", audio: "a" } },
    /^message\.data\.title: required for music of custom$/,
  ],
  [
    { type: "image", data: { file: new Uint8Array() } },
    /^message\.data\.file: required: bytes, or a text/,
  ],
  [{ type: "file", data: {} }, /^message\.data\.file: required: /],
  [{ type: "markdown", data: { content: "" } }, /^message\.data\.content: required: a text$/],
];

test("what cannot be sent is refused with where, what and what is allowed", () => {
  for (const [given, message] of BAD) {
    const refused = (error: unknown) => {
      assert.ok(error instanceof OutgoingError, String(error));
      assert.match(error.message, message);
      return true;
    };
    assert.throws(() => readOutgoing(given), refused, JSON.stringify(given) ?? "undefined");
  }
});

test("whatever a model gives is taken or refused, and never passed on unread", () => {
  const next = seeded(5);
  for (let round = 0; round < 5000; round++) {
    const type = next() < 0.9 ? pick(next, OUTGOING_TYPES) : hostile(next, 1);
    try {
      const segments = toSegments(readOutgoing({ type, data: hostile(next, 3) }));
      assert.ok(
        segments.every((segment) => (OUTGOING_TYPES as readonly string[]).includes(segment.type)),
      );
    } catch (error) {
      assert.ok(error instanceof OutgoingError, String(error));
    }
  }
});

test("what QQ shows alone is a message of its own", () => {
  const quote = seg("reply", { id: "7" });
  const image = seg("image", { file: "a" });
  const record = seg("record", { file: "a" });
  const dice = seg("dice", {});
  assert.deepEqual(splitMessages([quote, say("a"), image, record, say("b"), dice]), [
    [quote, say("a"), image],
    [record],
    [say("b")],
    [dice],
  ]);
  assert.deepEqual(splitMessages([quote, record]), [[record]]);
  assert.deepEqual(splitMessages([quote]), []);
});

test("the required parameters are those of the bridge's catalogue", () => {
  const file = new URL("../../../../schema/segments.json", import.meta.url);
  const catalogue = JSON.parse(readFileSync(file, "utf8")).segments as {
    type: string;
    params?: { name: string; required?: boolean }[];
  }[];
  for (const type of OUTGOING_TYPES) {
    const entry = catalogue.find((segment) => segment.type === type);
    assert.ok(entry, `${type} is a type of the bridge`);
    for (const { name, required } of entry.params ?? []) {
      if (required) assert.throws(() => readOutgoing({ type }), OutgoingError, name);
    }
  }
});
