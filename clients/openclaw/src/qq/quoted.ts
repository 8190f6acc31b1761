/** The message that another one quotes. */

import { type ContentOptions, readContent } from "./content.ts";
import { readSender, readTime } from "./incoming.ts";
import { readSegments } from "./segment.ts";
import type { Attachment, Sender } from "./types.ts";
import { id, isFields } from "./value.ts";

export interface Quoted {
  messageId: string;
  sender: Sender;
  /** ms since 1970; 0 if the peer does not say. */
  time: number;
  text: string;
  attachments: Attachment[];
  /** Conversations to be read with `get_forward_msg`. */
  forwards: string[];
  /** The message that this one quotes in turn. */
  replyTo?: string;
}

const TEXT_MAX = 4000;

/**
 * Read what `get_msg` gave; undefined if that is no message. `textMax` is 4000 code
 * units. Never throws.
 */
export function readQuoted(data: unknown, options: ContentOptions = {}): Quoted | undefined {
  if (!isFields(data)) return undefined;
  const sender = readSender(data);
  const segments = readSegments(data["message"]);
  if (sender.id === "" && segments.length === 0) return undefined;
  const content = readContent(segments, { textMax: TEXT_MAX, ...options });
  const quoted: Quoted = {
    messageId: id(data["message_id"]),
    sender,
    time: readTime(data["time"], 0),
    text: content.text,
    attachments: content.attachments,
    forwards: content.forwards,
  };
  if (content.replyTo !== "") quoted.replyTo = content.replyTo;
  return quoted;
}
