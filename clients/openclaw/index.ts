import { type ChannelPlugin, defineChannelPluginEntry } from "openclaw/plugin-sdk/channel-core";
import { napcatqqPlugin } from "./src/channel/channel.ts";
import { CHANNEL_ID } from "./src/channel/channel-id.ts";
import { registerCli } from "./src/channel/cli.ts";
import { setRuntime } from "./src/channel/runtime.ts";
import { registerTools } from "./src/channel/tools.ts";

const entry: ReturnType<typeof defineChannelPluginEntry<ChannelPlugin>> = defineChannelPluginEntry({
  id: CHANNEL_ID,
  name: "NapCatQQ",
  description: "QQ through NapCatQQ and the onebus bridge.",
  plugin: napcatqqPlugin,
  setRuntime,
  registerCliMetadata: registerCli,
  registerFull: registerTools,
});

export default entry;
export * from "./src/channel/functions.ts";
