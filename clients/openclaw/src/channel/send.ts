import { setTimeout as sleep } from "node:timers/promises";
import { PlatformMessageNotDispatchedError } from "openclaw/plugin-sdk/error-runtime";
import { CallError } from "../bus/errors.ts";
import type { Caller, ErrorClass, Params } from "../bus/types.ts";
import type { Chat, Segment } from "../qq/types.ts";
import { callId } from "./ids.ts";

/** Nothing is wrong with the call: it has to wait for the bridge, for NapCat, for QQ, or for its turn. */
const PASSING: ReadonlySet<ErrorClass> = new Set([
  "no_bridge",
  "not_connected",
  "offline",
  "stalled",
  "busy",
  "rate_limited",
  "shutting_down",
  "internal",
]);

/** It may have happened: asked again under the same id, the bridge says what it knows by then. */
const UNSURE: ReadonlySet<ErrorClass> = new Set(["lost", "unknown"]);

/** What became of it is known: the peer did not do it. */
const SETTLED: ReadonlySet<ErrorClass> = new Set(["timeout", "peer_error"]);

/** ms between two attempts, where the failure names no time of its own. */
const PAUSE = 2_000;
const PAUSE_MAX = 15_000;

export interface SendOptions {
  /** What the messages of this sending are named by; see `ids.ts`. */
  base: string;
  /** ms for which it is tried again while that may help. */
  patience: number;
  signal?: AbortSignal | undefined;
  /** The group through which a private chat with a stranger goes. */
  via?: string | undefined;
  /** Awaited before each message. */
  before?: (() => Promise<void>) | undefined;
  /** Told of each failure that is waited out, once per class. */
  onWait?: ((failure: CallError) => void) | undefined;
}

/** What became of one message. No id: it was sent before, or the peer named none. */
export type Sent = { messageId?: string; repeated: boolean };

/** Messages and files to one chat, in order, each carried out once however often it is asked for. */
export interface Sender {
  /** @throws PlatformMessageNotDispatchedError if it surely did not go out; CallError if a part did, or nobody knows. */
  send(action: string, params: Params): Promise<Sent>;
  message(segments: Segment[]): Promise<Sent>;
}

export function createSender(calls: Caller, chat: Chat, options: SendOptions): Sender {
  let index = 0;
  const send = (action: string, params: Params): Promise<Sent> =>
    sendOnce(calls, action, { ...addressOf(chat, options.via), ...params }, index++, options);
  return {
    send,
    message: (message) =>
      send(chat.kind === "group" ? "send_group_msg" : "send_private_msg", { message }),
  };
}

function addressOf(chat: Chat, via: string | undefined): Params {
  if (chat.kind === "group") return { group_id: chat.id };
  return { user_id: chat.id, ...(via && { group_id: via }) };
}

async function sendOnce(
  calls: Caller,
  action: string,
  params: Params,
  index: number,
  options: SendOptions,
): Promise<Sent> {
  const { signal, patience } = options;
  await options.before?.();
  const deadline = Date.now() + patience;
  const waited = new Set<ErrorClass>();
  let unsure: CallError | undefined;
  for (let attempt = 0, pause = PAUSE; ; pause = Math.min(pause * 2, PAUSE_MAX)) {
    const id = callId(options.base, index, attempt);
    try {
      const { data } = await calls.call(action, params, { id });
      return { ...messageIdOf(data), repeated: false };
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      if (error.idReused) return { repeated: true };
      // What went out would go out again, and the bridge keeps this end with the id.
      if (error.inPart) throw error;
      const wait = waitFor(error, pause);
      unsure = stillUnsure(error, unsure);
      if (wait === undefined || Date.now() + wait > deadline) throw givenUp(unsure ?? error);
      if (!waited.has(error.error)) options.onWait?.(error);
      waited.add(error.error);
      // The bridge has found out that it never happened; this id is spent.
      if (error.error === "timeout") attempt += 1;
      if (!(await slept(wait, signal))) throw givenUp(unsure ?? error);
    }
  }
}

/** ms until it is worth another attempt; undefined: never. */
function waitFor(failure: CallError, pause: number): number | undefined {
  if (failure.error === "muted") return failure.retryAfter;
  if (failure.error === "timeout" || UNSURE.has(failure.error)) return pause;
  if (!PASSING.has(failure.error)) return undefined;
  return failure.retryAfter ?? pause;
}

/**
 * The attempt that may have gone out, as long as nobody has found out: a bridge that is
 * away, or refuses to look, says nothing of it, and the host would send it once more.
 */
export function stillUnsure(
  failure: CallError,
  before: CallError | undefined,
): CallError | undefined {
  if (UNSURE.has(failure.error)) return failure;
  return SETTLED.has(failure.error) ? undefined : before;
}

/** As the host wants to know it: whether the message surely did not go out. */
function givenUp(failure: CallError): Error {
  if (UNSURE.has(failure.error)) return failure;
  return new PlatformMessageNotDispatchedError(failure.message, {
    cause: failure,
    retryable: PASSING.has(failure.error) || failure.error === "timeout",
  });
}

function messageIdOf(data: unknown): { messageId?: string } {
  const id = (data as { message_id?: unknown } | null | undefined)?.message_id;
  return typeof id === "string" || typeof id === "number" || typeof id === "bigint"
    ? { messageId: String(id) }
    : {};
}

/** Whether the time went by: not if the account stops meanwhile. */
function slept(ms: number, signal?: AbortSignal): Promise<boolean> {
  return sleep(ms, true, { signal }).catch(() => false);
}
