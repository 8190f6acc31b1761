import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { describeAttachments } from "../../src/qq/attachment.ts";
import { readIncoming } from "../../src/qq/incoming.ts";
import type { Incoming } from "../../src/qq/types.ts";
import { hostile, hostileMap, seeded } from "./seeded.ts";

const BOT = 3889001741;

function group(message: unknown, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    post_type: "message",
    message_type: "group",
    sub_type: "normal",
    self_id: BOT,
    user_id: 2274735204,
    group_id: 434395907,
    message_id: 32313827,
    time: 1786703402,
    sender: { user_id: 2274735204, nickname: "夜航船", card: "班长", role: "admin" },
    group_name: "写作业夜",
    message,
    ...more,
  };
}

function read(message: unknown, more: Record<string, unknown> = {}): Incoming {
  const incoming = readIncoming(group(message, more));
  assert.ok(incoming);
  return incoming;
}

const seg = (type: string, data: Record<string, unknown> = {}) => ({ type, data });
const at = (qq: unknown, name?: string) => seg("at", name === undefined ? { qq } : { qq, name });
const say = (text: string) => seg("text", { text });

test("a group message says where, who, when and what", () => {
  const incoming = read([say("你好")]);
  assert.deepEqual(incoming.chat, { kind: "group", id: "434395907" });
  assert.equal(incoming.groupName, "写作业夜");
  assert.equal(incoming.messageId, "32313827");
  assert.equal(incoming.time, 1786703402000);
  assert.deepEqual(incoming.sender, {
    id: "2274735204",
    name: "夜航船",
    card: "班长",
    role: "admin",
  });
  assert.equal(incoming.text, "你好");
  assert.equal(incoming.commandText, "你好");
});

test("a private message is in the chat with its sender, by which group if by one", () => {
  const told = { message_type: "private", sub_type: "group", group_id: 434395907 };
  assert.deepEqual(read([say("x")], told).chat, { kind: "private", id: "2274735204" });
  assert.equal(read([say("x")], told).viaGroup, "434395907");
  assert.equal(read([say("x")], { ...told, group_id: 284840486 }).viaGroup, undefined);
  const elsewhere = { ...told, group_id: undefined, sender: { nickname: "群友", group_id: 7 } };
  assert.equal(read([say("x")], elsewhere).viaGroup, "7");
});

test("what is no message of somebody's is none", () => {
  const none: Record<string, unknown>[] = [
    { post_type: "message_sent" },
    { post_type: "notice" },
    { user_id: BOT },
    { user_id: String(BOT) },
    { sub_type: "notice" },
    { sub_type: "group_self", message_type: "private" },
    { message_type: "guild" },
    { message_type: undefined },
    { group_id: 0 },
    { group_id: { a: 1 } },
    { user_id: null, sender: {} },
  ];
  for (const more of none) assert.equal(readIncoming(group([say("x")], more)), undefined);
  assert.equal(readIncoming({}), undefined);
  const unnamed = group([say("x")], { self_id: undefined });
  assert.equal(readIncoming(unnamed, { selfId: "2274735204" }), undefined);
});

test("a mention of the bot is a flag, and gone from the beginning of the text", () => {
  const incoming = read([at(String(BOT)), say(" 天气？")]);
  assert.ok(incoming.mentionsBot);
  assert.deepEqual(incoming.mentions, []);
  assert.equal(incoming.text, "天气？");
  const within = read([say("问问"), at(BOT), say(" /help")]);
  assert.equal(within.text, "问问@3889001741 /help");
  assert.equal(within.commandText, "问问 /help");
  const alone = read([at(BOT), say(" ")]);
  assert.equal(alone.text, "@3889001741");
  assert.equal(alone.commandText, "");
});

