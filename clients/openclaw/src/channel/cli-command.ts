import { CHANNEL_ID } from "./channel-id.ts";

/** The root of the plugin's commands; the manifest has it, so that `--help` runs none of them. */
export const CLI_COMMAND = {
  name: CHANNEL_ID,
  description: "QQ: who may write to the bot, and whether it is connected",
  hasSubcommands: true,
} as const;
