import assert from "node:assert/strict";
import { test } from "node:test";
import { matcher, PatternError, prefixOf } from "../../src/bus/pattern.ts";

const PREFIXES: [pattern: string, prefix: string][] = [
  ["qq.group.*", "qq.group."],
  ["qq.group.*.message.*", "qq.group."],
  ["qq.*.*.notice.*", "qq."],
  ["qq.group.20002.message.normal", "qq.group.20002.message.normal\0"],
  ["qq.group.20002.", "qq.group.20002."],
  ["*", ""],
];

for (const [pattern, prefix] of PREFIXES) {
  test(`${pattern} is subscribed to as ${JSON.stringify(prefix)}`, () => {
    assert.equal(prefixOf(pattern), prefix);
  });
}

const MATCHES: [pattern: string, topic: string, fits: boolean][] = [
  ["qq.group.*", "qq.group.1", true],
  ["qq.group.*", "qq.group.1.message.normal", true],
  ["qq.group.*", "qq.group", false],
  ["qq.group.*", "qq.groups.1", false],
  ["qq.group.*.message.*", "qq.group.1.message.normal", true],
  ["qq.group.*.message.*", "qq.group.1.message_sent.normal", false],
  ["qq.group.*.message.*", "qq.group.1.2.message.normal", false],
  ["qq.*.*.notice.*", "qq.private.7.notice.friend_recall", true],
  ["qq.group.1", "qq.group.1", true],
  ["qq.group.1", "qq.group.10", false],
  ["qq.group.1.", "qq.group.1.notice", true],
  ["qq.group.1.", "qq.group.1", false],
  ["*", "qq.meta.1.heartbeat", true],
];

for (const [pattern, topic, fits] of MATCHES) {
  test(`${pattern} ${fits ? "fits" : "does not fit"} ${topic}`, () => {
    assert.equal(matcher([pattern])(topic), fits);
  });
}

test("one of several is enough, and none stand for all", () => {
  const wants = matcher(["qq.group.*", "qq.private.*"]);
  assert.deepEqual(["qq.group.1", "qq.private.2", "qq.meta.3"].map(wants), [true, true, false]);
  assert.equal(matcher([])("qq.meta.3"), true);
});

const WRONG: [pattern: string, told: RegExp][] = [
  ["", /token 1, ""; allowed: letters/],
  ["qq..group", /token 2, ""/],
  ["qq.gr*", /token 2, "gr\*"/],
  ["qq.group\0", /token 2, "group\\u0000"/],
  ["qq.*.", /ends in a dot; allowed: qq\.\*, or qq\.\*\.\*/],
  [`qq.${"a".repeat(400)}`, /403 bytes; allowed: 383/],
];

for (const [pattern, told] of WRONG) {
  test(`${JSON.stringify(pattern.slice(0, 12))} is no pattern`, () => {
    for (const use of [() => prefixOf(pattern), () => matcher(["qq.*", pattern])]) {
      assert.throws(use, (error) => error instanceof PatternError && told.test(error.message));
    }
  });
}
