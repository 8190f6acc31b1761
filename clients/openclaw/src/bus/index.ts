/**
 * The bridge's contract for Node: events without gaps, and calls.
 *
 * ```ts
 * import { createCaller, events, filePosition } from "openclaw-napcatqq/bus";
 * import { createReq, subscribe } from "openclaw-napcatqq/sp";
 *
 * const url = "tcp://127.0.0.1:7710";
 * const calls = createCaller({
 *   port: createReq({ url: "tcp://127.0.0.1:7711" }),
 *   account: "default",
 * });
 * const deliveries = events({
 *   port: { subscribe: (handlers) => subscribe({ url, ...handlers }) },
 *   calls,
 *   account: "default",
 *   patterns: ["qq.group.*.message.*"],
 *   position: filePosition({ folder: "state", account: "default", bridge: url }),
 * });
 * for await (const delivery of deliveries) {
 *   if (delivery.kind === "event" && delivery.event.text === "ping") {
 *     const params = { group_id: delivery.event.event["group_id"], message: "pong" };
 *     await calls.call("send_group_msg", params, { id: `pong:${delivery.event.key}` });
 *   }
 *   delivery.done();
 * }
 * ```
 *
 * What is not `done` comes again after a restart, and an `id` that follows from the
 * event keeps the answer from being given twice.
 */

export { NoReply, NotSent } from "../sp/errors.ts";
export { type CallerOptions, createCaller, type RequestPort } from "./calls.ts";
export type { Clock } from "./clock.ts";
export { decodeEnvelope, MalformedMessage } from "./envelope.ts";
export { CallError } from "./errors.ts";
export {
  type EventsOptions,
  events,
  type SubscribePort,
  type SubscriptionHandlers,
} from "./events.ts";
export { matcher, PatternError, prefixOf } from "./pattern.ts";
export { type FilePositionOptions, filePosition } from "./position.ts";
export type * from "./types.ts";
