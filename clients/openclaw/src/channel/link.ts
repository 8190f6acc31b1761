import type { Caller, Envelope } from "../bus/types.ts";
import type { Live, StatusPatch } from "./live.ts";
import { reasonOf } from "./log.ts";
import type { ResolvedAccount } from "./settings.ts";

/** Keeps the host's status true: connected is bridge, NapCat and QQ, all three. */
export interface Link {
  /** A connection for events was made, or has ended. */
  onUp(): void;
  onDown(reason: Error): void;
  /** What the bridge tells of the account's links and of QQ. */
  onEvent(envelope: Envelope): void;
}

type Parts = { bridge: boolean; peer: boolean; online: boolean };
type LinkOptions = Pick<Live, "status" | "log" | "signal"> & {
  calls: Caller;
  account: ResolvedAccount;
};

/** What of `bridge.status` counts here. */
interface BridgeStatus {
  access?: unknown;
  accounts?: Record<string, { links?: unknown; online?: unknown } | undefined>;
}

export function createLink(options: LinkOptions): Link {
  const { account, log, status, signal } = options;
  const parts: Parts = { bridge: false, peer: false, online: false };
  let told = "";

  const tell = (): void => {
    const trouble = troubleOf(parts, account);
    if (trouble === told) return;
    if (trouble === "") log.info(`connected: the bridge, NapCat and QQ (${account.bridgeAccount})`);
    else log.warn(trouble);
    told = trouble;
    status(patchOf(trouble));
  };

  const look = async (): Promise<void> => {
    try {
      const { data } = await options.calls.call<BridgeStatus>(
        "bridge.status",
        {},
        { timeout: account.timeout },
      );
      const own = data.accounts?.[account.bridgeAccount];
      parts.peer = Number(own?.links ?? 0) > 0;
      parts.online = parts.peer && own?.online !== false;
      for (const line of faultsOf(data, account)) log.warn(line);
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
      if (!follow(parts, envelope)) return;
      tell();
    },
  };
}

/** Whether the event changed what is known. */
function follow(parts: Parts, { type, event }: Envelope): boolean {
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

function troubleOf(parts: Parts, { eventsUrl, bridgeAccount }: ResolvedAccount): string {
  if (!parts.bridge) return `the bridge is not reached at ${eventsUrl}: does onebus run there?`;
  if (!parts.peer) {
    return `NapCat is not connected to the bridge (account ${bridgeAccount}): \`onebus doctor\` says why`;
  }
  return parts.online ? "" : "QQ is offline behind NapCat: log it in again";
}

function patchOf(trouble: string): StatusPatch {
  const at = Date.now();
  return trouble === ""
    ? { connected: true, lifecycle: "ready", lastConnectedAt: at, lastError: null }
    : {
        connected: false,
        lifecycle: "recovering",
        lastDisconnect: { at, error: trouble },
        lastError: trouble,
      };
}

/** What is wrong with the bridge's settings, and what to change there. */
export function faultsOf(status: BridgeStatus, account: ResolvedAccount): string[] {
  const faults: string[] = [];
  const names = Object.keys(status.accounts ?? {});
  if (!names.includes(account.bridgeAccount)) {
    faults.push(
      `the bridge has no account ${account.bridgeAccount}, it has: ${names.join(", ") || "none"}; ` +
        "set channels.napcatqq.bridgeAccount to one of them",
    );
  }
  if (status.access === "enforce") {
    faults.push(
      "the bridge has bridge.access: enforce, so it keeps back messages of who is not allowed in its own " +
        'settings: OpenClaw cannot pair or hear them. Set "bridge": { "access": "mark" } there, ' +
        "so that OpenClaw alone decides",
    );
  }
  return faults;
}
