/**
 * Names of chats as people, settings and models write them.
 *
 *     [napcatqq:|qq:] group:<id>
 *     [napcatqq:|qq:] private:<id>      also user: friend: dm: direct:
 *
 * Group numbers and QQ numbers look alike and overlap, so a bare number names no
 * chat: guessing would send a private answer into a group.
 */

import type { Chat } from "./types.ts";

export type TargetResult =
  | { readonly ok: true; readonly chat: Chat }
  | { readonly ok: false; readonly reason: string };

const CHANNEL_PREFIX = /^(?:napcatqq|qq)\s*[:：]\s*/i;
const KINDS: ReadonlyMap<string, Chat["kind"]> = new Map([
  ["group", "group"],
  ["private", "private"],
  ["user", "private"],
  ["friend", "private"],
  ["dm", "private"],
  ["direct", "private"],
]);
const ALLOWED = "allowed: group:<group number> or private:<QQ number>";

/** Is this a number of QQ's: a person's or a group's. */
export function isQqNumber(text: string): boolean {
  return /^[1-9]\d{0,19}$/.test(text);
}

/** Read a target. Never throws; `reason` says what is allowed. */
export function parseTarget(raw: string): TargetResult {
  const bare = stripChannel(raw);
  if (isQqNumber(bare)) {
    return {
      ok: false,
      reason: `${bare} may be a group or a person: write group:${bare} or private:${bare}`,
    };
  }
  const parts = /^([a-z]+)\s*[:：]\s*(\S+)$/i.exec(bare);
  const kind = KINDS.get(parts?.[1]?.toLowerCase() ?? "");
  const id = parts?.[2] ?? "";
  if (kind === undefined) return { ok: false, reason: `no QQ chat: ${quote(raw)}; ${ALLOWED}` };
  if (!isQqNumber(id)) return { ok: false, reason: `no QQ number: ${quote(id)}; ${ALLOWED}` };
  return { ok: true, chat: { kind, id } };
}

/** The chat, or undefined where `parseTarget` has a reason against it. */
export function chatOf(raw: string): Chat | undefined {
  const result = parseTarget(raw);
  return result.ok ? result.chat : undefined;
}

/** The one form in which targets are kept: `group:434395907`. */
export function formatTarget(chat: Chat): string {
  return `${chat.kind}:${chat.id}`;
}

/**
 * Is it meant as a target, not as a name to search for? True for bare numbers as
 * well: they are to meet `parseTarget`'s reason, not a search.
 */
export function looksLikeTarget(raw: string): boolean {
  const bare = stripChannel(raw);
  if (isQqNumber(bare)) return true;
  return KINDS.has(/^([a-z]+)\s*[:：]/i.exec(bare)?.[1]?.toLowerCase() ?? "");
}

function stripChannel(raw: string): string {
  let text = raw.trim();
  while (CHANNEL_PREFIX.test(text)) text = text.replace(CHANNEL_PREFIX, "");
  return text;
}

function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
