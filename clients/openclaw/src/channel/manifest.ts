/** What the host knows of the plugin without running it. */

import { CHANNEL_ID } from "./channel-id.ts";
import { CLI_COMMAND } from "./cli-command.ts";
import { channelSchema, uiHints } from "./schema.ts";
import { TOOL_NAMES } from "./tool-names.ts";

/** The text of openclaw.plugin.json. */
export function manifest(): string {
  const content = {
    id: CHANNEL_ID,
    name: "NapCatQQ",
    description: "QQ through NapCatQQ (or any OneBot 11 implementation) and the onebus bridge.",
    categories: ["channels"],
    channels: [CHANNEL_ID],
    activation: { onStartup: false },
    contracts: { tools: TOOL_NAMES },
    cliCommands: [CLI_COMMAND],
    configSchema: { type: "object", additionalProperties: false, properties: {} },
    channelConfigs: {
      [CHANNEL_ID]: {
        label: "NapCatQQ",
        description: "QQ through NapCatQQ and the onebus bridge.",
        schema: channelSchema(),
        uiHints: uiHints(),
      },
    },
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}
