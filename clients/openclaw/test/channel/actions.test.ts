import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createActions } from "../../src/channel/actions.ts";
import type { Config } from "../../src/channel/config.ts";
import { bounded, type Reach } from "../../src/channel/reach.ts";
import { type FakeCaller, fakeCaller } from "../support/caller.ts";

const OWNER = "42";
const BOT = "10001";
const GROUP = "700";

function config(section: object = {}): Config {
  return {
    commands: { ownerAllowFrom: [`napcatqq:${OWNER}`] },
    channels: { napcatqq: { groups: { [GROUP]: {} }, ...section } },
  } as Config;
}

const MODERATING = config({ actions: { moderation: true } });

const said = (by: string, more: object = {}) => ({
  message_id: 5,
  message_type: "group",
  group_id: Number(GROUP),
  user_id: Number(by),
  self_id: Number(BOT),
  sender: { user_id: Number(by), nickname: "somebody" },
  message: [{ type: "text", data: { text: "hello" } }],
  ...more,
});

const PEER = {
  get_login_info: { user_id: Number(BOT), nickname: "bot" },
  get_msg: said("43"),
  set_group_ban: null,
  set_group_kick: null,
  set_group_admin: null,
  set_group_name: null,
  set_group_leave: null,
  set_msg_emoji_like: {},
  set_essence_msg: {},
  delete_msg: null,
  upload_group_file: { file_id: "/f" },
  set_qq_profile: {},
};

interface Asking {
  cfg?: Config;
  owner?: boolean;
  sender?: string | null;
  origin?: "delegated" | "direct-operator";
  here?: string | null;
  calls?: FakeCaller;
}

function handle(action: string, params: object, asking: Asking = {}) {
  const calls = asking.calls ?? fakeCaller(PEER);
  const reach: Reach = (_account, use) => use(bounded(calls));
  const actions = createActions(reach);
  const here = asking.here === undefined ? `group:${GROUP}` : asking.here;
  const result = actions.handleAction?.({
    channel: "napcatqq",
    action,
    cfg: asking.cfg ?? config(),
    params,
    accountId: "default",
    senderIsOwner: asking.owner ?? false,
    requesterSenderId: asking.sender === undefined ? "43" : asking.sender,
    conversationReadOrigin: asking.origin ?? "delegated",
    ...(here && {
      toolContext: {
        currentChannelProvider: "napcatqq",
        currentChannelId: here,
        currentMessageId: "5",
      },
    }),
  } as Parameters<NonNullable<typeof actions.handleAction>>[0]);
  return { calls, result };
}

const byOwner = { owner: true, sender: OWNER };

function offered(cfg: Config, owner: boolean, sender: string | null = OWNER): readonly string[] {
  const actions = createActions(() => Promise.reject(new Error("nothing is to be reached")));
  const told = actions.describeMessageTool({
    cfg,
    accountId: "default",
    senderIsOwner: owner,
    requesterSenderId: sender,
  });
  return told?.actions ?? [];
}

describe("what is offered", () => {
  test("moderation to nobody by default", () => {
    assert.ok(offered(config(), true).includes("react"));
    assert.ok(!offered(config(), true).includes("timeout"));
  });

  test("moderation to owners who are there, once it is on", () => {
    assert.ok(offered(MODERATING, true).includes("timeout"));
    assert.ok(!offered(MODERATING, false).includes("timeout"));
    assert.ok(!offered(MODERATING, true, null).includes("timeout"));
  });

  test("nothing that is switched off", () => {
    const off = config({ actions: { reactions: false, messages: false } });
    const told = offered(off, true);
    assert.ok(!told.includes("react") && !told.includes("read") && told.includes("upload-file"));
  });

  test("no edit, for QQ has none", () => {
    assert.ok(!offered(MODERATING, true).includes("edit"));
  });
});

