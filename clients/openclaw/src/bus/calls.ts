/** One request to the bridge, one reply. Section 7 of the contract. */

import { NoReply, NotSent } from "../sp/errors.ts";
import { reasonOf } from "../sp/thrown.ts";
import { CLOCK, type Clock } from "./clock.ts";
import { CallError, type Called, failureOf } from "./errors.ts";
import { isMap, pack, unpack } from "./packing.ts";
import type { Caller, CallOptions, ErrorClass, Params, Reply } from "./types.ts";

/** The way to the bridge's action socket. It repeats nothing by itself. */
export interface RequestPort {
  /**
   * Send a request, within `leaveWithin` ms, and give its reply, within `timeout`.
   *
   * @throws {NotSent | NoReply}, or the signal's reason.
   */
  request(
    message: Uint8Array,
    timeout: number,
    signal: AbortSignal | undefined,
    leaveWithin: number,
  ): Promise<Uint8Array>;
}

export interface CallerOptions {
  port: RequestPort;
  /** Whose calls these are; the bridge's own actions need none. */
  account?: string;
  /** Of one of the bridge's grants. */
  token?: string;
  /** Told once for each call in which the bridge did something differently than asked. */
  onWarning?(text: string): void;
  clock?: Clock;
}

/** The bridge cuts off who sends more; four bytes stand before a request. */
const REQUEST_MAX = (64 << 20) - 4;
/** ms within which a bridge is found that is there. */
const LEAVE_WITHIN = 10_000;
/** ms that the client waits longer than the bridge was told to. */
const GRACE = 5_000;
/** ms for a reply where the bridge sets the deadline: it may take half an hour for a file. */
const PATIENCE = 2_000_000;
/** The same for what only reads, and for the bridge's own actions. */
const PATIENCE_READ = 120_000;
const PATIENCE_OWN = 30_000;
/** ms until a call is made again, at first and at most. */
const PAUSE = 250;
const PAUSE_MOST = 5_000;

/** What may be different soon. */
const PASSING: ReadonlySet<ErrorClass> = new Set<ErrorClass>([
  "busy",
  "rate_limited",
  "not_connected",
  "shutting_down",
  "no_bridge",
]);

export function createCaller(options: CallerOptions): Caller {
  return {
    call: async <T>(action: string, params: Params = {}, how: CallOptions = {}) => {
      const reply = await insist(options, callOf(options, action, params, how), how);
      for (const warning of reply.warnings) options.onWarning?.(`${action}: ${warning}`);
      return reply as Reply<T>;
    },
  };
}

/** A call that is to be made, perhaps more than once. */
interface Call extends Called {
  readonly message: Uint8Array;
  readonly timeout: number;
  readonly leaveWithin: number;
}

function callOf(options: CallerOptions, action: string, params: Params, how: CallOptions): Call {
  const own = action.startsWith("bridge.");
  const called: Called = { action, account: own ? undefined : options.account };
  const message = packed(called, {
    action,
    params,
    account: called.account,
    id: how.id,
    timeout: how.timeout,
    token: options.token,
  });
  const leaveWithin = Math.min(how.timeout ?? LEAVE_WITHIN, LEAVE_WITHIN);
  return { ...called, message, timeout: patienceFor(action, how.timeout), leaveWithin };
}

/** ms after which the bridge would have said something, if it could. */
function patienceFor(action: string, timeout: number | undefined): number {
  // The deadline of a stream is one for each part of the answer.
  if (timeout !== undefined && !action.endsWith("_stream")) return timeout + GRACE;
  if (action === "bridge.media.get") return PATIENCE;
  if (action.startsWith("bridge.")) return PATIENCE_OWN;
  return action.startsWith("get_") ? PATIENCE_READ : PATIENCE;
}

function packed(called: Called, request: Record<string, unknown>): Uint8Array {
  let message: Uint8Array;
  try {
    message = pack(request);
  } catch (error) {
    throw new CallError(called, {
      error: "bad_request",
      message: `params: ${reasonOf(error)}; allowed: what MessagePack has a form for; nothing was sent`,
    });
  }
  if (message.length <= REQUEST_MAX) return message;
  throw new CallError(called, {
    error: "too_large",
    message: `${message.length} bytes, and the bridge takes ${REQUEST_MAX}; nothing was sent`,
  });
}

/** Make the call, again while there is patience and it is safe. */
async function insist(options: CallerOptions, call: Call, how: CallOptions): Promise<Reply> {
  const clock = options.clock ?? CLOCK;
  const end = clock.now() + (how.patience ?? 0);
  let lost: CallError | undefined;
  for (let pause = PAUSE; ; pause = Math.min(pause * 2, PAUSE_MOST)) {
    how.signal?.throwIfAborted();
    try {
      return await attempt(options.port, call, how.signal);
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      if (error.error === "lost") lost = error;
      const wait = error.retryAfter ?? pause;
      const left = end - clock.now();
      if (!mayRepeat(error, how) || wait > left) throw verdict(error, lost);
      await clock.sleep(wait, how.signal);
    }
  }
}

/** With an `id` the bridge answers what it has done before; without one nobody can know. */
function mayRepeat(error: CallError, how: CallOptions): boolean {
  if (error.error === "lost") return how.id !== undefined;
  return error.free && PASSING.has(error.error);
}

/** A refusal to look says nothing of what became of the call that was lost before it. */
function verdict(error: CallError, lost: CallError | undefined): CallError {
  return lost !== undefined && error.free && error.error !== "timeout" ? lost : error;
}

async function attempt(port: RequestPort, call: Call, signal?: AbortSignal): Promise<Reply> {
  let message: Uint8Array;
  try {
    message = await port.request(call.message, call.timeout, signal, call.leaveWithin);
  } catch (error) {
    if (error instanceof NotSent)
      throw new CallError(call, { error: "no_bridge", message: error.message });
    if (error instanceof NoReply)
      throw new CallError(call, { error: "lost", message: error.message });
    throw error;
  }
  return judged(call, message);
}

function judged(call: Call, message: Uint8Array): Reply {
  const reply = opened(call, message);
  if (reply["status"] !== "ok" && reply["status"] !== "async") throw failureOf(call, reply);
  const warnings = Array.isArray(reply["warnings"]) ? reply["warnings"] : [];
  return { data: reply["data"], warnings: warnings.filter((each) => typeof each === "string") };
}

/** Who answers what is no reply has had the request: it may have happened. */
function opened(call: Call, message: Uint8Array): Record<string, unknown> {
  let reply: unknown;
  try {
    reply = unpack(message);
  } catch {
    reply = undefined;
  }
  if (isMap(reply) && typeof reply["status"] === "string") return reply;
  throw new CallError(call, {
    error: "lost",
    message: `what came (${message.length} bytes) is no reply of a bridge; is the address one of bridge.actions?`,
  });
}
