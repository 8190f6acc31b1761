/** Groups, members and friends, told to the model or an operator. Names are others' words. */

import type { Caller } from "../bus/types.ts";
import {
  type RosterEntry,
  readFriends,
  readGroups,
  readMembers,
  searchRoster,
} from "../qq/roster.ts";
import { line } from "../qq/text.ts";
import { count, type Fields, fields, list, number, text } from "../qq/value.ts";
import { shown, type ToolResult } from "./result.ts";

/** Of long lists the beginning; a query finds the rest. */
const SHOWN_MAX = 100;

export async function listGroups(calls: Caller, query?: string): Promise<ToolResult> {
  const groups = readGroups((await calls.call("get_group_list")).data);
  return listed("Groups of the bot:", groups, query);
}

export async function listFriends(calls: Caller, query?: string): Promise<ToolResult> {
  const friends = readFriends((await calls.call("get_friend_list")).data);
  return listed("Friends of the bot:", friends, query);
}

export async function listMembers(
  calls: Caller,
  groupId: string,
  query?: string,
): Promise<ToolResult> {
  const { data } = await calls.call("get_group_member_list", { group_id: groupId });
  return listed(`Members of group:${groupId}:`, readMembers(data), query);
}

export async function describeGroup(calls: Caller, groupId: string): Promise<ToolResult> {
  const group = fields((await calls.call("get_group_info", { group_id: groupId })).data);
  const info = {
    groupId,
    name: line(text(group["group_name"]), 80),
    members: count(group["member_count"]),
    maxMembers: count(group["max_member_count"]),
    wholeMuted: Number(group["group_all_shut"] ?? 0) !== 0,
  };
  return shown(`group:${groupId}`, told(info), info);
}

export async function describeMember(
  calls: Caller,
  groupId: string,
  userId: string,
): Promise<ToolResult> {
  const { data } = await calls.call("get_group_member_info", {
    group_id: groupId,
    user_id: userId,
    no_cache: false,
  });
  const info = memberInfo(fields(data), groupId, userId);
  return shown(`private:${userId} in group:${groupId}`, told(info), info);
}

function memberInfo(member: Fields, groupId: string, userId: string) {
  return {
    groupId,
    userId,
    nickname: line(text(member["nickname"]), 60),
    card: line(text(member["card"]), 60),
    role: line(text(member["role"]), 20),
    title: line(text(member["title"]), 40),
    level: line(text(member["level"]), 20),
    joined: dated(member["join_time"]),
    lastSpoke: dated(member["last_sent_time"]),
    mutedUntil: dated(member["shut_up_timestamp"]),
  };
}

export async function listMuted(calls: Caller, groupId: string): Promise<ToolResult> {
  const { data } = await calls.call("get_group_shut_list", { group_id: groupId });
  const muted = list(data).map((item) => {
    const member = fields(item);
    const until = dated(member["shutUpTime"] ?? member["shut_up_timestamp"]);
    const name = line(text(member["nick"] ?? member["nickname"]), 60);
    const userId = number(member["uin"] ?? member["user_id"]);
    return `private:${userId} ${name}${until ? ` until ${until}` : ""}`;
  });
  return shown(`Muted in group:${groupId}:`, muted, { groupId, muted });
}

function listed(title: string, roster: readonly RosterEntry[], query?: string): ToolResult {
  const found = searchRoster(roster, { query: query ?? null });
  const lines = found.slice(0, SHOWN_MAX).map(entryLine);
  if (found.length > SHOWN_MAX) lines.push(`… ${found.length - SHOWN_MAX} more: give a query`);
  return shown(title, lines, {
    total: found.length,
    entries: found.slice(0, SHOWN_MAX).map(({ id, name, role }) => ({ id, name, role })),
  });
}

export function entryLine({ id, name, role, members }: RosterEntry): string {
  const more = [role && role !== "member" && role, members !== undefined && `${members} members`];
  const told = more.filter(Boolean).join(", ");
  return `${id} ${name}${told && ` (${told})`}`;
}

function told(info: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(info)
    .filter(([, value]) => value !== undefined && value !== "")
    .map(([key, value]) => `${key}: ${String(value)}`);
}

/** A time in seconds, for people; nothing for 0 and for what has none. */
function dated(seconds: unknown): string | undefined {
  const told = count(seconds) ?? 0;
  return told > 0 ? new Date(told * 1000).toISOString().slice(0, 16).replace("T", " ") : undefined;
}
