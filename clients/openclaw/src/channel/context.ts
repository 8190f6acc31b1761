import type { toInboundMediaFacts } from "openclaw/plugin-sdk/channel-inbound";
import type { HistoryEntry } from "openclaw/plugin-sdk/reply-history";
import type { PluginRuntime } from "openclaw/plugin-sdk/runtime-store";
import { formatTarget } from "../qq/target.ts";
import type { Incoming } from "../qq/types.ts";
import type { Access, Mention } from "./access.ts";
import { CHANNEL_ID } from "./channel-id.ts";
import type { Quote } from "./quoted.ts";
import type { Route } from "./route.ts";

type BuildContext = PluginRuntime["channel"]["inbound"]["buildContext"];
type BuildParams = Parameters<BuildContext>[0];

/** All that is known of a message when it is handed to the model. */
export interface Facts {
  incoming: Incoming;
  access: Access;
  mention: Mention;
  route: Route;
  selfId: string;
  groupName?: string | undefined;
  /** Of the group, by the operator. */
  systemPrompt?: string | undefined;
  requireMention: boolean;
  quote?: Quote | undefined;
  history?: HistoryEntry[] | undefined;
  media: ReturnType<typeof toInboundMediaFacts>;
}

/**
 * A message as the host wants it. What strangers wrote or called themselves goes
 * into the fields that the host shows the model as data; only the operator's own
 * prompt goes where instructions are.
 */
export function contextOf(facts: Facts): BuildParams {
  const { incoming, route, access, mention } = facts;
  const group = incoming.chat.kind === "group";
  const target = formatTarget(incoming.chat);
  const label = group
    ? (facts.groupName ?? target)
    : (incoming.sender.card ?? incoming.sender.name);
  return {
    channel: CHANNEL_ID,
    accountId: route.accountId,
    channelIngress: access,
    messageId: incoming.messageId,
    timestamp: incoming.time,
    from: group ? `${CHANNEL_ID}:${target}` : `${CHANNEL_ID}:${incoming.sender.id}`,
    sender: {
      id: incoming.sender.id,
      name: incoming.sender.card ?? incoming.sender.name,
      ...(incoming.sender.card && { username: incoming.sender.name }),
      ...(incoming.sender.role && { roles: [incoming.sender.role] }),
    },
    conversation: { kind: group ? "group" : "direct", id: incoming.chat.id, label },
    route: {
      agentId: route.agentId,
      accountId: route.accountId,
      routeSessionKey: route.sessionKey,
      ...(route.dmScope && { dmScope: route.dmScope }),
    },
    reply: { to: target, originatingTo: target },
    message: {
      rawBody: incoming.text,
      bodyForAgent: incoming.text,
      commandBody: incoming.commandText,
      body: route.envelope(label, incoming.time, incoming.text),
      ...(facts.history && { inboundHistory: facts.history }),
    },
    media: facts.media,
    access: {
      commands: { authorized: access.commandAccess.authorized },
      ...(group && {
        mentions: {
          canDetectMention: true,
          wasMentioned: access.activationAccess.effectiveWasMentioned ?? mention.mentioned,
          hasAnyMention: mention.any,
          explicitlyMentionedBot: incoming.mentionsBot,
          mentionedUserIds: incoming.mentions,
          requireMention: facts.requireMention,
          ...(mention.quotesBot && { implicitMentionKinds: ["reply_to_bot" as const] }),
        },
      }),
    },
    supplemental: supplementOf(facts),
    extra: {
      BotUsername: facts.selfId,
      ...(group && facts.systemPrompt && { GroupSystemPrompt: facts.systemPrompt }),
    },
  };
}

function supplementOf({ incoming, selfId, quote }: Facts): BuildParams["supplemental"] & object {
  const { role, title, anonymous } = incoming.sender;
  return {
    ...(quote && {
      quote: {
        id: quote.id,
        body: quote.body,
        sender: quote.sender,
        isQuote: true,
        isSelf: quote.isSelf,
      },
    }),
    channelStructuredContext: [
      {
        label: "QQ",
        source: CHANNEL_ID,
        type: "qq_message",
        payload: {
          your_qq: selfId,
          sender_qq: incoming.sender.id,
          sender_role: role,
          sender_title: title,
          sender_is_anonymous: anonymous,
          via_group: incoming.viaGroup,
          mentions: incoming.mentions.length > 0 ? incoming.mentions : undefined,
        },
      },
    ],
  };
}
