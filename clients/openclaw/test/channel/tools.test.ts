import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Config } from "../../src/channel/config.ts";
import { bounded, type Reach } from "../../src/channel/reach.ts";
import { friendTool } from "../../src/channel/tool-friend.ts";
import { groupTool } from "../../src/channel/tool-group.ts";
import { infoTool } from "../../src/channel/tool-info.ts";
import { TOOL_NAMES } from "../../src/channel/tool-names.ts";
import { sendTool } from "../../src/channel/tool-send.ts";
import {
  createTool,
  registerTools,
  type ToolContext,
  type ToolSpec,
} from "../../src/channel/tools.ts";
import { type FakeCaller, fakeCaller } from "../support/caller.ts";

const GROUP = "700";
const OWNER = "42";

function config(actions: object = {}): Config {
  return {
    commands: { ownerAllowFrom: [`napcatqq:${OWNER}`] },
    channels: { napcatqq: { groups: { [GROUP]: {}, 701: {} }, actions } },
  } as Config;
}

const ON = config({ moderation: true, friends: true });

function context(more: Partial<ToolContext> = {}): ToolContext {
  return {
    config: config(),
    messageChannel: "napcatqq",
    agentAccountId: "default",
    deliveryContext: { to: `group:${GROUP}` },
    requesterSenderId: "43",
    senderIsOwner: false,
    ...more,
  };
}

const owner = (more: Partial<ToolContext> = {}): ToolContext =>
  context({ senderIsOwner: true, requesterSenderId: OWNER, config: ON, ...more });

const PEER = {
  get_login_info: { user_id: 10001, nickname: "bot" },
  get_group_member_info: { user_id: 43, nickname: "b", role: "member" },
  get_group_list: [{ group_id: 700, group_name: "g", member_count: 3 }],
  send_group_msg: { message_id: 9 },
  send_forward_msg: { message_id: 10 },
  send_private_msg: { message_id: 11 },
  set_group_whole_ban: null,
  set_friend_remark: null,
  delete_friend: null,
  set_group_add_request: null,
  get_msg: { message_id: 5, message_type: "group", group_id: 700, user_id: 43, self_id: 10001 },
};

async function use(spec: ToolSpec, params: object, ctx: ToolContext): Promise<FakeCaller> {
  const calls = fakeCaller(PEER);
  const reach: Reach = (_account, work, how) => work(bounded(calls, how));
  const tool = createTool(spec, ctx, reach);
  assert.ok(tool, "the tool is not to be had");
  await tool.execute("call-1", params);
  return calls;
}

const never: Reach = () => Promise.reject(new Error("nothing is to be reached"));

describe("whose the tools are", () => {
  test("all that are registered are in the manifest, and the other way round", () => {
    const names: (string | undefined)[] = [];
    registerTools({ registerTool: (_tool, options) => void names.push(options?.name) });
    assert.deepEqual(names, [...TOOL_NAMES]);
  });

  const cases: [string, ToolSpec, ToolContext, boolean][] = [
    ["qq_send to everybody", sendTool, context(), true],
    [
      "qq_send to nobody where messages are off",
      sendTool,
      context({ config: config({ messages: false }) }),
      false,
    ],
    ["qq_group to nobody by default", groupTool, owner({ config: config() }), false],
    ["qq_group to an owner where moderation is on", groupTool, owner(), true],
    ["qq_group to no stranger", groupTool, context({ config: ON }), false],
    ["qq_group to no scheduled run", groupTool, owner({ requesterSenderId: "" }), false],
    ["qq_friend to no stranger", friendTool, context({ config: ON }), false],
  ];
  for (const [name, spec, ctx, given] of cases) {
    test(name, () => assert.equal(createTool(spec, ctx, never) !== null, given));
  }

  test("what was switched off meanwhile is not done", async () => {
    let cfg = ON;
    const tool = createTool(groupTool, owner({ getRuntimeConfig: () => cfg }), never);
    cfg = config();
    await assert.rejects(
      tool?.execute("1", { action: "mute_all" }) ?? Promise.resolve(),
      /moderation is not true/,
    );
  });

  test("nothing leaves once the host has taken the run's authority", async () => {
    const ctx = owner({
      assertInvocationCurrent: () => {
        throw new Error("the run is over");
      },
    });
    await assert.rejects(use(groupTool, { action: "mute_all" }, ctx), /the run is over/);
  });
});

