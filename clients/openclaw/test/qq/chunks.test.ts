import assert from "node:assert/strict";
import { test } from "node:test";
import { chunkText } from "../../src/qq/chunks.ts";
import { mentionPieces } from "../../src/qq/mention.ts";
import { pick, seeded } from "./seeded.ts";

const CUTS: readonly (readonly [string, string, number, readonly string[]])[] = [
  ["fits", "你好", 10, ["你好"]],
  ["fits exactly", "一二三四五", 5, ["一二三四五"]],
  ["emoji count as one", "😀😀😀😀", 4, ["😀😀😀😀"]],
  ["nothing", "", 10, []],
  ["white space alone", " \n\n ", 2, []],
  ["a paragraph", "第一段。第一句\n\n第二段比较长一点", 12, ["第一段。第一句", "第二段比较长一点"]],
  [
    "a line before a sentence",
    "一句。两句话\n然后是第三句话",
    9,
    ["一句。两句话", "然后是第三句话"],
  ],
  ["a Chinese sentence", "今天天气很好。我们去公园玩吧", 10, ["今天天气很好。", "我们去公园玩吧"]],
  [
    "with its closing quote",
    "他说：“好的，走吧。”然后大家都去了",
    12,
    ["他说：“好的，走吧。”", "然后大家都去了"],
  ],
  ["an English sentence", "It is 3.5 now. Go on then", 18, ["It is 3.5 now.", "Go on then"]],
  ["a clause", "先打开页面，再点击按钮", 9, ["先打开页面，", "再点击按钮"]],
  ["a Chinese word", "我们中华人民共和国", 4, ["我们中华", "人民", "共和国"]],
  ["an English word", "hello wonderful world", 13, ["hello", "wonderful", "world"]],
  [
    "a word longer than the room",
    "x".repeat(25),
    10,
    ["x".repeat(10), "x".repeat(10), "x".repeat(5)],
  ],
  ["a mention", "你好呀朋友们 @1000000001 好", 15, ["你好呀朋友们", "@1000000001 好"]],
  ["a link", "请看这里的说明 https://e.com/abc 吧", 20, ["请看这里的说明", "https://e.com/abc 吧"]],
  [
    "a link with a question",
    "看看https://e.com/abcdef?g=h&i=jk",
    30,
    ["看看", "https://e.com/abcdef?g=h&i=jk"],
  ],
  ["a face", "好的好的好[face: 微笑]", 10, ["好的好的好", "[face: 微笑]"]],
  ["a family", "👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 8, ["👨‍👩‍👧‍👦", "👨‍👩‍👧‍👦"]],
  ["a flag", "国旗🇨🇳", 3, ["国旗", "🇨🇳"]],
  [
    "a character wider than the room",
    `e${"\u0301".repeat(9)}`,
    5,
    [`e${"\u0301".repeat(4)}`, "\u0301".repeat(5)],
  ],
  ["a fence", "说明文字说明\n```\na\nb\n```", 16, ["说明文字说明", "```\na\nb\n```"]],
  ["code keeps its indent", "if x:\n    a\n    b", 12, ["if x:\n    a", "    b"]],
  ["a limit of nothing", "ab", 0, ["a", "b"]],
];

test("text is cut at the best end there is", () => {
  for (const [what, text, limit, chunks] of CUTS) {
    assert.deepEqual(chunkText(text, limit), chunks, what);
  }
});

const PARTS = [
  ...["你", "好", "。", "，", " ", "\n", "\n\n", "a", "word", ". ", "😀", "👨‍👩‍👧‍👦", "🇨🇳", "é"],
  ...[
    "@10001",
    "@小_明(10002)",
    "https://e.com/a?b=c",
    "```\ncode\n```\n",
    "”",
    "\u0301",
    "(",
    "1",
  ],
];

test("parts fit, hold something, and together are the text", () => {
  const next = seeded(11);
  const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
  for (let round = 0; round < 1500; round++) {
    const text = Array.from({ length: 60 }, () => pick(next, PARTS)).join("");
    const limit = 25 + Math.floor(next() * 60);
    const chunks = chunkText(text, limit);
    const bare = (string: string) => string.replace(/\s/g, "");
    assert.equal(bare(chunks.join("")), bare(text));
    for (const chunk of chunks) {
      assert.ok(chunk.trim() !== "" && [...chunk].length <= limit, JSON.stringify(chunk));
      assert.ok(chunk.isWellFormed());
    }
    const count = (string: string) => [...graphemes.segment(bare(string))].length;
    const whole = chunks.reduce((sum, chunk) => sum + count(chunk), 0);
    assert.ok(whole - count(text) <= 0 || text.includes("\u0301"), "no character is cut");
    const mentions = (string: string) =>
      mentionPieces(string).filter(({ kind }) => kind === "mention");
    assert.ok(chunks.flatMap(mentions).length >= mentions(text).length, "no mention is cut");
  }
});

test("a long text takes little time", () => {
  const started = performance.now();
  for (const piece of [
    "天地玄黄宇宙洪荒",
    "@10001 ",
    "https://e.com/ ",
    "。",
    "```\n",
    "\n ",
    "x",
  ]) {
    chunkText(piece.repeat(20_000), 2000);
  }
  assert.ok(performance.now() - started < 5000);
});
