import { createHash } from "node:crypto";
import { CHANNEL_ID } from "./channel-id.ts";

/** The bridge takes ids of 128 bytes at most. */
const ID_MAX = 128;

/**
 * What an answer's messages are named by for the bridge, which never carries out
 * two calls of one name. It follows from the message answered and from how many
 * answers came before it in that turn, so whoever answers the same message again,
 * after a restart or a crash, uses the same names.
 */
export function answerId(accountId: string, messageKey: string, nth: number): string {
  return `${CHANNEL_ID}:${accountId}:${messageKey}:${nth}`;
}

/** The same for what the host's queue of outgoing messages sends: `part` counts within an entry. */
export function queueId(accountId: string, entryId: string, part: number): string {
  return `${CHANNEL_ID}:${accountId}:queue:${entryId}:${part}`;
}

/**
 * The name of one call under `base`. `attempt` tells those apart that are made
 * because the one before is known not to have happened.
 */
export function callId(base: string, index: number, attempt = 0): string {
  const id = `${base}:${index}${attempt === 0 ? "" : `~${attempt}`}`;
  if (Buffer.byteLength(id) <= ID_MAX) return id;
  return `${CHANNEL_ID}:${createHash("sha256").update(id).digest("hex")}`;
}
