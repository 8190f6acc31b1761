import {
  type AckReactionHandle,
  createAckReactionHandle,
  resolveAckReaction,
  shouldAckReaction,
} from "openclaw/plugin-sdk/channel-feedback";
import type { Caller } from "../bus/types.ts";
import { reactionId } from "../qq/faces.ts";
import type { Incoming } from "../qq/types.ts";
import { reasonOf } from "../sp/thrown.ts";
import type { Access, Mention } from "./access.ts";
import { CHANNEL_ID } from "./channel-id.ts";
import type { Config } from "./config.ts";
import type { Log } from "./log.ts";

const TIMEOUT = 5_000;

export function react(
  calls: Caller,
  messageId: string,
  emoji: string,
  set: boolean,
): Promise<unknown> {
  return calls.call(
    "set_msg_emoji_like",
    { message_id: messageId, emoji_id: emoji, set },
    { timeout: TIMEOUT },
  );
}

export interface Acknowledging {
  cfg: Config;
  calls: Caller;
  accountId: string;
  agentId: string;
  incoming: Incoming;
  access: Access;
  mention: Mention;
  log: Log;
}

/**
 * Put the host's acknowledgement under a message that is about to be answered, as
 * `messages.ackReaction` and its scope say. QQ has reactions in groups alone.
 */
export function acknowledge(ask: Acknowledging): AckReactionHandle | null {
  const { cfg, calls, incoming, log } = ask;
  const group = incoming.chat.kind === "group";
  const emoji = reactionId(
    resolveAckReaction(cfg, ask.agentId, { channel: CHANNEL_ID, accountId: ask.accountId }),
  );
  const wanted = shouldAckReaction({
    scope: cfg.messages?.ackReactionScope,
    isDirect: !group,
    isGroup: group,
    isMentionableGroup: group,
    canDetectMention: group,
    effectiveWasMentioned:
      ask.access.activationAccess.effectiveWasMentioned ?? ask.mention.mentioned,
  });
  if (!group || emoji === undefined || !wanted) return null;
  return createAckReactionHandle({
    ackReactionValue: emoji,
    send: async () => void (await react(calls, incoming.messageId, emoji, true)),
    remove: async () => void (await react(calls, incoming.messageId, emoji, false)),
    onSendError: (error) => log.debug(`reaction not set: ${reasonOf(error)}`),
  });
}
