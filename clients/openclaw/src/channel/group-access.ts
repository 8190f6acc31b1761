import { type Entry, senderOf } from "./entry.ts";
import type { Group, ResolvedAccount } from "./settings.ts";

/**
 * What the settings say of one group, for the host's resolver and for the turn. They
 * say the same to the bridge's own gate, and both have to come to one result.
 */
export interface GroupAccess extends Omit<Group, "allowFrom" | "enabled"> {
  /** For the host: `allowlist` wherever `senders` decide. */
  policy: "open" | "allowlist" | "disabled";
  /** The group has to be listed. */
  gated: boolean;
  /** By `groups`, by `groupAllowFrom`, or through the senders that are listed. */
  listed: boolean;
  enabled: boolean;
  /** Who is heard: `["*"]` is everybody, an empty list nobody. */
  senders: string[];
  requireMention: boolean;
  /** A mention of everybody is one of the bot. */
  mentionAll: boolean;
  /** Why this may be narrower than whoever wrote it meant, and what to write then. */
  hint?: string;
}

export function groupAccess(account: ResolvedAccount, groupId: string): GroupAccess {
  const { "*": all, [groupId]: own } = account.groups;
  const { allowFrom, ...group } = { ...all, ...own };
  const lists = readLists(account, groupId);
  const isLimited = allowFrom !== undefined || lists.limit;
  const senders = allowFrom ?? (lists.limit ? lists.senders : ["*"]);
  const isKnown = all !== undefined || own !== undefined || lists.namesGroup;
  const hint = isKnown && allowFrom === undefined ? hintOf(account, groupId, lists) : undefined;
  return {
    ...group,
    policy: account.groupPolicy === "open" && isLimited ? "allowlist" : account.groupPolicy,
    gated: account.groupPolicy === "allowlist",
    listed: isKnown || (lists.limit && lists.senders.length > 0),
    enabled: group.enabled !== false,
    senders,
    requireMention: group.requireMention ?? true,
    mentionAll: group.mentionAll ?? false,
    ...(hint && { hint }),
  };
}

interface Lists {
  namesGroup: boolean;
  /** Only `senders` are heard, unless the group has a list of its own. */
  limit: boolean;
  senders: string[];
  /** Bare numbers of `groupAllowFrom`, which nothing else says what they are. */
  bare: readonly string[];
}

/**
 * `groupAllowFrom` is written for senders by some and for groups by others. A bare
 * number that is this group's lets all of it in; any other is a sender's.
 */
function readLists(account: ResolvedAccount, groupId: string): Lists {
  const entries = account.groupAllowFrom;
  const namesGroup = entries.some((entry) => names(entry, groupId));
  const bare = entries.flatMap((entry) => (entry.kind === "bare" ? [entry.id] : []));
  const said = entries.filter((entry) => entry.kind === "user" || entry.kind === "accessGroup");
  const definite = [
    ...said.map(senderOf).filter((sender) => sender !== undefined),
    ...account.groupSenderAllowFrom,
  ];
  return {
    namesGroup,
    limit: definite.length > 0 || (bare.length > 0 && !namesGroup),
    senders: [...bare.filter((id) => id !== groupId), ...definite],
    bare,
  };
}

function names(entry: Entry, groupId: string): boolean {
  if (entry.kind === "everybody") return true;
  return (entry.kind === "bare" || entry.kind === "group") && entry.id === groupId;
}

/** The numbers are all those of other groups, so nobody is heard in this one. */
function hintOf(account: ResolvedAccount, groupId: string, lists: Lists): string | undefined {
  const { bare, senders } = lists;
  if (!lists.limit || senders.length !== bare.length) return undefined;
  if (!bare.every((id) => account.groups[id] !== undefined)) return undefined;
  return (
    `group ${groupId} is listed, but nobody is heard there: groupAllowFrom has ${bare.join(", ")}, ` +
    `which are read as senders in any other group. Write them as group:${bare[0]}, ` +
    `or add ${groupId} to groupAllowFrom`
  );
}
