/** What the host knows of the plugin without running it. */

import { CHANNEL_ID } from "./channel-id.ts";
import { channelSchema, uiHints } from "./schema.ts";

/** Agent tools, each of which has to be named before it can be had. */
export const TOOL_NAMES: readonly string[] = [];

/** The text of openclaw.plugin.json. */
export function manifest(): string {
  const content = {
    id: CHANNEL_ID,
    name: "NapCatQQ",
    description: "QQ through NapCatQQ (or any OneBot 11 implementation) and the onebus bridge.",
    categories: ["channels"],
    channels: [CHANNEL_ID],
    activation: { onStartup: false },
    ...(TOOL_NAMES.length > 0 && { contracts: { tools: TOOL_NAMES } }),
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
