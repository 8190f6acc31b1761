/** Friends, groups and members as entries of a directory. */

import { line } from "./text.ts";
import { count, type Fields, fields, firstText, list, number, text } from "./value.ts";

/** In the form of the host's directory entries. */
export interface RosterEntry {
  kind: "user" | "group";
  /** A target: `private:10001`, `group:434395907`. */
  id: string;
  /** What the bot's owner calls them, else what they call themselves; never empty. */
  name: string;
  /** What they call themselves, where that is another name. */
  also?: string;
  /** The number, for people who search by it. */
  handle: string;
  avatarUrl: string;
  /** Members of a group: owner, admin or member. */
  role?: string;
  /** Groups: how many are in there. */
  members?: number;
}

export interface RosterQuery {
  /** Part of a name or number, whatever its case. */
  query?: string | null;
  limit?: number | null;
}

/** As no answer of a peer has; a list beyond it is not one of QQ's. */
const ROSTER_MAX = 50_000;

/** What `get_friend_list` gave. */
export function readFriends(data: unknown): RosterEntry[] {
  return entries(data, (friend) =>
    person(friend, [friend["remark"], friend["nickname"], friend["nick"]]),
  );
}

/** What `get_group_list` gave. */
export function readGroups(data: unknown): RosterEntry[] {
  return entries(data, (group) => {
    const id = number(group["group_id"]);
    if (id === "") return undefined;
    const members = count(group["member_count"]);
    return {
      kind: "group",
      id: `group:${id}`,
      ...names([group["group_remark"], group["group_name"]], id),
      handle: id,
      avatarUrl: `https://p.qlogo.cn/gh/${id}/${id}/640/`,
      ...(members === undefined ? {} : { members }),
    };
  });
}

/** What `get_group_member_list` gave. */
export function readMembers(data: unknown): RosterEntry[] {
  return entries(data, (member) => {
    const entry = person(member, [member["card"], member["nickname"]]);
    const role = text(member["role"]);
    if (entry && /^(?:owner|admin|member)$/.test(role)) entry.role = role;
    return entry;
  });
}

/** Those that a query means: numbers and names that are it before those that have it. */
export function searchRoster(roster: readonly RosterEntry[], query: RosterQuery): RosterEntry[] {
  const wanted = (query.query ?? "").trim().toLowerCase();
  const found = roster
    .map((entry) => ({ entry, rank: rankOf(entry, wanted) }))
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank)
    .map(({ entry }) => entry);
  return query.limit && query.limit > 0 ? found.slice(0, query.limit) : found;
}

function rankOf(entry: RosterEntry, wanted: string): number {
  if (wanted === "") return 1;
  const known = [entry.name, entry.also ?? ""].map((name) => name.toLowerCase());
  if (entry.handle === wanted || entry.id === wanted || known.includes(wanted)) return 3;
  if (known.some((name) => name.startsWith(wanted))) return 2;
  return [...known, entry.handle].some((name) => name.includes(wanted)) ? 1 : 0;
}

function entries(data: unknown, read: (item: Fields) => RosterEntry | undefined): RosterEntry[] {
  const found: RosterEntry[] = [];
  for (const item of list(data).slice(0, ROSTER_MAX)) {
    const entry = read(fields(item));
    if (entry) found.push(entry);
  }
  return found;
}

function person(item: Fields, called: readonly unknown[]): RosterEntry | undefined {
  const id = number(item["user_id"]);
  if (id === "") return undefined;
  return {
    kind: "user",
    id: `private:${id}`,
    ...names(called, id),
    handle: id,
    avatarUrl: `https://q1.qlogo.cn/g?b=qq&nk=${id}&s=640`,
  };
}

/** The first that there is, and the last if it is another. */
function names(called: readonly unknown[], id: string): Pick<RosterEntry, "name" | "also"> {
  const name = line(firstText(...called));
  const also = line(firstText(...called.toReversed()));
  return { name: name || id, ...(also !== name && { also }) };
}
