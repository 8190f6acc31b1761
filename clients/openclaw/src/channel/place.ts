import { chatOf } from "../qq/target.ts";
import type { Chat } from "../qq/types.ts";
import { CHANNEL_ID } from "./channel-id.ts";
import { BadParam, type Given, readGroup } from "./params.ts";
import { isOwner, NotAllowed, type Requester } from "./requester.ts";

/** The QQ chat in which something is asked for, if it is asked for in one. */
export function chatAt(
  channel: string | null | undefined,
  ...targets: readonly (string | number | null | undefined)[]
): Chat | undefined {
  if (channel !== CHANNEL_ID) return undefined;
  for (const target of targets) {
    const chat = target ? chatOf(String(target)) : undefined;
    if (chat) return chat;
  }
  return undefined;
}

/**
 * The group that is meant: the one named, else the one in which it is asked for. Only
 * an owner may name another than that.
 */
export function groupMeant(
  given: Given,
  keys: readonly string[],
  here: Chat | undefined,
  requester: Requester,
): string {
  const current = here?.kind === "group" ? here.id : undefined;
  const named = readGroup(given, ...keys);
  if (named === undefined && current === undefined) {
    throw new BadParam(`${keys[0]}: required: a group number, for this is not asked in a group`);
  }
  if (named === undefined || named === current) return current ?? "";
  if (isOwner(requester)) return named;
  throw new NotAllowed(
    `group ${named} is not the one in which this is asked: only an owner may ask for another`,
  );
}
