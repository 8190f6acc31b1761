/** Whether an account can talk: bridge, NapCat and QQ, and what to do where one is away. */

import { CallError } from "../bus/errors.ts";
import type { Caller } from "../bus/types.ts";
import { line } from "../qq/text.ts";
import { type Fields, fields, isFields, number, text } from "../qq/value.ts";
import { reasonOf } from "../sp/thrown.ts";
import type { ResolvedAccount } from "./settings.ts";
import { type Standing, standingIn } from "./standing.ts";

export interface Trouble {
  /** `runtime` passes by itself or by a start of something; the rest is in the settings. */
  kind: "config" | "auth" | "runtime";
  message: string;
  fix: string;
}

/** What the bridge says of an account. `ok`: a message would leave now. */
export interface Probe {
  ok: boolean;
  /** The first of the troubles; for the host's short forms. */
  error: string | null;
  troubles: Trouble[];
  /** How long the answer took, ms. */
  elapsedMs: number;
  bridge?: { version: string; access: string; account: string; accounts: string[] };
  napcat?: { connected: boolean; peer: string };
  qq?: { online: boolean | null };
  /** The bot, for the host's line: its number. */
  bot?: { username: string };
}

/** Ask the bridge. Never rejects: what is wrong is in `troubles`. */
export async function probeOf(
  account: ResolvedAccount,
  calls: Caller,
  timeout: number,
): Promise<Probe> {
  const start = Date.now();
  try {
    const { data } = await calls.call("bridge.status", {}, { timeout });
    return judged(account, fields(data), Date.now() - start);
  } catch (error) {
    return failed(troubleOf(error, account), Date.now() - start);
  }
}

export function failed(trouble: Trouble, elapsedMs = 0): Probe {
  return { ok: false, error: trouble.message, troubles: [trouble], elapsedMs };
}

function judged(account: ResolvedAccount, status: Fields, elapsedMs: number): Probe {
  const own = fields(status["accounts"])[account.bridgeAccount];
  const access = text(status["access"]);
  const bridge = {
    version: line(text(status["version"]), 40),
    access,
    account: account.bridgeAccount,
    accounts: Object.keys(fields(status["accounts"])),
  };
  const standing = standingIn(status, account);
  const blocking = isFields(own) ? troublesIn(own, standing) : [unknownAccount(account, status)];
  const troubles = access === "enforce" ? [...blocking, ENFORCES] : blocking;
  const told = fields(own);
  return {
    ok: blocking.length === 0,
    error: troubles[0]?.message ?? null,
    troubles,
    elapsedMs,
    bridge,
    ...(isFields(own) && {
      napcat: { connected: standing.peer, peer: line(text(told["peer"]), 80) },
      qq: { online: typeof told["online"] === "boolean" ? told["online"] : null },
      ...(number(told["self_id"]) && { bot: { username: number(told["self_id"]) } }),
    }),
  };
}

function troublesIn(account: Fields, standing: Standing): Trouble[] {
  if (!standing.peer) return [NO_PEER];
  if (!standing.online) return [OFFLINE];
  return account["actions"] === "stalled" ? [STALLED] : [];
}

const NO_PEER: Trouble = {
  kind: "runtime",
  message: "NapCat is not connected to the bridge",
  fix: "start NapCat; `onebus doctor` says why it does not come, `onebus napcat-config` prints what to enter there",
};
const OFFLINE: Trouble = {
  kind: "auth",
  message: "QQ is offline behind NapCat",
  fix: "log the account in again in NapCat's web page",
};
const STALLED: Trouble = {
  kind: "runtime",
  message: "NapCat answers no calls",
  fix: "restart NapCat",
};
const ENFORCES: Trouble = {
  kind: "config",
  message:
    "the bridge keeps messages back by itself (bridge.access: enforce), so OpenClaw can neither hear nor pair those senders",
  fix:
    'set "bridge": { "access": "mark" } in the bridge\'s settings, or ONEBUS_BRIDGE_ACCESS=mark, ' +
    "and restart it, so that OpenClaw alone decides",
};

function unknownAccount(account: ResolvedAccount, status: Fields): Trouble {
  const names = Object.keys(fields(status["accounts"])).join(", ") || "none";
  return {
    kind: "config",
    message: `the bridge has no account ${account.bridgeAccount}; it has: ${names}`,
    fix: "set bridgeAccount to one of them, or add the account to the bridge's settings",
  };
}

function troubleOf(error: unknown, account: ResolvedAccount): Trouble {
  const word = error instanceof CallError ? error.error : undefined;
  switch (word) {
    case "no_bridge":
      return {
        kind: "runtime",
        message: `the bridge is not reached at ${account.actionsUrl}`,
        fix: "start onebus, or set actionsUrl to its address",
      };
    case "unauthorized":
      return {
        kind: "auth",
        message: "the bridge does not know the token",
        fix: "set busToken or busTokenFile to the token of one of its grants (bridge.grants)",
      };
    case "denied":
      return {
        kind: "auth",
        message: "the token's grant does not cover bridge.status",
        fix: "let its actions have bridge.*, or leave actions out",
      };
    case "lost":
    case "timeout":
      return {
        kind: "runtime",
        message: `the bridge at ${account.actionsUrl} took the question and did not answer`,
        fix: "look into the bridge's log; is it an address of bridge.actions?",
      };
    default:
      return { kind: "runtime", message: reasonOf(error), fix: "`onebus doctor` says more" };
  }
}

/** What the host kept of a probe. */
export function isProbe(value: unknown): value is Probe {
  return isFields(value) && typeof value["ok"] === "boolean" && Array.isArray(value["troubles"]);
}
