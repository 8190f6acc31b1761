import assert from "node:assert/strict";
import { test } from "node:test";
import { readNotice } from "../../src/qq/notice.ts";
import { hostile, hostileMap, pick, seeded } from "./seeded.ts";

const BOT = 3889001741;
const names: Record<string, string> = { "10001": "小明", "10002": "a\nb\u202e" };
const nameOf = (id: string) => names[id];

const notice = (notice_type: string, more: Record<string, unknown> = {}) => ({
  post_type: "notice",
  self_id: BOT,
  group_id: 434395907,
  user_id: 10001,
  notice_type,
  ...more,
});
const notify = (sub_type: string, more: Record<string, unknown> = {}) =>
  notice("notify", { sub_type, ...more });
const request = (request_type: string, more: Record<string, unknown> = {}) => ({
  post_type: "request",
  self_id: BOT,
  user_id: 10001,
  flag: "f",
  request_type,
  ...more,
});

const LINES: readonly (readonly [Record<string, unknown>, string])[] = [
  [
    notice("group_upload", { file: { name: "a\nb.txt", size: 1234567 } }),
    '小明(10001) uploaded a file: "a b.txt" (1.23 MB)',
  ],
  [notice("group_upload", { user_id: null, file: null }), 'somebody uploaded a file: ""'],
  [notice("group_admin", { sub_type: "set" }), "小明(10001) became an administrator"],
  [
    notice("group_admin", { sub_type: "unset", user_id: BOT }),
    "the bot is no longer an administrator",
  ],
  [notice("group_decrease", { sub_type: "leave" }), "小明(10001) left the group"],
  [
    notice("group_decrease", { sub_type: "kick", operator_id: 10003 }),
    "10003 removed 小明(10001) from the group",
  ],
  [
    notice("group_decrease", { sub_type: "kick_me", user_id: BOT, operator_id: 0 }),
    "the bot was removed from the group",
  ],
  [notice("group_decrease", { sub_type: "disband", user_id: 0 }), "the group was disbanded"],
  [notice("group_dismiss"), "the group was disbanded by 小明(10001)"],
  [
    notice("group_increase", { sub_type: "approve", operator_id: 10003 }),
    "小明(10001) joined the group, let in by 10003",
  ],
  [
    notice("group_increase", { sub_type: "invite", operator_id: 0 }),
    "小明(10001) joined the group",
  ],
  [
    notice("group_ban", { sub_type: "ban", operator_id: 10003, duration: 600 }),
    "10003 muted 小明(10001) for 10 min",
  ],
  [
    notice("group_ban", { sub_type: "ban", operator_id: 10003, user_id: 0, duration: -1 }),
    "10003 muted the whole group",
  ],
  [
    notice("group_ban", { sub_type: "lift_ban", operator_id: 10003, user_id: BOT }),
    "10003 lifted the mute of the bot",
  ],
  [
    notice("group_ban", { sub_type: "lift_ban", operator_id: 10003, user_id: 0 }),
    "10003 lifted the mute of the whole group",
  ],
  [notice("friend_add", { group_id: undefined }), "小明(10001) is a friend now"],
  [
    notice("group_recall", { operator_id: 10001, message_id: 7 }),
    "小明(10001) recalled a message (message 7)",
  ],
  [
    notice("group_recall", { operator_id: 10003, message_id: -7 }),
    "10003 recalled a message of 小明(10001) (message -7)",
  ],
  [
    notice("friend_recall", { group_id: undefined, message_id: 7 }),
    "小明(10001) recalled a message (message 7)",
  ],
  [
    notice("group_card", { card_new: "新", card_old: "旧" }),
    '小明(10001) has a new card: "新", before: "旧"',
  ],
  [
    notice("group_card", { card_new: "", card_old: "旧" }),
    '小明(10001) has no card any more, before: "旧"',
  ],
  [
    notice("essence", { sub_type: "add", sender_id: 10001, operator_id: 10003, message_id: 7 }),
    "10003 made a message of 小明(10001) an essence message (message 7)",
  ],
  [
    notice("essence", { sub_type: "delete", sender_id: 10001, operator_id: 0 }),
    "somebody took a message of 小明(10001) from the essence messages",
  ],
  [
    notice("group_msg_emoji_like", {
      message_id: 7,
      likes: [{ emoji_id: "76" }, { emoji_id: "128077" }],
      is_add: true,
    }),
    "小明(10001) reacted with 赞 👍 (message 7)",
  ],
  [
    notice("group_msg_emoji_like", { message_id: 7, likes: [{ emoji_id: 76 }], is_add: false }),
    "小明(10001) took back the reaction 赞 (message 7)",
  ],
  [
    notice("reaction", { sub_type: "add", operator_id: 10003, code: "76", message_id: 7 }),
    "10003 reacted with 赞 (message 7)",
  ],
  [
    notice("reaction", { sub_type: "remove", operator_id: 10003, code: "76", message_id: 7 }),
    "10003 took back the reaction 赞 (message 7)",
  ],
  [notify("poke", { target_id: BOT }), "小明(10001) poked the bot"],
  [notify("poke", { target_id: 10002 }), "小明(10001) poked a b(10002)"],
  [
    notify("poke", { target_id: BOT, action: "戳了戳", suffix: "的头" }),
    "小明(10001) poked the bot (戳了戳 … 的头)",
  ],
  [
    notify("poke", {
      target_id: BOT,
      raw_info: [{ type: "qq" }, { type: "nor", txt: "拍了拍" }, 7, null],
    }),
    "小明(10001) poked the bot (拍了拍)",
  ],
  [
    notify("poke", { group_id: undefined, sender_id: BOT, target_id: 10001 }),
    "the bot poked 小明(10001)",
  ],
  [notify("poke_recall", { target_id: BOT }), "小明(10001) took back a poke at the bot"],
  [
    notify("lucky_king", { target_id: 10003 }),
    "10003 drew the most from the red packet of 小明(10001)",
  ],
  [
    notify("honor", { honor_type: "talkative" }),
    "小明(10001) is now the most talkative of the group (龙王)",
  ],
  [notify("honor", { honor_type: "x y" }), "小明(10001) is now the bearer of the honor x_y"],
  [notify("title", { title: "会长" }), '小明(10001) has a new title: "会长"'],
  [notify("group_name", { user_id: null, name_new: "新" }), 'somebody renamed the group: "新"'],
  [
    notify("gray_tip", { content: '{"items":[{"txt":"提示"},{"txt":"点我"}]}' }),
    'grey line by 小明(10001): "提示点我"',
  ],
  [
    notify("input_status", { group_id: 0, status_text: "对方正在输入..." }),
    "小明(10001) is typing",
  ],
  [notify("input_status", { group_id: 0, status_text: "" }), "小明(10001) stopped typing"],
  [
    notify("profile_like", {
      group_id: undefined,
      user_id: undefined,
      operator_id: 10003,
      operator_nick: "丙",
      times: 10,
    }),
    "丙(10003) liked the bot's profile 10 times",
  ],
  [
    notice("bot_offline", { user_id: BOT, tag: "下线", message: "另一台\n终端" }),
    "QQ is offline: 下线: 另一台 终端",
  ],
  [notice("bot_online", { reason: "Reconnect" }), "QQ is online: Reconnect"],
  [notice("group_name_change", { name: "新" }), 'the group was renamed: "新"'],
  [
    notice("online_file_send", { sub_type: "receive", user_id: undefined, peer_id: 10001 }),
    "小明(10001) took the file offered",
  ],
  [
    notice("online_file_send", { sub_type: "refuse", user_id: undefined, peer_id: 10001 }),
    "小明(10001) refused the file offered",
  ],
  [
    notice("online_file_receive", { sub_type: "cancel", user_id: undefined, peer_id: 10001 }),
    "小明(10001) took back the file offered",
  ],
  [notice("offline_file", { file: { name: "a", size: 1 } }), '小明(10001) sent a file: "a" (1 B)'],
  [
    notice("client_status", { online: true, client: { device_name: "iPad" } }),
    "the account is online on iPad",
  ],
  [
    notice("flash_file", { sub_type: "downloaded", title: "照片" }),
    'flash transfer downloaded: "照片"',
  ],
  [notice("new_kind", { sub_type: "of it" }), "unknown event: new_kind.of_it"],
  [notice("a".repeat(100)), `unknown event: ${"a".repeat(40)}`],
  [
    request("friend", { comment: "我是\n小明" }),
    '小明(10001) asks to be a friend, saying "我是 小明"',
  ],
  [
    request("friend", { comment: "", via: "QQ群" }),
    '小明(10001) asks to be a friend, by way of "QQ群"',
  ],
  [
    request("group", { sub_type: "add", group_id: 700, comment: null }),
    "小明(10001) asks to join the group",
  ],
  [
    request("group", { sub_type: "invite", group_id: 700 }),
    "小明(10001) invites the bot into group 700",
  ],
  [
    { post_type: "meta_event", meta_event_type: "lifecycle", sub_type: "connect" },
    "the OneBot implementation says: connect",
  ],
  [
    { post_type: "meta_event", meta_event_type: "heartbeat", status: { online: false } },
    "heartbeat: QQ is offline",
  ],
];

