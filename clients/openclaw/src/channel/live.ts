import type { ChannelPairingController } from "openclaw/plugin-sdk/channel-pairing";
import type { PluginRuntime } from "openclaw/plugin-sdk/runtime-store";
import type { Caller } from "../bus/types.ts";
import type { Speakers } from "../qq/speakers.ts";
import type { Config } from "./config.ts";
import type { History } from "./history.ts";
import type { Journal } from "./journal.ts";
import type { Log } from "./log.ts";
import type { Names } from "./names.ts";
import type { ResolvedAccount } from "./settings.ts";

/** What the parts of a running account share. */
export interface Live {
  readonly account: ResolvedAccount;
  readonly rt: PluginRuntime;
  readonly calls: Caller;
  readonly journal: Journal;
  readonly history: History;
  readonly names: Names;
  readonly speakers: Speakers;
  /** The host's store of who was let in. */
  readonly pairing: ChannelPairingController;
  readonly log: Log;
  /** Aborted when the account is to stop. */
  readonly signal: AbortSignal;
  /** The settings as they are now. */
  cfg(): Config;
  /** Patch what the host shows of the account. */
  status(patch: StatusPatch): void;
}

export interface StatusPatch {
  connected?: boolean;
  lifecycle?: "starting" | "ready" | "recovering" | "stopped";
  lastConnectedAt?: number;
  lastDisconnect?: { at: number; error?: string };
  lastEventAt?: number;
  lastInboundAt?: number;
  lastOutboundAt?: number;
  lastError?: string | null;
}
