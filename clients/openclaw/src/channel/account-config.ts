import type { ChannelPlugin } from "openclaw/plugin-sdk/channel-core";
import {
  DEFAULT_ACCOUNT,
  listAccountIds,
  type ResolvedAccount,
  resolveAccount,
} from "./settings.ts";

/** How the host reads the accounts out of the settings. */
export const config: ChannelPlugin<ResolvedAccount>["config"] = {
  listAccountIds,
  resolveAccount,
  defaultAccountId: () => DEFAULT_ACCOUNT,
  isConfigured: (account) => account.configured,
  isEnabled: (account) => account.enabled,
};
