import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Caller, Params } from "../../src/bus/types.ts";
import { createFunctions, type Functions } from "../../src/qq/functions.ts";

interface Call {
  account: string;
  action: string;
  params: Params | undefined;
}

function recorded(data: unknown = null): { functions: Functions; calls: Call[] } {
  const calls: Call[] = [];
  const functions = createFunctions(
    (account): Caller => ({
      call: async <T>(action: string, params?: Params) => {
        calls.push({ account, action, params });
        return { data: data as T, warnings: [] };
      },
    }),
  );
  return { functions, calls };
}

const member = { group_id: "434395907", user_id: "10001" };
const bytes = new Uint8Array([1, 2]);

/** As the guide writes them, and what is called. */
const CALLS: readonly (readonly [(f: Functions) => Promise<unknown>, string, Params])[] = [
  [
    (f) => f.setGroupAdmin("bot", 434395907, 10001, true),
    "set_group_admin",
    { ...member, enable: true },
  ],
  [
    (f) => f.setGroupMute("bot", 434395907, 10001, 600),
    "set_group_ban",
    { ...member, duration: 600 },
  ],
  [
    (f) => f.setGroupMute("bot", "434395907", 10001n, 0),
    "set_group_ban",
    { ...member, duration: 0 },
  ],
  [
    (f) => f.kickGroupMember("bot", 434395907, 10001, false),
    "set_group_kick",
    { ...member, reject_add_request: false },
  ],
  [
    (f) => f.kickGroupMember("bot", 434395907, 10001),
    "set_group_kick",
    { ...member, reject_add_request: false },
  ],
  [
    (f) => f.setGroupWholeMute("bot", 434395907, true),
    "set_group_whole_ban",
    { group_id: "434395907", enable: true },
  ],
  [
    (f) => f.setGroupName("bot", 434395907, "New Group Name"),
    "set_group_name",
    { group_id: "434395907", group_name: "New Group Name" },
  ],
  [
    (f) => f.getGroupMemberInfo("bot", 434395907, 10001, false),
    "get_group_member_info",
    { ...member, no_cache: false },
  ],
  [(f) => f.getFriendList("bot"), "get_friend_list", {}],
  [(f) => f.deleteFriend("bot", 10001), "delete_friend", { user_id: "10001" }],
  [
    (f) => f.setFriendRemark("bot", 10001, ""),
    "set_friend_remark",
    { user_id: "10001", remark: "" },
  ],
  [
    (f) => f.uploadGroupFile("bot", 434395907, "file:///path/to/file.pdf", "folder_id", "file.pdf"),
    "upload_group_file",
    {
      group_id: "434395907",
      file: "file:///path/to/file.pdf",
      folder: "folder_id",
      name: "file.pdf",
    },
  ],
  [
    (f) => f.uploadGroupFile("bot", 434395907, "https://e.com/a%20b.pdf?x=1"),
    "upload_group_file",
    { group_id: "434395907", file: "https://e.com/a%20b.pdf?x=1", name: "a b.pdf" },
  ],
  [
    (f) => f.uploadPrivateFile("bot", 10001, "file:///path/to/file.pdf", "file.pdf"),
    "upload_private_file",
    { user_id: "10001", file: "file:///path/to/file.pdf", name: "file.pdf" },
  ],
  [
    (f) => f.uploadPrivateFile("bot", 10001, bytes, "a.bin"),
    "upload_private_file",
    { user_id: "10001", file: bytes, name: "a.bin" },
  ],
];

test("the guide's functions call what the guide says, of the account named", async () => {
  for (const [run, action, params] of CALLS) {
    const { functions, calls } = recorded();
    await run(functions);
    assert.deepEqual(calls, [{ account: "bot", action, params }]);
  }
});

test("what they call is in the bridge's catalogue, under these names", () => {
  const file = new URL("../../../../schema/actions.json", import.meta.url);
  const { actions } = JSON.parse(readFileSync(file, "utf8")) as {
    actions: { name: string; params?: { name: string }[] }[];
  };
  for (const [, action, params] of CALLS) {
    const known = actions.find(({ name }) => name === action)?.params?.map(({ name }) => name);
    assert.ok(known, action);
    for (const name of Object.keys(params)) assert.ok(known.includes(name), `${action} ${name}`);
  }
});

test("answers are given as they came, and none as nothing", async () => {
  const friend = { user_id: 10001, nickname: "小明" };
  assert.deepEqual(await recorded([friend]).functions.getFriendList("bot"), [friend]);
  assert.deepEqual(await recorded(null).functions.getFriendList("bot"), []);
  const info = await recorded({ ...friend, group_id: 7 }).functions.getGroupMemberInfo(
    "bot",
    7,
    10001,
  );
  assert.equal(info.nickname, "小明");
  const { functions } = recorded({ file_id: "/f" });
  assert.deepEqual(await functions.uploadGroupFile("bot", 7, bytes, "", "a"), { file_id: "/f" });
  assert.deepEqual(await recorded(null).functions.uploadPrivateFile("bot", 7, bytes, "a"), {});
  assert.equal(await functions.setGroupName("bot", 7, "x"), undefined);
});

/** As callers without types may. */
type Loose = Record<keyof Functions, (...args: unknown[]) => Promise<unknown>>;

const REFUSED: readonly (readonly [(f: Loose) => Promise<unknown>, RegExp])[] = [
  [(f) => f.setGroupAdmin("bot", 0, 10001, true), /^groupId: allowed: a group or QQ number/],
  [(f) => f.setGroupAdmin("bot", 7, "abc", true), /^userId: allowed: /],
  [(f) => f.setGroupAdmin("bot", 7, 2 ** 53, true), /^userId: allowed: /],
  [(f) => f.setGroupAdmin("bot", 7, undefined, true), /^userId: allowed: /],
  [(f) => f.setGroupAdmin("bot", 7, 10001, "false"), /^enable: allowed: true or false/],
  [(f) => f.setGroupMute("bot", 7, 10001, -1), /^duration: allowed: seconds from 0 to 2592000/],
  [(f) => f.setGroupMute("bot", 7, 10001), /^duration: allowed: /],
  [(f) => f.setGroupWholeMute("bot", 7), /^enable: allowed: /],
  [(f) => f.setGroupName("bot", 7, "  "), /^groupName: required: a text/],
  [(f) => f.setFriendRemark("bot", 7), /^remark: allowed: a text/],
  [(f) => f.uploadGroupFile("bot", 7, ""), /^file: required: /],
  [(f) => f.uploadGroupFile("bot", 7, {}), /^file: required: /],
  [(f) => f.uploadPrivateFile("bot", 7, bytes), /^fileName: required: /],
  [(f) => f.uploadPrivateFile("bot", 7, "base64://AA"), /^fileName: required: /],
];

test("what cannot be meant is refused before anything is sent", async () => {
  for (const [run, message] of REFUSED) {
    const { functions, calls } = recorded();
    await assert.rejects(run(functions as unknown as Loose), { name: "TypeError", message });
    assert.deepEqual(calls, []);
  }
});
