import assert from "node:assert/strict";
import { test } from "node:test";
import { chatOf, formatTarget, looksLikeTarget, parseTarget } from "../../src/qq/target.ts";

const GROUP = { kind: "group", id: "434395907" };
const PRIVATE = { kind: "private", id: "2274735204" };

const TARGETS: readonly (readonly [string, typeof GROUP])[] = [
  ["group:434395907", GROUP],
  ["GROUP:434395907", GROUP],
  ["napcatqq:group:434395907", GROUP],
  ["qq:group:434395907", GROUP],
  ["napcatqq:qq:group:434395907", GROUP],
  [" group: 434395907 ", GROUP],
  ["group：434395907", GROUP],
  ["private:2274735204", PRIVATE],
  ["user:2274735204", PRIVATE],
  ["friend:2274735204", PRIVATE],
  ["dm:2274735204", PRIVATE],
  ["direct:2274735204", PRIVATE],
  ["napcatqq:user:2274735204", PRIVATE],
];

test("a target names a chat in any of its forms, and is kept in one", () => {
  for (const [raw, chat] of TARGETS) {
    assert.deepEqual(chatOf(raw), chat, raw);
    assert.ok(looksLikeTarget(raw), raw);
  }
  for (const chat of [GROUP, PRIVATE] as const) {
    assert.deepEqual(chatOf(formatTarget(chat as Parameters<typeof formatTarget>[0])), chat);
  }
});

test("a bare number names no chat, and the reason says how to write it", () => {
  for (const raw of ["434395907", "qq:434395907", "napcatqq:434395907"]) {
    const result = parseTarget(raw);
    assert.ok(!result.ok && /group:434395907 or private:434395907/.test(result.reason), raw);
    assert.ok(looksLikeTarget(raw), "it is to meet the reason, not a search");
  }
});

test("what is no target is refused with what is allowed", () => {
  const refused = ["", ":", "group", "group:", "group:0", "group:-5", "group:12a", "x:10001"];
  for (const raw of [
    ...refused,
    "group:1 2",
    `group:${"9".repeat(21)}`,
    "夜航船",
    "a".repeat(5000),
  ]) {
    const result = parseTarget(raw);
    assert.ok(!result.ok && /group:<group number>/.test(result.reason), raw);
    assert.ok(result.reason.length < 250);
  }
  for (const raw of ["夜航船", "", "x:10001", "groups"]) assert.ok(!looksLikeTarget(raw), raw);
});
