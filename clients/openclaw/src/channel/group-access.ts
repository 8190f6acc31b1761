import type { GroupConfig, ResolvedAccount } from "./settings.ts";

/** What the settings say of one group, for the host's resolver and for the turn. */
export interface GroupAccess {
  policy: "open" | "allowlist" | "disabled";
  /** The group has to be listed. */
  gated: boolean;
  listed: boolean;
  enabled: boolean;
  senders: string[];
  requireMention: boolean;
  mentionAll: boolean;
  systemPrompt?: string;
  skills?: string[];
}

export function groupAccess(account: ResolvedAccount, groupId: string): GroupAccess {
  const config: GroupConfig = { ...account.groups["*"], ...account.groups[groupId] };
  const named = `group:${groupId}`;
  const admits = account.groupAllowFrom.some((entry) => entry === groupId || entry === named);
  const listed =
    admits || account.groups[groupId] !== undefined || account.groups["*"] !== undefined;
  const others = account.groupAllowFrom.filter(
    (entry) => entry !== groupId && !entry.startsWith("group:"),
  );
  const own = config.allowFrom?.map(String) ?? [];
  const senders = own.length > 0 ? own : [...account.groupSenderAllowFrom, ...others];
  return {
    policy: account.groupPolicy,
    gated: account.groupPolicy === "allowlist",
    listed,
    enabled: config.enabled !== false,
    senders: admits || senders.length === 0 ? ["*"] : senders,
    requireMention: config.requireMention ?? true,
    mentionAll: config.mentionAll ?? false,
    ...(config.systemPrompt && { systemPrompt: config.systemPrompt }),
    ...(config.skills && { skills: config.skills }),
  };
}
