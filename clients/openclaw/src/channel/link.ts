import type { Caller, Envelope } from "../bus/types.ts";
import { reasonOf } from "../sp/thrown.ts";
import type { Live, StatusPatch } from "./live.ts";
import type { ResolvedAccount } from "./settings.ts";
import { askStatus, faultsOf, type Standing, standingIn, troubleOf } from "./standing.ts";

/** Keeps the host's status true: connected is bridge, NapCat and QQ, all three. */
export interface Link {
  /** A connection for events was made, or has ended. */
  onUp(): void;
  onDown(reason: Error): void;
  /** What the bridge tells of the account's links and of QQ. */
  onEvent(envelope: Envelope): void;
}

type LinkOptions = Pick<Live, "status" | "log" | "signal"> & {
  calls: Caller;
  account: ResolvedAccount;
};

export function createLink(options: LinkOptions): Link {
  const { account, log, status, signal } = options;
  const parts: Standing = { bridge: false, peer: false, online: false };
  let faults: readonly string[] = [];
  let told: string | undefined;

  const tell = (): void => {
    const trouble = troubleOf(parts, account);
    const all = [trouble, ...faults].filter(Boolean).join("; ");
    if (all === told) return;
    told = all;
    if (trouble === "") log.info(`connected: the bridge, NapCat and QQ (${account.bridgeAccount})`);
    if (all !== "") log.warn(all);
    status(patchOf(trouble, all));
  };

  const look = async (): Promise<void> => {
    try {
      const now = await askStatus(options.calls, account);
      const { peer, online } = standingIn(now, account);
      Object.assign(parts, { peer, online });
      faults = faultsOf(now, account);
      tell();
    } catch (error) {
      if (!signal.aborted) log.warn(`the bridge does not tell its state: ${reasonOf(error)}`);
    }
  };

  return {
    onUp() {
      parts.bridge = true;
      void look();
    },
    onDown() {
      parts.bridge = false;
      tell();
    },
    onEvent(envelope) {
      status({ lastEventAt: Date.now() });
      if (envelope.type === "bridge.config.reloaded") void look();
      if (follow(parts, envelope)) tell();
    },
  };
}

/** Whether the event changed what is known. */
function follow(parts: Standing, { type, event }: Envelope): boolean {
  switch (type) {
    case "bridge.link.up":
      parts.peer = parts.online = true;
      return true;
    case "bridge.link.down":
      if (Number(event["links"] ?? 0) > 0) return false;
      parts.peer = parts.online = false;
      return true;
    case "bridge.online":
      parts.online = true;
      return true;
    case "bridge.offline":
      parts.online = false;
      return true;
    default:
      return false;
  }
}

/** Nothing stands in the way without `trouble`; what is in `all` may be wrong even so. */
function patchOf(trouble: string, all: string): StatusPatch {
  const at = Date.now();
  return trouble === ""
    ? { connected: true, lifecycle: "ready", lastConnectedAt: at, lastError: all || null }
    : {
        connected: false,
        lifecycle: "recovering",
        lastDisconnect: { at, error: trouble },
        lastError: all,
      };
}
