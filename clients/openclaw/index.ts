import { type ChannelPlugin, defineChannelPluginEntry } from "openclaw/plugin-sdk/channel-core";
import { napcatqqPlugin } from "./src/channel/channel.ts";
import { CHANNEL_ID } from "./src/channel/channel-id.ts";
import { setRuntime } from "./src/channel/runtime.ts";

const entry: ReturnType<typeof defineChannelPluginEntry<ChannelPlugin>> = defineChannelPluginEntry({
  id: CHANNEL_ID,
  name: "NapCatQQ",
  description: "QQ through NapCatQQ and the onebus bridge.",
  plugin: napcatqqPlugin,
  setRuntime,
});

export default entry;
export * from "./src/channel/functions.ts";