test("mentions of others are told by name and number, and of all as such", () => {
  const incoming = read([at("10001", "@机器人"), say(" 和 "), at("10002"), at("all")]);
  assert.equal(incoming.text, "@机器人(10001) 和 @10002@all");
  assert.deepEqual(incoming.mentions, ["10001", "10002"]);
  assert.ok(incoming.mentionsAll && !incoming.mentionsBot);
  const named = readIncoming(group([at("10002")]), {
    nameOf: (id) => (id === "10002" ? "小 明" : ""),
  });
  assert.equal(named?.text, "@小_明(10002)");
});

test("a quote is told by its id, and its text is the command", () => {
  const incoming = read([seg("reply", { id: "-7" }), at(BOT), say(" /status")]);
  assert.equal(incoming.replyTo, "-7");
  assert.equal(incoming.commandText, "/status");
});

/** Segments of every type, and the text they become. */
const TEXTS: readonly (readonly [Record<string, unknown>, string])[] = [
  [say("a\r\nb\u0000c\u001b[31m"), "a\nbc[31m"],
  [say("[CQ:at,qq=all] &amp; &#91;"), "[CQ:at,qq=all] &amp; &#91;"],
  [seg("face", { id: "178" }), "[face: 斜眼笑]"],
  [seg("face", { id: 178 }), "[face: 斜眼笑]"],
  [seg("face", { id: "9999", raw: { faceText: "/新表情" } }), "[face: 新表情]"],
  [seg("face", { id: "9999", raw: '{"faceText":"[新]"}' }), "[face: 新]"],
  [seg("face", { id: "9999" }), "[face: 9999]"],
  [seg("face", { id: "5", chainCount: 3 }), "[face: 流泪 ×3]"],
  [seg("face", { id: "5", raw: null, chainCount: null }), "[face: 流泪]"],
  [seg("mface", { emoji_id: "x", key: "k", summary: "[摸头]" }), "[sticker: 摸头]"],
  [seg("image", { file: "a.gif", emoji_id: "x", summary: "[打招呼]" }), "[sticker: 打招呼]"],
  [seg("image", { file: "a.gif", sub_type: 1, summary: "[贴贴]" }), "[sticker: 贴贴]"],
  [seg("image", { file: "a.gif", sub_type: 1, summary: "[动画表情]" }), ""],
  [seg("image", { file: "a.jpg", sub_type: 0, summary: "[图片]" }), ""],
  [seg("image", { file: "a.jpg", summary: "" }), ""],
  [seg("dice", { result: "5" }), "[dice: 5]"],
  [seg("dice", { value: 6 }), "[dice: 6]"],
  [seg("dice"), "[dice]"],
  [seg("rps", { result: "1" }), "[rock-paper-scissors: rock]"],
  [seg("rps", { result: 3 }), "[rock-paper-scissors: paper]"],
  [seg("rps", { value: "0" }), "[rock-paper-scissors: rock]"],
  [seg("rps"), "[rock-paper-scissors]"],
  [seg("poke", { type: "1", id: "-1" }), "[poke]"],
  [seg("poke", { type: "2", id: "-1" }), "[poke: heart]"],
  [seg("poke", { type: "126", id: "2003", name: "勾引" }), "[poke: 勾引]"],
  [seg("shake"), "[window shake]"],
  [
    seg("share", { url: "http://e.com/?a=1&amp;b=2", title: "标题" }),
    "[link: 标题 | http://e.com/?a=1&b=2]",
  ],
  [seg("contact", { type: "group", id: "100100" }), "[contact card: group 100100]"],
  [seg("contact", { type: "qq", id: 10001 }), "[contact card: QQ 10001]"],
  [seg("location", { lat: "39.9", lon: 116.3, title: "地点" }), "[location: 地点 | 39.9, 116.3]"],
  [seg("music", { type: "163", id: "28949129" }), "[music: 163 28949129]"],
  [
    seg("music", { type: "custom", title: "歌", url: "http://e.com" }),
    "[music: 歌 | http://e.com]",
  ],
  [seg("markdown", { content: "# 标题\n**粗**" }), "# 标题\n**粗**"],
  [seg("markdown", { content: '{"content":"x"}' }), "x"],
  [seg("markdown", { content: "[](%7B%7D)a" }), "a"],
  [seg("forward", { id: "7629618380760297283" }), "[forwarded conversation]"],
  [seg("longmsg", { id: "abc" }), "[long message]"],
  [seg("redbag", { title: "恭喜发财" }), "[red packet: 恭喜发财]"],
  [seg("gift", { qq: "1", id: "8" }), "[gift]"],
  [
    seg("onlinefile", { fileName: "main.txt", fileSize: "74099" }),
    "[file offered: main.txt | 74.1 KB]",
  ],
  [seg("onlinefile", { fileName: "照片", isDir: true }), "[folder offered: 照片]"],
  [seg("flashtransfer", { fileSetId: "3f" }), "[flash transfer]"],
  [seg("flash_file", { title: "照片" }), "[flash transfer: 照片]"],
  [
    seg("keyboard", { rows: [{ buttons: [{ render_data: { label: "是" } }, {}] }] }),
    "[buttons: 是]",
  ],
  [seg("tts", { text: "读" }), "读"],
  [seg("anonymous", { ignore: "1" }), ""],
  [
    seg("xml", {
      data: "<msg brief='b' url=\"http://e.com/?a=1&amp;b=2\"><title>t &amp; u</title></msg>",
    }),
    "[XML card: t & u | http://e.com/?a=1&b=2]",
  ],
  [seg("xml", { data: 7 }), "[XML card]"],
  [seg("something\nnew"), "[unknown message: something new]"],
];

