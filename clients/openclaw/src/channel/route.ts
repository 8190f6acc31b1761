import { resolveChannelInboundRouteEnvelope } from "openclaw/plugin-sdk/channel-inbound";
import type { Chat } from "../qq/types.ts";
import { CHANNEL_ID } from "./channel-id.ts";
import type { Config } from "./config.ts";

type Resolved = ReturnType<typeof resolveChannelInboundRouteEnvelope>;

/** Whose conversation a chat is, and in which session. */
export interface Route {
  agentId: string;
  accountId: string;
  sessionKey: string;
  dmScope?: Resolved["route"]["dmScope"];
  /** The message with who and when before it, as the host writes transcripts. */
  envelope(from: string, timestamp: number, body: string): string;
}

type DmScope = NonNullable<Parameters<typeof resolveChannelInboundRouteEnvelope>[0]["dmScope"]>;

/**
 * The host's own default puts all private chats into one session, where each person
 * would find what another has said. Here each has their own, unless the operator has
 * written a scope into `session.dmScope`: then that one counts, `main` as well.
 */
export function dmScopeOf(cfg: Config): DmScope {
  return cfg.session?.dmScope ?? "per-account-channel-peer";
}

export function routeOf(cfg: Config, accountId: string, chat: Chat): Route {
  const { route, buildEnvelope } = resolveChannelInboundRouteEnvelope({
    cfg,
    channel: CHANNEL_ID,
    accountId,
    peer: { kind: chat.kind === "group" ? "group" : "direct", id: chat.id },
    dmScope: dmScopeOf(cfg),
  });
  return {
    agentId: route.agentId,
    accountId: route.accountId,
    sessionKey: route.sessionKey,
    ...(route.dmScope && { dmScope: route.dmScope }),
    envelope: (from, timestamp, body) => buildEnvelope({ channel: "QQ", from, timestamp, body }),
  };
}
