import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import type { SecretInput } from "openclaw/plugin-sdk/secret-input";
import { CHANNEL_ID } from "./channel-id.ts";

/** The host's whole configuration. */
export type Config = OpenClawConfig;

/** QQ numbers are written either way. */
export type Entries = readonly (string | number)[];
/** ms, or text with a unit. */
export type Time = number | string;

export interface ToolPolicy {
  allow?: string[];
  alsoAllow?: string[];
  deny?: string[];
}

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

/** What the model may do besides answering. */
export interface ActionsConfig {
  reactions?: boolean;
  messages?: boolean;
  files?: boolean;
  info?: boolean;
  moderation?: boolean;
  friends?: boolean;
}

/** `channels.napcatqq`, or what of it an account under `accounts` has of its own. */
export interface AccountConfig {
  enabled?: boolean;
  name?: string;

  eventsUrl?: string;
  actionsUrl?: string;
  busToken?: SecretInput;
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
  textChunkLimit?: number;
  mediaMaxMb?: number;
  maxAge?: Time;
  replyToMode?: "off" | "first" | "all" | "batched";
  typing?: boolean;
  notices?: "off" | "log" | "model";
  actions?: ActionsConfig;

  wsPort?: number;
  wsHost?: string;
  wsPath?: string;
  accessToken?: string;
  accessTokenFile?: string;
  selfId?: number | string;
  allowInsecure?: boolean;
  connect?: string;
  tls?: {
    cert?: string;
    key?: string;
    clientCa?: string;
    ca?: string;
    insecure?: boolean;
  };
  reconnect?: {
    enabled?: boolean;
    maxRetries?: number;
    retryDelay?: Time;
    backoffMultiplier?: number;
    maxDelay?: Time;
  };
  heartbeat?: { enabled?: boolean; interval?: Time; timeout?: Time };
}

export interface ChannelSection extends AccountConfig {
  defaultAccount?: string;
  accounts?: Record<string, AccountConfig>;
}

/** The channel's section. The host has checked it by the manifest's schema before. */
export function sectionOf(cfg: Config): ChannelSection | undefined {
  return cfg.channels?.[CHANNEL_ID] as ChannelSection | undefined;
}