test("every type of segment is told in the text", () => {
  for (const [segment, text] of TEXTS) {
    assert.equal(read([segment]).text, text, JSON.stringify(segment));
  }
});

const ark = (app: string, meta: unknown, more: Record<string, unknown> = {}) =>
  seg("json", { data: JSON.stringify({ app, meta, ...more }) });

const CARDS: readonly (readonly [Record<string, unknown>, string])[] = [
  [
    ark("com.tencent.miniapp_01", {
      detail_1: { title: "哔哩哔哩", desc: "视频", qqdocurl: "https://b23.tv/abc" },
    }),
    "[mini program: 哔哩哔哩 | 视频 | https://b23.tv/abc]",
  ],
  [
    ark("com.tencent.map", {
      "Location.Search": { name: "天安门", address: "北京", lat: "39.908823", lng: "116.397470" },
    }),
    "[location: 天安门 | 北京 | 39.908823, 116.397470]",
  ],
  [
    ark("com.tencent.contact.lua", { contact: { nickname: "某人", contact: "帐号:10001" } }),
    "[contact card: 某人 | 帐号:10001]",
  ],
  [
    ark("com.tencent.mannounce", {
      mannounce: { encode: 1, text: "5YaF5a65", title: "576k5YWs5ZGK" },
    }),
    "[announcement: 群公告 | 内容]",
  ],
  [
    ark(
      "com.tencent.tuwen.lua",
      { news: { title: "标题", desc: "描述", jumpUrl: "https://e.com/?a=1&amp;b=[2]" } },
      { view: "news" },
    ),
    "[link: 标题 | 描述 | https://e.com/?a=1&b=[2]]",
  ],
  [
    ark(
      "com.tencent.structmsg",
      { music: { title: "歌名", desc: "歌手", jumpUrl: "https://y.e.com" } },
      { view: "music" },
    ),
    "[music: 歌名 | 歌手 | https://y.e.com]",
  ],
  [
    ark("com.tencent.multimsg", {
      detail: {
        resid: "r1",
        source: "群聊的聊天记录",
        news: [{ text: "甲: 一" }, { text: "乙: 二" }],
      },
    }),
    "[forwarded conversation: 群聊的聊天记录 | 甲: 一 / 乙: 二]",
  ],
  [ark("com.example", {}, { prompt: "[卡片]" }), "[card: [卡片]]"],
  [seg("json", { data: { app: "com.example", prompt: "as a map" } }), "[card: as a map]"],
  [seg("json", { data: "" }), "[card]"],
  [ark("com.example", { d: { title: "x".repeat(300_000) } }), "[card]"],
  [seg("json", { data: "{" }), "[card]"],
  [seg("json", { data: "[".repeat(100_000) }), "[card]"],
  [seg("json", { data: '{"app":1,"meta":{"a":[1]},"view":{}}' }), "[card]"],
  [seg("miniapp", { data: '{"meta":{"d":{"title":"程序"}}}' }), "[mini program: 程序]"],
];

