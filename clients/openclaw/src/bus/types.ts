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
}

/** Events that are no longer to be had: the journal has rolled past them. */
export interface Gap {
  epoch: string;
  /** The first and last number that are missing. */
  from: number;
  to: number;
}

export type Params = Record<string, unknown>;

export interface CallOptions {
  /** Idempotency key, at most 128 bytes: with it a call is never carried out twice. */
  id?: string;
  /** ms until the answer is given up; the bridge's own default otherwise. */
  timeout?: number;
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
  | "stalled"
  | "timeout"
  | "unknown"
  | "unsupported_by_peer"
  | "peer_error"
  | "shutting_down"
  | "internal"
  /** The bridge itself could not be reached; nothing was sent. */
  | "no_bridge"
  /** The connection to the bridge ended with the call under way: it may have happened. */
  | "lost";

/** A call that did not succeed: `src/bus/errors.ts` has the class. */
export interface CallFailure extends Error {
  readonly error: ErrorClass;
  readonly retcode: number;
  /** As the peer said it. */
  readonly wording: string;
  /** Nothing was sent: the same call may be made again. */
  readonly free: boolean;
  /** `rate_limited`: ms until there is room. */
  readonly retryAfter?: number;
}

export interface Reply<T = unknown> {
  data: T;
  warnings: string[];
}

/** Makes calls to one account. */
export interface Caller {
  /** @throws CallFailure */
  call<T = unknown>(action: string, params?: Params, options?: CallOptions): Promise<Reply<T>>;
}

/** Where a consumer stands: everything up to `seq` of `epoch` is done. */
export interface Position {
  epoch: string;
  seq: number;
}

/** Keeps a position over restarts. */
export interface PositionStore {
  load(): Promise<Position | undefined>;
  save(position: Position): Promise<void>;
}

/** One item of the stream, in order of `seq`. Call `done` once it needs no second delivery. */
export type Delivery =
  | { kind: "event"; event: Envelope; done(): void }
  | { kind: "gap"; gap: Gap; done(): void };
