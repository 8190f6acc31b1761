import { type ChannelPlugin, createChatChannelPlugin } from "openclaw/plugin-sdk/channel-core";
import { PAIRING_APPROVED_MESSAGE } from "openclaw/plugin-sdk/channel-status";
import { config } from "./account-config.ts";
import { actions } from "./actions.ts";
import { agentPrompt } from "./agent-prompt.ts";
import { CHANNEL_ID } from "./channel-id.ts";
import { directory } from "./directory.ts";
import { doctor } from "./doctor.ts";
import { groups } from "./groups.ts";
import { normalizeEntry } from "./identity.ts";
import { messaging } from "./messaging.ts";
import { messageAdapter } from "./outbound.ts";
import { resolver } from "./resolver.ts";
import { secrets } from "./secrets.ts";
import { security } from "./security.ts";
import { type ResolvedAccount, resolveAccount } from "./settings.ts";
import { setupContract } from "./setup.ts";
import { setupWizard } from "./setup-wizard.ts";
import { status } from "./status.ts";

/** QQ for OpenClaw: what the parts of it are. Nothing here does anything by itself. */
export const napcatqqPlugin: ChannelPlugin<ResolvedAccount> =
  createChatChannelPlugin<ResolvedAccount>({
    base: {
      id: CHANNEL_ID,
      meta: {
        id: CHANNEL_ID,
        label: "NapCatQQ",
        selectionLabel: "QQ (NapCat / OneBot 11)",
        docsPath: "/channels/napcatqq",
        blurb: "QQ through NapCatQQ and the onebus bridge.",
        markdownCapable: false,
      },
      capabilities: {
        chatTypes: ["direct", "group"],
        media: true,
        reply: true,
        reactions: true,
        unsend: true,
        groupManagement: true,
        blockStreaming: true,
        tts: { voice: { synthesisTarget: "voice-note", transcodesAudio: true } },
      },
      reload: { configPrefixes: [`channels.${CHANNEL_ID}`], accountScopedRestart: true },
      actions,
      agentPrompt,
      config,
      secrets,
      directory,
      doctor,
      setupContract,
      setupWizard,
      groups,
      messaging,
      message: messageAdapter,
      resolver,
      status,
      gateway: {
        startAccount: async (ctx) => (await import("./gateway.ts")).startAccount(ctx),
      },
    },
    pairing: {
      text: {
        idLabel: "qqNumber",
        message: PAIRING_APPROVED_MESSAGE,
        normalizeAllowEntry: normalizeEntry,
        notify: async ({ cfg, id, message, accountId }) => {
          await messageAdapter.send.text({
            cfg,
            to: `private:${normalizeEntry(id)}`,
            text: message,
            accountId: accountId ?? null,
          });
        },
      },
    },
    security,
    threading: {
      scopedAccountReplyToMode: {
        resolveAccount,
        resolveReplyToMode: (account) => account.replyToMode,
      },
    },
    outbound: {
      base: {
        deliveryMode: "direct",
        // The whole text comes at once, so that all of its messages belong to one sending.
        chunker: null,
      },
      attachedResults: {
        channel: CHANNEL_ID,
        sendText: ({ onDeliveryResult: _each, ...ctx }) => messageAdapter.send.text(ctx),
        sendMedia: ({ onDeliveryResult: _each, ...ctx }) =>
          messageAdapter.send.media({ ...ctx, mediaUrl: ctx.mediaUrl ?? "" }),
      },
    },
  });
