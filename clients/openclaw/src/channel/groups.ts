import type { ChannelPlugin } from "openclaw/plugin-sdk/channel-core";
import {
  resolveScopeRequireMention,
  resolveScopeToolsPolicy,
} from "openclaw/plugin-sdk/channel-policy";
import { CHANNEL_ID } from "./channel-id.ts";
import { type ResolvedAccount, resolveAccount } from "./settings.ts";

type Groups = NonNullable<ChannelPlugin<ResolvedAccount>["groups"]>;

/** What the host asks about one group: whether it has to be mentioned there, and what tools there are. */
export const groups: Groups = {
  resolveRequireMention: ({ cfg, accountId, groupId }) =>
    groupId ? resolveScopeRequireMention(scopeOf(resolveAccount(cfg, accountId), groupId)) : true,
  resolveToolPolicy: ({ cfg, accountId, groupId, ...sender }) => {
    if (!groupId) return undefined;
    const { tree, path } = scopeOf(resolveAccount(cfg, accountId), groupId);
    return resolveScopeToolsPolicy({ tree, path, ...sender, messageProvider: CHANNEL_ID });
  },
};

/** The group's settings over those of `*`. */
function scopeOf(account: ResolvedAccount, groupId: string) {
  const { "*": defaults, ...scopes } = account.groups;
  return {
    tree: { ...(defaults && { defaults }), scopes },
    path: scopes[groupId] ? [groupId] : [],
  };
}