test("every notice and request is one line", () => {
  for (const [event, line] of LINES) {
    assert.equal(readNotice(event, { nameOf })?.line, line, JSON.stringify(event));
  }
});

test("a notice says where, by whom, to whom, and whether it is the bot", () => {
  const poke = notify("poke", { target_id: BOT });
  assert.deepEqual(readNotice(poke), {
    kind: "notify.poke",
    aboutBot: true,
    line: "10001 poked the bot",
    chat: { kind: "group", id: "434395907" },
    actor: "10001",
    subject: String(BOT),
  });
  const privately = notify("poke", { group_id: undefined, sender_id: BOT, target_id: 10001 });
  assert.deepEqual(readNotice(privately)?.chat, { kind: "private", id: "10001" });
  assert.equal(readNotice(privately)?.actor, String(BOT));
  const friend = readNotice(request("friend"));
  assert.ok(friend?.aboutBot && friend.flag === "f");
  const muted = readNotice(notice("group_ban", { sub_type: "ban", user_id: BOT, operator_id: 7 }));
  assert.ok(muted?.aboutBot && muted.actor === "7");
  const essence = notice("essence", { sub_type: "add", sender_id: 10001, operator_id: 0 });
  assert.equal(readNotice(essence)?.actor, undefined);
});

test("a message is no notice", () => {
  assert.equal(readNotice({ post_type: "message" }), undefined);
  assert.equal(readNotice({}), undefined);
});

test("whatever a notice holds, it is one line or none", () => {
  const next = seeded(7);
  const kinds = LINES.map(([event]) => event);
  for (let round = 0; round < 1500; round++) {
    const event: Record<string, unknown> = { ...pick(next, kinds), ...hostileMap(next, 3) };
    for (const key of Object.keys(event)) if (next() < 0.3) event[key] = hostile(next, 3);
    const line = readNotice(event, { nameOf: () => "\n" })?.line ?? "";
    assert.ok(!/[\n\r\u202e]/.test(line) && line.length < 1000, JSON.stringify(line));
  }
});
