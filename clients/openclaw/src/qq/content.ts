/** What a message says, gathered from its segments in their order. */

import { readAttachment } from "./attachment.ts";
import { readCard } from "./card.ts";
import { describe } from "./describe.ts";
import { readForward } from "./forward.ts";
import { bounded } from "./text.ts";
import type { Attachment, Segment } from "./types.ts";
import { firstText, id, number, text } from "./value.ts";

const TEXT_MAX = 32_000;
const ATTACHMENTS_MAX = 50;
const MENTIONS_MAX = 200;

export interface ContentOptions {
  /** What somebody is called in this chat, for mentions that say only a number. */
  nameOf?(id: string): string | undefined;
  /** Code units of `text` and of `command`; 32,000. */
  textMax?: number;
}

export interface Content {
  /** Readable text; a mention of the bot at its beginning is left out. */
  text: string;
  /** The text segments and mentions of others alone. */
  command: string;
  attachments: Attachment[];
  mentions: Set<string>;
  mentionsBot: boolean;
  mentionsAll: boolean;
  /** The message quoted; empty if none is. */
  replyTo: string;
  forwards: string[];
}

/** Read segments; without `selfId` no mention is the bot's. Never throws. */
export function readContent(
  segments: readonly Segment[],
  options: ContentOptions & { selfId?: string },
): Content {
  const content: Content = {
    text: "",
    command: "",
    attachments: [],
    mentions: new Set(),
    mentionsBot: false,
    mentionsAll: false,
    replyTo: "",
    forwards: [],
  };
  const max = options.textMax ?? TEXT_MAX;
  for (const segment of segments) {
    if (isMention(segment)) takeMention(segment, options.selfId ?? "", options, content);
    else takeOther(segment, options, content, max);
  }
  content.text = bounded(content.text.trim(), max);
  content.command = bounded(content.command.trim(), max);
  return content;
}

function isMention(segment: Segment): boolean {
  return segment.type === "at" || segment.type === "mention";
}

function takeMention(
  segment: Segment,
  selfId: string,
  options: ContentOptions,
  content: Content,
): void {
  const who = text(segment.data["qq"] ?? segment.data["user_id"]).trim();
  const said = describe(segment, options);
  if (who === "all") content.mentionsAll = true;
  else if (who === selfId && selfId !== "") content.mentionsBot = true;
  else if (number(who) !== "" && content.mentions.size < MENTIONS_MAX) content.mentions.add(who);
  if (who !== selfId) content.command += said;
  // At the beginning it says who is spoken to, which the mention's flag says as well.
  if (who !== selfId || content.text.trim() !== "") content.text += said;
}

function takeOther(segment: Segment, options: ContentOptions, content: Content, max: number): void {
  const attachment = readAttachment(segment);
  if (attachment && content.attachments.length < ATTACHMENTS_MAX) {
    content.attachments.push(attachment);
  }
  if (segment.type === "reply") content.replyTo ||= quotedId(segment);
  const forward = forwardOf(segment);
  if (forward !== "") content.forwards.push(forward);
  if (content.text.length <= max) {
    content.text += describe(segment, {
      ...options,
      conversation: (inner) => conversation(inner, options, content),
    });
  }
  if (segment.type === "text" && content.command.length <= max) {
    content.command += describe(segment);
  }
}

function quotedId(segment: Segment): string {
  return id(segment.data["id"] ?? segment.data["message_id"]);
}

/** The id to read a conversation by, where it is not in the message itself. */
function forwardOf(segment: Segment): string {
  if (segment.type === "json") return readCard(segment.data["data"]).forward ?? "";
  if (segment.type !== "forward") return "";
  const content = segment.data["content"];
  return Array.isArray(content) && content.length > 0 ? "" : firstText(segment.data["id"]);
}

function conversation(
  segment: Segment,
  options: ContentOptions,
  content: Content,
): string | undefined {
  const items = segment.type === "node" ? [segment] : segment.data["content"];
  const read = readForward(items, options.nameOf ? { nameOf: options.nameOf } : {});
  if (read.messages === 0) return undefined;
  const room = ATTACHMENTS_MAX - content.attachments.length;
  content.attachments.push(...read.attachments.slice(0, room));
  content.forwards.push(...read.unread);
  return `[forwarded conversation:\n${read.text}\n]`;
}
