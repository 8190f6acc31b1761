/** An account's settings with all defaults in place, as the rest of the plugin reads them. */

import { createAccountListHelpers } from "openclaw/plugin-sdk/account-helpers";
import { DEFAULT_ACCOUNT_ID, normalizeAccountId } from "openclaw/plugin-sdk/account-id";
import { CHANNEL_ID } from "./channel-id.ts";
import {
  type AccountConfig,
  type ActionsConfig,
  type Config,
  type GroupConfig,
  sectionOf,
} from "./config.ts";
import { type Credentials, readCredentials } from "./credentials.ts";
import { type Entry, readEntries, sendersOf } from "./entry.ts";
import { readTime } from "./quantity.ts";

export const DEFAULT_ACCOUNT = DEFAULT_ACCOUNT_ID;
export const DEFAULT_EVENTS_URL = "tcp://127.0.0.1:7710";
export const DEFAULT_ACTIONS_URL = "tcp://127.0.0.1:7711";

/** One group's settings; those of `*` are laid under them by `groupAccess`. */
export interface Group extends Omit<GroupConfig, "allowFrom"> {
  /** Senders; an empty list is nobody, none at all leaves it to the account's. */
  allowFrom?: string[];
}

export interface ResolvedAccount {
  accountId: string;
  name?: string;
  enabled: boolean;
  /** There are settings, and nothing is wrong with them. */
  configured: boolean;
  /** What is wrong, in a sentence each. No secret is in it. */
  problems: readonly string[];

  eventsUrl: string;
  actionsUrl: string;
  /** The account's name in the bridge. */
  bridgeAccount: string;
  /** The token of one of the bridge's grants. */
  token?: string;
  /** PEM of the authority of the bridge's certificate. */
  ca?: string;
  /** Pauses between dials of the bridge, which is never given up. */
  backoff: { first: number; factor: number; max: number };
  /** ms between two signs of life asked for on a connection to the bridge; 0 is never. */
  pingInterval: number;
  /** ms for which an answer to a simple question is waited for. */
  timeout: number;

  /** In the host's words. */
  dmPolicy: "open" | "pairing" | "allowlist" | "disabled";
  allowFrom: string[];
  groupPolicy: "open" | "allowlist" | "disabled";
  groupAllowFrom: readonly Entry[];
  groupSenderAllowFrom: string[];
  groups: Readonly<Record<string, Group>>;

  historyLimit: number;
  /** UTF-16 units of a message. */
  textChunkLimit: number;
  mediaMaxBytes: number;
  /** ms; 0: no message is too old to answer. */
  maxAgeMs: number;
  replyToMode: "off" | "first" | "all" | "batched";
  typing: boolean;
  notices: "off" | "log" | "model";
  actions: Required<ActionsConfig>;

  /** As written: the account's own laid over the channel's. */
  config: AccountConfig;
}

const NESTED = ["reconnect", "heartbeat", "tls", "actions"] as const;

const helpers = createAccountListHelpers<AccountConfig & Record<string, unknown>>(CHANNEL_ID, {
  normalizeAccountId,
  omitKeys: ["defaultAccount"],
  nestedObjectKeys: [...NESTED],
});

/** As the bridge has it: those under `accounts`, or without any the channel itself. */
export const listAccountIds: (cfg: Config) => string[] = helpers.listAccountIds;
export const defaultAccountId: (cfg: Config) => string = helpers.resolveDefaultAccountId;

/** @throws never: what is wrong is in `problems`. */
export function resolveAccount(cfg: Config, accountId?: string | null): ResolvedAccount {
  const id = normalizeAccountId(accountId ?? defaultAccountId(cfg));
  const section = sectionOf(cfg);
  const config: AccountConfig = helpers.resolveAccountConfig(cfg, id);
  const key = keyOf(section?.accounts, id);
  const own = key === undefined ? undefined : section?.accounts?.[key];
  const credentials = credentialsOf(section, own, key);
  return {
    accountId: id,
    ...(config.name?.trim() && { name: config.name.trim() }),
    enabled: section?.enabled !== false && config.enabled !== false,
    configured: section !== undefined && credentials.problems.length === 0,
    ...bridgeOf(config, key ?? id, credentials),
    ...policyOf(config),
    groups: mergeGroups(section?.groups, own?.groups),
    ...behaviourOf(config),
    config,
  };
}

