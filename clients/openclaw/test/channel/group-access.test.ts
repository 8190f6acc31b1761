import assert from "node:assert/strict";
import { test } from "node:test";
import type { AccountConfig, Config } from "../../src/channel/config.ts";
import { groupAccess } from "../../src/channel/group-access.ts";
import { resolveAccount } from "../../src/channel/settings.ts";

const GROUP = "20002";
const USER = "30001";
const STRANGER = "30009";

function accountOf(section: AccountConfig) {
  return resolveAccount({ channels: { napcatqq: section } } as Config);
}

/** As the host's resolver decides by what it is handed. */
function verdict(section: AccountConfig, user: string, group = GROUP): string {
  const access = groupAccess(accountOf(section), group);
  if (!access.enabled) return "no disabled";
  if (access.policy === "disabled") return "no closed";
  if (access.gated && !access.listed) return "no not listed";
  const heard = access.senders.includes("*") || access.senders.includes(user);
  if (access.policy !== "open" && !heard) return "no sender";
  return access.requireMention ? "yes" : "yes!";
}

/** The bridge's own table (tests/unit/access_test.c), and what only the plugin reads. */
const rows: [name: string, section: AccountConfig, user: string, verdict: string][] = [
  ["open", { groupPolicy: "open" }, STRANGER, "yes"],
  [
    "open, disabled",
    { groupPolicy: "open", groups: { [GROUP]: { enabled: false } } },
    USER,
    "no disabled",
  ],
  [
    "open, all disabled",
    { groupPolicy: "open", groups: { "*": { enabled: false } } },
    USER,
    "no disabled",
  ],
  [
    "open, strict, listed",
    { groupPolicy: "open", groups: { [GROUP]: { allowFrom: [USER] } } },
    USER,
    "yes",
  ],
  [
    "open, strict, not",
    { groupPolicy: "open", groups: { [GROUP]: { allowFrom: [USER] } } },
    STRANGER,
    "no sender",
  ],
  ["open, senders, listed", { groupPolicy: "open", groupAllowFrom: [USER] }, USER, "yes"],
  ["open, senders, not", { groupPolicy: "open", groupAllowFrom: [USER] }, STRANGER, "no sender"],
  ["open, names the group", { groupPolicy: "open", groupAllowFrom: [GROUP] }, STRANGER, "yes"],
  [
    "closed",
    { groupPolicy: "closed", groups: { [GROUP]: {} }, groupAllowFrom: [GROUP] },
    USER,
    "no closed",
  ],
  [
    "closed, in the host's word",
    { groupPolicy: "disabled", groups: { [GROUP]: {} } },
    USER,
    "no closed",
  ],
  ["allowlist is the default", {}, USER, "no not listed"],
  ["allowlist, in groups", { groups: { [GROUP]: {} } }, STRANGER, "yes"],
  ["allowlist, any group", { groups: { "*": {} } }, STRANGER, "yes"],
  [
    "allowlist, any but this",
    { groups: { "*": {}, [GROUP]: { enabled: false } } },
    USER,
    "no disabled",
  ],
  ["list names group", { groupAllowFrom: [Number(GROUP)] }, STRANGER, "yes"],
  ["list names sender", { groupAllowFrom: [Number(USER)] }, USER, "yes"],
  ["list names other", { groupAllowFrom: [5] }, USER, "no sender"],
  ["list is all", { groupAllowFrom: ["*"] }, STRANGER, "yes"],
  [
    "all groups, senders",
    { groupAllowFrom: ["*"], groupSenderAllowFrom: [USER] },
    STRANGER,
    "no sender",
  ],
  ["all groups, sender", { groupAllowFrom: ["*"], groupSenderAllowFrom: [USER] }, USER, "yes"],
  ["senders only", { groupSenderAllowFrom: [USER] }, USER, "yes"],
  ["senders only, not", { groupSenderAllowFrom: [USER] }, STRANGER, "no sender"],
  ["group and senders", { groups: { [GROUP]: {} }, groupAllowFrom: [USER] }, USER, "yes"],
  [
    "group and senders, not",
    { groups: { [GROUP]: {} }, groupAllowFrom: [USER] },
    STRANGER,
    "no sender",
  ],
  ["group in both", { groups: { [GROUP]: {} }, groupAllowFrom: [GROUP] }, STRANGER, "yes"],
  [
    "group in both, senders",
    { groups: { [GROUP]: {} }, groupAllowFrom: [GROUP], groupSenderAllowFrom: [USER] },
    STRANGER,
    "no sender",
  ],
  [
    "the group's own list decides alone",
    {
      groups: { [GROUP]: { allowFrom: [USER] } },
      groupAllowFrom: [5],
      groupSenderAllowFrom: [5],
    },
    USER,
    "yes",
  ],
  [
    "the group's own list, other",
    {
      groups: { [GROUP]: { allowFrom: [USER] } },
      groupAllowFrom: [GROUP],
      groupSenderAllowFrom: ["*"],
    },
    STRANGER,
    "no sender",
  ],
  [
    "the group's own list is empty",
    {
      groups: { [GROUP]: { allowFrom: [] } },
      groupAllowFrom: ["*"],
      groupSenderAllowFrom: ["*"],
    },
    USER,
    "no sender",
  ],
  ["no mention needed", { groups: { [GROUP]: { requireMention: false } } }, STRANGER, "yes!"],
  [
    "the group over all groups",
    { groups: { "*": { requireMention: false, allowFrom: [USER] }, [GROUP]: {} } },
    USER,
    "yes!",
  ],
  ["group: names a group", { groupAllowFrom: [`group:${GROUP}`] }, STRANGER, "yes"],
  ["group: never names a sender", { groupAllowFrom: [`group:${USER}`] }, USER, "no not listed"],
  [
    "group: of another limits nobody here",
    { groups: { [GROUP]: {} }, groupAllowFrom: ["group:5"] },
    STRANGER,
    "yes",
  ],
  ["user: names a sender", { groupAllowFrom: [`user:${USER}`] }, USER, "yes"],
  ["user: never names a group", { groupAllowFrom: [`user:${GROUP}`] }, STRANGER, "no sender"],
  [
    "user: limits a group that is named",
    { groupAllowFrom: [GROUP, `user:${USER}`] },
    STRANGER,
    "no sender",
  ],
  ["the channel's name before it", { groupAllowFrom: [`qq:group:${GROUP}`] }, STRANGER, "yes"],
];