describe("moderation", () => {
  const mute = { userId: "43", durationMin: 10 };

  test("an owner has somebody muted in the group in which it is asked", async () => {
    const { calls, result } = handle("timeout", mute, { ...byOwner, cfg: MODERATING });
    await result;
    assert.deepEqual(calls.calls.at(-1), {
      action: "set_group_ban",
      params: { group_id: GROUP, user_id: "43", duration: 600 },
    });
  });

  const refusals: [string, Asking, object, RegExp][] = [
    ["by a stranger", { cfg: MODERATING }, mute, /only an owner/],
    ["by nobody", { cfg: MODERATING, owner: true, sender: null }, mute, /scheduled run/],
    ["where it is off", byOwner, mute, /actions\.moderation is not true/],
    ["of an owner", { ...byOwner, cfg: MODERATING }, { ...mute, userId: OWNER }, /is an owner/],
    ["of the bot", { ...byOwner, cfg: MODERATING }, { ...mute, userId: BOT }, /is the bot itself/],
    [
      "in a strange group",
      { ...byOwner, cfg: MODERATING },
      { ...mute, groupId: "701" },
      /none that the bot is set up for/,
    ],
    [
      "without a time",
      { ...byOwner, cfg: MODERATING },
      { userId: "43" },
      /durationMin: required: .*from 0 to 43200/,
    ],
    [
      "for too long",
      { ...byOwner, cfg: MODERATING },
      { ...mute, durationMin: 43_201 },
      /durationMin: allowed/,
    ],
    [
      "of what is no number",
      { ...byOwner, cfg: MODERATING },
      { ...mute, userId: "Bob" },
      /userId: allowed: a QQ number/,
    ],
    [
      "outside a group",
      { ...byOwner, cfg: MODERATING, here: `private:${OWNER}` },
      mute,
      /groupId: required/,
    ],
  ];
  for (const [name, asking, params, reason] of refusals) {
    test(`is refused ${name}`, async () => {
      const { calls, result } = handle("timeout", params, asking);
      await assert.rejects(result ?? Promise.resolve(), reason);
      assert.ok(!calls.names().includes("set_group_ban"));
    });
  }

  test("is done for an operator at the command line", async () => {
    const asking: Asking = {
      owner: true,
      sender: null,
      origin: "direct-operator",
      here: null,
      cfg: MODERATING,
    };
    const { calls, result } = handle("kick", { groupId: GROUP, userId: "43" }, asking);
    await result;
    assert.deepEqual(calls.calls.at(-1)?.params, {
      group_id: GROUP,
      user_id: "43",
      reject_add_request: false,
    });
  });

  test("a ban is a kick for ever", async () => {
    const { calls, result } = handle("ban", { userId: "43" }, { ...byOwner, cfg: MODERATING });
    await result;
    assert.equal(calls.calls.at(-1)?.params["reject_add_request"], true);
  });

  test("needs an identity that the host vouches for", () => {
    const actions = createActions(() => Promise.reject(new Error("unused")));
    const toolContext = {};
    assert.equal(actions.requiresTrustedRequesterSender?.({ action: "kick", toolContext }), true);
    assert.equal(actions.requiresTrustedRequesterSender?.({ action: "react", toolContext }), false);
    assert.equal(actions.requiresTrustedRequesterSender?.({ action: "kick" }), false);
  });
});

describe("messages", () => {
  test("a reaction goes to the message that is answered, by the name of a face", async () => {
    const { calls, result } = handle("react", { emoji: "赞" });
    await result;
    assert.deepEqual(calls.calls.at(-1), {
      action: "set_msg_emoji_like",
      params: { message_id: "5", emoji_id: "76", set: true },
    });
  });

  test("an emoji that is none is named with what is allowed", async () => {
    await assert.rejects(
      handle("react", { emoji: "nope" }).result ?? Promise.resolve(),
      /emoji: allowed: an emoji/,
    );
  });

  for (const action of ["react", "pin", "delete", "reply"]) {
    test(`${action}: a message of another chat is none`, async () => {
      const calls = fakeCaller({ ...PEER, get_msg: said("43", { group_id: 701 }) });
      const { result } = handle(action, { messageId: "5", emoji: "赞", message: "so" }, { calls });
      await assert.rejects(result ?? Promise.resolve(), /none of group:700/);
      assert.deepEqual(calls.names(), ["get_msg"]);
    });
  }

  test("what the bot said anybody may have taken back", async () => {
    const calls = fakeCaller({ ...PEER, get_msg: said(BOT) });
    await handle("unsend", { messageId: "5" }, { calls }).result;
    assert.deepEqual(calls.names(), ["get_msg", "delete_msg"]);
  });

  test("what others said is taken back at an owner's word alone", async () => {
    const refused = handle("delete", { messageId: "5" }, { cfg: MODERATING });
    await assert.rejects(refused.result ?? Promise.resolve(), /only an owner/);
    const off = handle("delete", { messageId: "5" }, byOwner);
    await assert.rejects(off.result ?? Promise.resolve(), /moderation is off/);
    const { calls, result } = handle("delete", { messageId: "5" }, { ...byOwner, cfg: MODERATING });
    await result;
    assert.equal(calls.names().at(-1), "delete_msg");
  });

  test("what was said is shown with who said it, and before a message without that one", async () => {
    const messages = [said("43", { message_id: 4 }), said("43")];
    const calls = fakeCaller({ ...PEER, get_group_msg_history: { messages } });
    const result = await handle("read", { limit: 5, before: "5" }, { calls }).result;
    const text = JSON.stringify(result?.content);
    assert.match(text, /\[4\].*somebody\(43\): hello/);
    assert.doesNotMatch(text, /\[5\]/);
    assert.deepEqual(calls.calls[0]?.params, {
      group_id: GROUP,
      count: 6,
      message_seq: "5",
      reverse_order: true,
    });
  });

  test("a file is uploaded with its bytes and its name", async () => {
    const buffer = Buffer.from("text").toString("base64");
    const { calls, result } = handle("upload-file", { buffer, filename: "a.txt", folder: "/x" });
    await result;
    assert.deepEqual(calls.calls[0]?.params, {
      group_id: GROUP,
      file: new Uint8Array(Buffer.from("text")),
      name: "a.txt",
      folder: "/x",
    });
  });

  test("a file above mediaMaxMb is not", async () => {
    const cfg = config({ mediaMaxMb: 0.000001 });
    const { calls, result } = handle("upload-file", { buffer: "AAAAAAAA", filename: "a" }, { cfg });
    await assert.rejects(result ?? Promise.resolve(), /mediaMaxMb/);
    assert.deepEqual(calls.calls, []);
  });
});
