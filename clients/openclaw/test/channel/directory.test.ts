import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Config } from "../../src/channel/config.ts";
import { createDirectory } from "../../src/channel/directory.ts";
import { bounded, type Reach } from "../../src/channel/reach.ts";
import { createResolver, createResolveTarget } from "../../src/channel/resolver.ts";
import { createRosters } from "../../src/channel/roster.ts";
import { failing, fakeCaller } from "../support/caller.ts";

const PEER = {
  get_group_list: [
    { group_id: 700, group_name: "产品群" },
    { group_id: 701, group_name: "产品群2" },
    { group_id: 702, group_name: "闲聊" },
    { group_id: 43, group_name: "small" },
  ],
  get_friend_list: [
    { user_id: 42, nickname: "anna", remark: "Anna B" },
    { user_id: 43, nickname: "bob", remark: "" },
    { user_id: 44, nickname: "bob", remark: "" },
    { user_id: 701, nickname: "x", remark: "" },
  ],
  get_group_member_list: [{ user_id: 42, nickname: "anna", card: "组长", role: "admin" }],
  get_login_info: { user_id: 10001, nickname: "bot" },
};

function world(answers: Record<string, unknown> = PEER) {
  const calls = fakeCaller(answers);
  const reach: Reach = (_account, use) => use(bounded(calls));
  let now = 0;
  const lists = createRosters(reach, () => now);
  return {
    calls,
    lists,
    directory: createDirectory(lists, reach),
    later: (ms: number) => (now += ms),
  };
}

const cfg = { channels: { napcatqq: {} } } as Config;
// The host's own; nothing here writes to it.
const runtime = {} as never;
const ask = { cfg, accountId: "default", runtime };

describe("the directory", () => {
  test("a name that is one is not one of those that only have it", async () => {
    const { directory } = world();
    const one = await directory.listGroups?.({ ...ask, query: "产品群" });
    assert.deepEqual(
      one?.map(({ id }) => id),
      ["group:700"],
    );
    const several = await directory.listGroups?.({ ...ask, query: "产品" });
    assert.deepEqual(
      several?.map(({ id }) => id),
      ["group:700", "group:701"],
    );
  });

  test("friends by remark, members by card, and the bot itself", async () => {
    const { directory } = world();
    const friends = await directory.listPeers?.({ ...ask, query: "anna b" });
    assert.deepEqual(
      friends?.map(({ id, name }) => [id, name]),
      [["private:42", "Anna B"]],
    );
    const members = await directory.listGroupMembers?.({ ...ask, groupId: "group:700" });
    assert.equal(members?.[0]?.name, "组长");
    assert.equal((await directory.self?.(ask))?.id, "private:10001");
  });

  test("a list is asked for once a minute, and again after a failure", async () => {
    const { calls, directory, later } = world();
    await directory.listGroups?.(ask);
    await directory.listGroups?.({ ...ask, query: "x" });
    assert.equal(calls.calls.length, 1);
    later(60_001);
    await directory.listGroups?.(ask);
    assert.equal(calls.calls.length, 2);

    const away = world({
      get_group_list: () => {
        throw failing("not_connected");
      },
    });
    await assert.rejects(away.directory.listGroups?.(ask) ?? Promise.resolve(), /not_connected/);
    await assert.rejects(away.directory.listGroups?.(ask) ?? Promise.resolve(), /not_connected/);
    assert.equal(away.calls.calls.length, 2);
  });
});

describe("targets by name", () => {
  const resolve = (input: string) => {
    const resolveTarget = createResolveTarget(world().lists);
    return resolveTarget({ cfg, accountId: "default", input, normalized: input });
  };

  test("a friend's, and a number that only a group has", async () => {
    assert.equal((await resolve("Anna B"))?.to, "private:42");
    assert.equal((await resolve("702"))?.to, "group:702");
  });

  test("a target is none, and neither is what nobody is called", async () => {
    assert.equal(await resolve("group:700"), null);
    assert.equal(await resolve("nobody"), null);
  });

  test("several are told with their ids", async () => {
    await assert.rejects(resolve("bob"), /private:43 bob; private:44 bob/);
    await assert.rejects(resolve("701"), /group:701 产品群2; private:701 x/);
  });

  test("entries of allow lists, each with a note where it is none", async () => {
    const found = await createResolver(world().lists).resolveTargets({
      ...ask,
      kind: "user",
      inputs: ["Anna B", "999", "bob", "nobody"],
    });
    assert.deepEqual(
      found.map(({ id, resolved }) => [id, resolved]),
      [
        ["user:42", true],
        ["user:999", true],
        [undefined, false],
        [undefined, false],
      ],
    );
    assert.match(found[2]?.note ?? "", /several are called that/);
  });
});
