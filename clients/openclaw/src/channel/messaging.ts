import {
  buildChannelOutboundSessionRoute,
  type ChannelPlugin,
} from "openclaw/plugin-sdk/channel-core";
import { chatOf, formatTarget, looksLikeTarget } from "../qq/target.ts";
import { CHANNEL_ID } from "./channel-id.ts";
import { resolveTarget } from "./resolver.ts";
import { dmScopeOf } from "./route.ts";
import type { ResolvedAccount } from "./settings.ts";

type Messaging = NonNullable<ChannelPlugin<ResolvedAccount>["messaging"]>;

/** How chats are named towards the host: `group:<id>` and `private:<id>`, never a bare number. */
export const messaging: Messaging = {
  targetPrefixes: [CHANNEL_ID, "qq"],
  normalizeTarget: (raw) => {
    const chat = chatOf(raw);
    return chat && formatTarget(chat);
  },
  inferTargetChatType: ({ to }) => {
    const chat = chatOf(to);
    return chat && (chat.kind === "group" ? "group" : "direct");
  },
  resolveOutboundSessionRoute: ({ cfg, agentId, accountId, target }) => {
    const chat = chatOf(target);
    if (!chat) return null;
    const kind = chat.kind === "group" ? "group" : "direct";
    const to = formatTarget(chat);
    return buildChannelOutboundSessionRoute({
      cfg: { ...cfg, session: { ...cfg.session, dmScope: dmScopeOf(cfg) } },
      agentId,
      channel: CHANNEL_ID,
      ...(accountId && { accountId }),
      recipientSessionExact: true,
      peer: { kind, id: chat.id },
      chatType: kind,
      from: kind === "group" ? `${CHANNEL_ID}:${to}` : `${CHANNEL_ID}:${chat.id}`,
      to,
    });
  },
  targetResolver: {
    looksLikeId: (raw) => looksLikeTarget(raw),
    resolveTarget,
    hint: "group:<group number> or private:<QQ number>",
  },
};
