/** Events as messages: what was said, by whom, where, and what came with it. */

import { readAttachment } from "./attachment.ts";
import { readCard } from "./card.ts";
import { describe } from "./describe.ts";
import { readForward } from "./forward.ts";
import { describeMention } from "./mention.ts";
import { readSegments } from "./segment.ts";
import { bounded, line } from "./text.ts";
import type { Attachment, Chat, Incoming, Segment, Sender } from "./types.ts";
import { count, type Fields, fields, firstText, id, number, text } from "./value.ts";

export interface ReadingOptions {
  /** ms since 1970, for events that do not say when they were. */
  receivedAt?: number;
  /** The bot's number, for events that do not say it. */
  selfId?: string;
  /** What somebody is called in this chat, for mentions that say only a number. */
  nameOf?(id: string): string | undefined;
  /** Code units of `text` and of `commandText`; 32,000. */
  textMax?: number;
}

const TEXT_MAX = 32_000;
const ATTACHMENTS_MAX = 50;
const MENTIONS_MAX = 200;
/** NapCat's word for "a group that could not be found". */
const NO_GROUP = "284840486";
/** Beyond this a time in seconds would be in the year 5138: NapCat has sent ms. */
const SECONDS_MAX = 1e11;

/** What is gathered from the segments, in their order. */
interface Content {
  text: string;
  command: string;
  attachments: Attachment[];
  mentions: Set<string>;
  mentionsBot: boolean;
  mentionsAll: boolean;
  replyTo: string;
  forwards: string[];
}

/**
 * The message that an event is. Undefined if it is none, if the bot said it itself,
 * if it is QQ's own notice in the form of a message, or if it does not say who spoke
 * or where. Never throws.
 */
export function readIncoming(
  event: Readonly<Record<string, unknown>>,
  options: ReadingOptions = {},
): Incoming | undefined {
  if (event["post_type"] !== "message") return undefined;
  const selfId = number(event["self_id"]) || (options.selfId ?? "");
  const sender = readSender(event);
  const chat = readChat(event, sender.id);
  if (!chat || sender.id === selfId || isNobodys(event)) return undefined;
  const segments = readSegments(event["message"]);
  const content = readContent(segments, selfId, options);
  const incoming: Incoming = {
    chat,
    messageId: id(event["message_id"]),
    time: readTime(event["time"], options.receivedAt ?? 0),
    sender,
    text: content.text,
    commandText: content.command,
    attachments: content.attachments,
    mentions: [...content.mentions],
    mentionsBot: content.mentionsBot,
    mentionsAll: content.mentionsAll,
    forwards: content.forwards,
    segments,
  };
  const groupName = line(text(event["group_name"]), 80);
  const viaGroup = chat.kind === "private" ? originGroup(event) : "";
  if (groupName !== "") incoming.groupName = groupName;
  if (viaGroup !== "") incoming.viaGroup = viaGroup;
  if (content.replyTo !== "") incoming.replyTo = content.replyTo;
  return incoming;
}

/** Who an event or an answer of the peer names as the speaker. `id` is empty if nobody. */
export function readSender(event: Fields): Sender {
  const told = fields(event["sender"]);
  const anonymous = fields(event["anonymous"]);
  const speaker = number(event["user_id"]) || number(told["user_id"]);
  const alias = line(text(anonymous["name"]), 60);
  const nickname = alias || line(text(told["nickname"]), 60);
  const card = line(text(told["card"]), 60);
  const sender: Sender = { id: speaker, name: nickname || card || speaker };
  const role = text(told["role"]);
  const title = line(text(told["title"]), 40);
  if (card !== "") sender.card = card;
  if (/^(?:owner|admin|member)$/.test(role)) sender.role = role;
  if (title !== "") sender.title = title;
  if (alias !== "" || event["sub_type"] === "anonymous") sender.anonymous = true;
  return sender;
}

/** ms since 1970 from a peer's time, which is in seconds as a rule. */
export function readTime(time: unknown, otherwise: number): number {
  const told = count(time) ?? 0;
  if (told === 0) return otherwise;
  return told > SECONDS_MAX ? told : told * 1000;
}

function readChat(event: Fields, speaker: string): Chat | undefined {
  const type = event["message_type"];
  if (speaker === "" || (type !== "group" && type !== "private")) return undefined;
  const id = type === "group" ? number(event["group_id"]) : speaker;
  return id === "" ? undefined : { kind: type, id };
}

/** QQ's notices in a group, and go-cqhttp's word for what the bot said from elsewhere. */
function isNobodys(event: Fields): boolean {
  return event["sub_type"] === "notice" || event["sub_type"] === "group_self";
}

function originGroup(event: Fields): string {
  const group = number(event["group_id"]) || number(fields(event["sender"])["group_id"]);
  return group === NO_GROUP ? "" : group;
}

function readContent(
  segments: readonly Segment[],
  selfId: string,
  options: ReadingOptions,
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
    if (isMention(segment)) takeMention(segment, selfId, options, content);
    else takeOther(segment, options, content, max);
  }
  content.text = bounded(content.text.trim(), max);
  content.command = bounded(content.command.trim(), max);
  if (content.text === "" && content.mentionsBot) {
    content.text = describeMention(selfId, options.nameOf?.(selfId) ?? "");
  }
  return content;
}

function isMention(segment: Segment): boolean {
  return segment.type === "at" || segment.type === "mention";
}

function takeMention(
  segment: Segment,
  selfId: string,
  options: ReadingOptions,
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

function takeOther(segment: Segment, options: ReadingOptions, content: Content, max: number): void {
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
  options: ReadingOptions,
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
