import { defineSetupPluginEntry } from "openclaw/plugin-sdk/channel-core";
import { napcatqqPlugin } from "./src/channel/channel.ts";

export default defineSetupPluginEntry(napcatqqPlugin);
