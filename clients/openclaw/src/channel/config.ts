import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";

export type Config = OpenClawConfig;