for (const [name, section, user, wanted] of rows)
  test(`groups: ${name}`, () => assert.equal(verdict(section, user), wanted));

test("the guide's full example hears who is listed", () => {
  const section: AccountConfig = {
    groupPolicy: "allowlist",
    groupAllowFrom: [987654321],
    groups: {
      "987654321": {
        enabled: true,
        requireMention: false,
        systemPrompt: "Custom prompt",
        skills: ["skill1", "skill2"],
        allowFrom: [111111111],
      },
    },
  };
  assert.equal(verdict(section, "111111111", "987654321"), "yes!");
  assert.equal(verdict(section, "5", "987654321"), "no sender");
  assert.equal(verdict(section, "5", "6"), "no sender");
  const { systemPrompt, skills } = groupAccess(accountOf(section), "987654321");
  assert.deepEqual([systemPrompt, skills], ["Custom prompt", ["skill1", "skill2"]]);
});

test("an access group is a list of senders", () => {
  const { senders } = groupAccess(accountOf({ groupAllowFrom: ["accessGroup:crew"] }), GROUP);
  assert.deepEqual(senders, ["accessGroup:crew"]);
});

test("groups in groupAllowFrom that silence another group are told", () => {
  const section: AccountConfig = { groupAllowFrom: [5], groups: { 5: {}, [GROUP]: {} } };
  const { hint = "" } = groupAccess(accountOf(section), GROUP);
  assert.match(hint, /group 20002 is listed, but nobody is heard.*group:5/);
  assert.equal(groupAccess(accountOf(section), "5").hint, undefined);
  const one: AccountConfig = { groupAllowFrom: [5, USER], groups: { 5: {}, [GROUP]: {} } };
  assert.equal(groupAccess(accountOf(one), GROUP).hint, undefined);
});
