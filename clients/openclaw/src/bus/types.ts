/**
 * The bridge's contract (its schema/README.md) as types. Nothing here knows QQ's
 * messages or OpenClaw.
 */

/** A decoded event. Integers are numbers where they are exact, bigints above 2^53. */
export interface Envelope {
  topic: string;
  v: number;
  epoch: string;
  seq: number;
  /** When the bridge received it, ms since 1970. */
  time: number;
  account: string;
  self_id: number | bigint;
  peer: string;
  origin: string;
  type: string;
  /** Stable across re-delivery and two bots in one chat. */
  key: string;
  text?: string;
  policy?: Policy;
  event: Record<string, unknown>;
}

export interface Policy {
  allowed: boolean;
  respond: boolean;
  mentioned: boolean;
  reason: string;
  /** Another account of the same bridge said it. */
  from_bot?: boolean;
  /** The three of the group's settings in the bridge, where they have them. */
  system_prompt?: string;
  skills?: string[];
  tools?: { allow?: string[]; deny?: string[] };
}

/**
 * Events that are not to be had.
 *
 * - `expired`: the journal has rolled past them;
 * - `lost`: the journal could not take them;
 * - `denied`: the token may not replay, so what was missed stays missing;
 * - `epoch`: another journal has begun. What of the old one had not been handed on
 *   is gone, how much nobody knows; the new one follows from its beginning.
 */
export interface Gap {
  reason: "expired" | "lost" | "denied" | "epoch";
  epoch: string;
  /** The first and the last number that are missing; no `to` with `epoch`. */
  from: number;
  to?: number;
}

export type Params = Record<string, unknown>;

export interface CallOptions {
  /** Idempotency key, at most 128 bytes: with it a call is never carried out twice. */
  id?: string;
  /** ms until the answer is given up; the bridge's own default otherwise. */
  timeout?: number;
  /**
   * ms for which a call is made again that could not be made now: `busy`,
   * `rate_limited`, `not_connected` or `no_bridge`; and with an `id` one that was
   * `lost`, which the bridge then answers without doing it twice. Default 0: never.
   */
  patience?: number;
  signal?: AbortSignal;
}

/** The words of `error` in a reply, and two of the client's own. */
export type ErrorClass =
  | "bad_request"
  | "bad_params"
  | "unknown_action"
  | "account_required"
  | "unknown_account"
  | "unauthorized"
  | "denied"
  | "too_large"
  | "busy"
  | "rate_limited"
  | "not_connected"
  | "offline"
  | "muted"
  | "not_in_group"
  | "stalled"
  | "timeout"
  | "unknown"
  | "unsupported_by_peer"
  | "peer_error"
  | "shutting_down"
  | "internal"
  /** The bridge itself could not be reached; nothing was sent. */
  | "no_bridge"
  /** It left, and no reply came: the connection ended, or nothing was said in time. It may have happened. */
  | "lost";

export interface Reply<T = unknown> {
  data: T;
  warnings: string[];
}

/** Makes calls to one account. */
export interface Caller {
  /** @throws CallError */
  call<T = unknown>(action: string, params?: Params, options?: CallOptions): Promise<Reply<T>>;
}

/** Where a consumer stands: everything up to `seq` of `epoch` is done. */
export interface Position {
  epoch: string;
  seq: number;
}

/** Keeps a position over restarts. */
export interface PositionStore {
  /** Undefined: there is none, so one begins with what comes from now on. */
  load(): Promise<Position | undefined>;
  /** Once this resolves a crash does not lose it. Never asked for two at once. */
  save(position: Position): Promise<void>;
}

/** One item of the stream, in order of `seq`. Call `done` once it needs no second delivery. */
export type Delivery =
  | { kind: "event"; event: Envelope; done(): void }
  | { kind: "gap"; gap: Gap; done(): void };