describe("qq_send", () => {
  test("a dice goes into the chat in which it is asked", async () => {
    const calls = await use(
      sendTool,
      { message: [{ type: "dice", data: { result: 6 } }] },
      context(),
    );
    assert.deepEqual(calls.calls[0], {
      action: "send_group_msg",
      params: { group_id: GROUP, message: [{ type: "dice", data: { result: 6 } }] },
    });
  });

  test("another chat is an owner's alone", async () => {
    const params = { message: [{ type: "rps" }], to: "private:44" };
    await assert.rejects(use(sendTool, params, context()), /only an owner may name another/);
    const calls = await use(sendTool, params, owner());
    assert.equal(calls.calls[0]?.action, "send_private_msg");
  });

  test("a wrong segment is named with what is allowed", async () => {
    const wrong = { message: [{ type: "dice", data: { result: 7 } }] };
    await assert.rejects(
      use(sendTool, wrong, context()),
      /message\[0\]\.data\.result: allowed: an integer from 1 to 6/,
    );
    const file = { message: [{ type: "image", data: { file: "file:///etc/passwd" } }] };
    await assert.rejects(use(sendTool, file, context()), /message\[0\]\.type: allowed: .*dice/);
  });

  test("everybody is mentioned at an owner's word alone", async () => {
    const all = {
      message: [
        { type: "at", data: { qq: "all" } },
        { type: "text", data: { text: "x" } },
      ],
    };
    await assert.rejects(use(sendTool, all, context()), /everybody/);
    await use(sendTool, all, owner());
  });

  test("a forward is of messages of this chat, and of the bot's own words", async () => {
    const calls = await use(sendTool, { forward: [{ messageId: "5" }, { text: "so" }] }, context());
    assert.deepEqual(calls.calls.at(-1)?.params["messages"], [
      { type: "node", data: { id: "5" } },
      {
        type: "node",
        data: {
          user_id: "10001",
          nickname: "bot",
          content: [{ type: "text", data: { text: "so" } }],
        },
      },
    ]);
  });
});

describe("qq_info", () => {
  test("of the group in which it is asked", async () => {
    const calls = await use(infoTool, { what: "member", userId: "43" }, context());
    assert.equal(calls.calls[0]?.params["group_id"], GROUP);
  });

  test("of another group, and of all groups, for owners alone", async () => {
    const other = { what: "member", groupId: "701", userId: "43" };
    await assert.rejects(use(infoTool, other, context()), /only an owner may ask for another/);
    await use(infoTool, other, owner());
    await assert.rejects(use(infoTool, { what: "groups" }, context()), /only an owner/);
  });
});

describe("qq_group and qq_friend", () => {
  test("a whole group is muted", async () => {
    const calls = await use(groupTool, { action: "mute_all" }, owner());
    assert.deepEqual(calls.calls[0], {
      action: "set_group_whole_ban",
      params: { group_id: GROUP, enable: true },
    });
  });

  test("a request is answered by its flag and kind", async () => {
    const calls = await use(
      groupTool,
      { action: "refuse", flag: "f1", kind: "add", text: "no" },
      owner(),
    );
    assert.deepEqual(calls.calls[0]?.params, {
      flag: "f1",
      sub_type: "add",
      approve: false,
      reason: "no",
    });
  });

  test("a remark is set, and no owner is deleted", async () => {
    const calls = await use(friendTool, { action: "remark", userId: "43", text: "B" }, owner());
    assert.equal(calls.calls[0]?.action, "set_friend_remark");
    await assert.rejects(
      use(friendTool, { action: "delete", userId: OWNER }, owner()),
      /is an owner/,
    );
  });
});
