/**
 * Messages of the event socket, read: a topic, one NUL, and the envelope as
 * MessagePack. Sections 2 and 4 of the contract.
 */

import { reasonOf } from "../sp/thrown.ts";
import { isMap, unpack } from "./packing.ts";
import type { Envelope, Policy } from "./types.ts";

/** Six tokens of 64 bytes, and then some. */
const TOPIC_MAX = 512;
const TOPIC = /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+$/;
const VERSION = 1;

/** What came is no message of the bridge: the text says what is wrong with it. */
export class MalformedMessage extends Error {
  override readonly name = "MalformedMessage";
}

/**
 * The event that a message tells of. Keys that this client does not know are left out
 * of the envelope, never of its `event`.
 *
 * @throws {MalformedMessage}
 */
export function decodeEnvelope(message: Uint8Array): Envelope {
  const nul = message.subarray(0, TOPIC_MAX + 1).indexOf(0);
  if (nul < 0) throw new MalformedMessage(`an event without a topic: ${shown(message)}`);
  const topic = Buffer.from(message.subarray(0, nul)).toString("latin1");
  if (!TOPIC.test(topic)) {
    throw new MalformedMessage(`an event whose topic is none: ${shown(message.subarray(0, nul))}`);
  }
  return read(topic, opened(topic, message.subarray(nul + 1)));
}

function opened(topic: string, body: Uint8Array): Record<string, unknown> {
  let envelope: unknown;
  try {
    envelope = unpack(body);
  } catch (error) {
    throw new MalformedMessage(`${topic}: its envelope is no MessagePack: ${reasonOf(error)}`);
  }
  if (isMap(envelope)) return envelope;
  throw new MalformedMessage(`${topic}: its envelope is ${kindOf(envelope)}; allowed: a map`);
}

function read(topic: string, map: Record<string, unknown>): Envelope {
  const take = <T>(key: string, fits: (value: unknown) => value is T, allowed: string): T => {
    const value = map[key];
    if (fits(value)) return value;
    throw new MalformedMessage(
      `${topic}: ${key} is ${kindOf(value)} in its envelope; allowed: ${allowed}`,
    );
  };
  const envelope: Envelope = {
    topic,
    v: take("v", isVersion, `${VERSION}`),
    epoch: take("epoch", isName, "a string that is not empty"),
    seq: take("seq", isCount, "an integer from 1"),
    time: take("time", isTime, "ms since 1970"),
    account: take("account", isName, "a string that is not empty"),
    self_id: take("self_id", isInteger, "an integer"),
    peer: isString(map["peer"]) ? map["peer"] : "",
    origin: take("origin", isString, "a string"),
    type: take("type", isString, "a string"),
    key: take("key", isString, "a string"),
    event: take("event", isMap, "a map"),
  };
  if (isString(map["text"])) envelope.text = map["text"];
  if (map["policy"] !== undefined) envelope.policy = policyOf(topic, map["policy"]);
  return envelope;
}

/** A verdict that cannot be read must not pass for one that allows. */
function policyOf(topic: string, value: unknown): Policy {
  if (!isMap(value)) {
    throw new MalformedMessage(`${topic}: policy is ${kindOf(value)}; allowed: a map`);
  }
  const policy: Policy = {
    allowed: value["allowed"] === true,
    respond: value["respond"] === true,
    mentioned: value["mentioned"] === true,
    reason: isString(value["reason"]) ? value["reason"] : "",
  };
  if (value["from_bot"] === true) policy.from_bot = true;
  if (isString(value["system_prompt"])) policy.system_prompt = value["system_prompt"];
  if (isStrings(value["skills"])) policy.skills = value["skills"];
  if (isMap(value["tools"])) policy.tools = toolsOf(value["tools"]);
  return policy;
}

function toolsOf(value: Record<string, unknown>): NonNullable<Policy["tools"]> {
  return {
    ...(isStrings(value["allow"]) && { allow: value["allow"] }),
    ...(isStrings(value["deny"]) && { deny: value["deny"] }),
  };
}

const isString = (value: unknown): value is string => typeof value === "string";
const isName = (value: unknown): value is string => isString(value) && value !== "";
const isStrings = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every(isString);
const isVersion = (value: unknown): value is number => value === VERSION;
const isTime = (value: unknown): value is number => Number.isSafeInteger(value);
const isCount = (value: unknown): value is number => isTime(value) && value > 0;
const isInteger = (value: unknown): value is number | bigint =>
  isTime(value) || typeof value === "bigint";

/** A value by its kind, and itself where that is short: nothing of what people say. */
function kindOf(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object") return "a map";
  const text = String(value);
  if (text.length > 24) return `a ${typeof value} of ${text.length} characters`;
  return typeof value === "string" ? JSON.stringify(value) : text;
}

function shown(bytes: Uint8Array): string {
  const some = Buffer.from(bytes.subarray(0, 24)).toString("hex");
  return `${bytes.length} bytes${some && `, ${some}${bytes.length > 24 ? "…" : ""}`}`;
}
