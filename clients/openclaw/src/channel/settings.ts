import { readFileSync } from "node:fs";
import { CHANNEL_ID } from "./channel-id.ts";
import type { Config } from "./config.ts";

export const DEFAULT_ACCOUNT = "default";

type Entries = readonly (string | number)[];

/** One group's settings under `groups`. */
export interface GroupConfig {
  enabled?: boolean;
  requireMention?: boolean;
  mentionAll?: boolean;
  systemPrompt?: string;
  skills?: string[];
  allowFrom?: Entries;
  tools?: ToolPolicy;
  toolsBySender?: Record<string, ToolPolicy>;
}

export interface ToolPolicy {
  allow?: string[];
  alsoAllow?: string[];
  deny?: string[];
}

/** `channels.napcatqq`, and what of it an account under `accounts` has of its own. */
export interface AccountConfig {
  enabled?: boolean;
  name?: string;
  eventsUrl?: string;
  actionsUrl?: string;
  busToken?: string;
  busTokenFile?: string;
  busCa?: string;
  bridgeAccount?: string;
  dmPolicy?: "open" | "pairing" | "allowlist" | "closed" | "disabled";
  allowFrom?: Entries;
  groupPolicy?: "open" | "allowlist" | "closed" | "disabled";
  groupAllowFrom?: Entries;
  groupSenderAllowFrom?: Entries;
  groups?: Record<string, GroupConfig>;
  historyLimit?: number;
  mediaMaxMb?: number;
  maxAge?: string | number;
  replyToMode?: "off" | "first" | "all" | "batched";
  typing?: boolean;
  notices?: "off" | "log" | "model";
}

/** An account's settings with all defaults in place, in the host's words. */
export interface ResolvedAccount {
  accountId: string;
  name?: string;
  enabled: boolean;
  configured: boolean;
  eventsUrl: string;
  actionsUrl: string;
  bridgeAccount: string;
  /** The token of one of the bridge's grants. */
  token?: string;
  /** PEM of the authority of the bridge's certificate. */
  ca?: string;
  dmPolicy: "open" | "pairing" | "allowlist" | "disabled";
  allowFrom: string[];
  groupPolicy: "open" | "allowlist" | "disabled";
  groupAllowFrom: string[];
  groupSenderAllowFrom: string[];
  groups: Record<string, GroupConfig>;
  historyLimit: number;
  mediaMaxBytes: number;
  /** ms; 0: no message is too old to answer. */
  maxAgeMs: number;
  replyToMode: "off" | "first" | "all" | "batched";
  typing: boolean;
  notices: "off" | "log" | "model";
}

type Section = AccountConfig & { accounts?: Record<string, AccountConfig> };

function sectionOf(cfg: Config): Section | undefined {
  return (cfg.channels as Record<string, Section | undefined> | undefined)?.[CHANNEL_ID];
}

export function listAccountIds(cfg: Config): string[] {
  const section = sectionOf(cfg);
  if (!section) return [];
  const named = Object.keys(section.accounts ?? {});
  return named.length > 0 ? named : [DEFAULT_ACCOUNT];
}

export function resolveAccount(cfg: Config, accountId?: string | null): ResolvedAccount {
  const id = accountId ?? listAccountIds(cfg)[0] ?? DEFAULT_ACCOUNT;
  const { accounts, ...shared } = sectionOf(cfg) ?? {};
  const config: AccountConfig = { ...shared, ...accounts?.[id] };
  const token = config.busToken ?? fileText(config.busTokenFile);
  const ca = fileText(config.busCa);
  return {
    accountId: id,
    ...(config.name && { name: config.name }),
    enabled: shared.enabled !== false && config.enabled !== false,
    configured: sectionOf(cfg) !== undefined,
    eventsUrl: config.eventsUrl ?? "tcp://127.0.0.1:7710",
    actionsUrl: config.actionsUrl ?? "tcp://127.0.0.1:7711",
    bridgeAccount: config.bridgeAccount ?? id,
    ...(token && { token }),
    ...(ca && { ca }),
    dmPolicy: dmPolicyOf(config),
    allowFrom: config.allowFrom?.map(String) ?? (config.dmPolicy === "open" ? ["*"] : []),
    groupPolicy: config.groupPolicy === "closed" ? "disabled" : (config.groupPolicy ?? "allowlist"),
    groupAllowFrom: (config.groupAllowFrom ?? []).map(String),
    groupSenderAllowFrom: (config.groupSenderAllowFrom ?? []).map(String),
    groups: config.groups ?? {},
    historyLimit: config.historyLimit ?? 100,
    mediaMaxBytes: (config.mediaMaxMb ?? 50) * 1024 * 1024,
    maxAgeMs: msOf(config.maxAge ?? "1h"),
    replyToMode: config.replyToMode ?? "first",
    typing: config.typing ?? true,
    notices: config.notices ?? "log",
  };
}

function dmPolicyOf({ dmPolicy }: AccountConfig): ResolvedAccount["dmPolicy"] {
  return dmPolicy === "closed" ? "disabled" : (dmPolicy ?? "pairing");
}

function fileText(path: string | undefined): string | undefined {
  return path ? readFileSync(path, "utf8").trim() : undefined;
}

const UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function msOf(time: string | number): number {
  if (typeof time === "number") return time;
  const parts = /^(\d+)(ms|s|m|h|d)?$/.exec(time.trim());
  return Number(parts?.[1] ?? 0) * (UNITS[parts?.[2] ?? "ms"] ?? 1);
}
