/** The bridge's contract for Node: events without gaps, and calls. */

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
