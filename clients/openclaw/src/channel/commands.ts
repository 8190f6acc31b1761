import { resolveCommandAuthorization } from "openclaw/plugin-sdk/command-auth";
import type { PluginRuntime } from "openclaw/plugin-sdk/runtime-store";
import { formatTarget } from "../qq/target.ts";
import type { Incoming } from "../qq/types.ts";
import type { Access } from "./access.ts";
import { CHANNEL_ID } from "./channel-id.ts";
import type { Config } from "./config.ts";

type Text = Pick<PluginRuntime["channel"]["text"], "hasControlCommand">;

export interface CommandQuestion {
  cfg: Config;
  accountId: string;
  incoming: Incoming;
  access: Access;
}

/**
 * Whether the message is a command that its sender may not give. The host does not
 * carry it out either, but says in the chat that something went wrong.
 */
export function isForbiddenCommand(text: Text, question: CommandQuestion): boolean {
  const { cfg, accountId, incoming, access } = question;
  if (!text.hasControlCommand(incoming.commandText, cfg)) return false;
  const group = incoming.chat.kind === "group";
  const target = formatTarget(incoming.chat);
  const { isAuthorizedSender } = resolveCommandAuthorization({
    cfg,
    commandAuthorized: access.commandAccess.authorized,
    ctx: {
      Provider: CHANNEL_ID,
      Surface: CHANNEL_ID,
      AccountId: accountId,
      ChatType: group ? "group" : "direct",
      SenderId: incoming.sender.id,
      From: `${CHANNEL_ID}:${group ? target : incoming.sender.id}`,
      To: target,
    },
  });
  return !isAuthorizedSender;
}
