import { createScopedDmSecurityResolver } from "openclaw/plugin-sdk/channel-config-helpers";
import type { ChannelPlugin } from "openclaw/plugin-sdk/channel-core";
import { identityEntryAuthenticationClassifier } from "openclaw/plugin-sdk/channel-ingress-runtime";
import { CHANNEL_ID } from "./channel-id.ts";
import { findingsOf } from "./findings.ts";
import { normalizeEntry, qqIdentity } from "./identity.ts";
import { dmScopeOf } from "./route.ts";
import type { ResolvedAccount } from "./settings.ts";

/** What the host's audit and doctor are told of who may write to the bot. */
export const security: NonNullable<ChannelPlugin<ResolvedAccount>["security"]> = {
  resolveDmPolicy: createScopedDmSecurityResolver<ResolvedAccount>({
    channelKey: CHANNEL_ID,
    resolvePolicy: (account) => account.dmPolicy,
    resolveAllowFrom: (account) => account.allowFrom,
    policyPathSuffix: "dmPolicy",
    normalizeEntry,
    classifyEntryAuthentication: identityEntryAuthenticationClassifier(qqIdentity),
  }),
  dmRouting: { resolveDmScope: ({ cfg }) => dmScopeOf(cfg) },
  collectWarnings: findingsOf,
};
