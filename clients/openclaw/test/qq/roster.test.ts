import assert from "node:assert/strict";
import { test } from "node:test";
import { faceId, faceName, reactionId, reactionName } from "../../src/qq/faces.ts";
import { readFriends, readGroups, readMembers, searchRoster } from "../../src/qq/roster.ts";
import { hostile, seeded } from "./seeded.ts";

test("friends, groups and members are entries that can be sent to", () => {
  assert.deepEqual(readFriends([{ user_id: 10001, nickname: "小明", remark: "明" }]), [
    {
      kind: "user",
      id: "private:10001",
      name: "明",
      also: "小明",
      handle: "10001",
      avatarUrl: "https://q1.qlogo.cn/g?b=qq&nk=10001&s=640",
    },
  ]);
  const [group] = readGroups([{ group_id: "700", group_name: "写作业\n夜", member_count: 3 }]);
  assert.deepEqual([group?.id, group?.name, group?.members], ["group:700", "写作业 夜", 3]);
  const members = [{ user_id: 10001, nickname: "小明", card: "", role: "owner" }, { user_id: 7 }];
  assert.deepEqual(
    readMembers(members).map(({ name, role }) => [name, role]),
    [
      ["小明", "owner"],
      ["7", undefined],
    ],
  );
});

test("a search finds by name and number, the nearest first", () => {
  const roster = readFriends(
    ["大明", "明明", "明", "Ming"].map((nickname, index) => ({ user_id: 10001 + index, nickname })),
  );
  const names = (query: string, limit?: number) =>
    searchRoster(roster, { query, ...(limit ? { limit } : {}) }).map(({ name }) => name);
  assert.deepEqual(names("明"), ["明", "明明", "大明"]);
  assert.deepEqual(names("明", 1), ["明"]);
  assert.deepEqual(names("MING"), ["Ming"]);
  assert.deepEqual(names("10002"), ["明明"]);
  assert.deepEqual(names("private:10001"), ["大明"]);
  assert.equal(names("").length, 4);
  assert.deepEqual(names("无"), []);
  const remarked = readFriends([{ user_id: 7, nickname: "Xiao Ming", remark: "同桌" }]);
  assert.equal(searchRoster(remarked, { query: "xiao" })[0]?.name, "同桌");
});

test("no list is an empty one, whatever it is", () => {
  const next = seeded(13);
  for (let round = 0; round < 1000; round++) {
    const data = hostile(next, 3);
    for (const read of [readFriends, readGroups, readMembers]) {
      for (const { id, name } of read(data)) assert.ok(id !== "" && name !== "");
    }
  }
});

test("faces have names, and reactions go by face or emoji", () => {
  assert.equal(faceName("0"), "惊讶");
  assert.equal(faceName("14"), "微笑");
  assert.equal(faceName("484"), "比爱心");
  assert.equal(faceName("17"), undefined);
  assert.equal(faceId("微笑"), "14");
  assert.equal(faceId("452"), "452");
  assert.equal(faceId("9999"), undefined);
  for (const [text, id] of [
    ["赞", "76"],
    ["/赞", "76"],
    ["[赞]", "76"],
    ["👍", "76"],
    ["❤️", "66"],
    ["76", "76"],
    ["🍉", "127817"],
  ]) {
    assert.equal(reactionId(text ?? ""), id, text);
  }
  assert.equal(reactionId("hello"), undefined);
  assert.equal(reactionId(""), undefined);
  assert.equal(reactionName("76"), "赞");
  assert.equal(reactionName("127817"), "🍉");
  assert.equal(reactionName("99999999"), "99999999");
});
