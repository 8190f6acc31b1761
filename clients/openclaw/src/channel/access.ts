import {
  channelIngressRoutes,
  resolveChannelImplicitMentions,
} from "openclaw/plugin-sdk/channel-ingress-runtime";
import type { PluginRuntime } from "openclaw/plugin-sdk/runtime-store";
import type { Envelope } from "../bus/types.ts";
import type { Chat, Incoming } from "../qq/types.ts";
import { CHANNEL_ID } from "./channel-id.ts";
import type { Config } from "./config.ts";
import { type GroupAccess, groupAccess } from "./group-access.ts";
import { qqIdentity } from "./identity.ts";
import type { ResolvedAccount } from "./settings.ts";

type Ingress = PluginRuntime["channel"]["inbound"]["ingress"];
type ResolveParams = Parameters<Ingress["resolve"]>[0];
export type Access = Awaited<ReturnType<Ingress["resolve"]>>;

/** Why the message is for the bot, as far as it says so itself. */
export interface Mention {
  /** By an `at`, by name, by a mention of everybody where the group has that, or by a quote of the bot. */
  mentioned: boolean;
  /** Anybody is mentioned. */
  any: boolean;
  quotesBot: boolean;
}

export interface Question {
  cfg: Config;
  account: ResolvedAccount;
  incoming: Incoming;
  mention: Mention;
  agentId: string;
  sessionKey: string;
  readStoreAllowFrom: () => Promise<string[]>;
}

type Runtime = {
  inbound: Pick<PluginRuntime["channel"]["inbound"], "ingress">;
  commands: Pick<PluginRuntime["channel"]["commands"], "shouldHandleTextCommands">;
  text: Pick<PluginRuntime["channel"]["text"], "hasControlCommand">;
};

/** Ask the host, which owns the policy, whether this message may be answered. */
export function resolveAccess(channel: Runtime, question: Question): Promise<Access> {
  return channel.inbound.ingress.resolve(askFor(channel, question));
}

/** What is asked: facts and settings alone, for the host's resolver is what decides. */
export function askFor(channel: Runtime, question: Question): ResolveParams {
  const { cfg, account, incoming, mention } = question;
  const group = incoming.chat.kind === "group" ? groupAccess(account, incoming.chat.id) : undefined;
  const allowTextCommands = channel.commands.shouldHandleTextCommands({
    cfg,
    surface: CHANNEL_ID,
  });
  const hasControlCommand = channel.text.hasControlCommand(incoming.commandText, cfg);
  return {
    channelId: CHANNEL_ID,
    accountId: account.accountId,
    identity: qqIdentity,
    ...(cfg.accessGroups && { accessGroups: cfg.accessGroups }),
    subject: { stableId: incoming.sender.anonymous ? null : incoming.sender.id },
    conversation: { kind: group ? "group" : "direct", id: incoming.chat.id },
    contextBinding: {
      agentId: question.agentId,
      sessionKey: question.sessionKey,
      messageId: incoming.messageId,
      inboundEventKind: "user_request",
    },
    event: { kind: "message", authMode: "inbound", mayPair: !group },
    policy: {
      dmPolicy: account.dmPolicy,
      groupPolicy: group?.policy ?? "disabled",
      groupAllowFromFallbackToAllowFrom: false,
      activation: {
        requireMention: group?.requireMention ?? false,
        allowTextCommands,
        implicitMentions: resolveChannelImplicitMentions({
          cfg,
          channel: CHANNEL_ID,
          accountId: account.accountId,
        }),
      },
    },
    ...(group && {
      mentionFacts: factsOf(mention),
      groupAllowFrom: group.senders,
      route: routesOf(group),
    }),
    allowFrom: account.allowFrom,
    readStoreAllowFrom: question.readStoreAllowFrom,
    command: { allowTextCommands, hasControlCommand },
  };
}

function factsOf({ mentioned, any, quotesBot }: Mention): ResolveParams["mentionFacts"] & object {
  return {
    canDetectMention: true,
    wasMentioned: mentioned,
    hasAnyMention: any,
    ...(quotesBot && { implicitMentionKinds: ["reply_to_bot" as const] }),
  };
}

function routesOf(group: GroupAccess): ResolveParams["route"] & object {
  return channelIngressRoutes(
    group.gated && {
      id: "qq:group",
      allowed: group.listed,
      precedence: 0,
      blockReason: "group_not_listed",
    },
    !group.enabled && {
      id: "qq:group-enabled",
      enabled: false,
      precedence: 10,
      blockReason: "group_disabled",
    },
  );
}

/** Whether something that somebody did, other than speak, is for the model to know of. */
export async function mayTell(
  channel: Runtime,
  { cfg, account, readStoreAllowFrom }: Pick<Question, "cfg" | "account" | "readStoreAllowFrom">,
  chat: Chat,
  actor: string,
): Promise<boolean> {
  const group = chat.kind === "group" ? groupAccess(account, chat.id) : undefined;
  const { ingress } = await channel.inbound.ingress.resolve({
    channelId: CHANNEL_ID,
    accountId: account.accountId,
    identity: qqIdentity,
    ...(cfg.accessGroups && { accessGroups: cfg.accessGroups }),
    subject: { stableId: actor },
    conversation: { kind: group ? "group" : "direct", id: chat.id },
    event: { kind: "system", authMode: "inbound", mayPair: false },
    policy: {
      dmPolicy: account.dmPolicy,
      groupPolicy: group?.policy ?? "disabled",
      groupAllowFromFallbackToAllowFrom: false,
    },
    ...(group && { groupAllowFrom: group.senders, route: routesOf(group) }),
    allowFrom: account.allowFrom,
    readStoreAllowFrom,
  });
  return ingress.decision === "allow";
}

export interface MentionQuestion {
  cfg: Config;
  account: ResolvedAccount;
  agentId: string;
  incoming: Incoming;
  policy: Envelope["policy"];
}

/** The facts of a group message about whom it speaks to. */
export function readMention(
  mentions: Pick<
    PluginRuntime["channel"]["mentions"],
    "buildMentionRegexes" | "matchesMentionPatterns"
  >,
  { cfg, account, agentId, incoming, policy }: MentionQuestion,
): Mention {
  const everybody =
    incoming.chat.kind === "group" &&
    incoming.mentionsAll &&
    groupAccess(account, incoming.chat.id).mentionAll;
  const named = (): boolean =>
    mentions.matchesMentionPatterns(
      incoming.text,
      mentions.buildMentionRegexes(cfg, agentId, {
        provider: CHANNEL_ID,
        conversationId: incoming.chat.id,
      }),
    );
  // The bridge knows what the bot has said; of a quote alone it tells no other way.
  const quotesBot =
    incoming.replyTo !== undefined && !incoming.mentionsBot && policy?.mentioned === true;
  return {
    mentioned: incoming.mentionsBot || everybody || named(),
    any: incoming.mentionsBot || incoming.mentionsAll || incoming.mentions.length > 0,
    quotesBot,
  };
}
