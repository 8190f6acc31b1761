/** Forwarded conversations as text that can be read. */

import { describeAttachments, readAttachment } from "./attachment.ts";
import { type Describing, describe } from "./describe.ts";
import { readSegments } from "./segment.ts";
import { bounded, line } from "./text.ts";
import type { Attachment, Segment } from "./types.ts";
import { fields, firstText, list, text } from "./value.ts";

export interface Conversation {
  /** A line for each message, `name: text`; what is forwarded within is indented. */
  text: string;
  attachments: Attachment[];
  /** Messages there are, those left out counted. */
  messages: number;
  /** Conversations within that are not in here, to be read with `get_forward_msg`. */
  unread: string[];
}

export interface ForwardOptions extends Pick<Describing, "nameOf"> {
  /** Conversations within conversations; 3, as deep as QQ itself goes. */
  depth?: number;
  /** Messages told, all levels together; 100. */
  messages?: number;
  /** Code units; 8000. */
  length?: number;
}

interface Reading {
  options: ForwardOptions;
  left: number;
  attachments: Attachment[];
  unread: string[];
}

const ATTACHMENTS_MAX = 20;
const LENGTH = 8000;

/** Read what `get_forward_msg` gave, or the `content` of a segment. Never throws. */
export function readForward(data: unknown, options: ForwardOptions = {}): Conversation {
  const reading: Reading = {
    options,
    left: options.messages ?? 100,
    attachments: [],
    unread: [],
  };
  const items = messagesOf(data);
  const told = tell(items, options.depth ?? 3, reading);
  return {
    text: bounded(told.join("\n"), options.length ?? LENGTH),
    attachments: reading.attachments,
    messages: items.length,
    unread: reading.unread,
  };
}

/** NapCat and go-cqhttp have `messages`, the standard `message` with nodes in it. */
function messagesOf(data: unknown): readonly unknown[] {
  if (Array.isArray(data)) return data;
  const map = fields(data);
  return [map["messages"], map["message"], map["content"]].find(Array.isArray) ?? [];
}

function tell(items: readonly unknown[], depth: number, reading: Reading): string[] {
  const told: string[] = [];
  for (const [index, item] of items.entries()) {
    if (reading.left === 0) {
      told.push(`… ${items.length - index} more messages`);
      break;
    }
    reading.left -= 1;
    told.push(tellOne(item, depth, reading));
  }
  return told;
}

function tellOne(item: unknown, depth: number, reading: Reading): string {
  const node = fields(item);
  const message = node["type"] === "node" ? fields(node["data"]) : node;
  const sender = fields(message["sender"]);
  const name = line(
    firstText(
      sender["card"],
      sender["nickname"],
      message["nickname"],
      message["name"],
      sender["user_id"],
      message["user_id"],
      message["uin"],
    ),
    40,
  );
  const segments = readSegments(message["message"] ?? message["content"]);
  const said = segments.map((segment) => tellSegment(segment, depth, reading)).join("");
  const shown = bounded(said.trim(), reading.options.length ?? LENGTH);
  return `${name || "?"}: ${shown.replaceAll("\n", "\n  ")}`;
}

function tellSegment(segment: Segment, depth: number, reading: Reading): string {
  const attachment = readAttachment(segment);
  const said = describe(segment, {
    ...(reading.options.nameOf ? { nameOf: reading.options.nameOf } : {}),
    conversation: (inner) => tellInner(inner, depth - 1, reading),
  });
  if (!attachment) return said;
  if (reading.attachments.length < ATTACHMENTS_MAX) reading.attachments.push(attachment);
  return said || describeAttachments([attachment]);
}

function tellInner(segment: Segment, depth: number, reading: Reading): string {
  const items = segment.type === "node" ? [segment] : list(segment.data["content"]);
  if (items.length === 0 || depth <= 0) {
    const id = text(segment.data["id"]);
    if (id !== "" && segment.type === "forward") reading.unread.push(id);
    return "[forwarded conversation]";
  }
  return ["[forwarded conversation:", ...tell(items, depth, reading), "]"].join("\n");
}
