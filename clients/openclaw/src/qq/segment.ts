/** Messages of peers as segments. */

import type { Segment } from "./types.ts";
import { isFields } from "./value.ts";

/** As the bridge takes at most in one message; a peer's event may have more. */
export const SEGMENTS_MAX = 4096;

/**
 * The segments of a `message`: an array, one segment, or text. What has no type is
 * passed over; `data` that is missing is empty. A string is text and never read for
 * CQ codes: the bridge has turned those of events into segments, and in what people
 * wrote they are what people wrote.
 */
export function readSegments(message: unknown): Segment[] {
  if (typeof message === "string") {
    return message === "" ? [] : [{ type: "text", data: { text: message } }];
  }
  const items: readonly unknown[] = Array.isArray(message) ? message : [message];
  const segments: Segment[] = [];
  for (const item of items) {
    if (segments.length === SEGMENTS_MAX) break;
    const segment = readSegment(item);
    if (segment) segments.push(segment);
  }
  return segments;
}

function readSegment(item: unknown): Segment | undefined {
  if (typeof item === "string") return { type: "text", data: { text: item } };
  if (!isFields(item)) return undefined;
  const type = item["type"];
  if (typeof type !== "string" || type === "") return undefined;
  const data = item["data"];
  return { type, data: isFields(data) ? { ...data } : {} };
}
