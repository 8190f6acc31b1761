/** What a failed call is, in words for people and as data to decide by. */

import { isMap } from "./packing.ts";
import type { ErrorClass } from "./types.ts";

/** What there is to do about each, for who reads the log. */
const ADVICE: Record<ErrorClass, string> = {
  bad_request: "",
  bad_params: "",
  unknown_action: "the OneBot implementation behind the bridge does not have it",
  account_required: "name one of the accounts in the bridge's settings",
  unknown_account: "`onebus status` lists the accounts of the bridge",
  unauthorized: "give the token of one of the bridge's grants",
  denied: "the bridge's settings decide that: bridge.grants, the group's tools, bridge.media",
  too_large: "send a smaller file, or its address",
  busy: "try again later",
  rate_limited: "try again later",
  not_connected: "start the OneBot implementation (NapCat); `onebus doctor` says why it is away",
  offline: "log QQ in again",
  muted: "it has to wait for the end of the mute",
  not_in_group: "the bot has to join the group first",
  stalled: "restart the OneBot implementation (NapCat)",
  timeout: "try again",
  unknown: "it may have happened: do not repeat it blindly",
  unsupported_by_peer: "",
  peer_error: "",
  shutting_down: "try again when the bridge is back",
  internal: "the bridge's log says more",
  no_bridge: "nothing was sent; does the bridge run, and is this its address?",
  lost: "it may have happened: it is safe to ask again with the same id only",
};

/** Of these nothing was done, unless a part of the call was. */
const FREE: ReadonlySet<ErrorClass> = new Set<ErrorClass>([
  "bad_request",
  "bad_params",
  "unknown_action",
  "account_required",
  "unknown_account",
  "unauthorized",
  "denied",
  "too_large",
  "busy",
  "rate_limited",
  "not_connected",
  "offline",
  "muted",
  "not_in_group",
  "stalled",
  "timeout",
  "unsupported_by_peer",
  "shutting_down",
  "no_bridge",
]);

/** What a call was, as far as a failure tells of it. */
export interface Called {
  readonly action: string;
  readonly account: string | undefined;
}

/** How it failed; `data` is the reply's. */
export interface Failed {
  readonly error: ErrorClass;
  readonly message: string;
  readonly retcode?: number;
  readonly wording?: string;
  readonly data?: unknown;
}

/** A call that did not succeed. Its text has no token and no parameter of the call in it. */
export class CallError extends Error {
  override readonly name = "CallError";
  readonly action: string;
  readonly account: string | undefined;
  readonly error: ErrorClass;
  readonly retcode: number;
  /** As the peer said it. */
  readonly wording: string;
  /**
   * Nothing was done: the same call may be made again, with the same `id`; but after a
   * `timeout` with another, for the bridge keeps that verdict with it. It says nothing
   * of an attempt before it that was `lost`.
   */
  readonly free: boolean;
  /** The bridge made several messages of it, and not all of them went out. */
  readonly inPart: boolean;
  /** The `id` belongs to a call that asked for something else, and that one counts. */
  readonly idReused: boolean;
  /** `rate_limited`, `muted`: ms until it may be tried again, where that is known. */
  declare readonly retryAfter?: number;

  constructor(called: Called, failed: Failed) {
    const data = isMap(failed.data) ? failed.data : {};
    const retryAfter = numberOf(data["retry_after_ms"]);
    const idReused = failed.error === "bad_request" && data["id_reused"] === true;
    super(textOf(called, failed, retryAfter));
    this.action = called.action;
    this.account = called.account;
    this.error = failed.error;
    this.retcode = failed.retcode ?? 0;
    this.wording = failed.wording ?? "";
    this.idReused = idReused;
    this.inPart = (numberOf(data["done"]) ?? 0) > 0;
    this.free = FREE.has(failed.error) && !idReused && !this.inPart;
    if (retryAfter !== undefined) this.retryAfter = retryAfter;
  }
}

/** The failure that a reply tells of, which is neither `ok` nor `async`. */
export function failureOf(called: Called, reply: Record<string, unknown>): CallError {
  const word = textIn(reply["error"]);
  const known = Object.hasOwn(ADVICE, word);
  const error = known
    ? (word as ErrorClass)
    : reply["status"] === "unknown"
      ? "unknown"
      : "internal";
  const said = textIn(reply["message"]) || textIn(reply["wording"]);
  return new CallError(called, {
    error,
    message: known ? said : `${word || "no class of error"}: ${said}`,
    retcode: numberOf(reply["retcode"]) ?? 0,
    wording: textIn(reply["wording"]),
    data: reply["data"],
  });
}

function textOf(called: Called, failed: Failed, retryAfter: number | undefined): string {
  const account = called.account === undefined ? "" : ` (account ${called.account})`;
  const said = failed.message && `: ${failed.message}`;
  const advice =
    retryAfter === undefined
      ? ADVICE[failed.error]
      : `it may be tried again in ${Math.ceil(retryAfter / 1000)} s`;
  return `${called.action}${account}: ${failed.error}${said}${advice && `; ${advice}`}`;
}

function textIn(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}