test("cards are told by what they are, their title, text and address", () => {
  for (const [segment, text] of CARDS) {
    assert.equal(read([segment]).text, text, JSON.stringify(segment).slice(0, 200));
  }
  assert.deepEqual(read([CARDS[6]?.[0]]).forwards, ["r1"]);
});

const FILES: readonly (readonly [Record<string, unknown>, Record<string, unknown>])[] = [
  [
    seg("image", {
      file: "A.jpg",
      url: "https://e.com/?a=1&amp;b=2",
      sub_type: 0,
      file_size: "174437",
    }),
    { kind: "image", file: "A.jpg", url: "https://e.com/?a=1&b=2", size: 174437 },
  ],
  [
    seg("image", { file: "B.gif", sub_type: 1, summary: "[动画表情]" }),
    { kind: "sticker", file: "B.gif" },
  ],
  [seg("image", { file: "B.gif", subType: "7" }), { kind: "sticker", file: "B.gif" }],
  [seg("image", { file: "C.png", type: "flash" }), { kind: "image", file: "C.png", flash: true }],
  [
    seg("image", { file: "D.jpg", url: "", file_size: 5 }),
    { kind: "image", file: "D.jpg", size: 5 },
  ],
  [
    seg("image", { file: "https://e.com/x", filename: "AA.jpg" }),
    { kind: "image", file: "https://e.com/x", url: "https://e.com/x", name: "AA.jpg" },
  ],
  [
    seg("record", { file: "a.amr", path: "/app/a.amr", file_size: "7350" }),
    { kind: "voice", file: "a.amr", url: "/app/a.amr", size: 7350 },
  ],
  [seg("video", { file: "a.mp4", file_size: "0" }), { kind: "video", file: "a.mp4", size: 0 }],
  [
    seg("file", {
      file: "终稿.docx",
      file_id: "/ad29",
      file_size: "10737418240",
      url: "http://e.com/f",
    }),
    {
      kind: "file",
      file: "终稿.docx",
      name: "终稿.docx",
      fileId: "/ad29",
      size: 10737418240,
      url: "http://e.com/f",
    },
  ],
  [
    seg("file", { path: "/a1b2", name: "x.zip", size: "123456", busid: "102" }),
    { kind: "file", fileId: "/a1b2", busid: "102", name: "x.zip", size: 123456 },
  ],
  [
    seg("file", { file_name: "a.txt", file_id: "x", url: "" }),
    { kind: "file", fileId: "x", name: "a.txt" },
  ],
  [
    seg("mface", { emoji_id: "e", key: "k", summary: "[摸头]", url: "https://e.com/x.gif" }),
    { kind: "sticker", url: "https://e.com/x.gif", summary: "摸头" },
  ],
  [seg("record", {}), { kind: "voice" }],
];

test("what has bytes is an attachment, wherever its peer says where they are", () => {
  for (const [segment, attachment] of FILES) {
    assert.deepEqual(read([segment]).attachments, [attachment], JSON.stringify(segment));
  }
});

