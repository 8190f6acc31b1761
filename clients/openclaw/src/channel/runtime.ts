import { createPluginRuntimeStore, type PluginRuntime } from "openclaw/plugin-sdk/runtime-store";

/** The host's runtime, given to the entry when the plugin is loaded in full. */
export const { setRuntime, getRuntime, tryGetRuntime } = createPluginRuntimeStore<PluginRuntime>({
  pluginId: "napcatqq",
  errorMessage: "napcatqq: the host has not given its runtime yet",
});