/** Those of the accounts, of all if none is named, that are in use and can be. */
export function usableAccounts(
  cfg: Config,
  ids: readonly (string | null)[] = listAccountIds(cfg),
): ResolvedAccount[] {
  return ids
    .map((id) => resolveAccount(cfg, id))
    .filter(({ enabled, configured }) => enabled && configured);
}

/** The name as it is written: the bridge tells "Bot1" from "bot1". */
function keyOf(accounts: Record<string, AccountConfig> | undefined, id: string) {
  const keys = Object.keys(accounts ?? {});
  return keys.find((key) => key === id) ?? keys.find((key) => normalizeAccountId(key) === id);
}

/** An account that says itself where its token is has nothing of the channel's about it. */
function credentialsOf(
  channel: AccountConfig | undefined,
  own: AccountConfig | undefined,
  key: string | undefined,
): Credentials {
  const hasToken = own?.busToken !== undefined || own?.busTokenFile !== undefined;
  const { busToken, busTokenFile, ...rest } = channel ?? {};
  return readCredentials(
    { ...(hasToken ? rest : channel), ...own },
    `channels.${CHANNEL_ID}${key === undefined ? "" : `.accounts.${key}`}`,
  );
}

function bridgeOf(config: AccountConfig, name: string, credentials: Credentials) {
  const { reconnect, heartbeat } = config;
  const first = readTime(reconnect?.retryDelay) ?? 5000;
  return {
    ...credentials,
    eventsUrl: config.eventsUrl?.trim() || DEFAULT_EVENTS_URL,
    actionsUrl: config.actionsUrl?.trim() || DEFAULT_ACTIONS_URL,
    bridgeAccount: config.bridgeAccount?.trim() || name,
    // The guide's 5 s and 60 s are for QQ's side; a bridge is next door, and people
    // wait for what it publishes meanwhile.
    backoff: {
      first: Math.max(1, Math.min(first, 1000)),
      factor: reconnect?.backoffMultiplier ?? 2,
      max: Math.max(1, readTime(reconnect?.maxDelay) ?? 5_000),
    },
    pingInterval: heartbeat?.enabled === false ? 0 : (readTime(heartbeat?.interval) ?? 30_000),
    timeout: readTime(heartbeat?.timeout) ?? 10_000,
  };
}

function policyOf(config: AccountConfig) {
  return {
    dmPolicy: config.dmPolicy === "closed" ? "disabled" : (config.dmPolicy ?? "pairing"),
    // The host admits whom the list admits, by `open` as well.
    allowFrom: sendersOf(config.allowFrom ?? (config.dmPolicy === "open" ? ["*"] : [])),
    groupPolicy: config.groupPolicy === "closed" ? "disabled" : (config.groupPolicy ?? "allowlist"),
    groupAllowFrom: readEntries(config.groupAllowFrom ?? []),
    groupSenderAllowFrom: sendersOf(config.groupSenderAllowFrom ?? []),
  } as const;
}

function behaviourOf(config: AccountConfig) {
  return {
    historyLimit: config.historyLimit ?? 100,
    textChunkLimit: config.textChunkLimit ?? 2000,
    mediaMaxBytes: (config.mediaMaxMb ?? 50) * 1024 * 1024,
    maxAgeMs: readTime(config.maxAge) ?? 3_600_000,
    replyToMode: config.replyToMode ?? "first",
    typing: config.typing ?? true,
    notices: config.notices ?? "log",
    actions: {
      reactions: true,
      messages: true,
      files: true,
      info: true,
      moderation: false,
      friends: false,
      ...config.actions,
    },
  } as const;
}

/** Key by key, as the bridge does: an account's group over the channel's of that number. */
function mergeGroups(
  channel: AccountConfig["groups"],
  own: AccountConfig["groups"],
): Record<string, Group> {
  const ids = new Set([...Object.keys(channel ?? {}), ...Object.keys(own ?? {})]);
  return Object.fromEntries(
    [...ids].map((id) => [id, groupOf({ ...channel?.[id], ...own?.[id] })]),
  );
}

function groupOf({ allowFrom, ...rest }: GroupConfig): Group {
  return { ...rest, ...(allowFrom && { allowFrom: sendersOf(allowFrom) }) };
}
