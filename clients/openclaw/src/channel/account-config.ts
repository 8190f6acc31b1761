import { describeAccountSnapshot } from "openclaw/plugin-sdk/account-helpers";
import { createScopedChannelConfigAdapter } from "openclaw/plugin-sdk/channel-config-helpers";
import type { ChannelPlugin } from "openclaw/plugin-sdk/channel-core";
import { CHANNEL_ID } from "./channel-id.ts";
import { sendersOf } from "./entry.ts";
import {
  defaultAccountId,
  listAccountIds,
  type ResolvedAccount,
  resolveAccount,
} from "./settings.ts";

type ConfigAdapter = ChannelPlugin<ResolvedAccount>["config"];

/** How the host reads the accounts out of the settings, and writes them there. */
export const config: ConfigAdapter = {
  ...createScopedChannelConfigAdapter<ResolvedAccount>({
    sectionKey: CHANNEL_ID,
    listAccountIds,
    resolveAccount,
    defaultAccountId,
    // What the channel has is what every account has: of that nothing goes with one of them.
    clearBaseFields: [],
    resolveAllowFrom: (account) => account.allowFrom,
    formatAllowFrom: sendersOf,
  }),
  isEnabled: (account) => account.enabled,
  isConfigured: (account) => account.configured,
  unconfiguredReason: (account) =>
    account.problems[0] ?? `channels.${CHANNEL_ID} is not in the settings`,
  describeAccount: (account) =>
    describeAccountSnapshot({
      account,
      configured: account.configured,
      extra: {
        baseUrl: account.actionsUrl,
        dmPolicy: account.dmPolicy,
        allowFrom: account.allowFrom,
        ...tokenStatus(account),
      },
    }),
};

/** Nothing of a token that nobody asks for: most bridges have no grants. */
function tokenStatus({ token, problems }: ResolvedAccount): { tokenStatus?: string } {
  if (token) return { tokenStatus: "available" };
  return problems.length > 0 ? { tokenStatus: "configured_unavailable" } : {};
}
