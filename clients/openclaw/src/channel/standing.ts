import type { Caller } from "../bus/types.ts";
import type { ResolvedAccount } from "./settings.ts";

/** How far an account's way to QQ is open. */
export interface Standing {
  bridge: boolean;
  /** NapCat is connected to the bridge. */
  peer: boolean;
  /** QQ is online behind NapCat. */
  online: boolean;
}

/** What of `bridge.status` counts here. */
export interface BridgeStatus {
  access?: unknown;
  accounts?: Record<string, { links?: unknown; online?: unknown } | undefined>;
}

/** @throws CallError */
export async function askStatus(calls: Caller, account: ResolvedAccount): Promise<BridgeStatus> {
  const options = { timeout: account.timeout };
  return (await calls.call<BridgeStatus>("bridge.status", {}, options)).data;
}

export function standingIn(status: BridgeStatus, account: ResolvedAccount): Standing {
  const own = status.accounts?.[account.bridgeAccount];
  const peer = Number(own?.links ?? 0) > 0;
  return { bridge: true, peer, online: peer && own?.online !== false };
}

/** What is not there, and what to do; empty if all of it is. */
export function troubleOf(parts: Standing, { eventsUrl, bridgeAccount }: ResolvedAccount): string {
  if (!parts.bridge) return `the bridge is not reached at ${eventsUrl}: does onebus run there?`;
  if (!parts.peer) {
    return `NapCat is not connected to the bridge (account ${bridgeAccount}): \`onebus doctor\` says why`;
  }
  return parts.online ? "" : "QQ is offline behind NapCat: log it in again";
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
        'settings: OpenClaw cannot pair or hear them. Set "bridge": { "access": "mark" } there, or ' +
        "ONEBUS_BRIDGE_ACCESS=mark, and restart it, so that OpenClaw alone decides",
    );
  }
  return faults;
}
