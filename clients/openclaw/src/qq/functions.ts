/** The settings guide's functions, with its names and its order of arguments. */

import type { Caller, Params } from "../bus/types.ts";
import { isQqNumber } from "./target.ts";

/** A group or QQ number; numbers must be exact, so give long ones as text. */
export type Id = number | bigint | string;

/** A URL, a `file://` path or other text that the bridge takes for a file; or the bytes. */
export type FileSource = string | Uint8Array;

/** Who is called for an account; rejects for one that there is not. */
export type Resolve = (accountId: string) => Caller | Promise<Caller>;

/** As peers tell it: NapCat has more, others less. */
export interface GroupMember {
  group_id: number;
  user_id: number;
  nickname: string;
  card?: string;
  role?: string;
  title?: string;
  level?: string;
  join_time?: number;
  last_sent_time?: number;
  shut_up_timestamp?: number;
}

export interface Friend {
  user_id: number;
  nickname: string;
  remark?: string;
}

export interface Uploaded {
  file_id?: string | null;
}

/**
 * All of them reject with `TypeError` for arguments that cannot be meant, before
 * anything is sent, and with a `CallError` if the call does not succeed.
 */
export interface Functions {
  setGroupAdmin(accountId: string, groupId: Id, userId: Id, enable: boolean): Promise<void>;
  /** `duration` in seconds, at most 30 days; 0 lifts the mute. */
  setGroupMute(accountId: string, groupId: Id, userId: Id, duration: number): Promise<void>;
  kickGroupMember(
    accountId: string,
    groupId: Id,
    userId: Id,
    rejectAddRequest?: boolean,
  ): Promise<void>;
  setGroupWholeMute(accountId: string, groupId: Id, enable: boolean): Promise<void>;
  setGroupName(accountId: string, groupId: Id, groupName: string): Promise<void>;
  getGroupMemberInfo(
    accountId: string,
    groupId: Id,
    userId: Id,
    noCache?: boolean,
  ): Promise<GroupMember>;
  getFriendList(accountId: string): Promise<Friend[]>;
  deleteFriend(accountId: string, userId: Id): Promise<void>;
  /** An empty remark takes it away. */
  setFriendRemark(accountId: string, userId: Id, remark: string): Promise<void>;
  /** `folderId` may be empty: the group's root. `fileName` is the source's own if it has one. */
  uploadGroupFile(
    accountId: string,
    groupId: Id,
    file: FileSource,
    folderId?: string,
    fileName?: string,
  ): Promise<Uploaded>;
  uploadPrivateFile(
    accountId: string,
    userId: Id,
    file: FileSource,
    fileName?: string,
  ): Promise<Uploaded>;
}

/** QQ's own bound. */
const MUTE_MAX = 30 * 24 * 3600;

export function createFunctions(resolve: Resolve): Functions {
  const call = async <T>(accountId: string, action: string, params: Params): Promise<T> => {
    const caller = await resolve(accountId);
    return (await caller.call<T>(action, params)).data;
  };
  const change = async (accountId: string, action: string, params: Params): Promise<void> => {
    await call(accountId, action, params);
  };
  return {
    setGroupAdmin: async (accountId, groupId, userId, enable) =>
      change(accountId, "set_group_admin", {
        ...member(groupId, userId),
        enable: flag("enable", enable),
      }),
    setGroupMute: async (accountId, groupId, userId, duration) =>
      change(accountId, "set_group_ban", {
        ...member(groupId, userId),
        duration: seconds(duration),
      }),
    kickGroupMember: async (accountId, groupId, userId, rejectAddRequest = false) =>
      change(accountId, "set_group_kick", {
        ...member(groupId, userId),
        reject_add_request: flag("rejectAddRequest", rejectAddRequest),
      }),
    setGroupWholeMute: async (accountId, groupId, enable) =>
      change(accountId, "set_group_whole_ban", {
        group_id: qqId("groupId", groupId),
        enable: flag("enable", enable),
      }),
    setGroupName: async (accountId, groupId, groupName) =>
      change(accountId, "set_group_name", {
        group_id: qqId("groupId", groupId),
        group_name: named("groupName", groupName),
      }),
    getGroupMemberInfo: async (accountId, groupId, userId, noCache = false) =>
      call(accountId, "get_group_member_info", {
        ...member(groupId, userId),
        no_cache: flag("noCache", noCache),
      }),
    getFriendList: async (accountId) => {
      const friends = await call<Friend[] | null>(accountId, "get_friend_list", {});
      return friends ?? [];
    },
    deleteFriend: async (accountId, userId) =>
      change(accountId, "delete_friend", { user_id: qqId("userId", userId) }),
    setFriendRemark: async (accountId, userId, remark) =>
      change(accountId, "set_friend_remark", {
        user_id: qqId("userId", userId),
        remark: worded("remark", remark),
      }),
    uploadGroupFile: async (accountId, groupId, file, folderId, fileName) => {
      const params: Params = {
        group_id: qqId("groupId", groupId),
        file: source(file),
        name: fileNameOf(file, fileName),
      };
      if (folderId) params["folder"] = folderId;
      return uploaded(await call(accountId, "upload_group_file", params));
    },
    uploadPrivateFile: async (accountId, userId, file, fileName) =>
      uploaded(
        await call(accountId, "upload_private_file", {
          user_id: qqId("userId", userId),
          file: source(file),
          name: fileNameOf(file, fileName),
        }),
      ),
  };
}

function member(groupId: Id, userId: Id): Params {
  return { group_id: qqId("groupId", groupId), user_id: qqId("userId", userId) };
}

/** Digits, which are exact for every peer. */
function qqId(name: string, id: Id): string {
  const exact = typeof id !== "number" || Number.isSafeInteger(id);
  const digits = String(id).trim();
  if (!exact || !isQqNumber(digits)) {
    throw new TypeError(`${name}: allowed: a group or QQ number, as a number or its digits`);
  }
  return digits;
}

function flag(name: string, value: boolean): boolean {
  if (typeof value !== "boolean") throw new TypeError(`${name}: allowed: true or false`);
  return value;
}

function seconds(duration: number): number {
  if (!Number.isInteger(duration) || duration < 0 || duration > MUTE_MAX) {
    throw new TypeError(`duration: allowed: seconds from 0 to ${MUTE_MAX}; 0 lifts the mute`);
  }
  return duration;
}

function worded(name: string, value: string): string {
  if (typeof value !== "string") throw new TypeError(`${name}: allowed: a text`);
  return value;
}

function named(name: string, value: string): string {
  if (worded(name, value).trim() === "") throw new TypeError(`${name}: required: a text`);
  return value;
}

function source(file: FileSource): FileSource {
  const given = file instanceof Uint8Array || (typeof file === "string" && file !== "");
  if (!given || file.length === 0) {
    throw new TypeError("file: required: a URL, a path, base64://…, or bytes");
  }
  return file;
}

/** NapCat wants a name for every file; bytes have none of their own. */
function fileNameOf(file: FileSource, name: string | undefined): string {
  if (name) return name;
  const path = typeof file === "string" && !/^(?:base64|data):/i.test(file) ? file : "";
  const last =
    path
      .replace(/[?#].*$/, "")
      .split(/[\\/]/)
      .at(-1) ?? "";
  if (last === "") throw new TypeError("fileName: required: this file has no name of its own");
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

function uploaded(data: Uploaded | null): Uploaded {
  return data ?? {};
}