test("attachments are described, but for what the text says of them already", () => {
  const sticker = { emoji_id: "e", key: "k", summary: "[摸头]" };
  const files = [
    seg("image", { file: "a" }),
    seg("image", { file: "a", type: "flash" }),
    seg("image", { file: "a", sub_type: 1 }),
    seg("mface", sticker),
    seg("record"),
    seg("video"),
    seg("file", { name: "a.pdf", size: 1234 }),
  ];
  const incoming = read(files);
  assert.equal(incoming.text, "[sticker: 摸头]");
  assert.equal(
    describeAttachments(incoming.attachments),
    "[image] [flash image] [sticker] [voice] [video] [file: a.pdf | 1.23 KB]",
  );
});

test("a conversation in the message is read, one that is elsewhere is named", () => {
  const content = [
    { sender: { nickname: "甲" }, message: [say("一")] },
    { sender: { nickname: "乙", card: "班长" }, message: [seg("image", { file: "a.jpg" })] },
  ];
  const incoming = read([seg("forward", { id: "1", content })]);
  assert.equal(incoming.text, "[forwarded conversation:\n甲: 一\n班长: [image]\n]");
  assert.deepEqual(incoming.forwards, []);
  assert.equal(incoming.attachments.length, 1);
  assert.deepEqual(read([seg("forward", { id: "1", content: [] })]).forwards, ["1"]);
});

test("names are one line without tricks", () => {
  const sender = { nickname: "a\u202e\n\u0000b\uFFF4", card: "x".repeat(500) };
  const incoming = read([say("x")], { sender });
  assert.equal(incoming.sender.name, "a b");
  assert.ok((incoming.sender.card?.length ?? 0) <= 60);
  assert.equal(read([say("x")], { sender: { nickname: "\uFFF4" } }).sender.name, "2274735204");
});

test("a time in milliseconds is one, and none is when it was received", () => {
  assert.equal(read([], { time: 1786700512345 }).time, 1786700512345);
  assert.equal(readIncoming(group([], { time: null }), { receivedAt: 5 })?.time, 5);
});

test("a hundred thousand segments, or characters, are bounded", () => {
  const many = read(Array.from({ length: 100_000 }, () => at("10001", "x".repeat(100))));
  assert.ok(many.text.length <= 32_000 && many.segments.length === 4096);
  const images = read(Array.from({ length: 1000 }, () => seg("image", { file: "a" })));
  assert.equal(images.attachments.length, 50);
  const long = read([say("😀".repeat(20_000))]);
  assert.ok(long.text.length <= 32_000 && long.text.isWellFormed() && long.text.endsWith("…"));
});

test("a conversation nested without end is read to a depth", () => {
  let message: unknown = [say("innermost")];
  for (let depth = 0; depth < 5000; depth++) {
    message = [seg("forward", { id: "9", content: [{ sender: { nickname: "甲" }, message }] })];
  }
  const incoming = read(message);
  assert.ok(!incoming.text.includes("innermost") && incoming.text.length < 500);
  assert.deepEqual(incoming.forwards, ["9"]);
});

test("nothing a peer can send throws", () => {
  const next = seeded(1);
  for (let round = 0; round < 1000; round++) {
    const message = Array.from({ length: 5 }, () => hostileMap(next, 4));
    const event = group(message, {
      sender: hostile(next, 2),
      time: hostile(next, 0),
      message_id: hostile(next, 0),
      group_name: hostile(next, 0),
      anonymous: hostile(next, 2),
    });
    const incoming = readIncoming(event);
    assert.ok(incoming && typeof incoming.text === "string");
  }
});

test("what the bridge makes of CQ codes is read as it stands in the examples", () => {
  const examples = new URL("../../../../schema/examples/messages/read.json", import.meta.url);
  for (const { what, message, text } of JSON.parse(readFileSync(examples, "utf8"))) {
    if (!Array.isArray(message)) continue;
    const incoming = read(message);
    if (message.every(({ type }) => type === "text")) {
      assert.equal(incoming.commandText, String(text).trim(), what);
    }
  }
});
