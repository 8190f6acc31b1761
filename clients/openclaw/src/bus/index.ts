/** The bridge's contract for Node: events without gaps, and calls. */

export { type CallerOptions, createCaller, NoReply, NotSent, type RequestPort } from "./calls.ts";
export { decodeEnvelope, MalformedMessage } from "./envelope.ts";
export { CallError } from "./errors.ts";
export { matcher, PatternError, prefixOf } from "./pattern.ts";
export type * from "./types.ts";
