/** Events as messages: what was said, by whom, where, and what came with it. */

import { type ContentOptions, readContent } from "./content.ts";
import { describeMention } from "./mention.ts";
import { readSegments } from "./segment.ts";
import { line } from "./text.ts";
import type { Chat, Incoming, Sender } from "./types.ts";
import { count, type Fields, fields, id, number, text } from "./value.ts";

export interface ReadingOptions extends ContentOptions {
  /** ms since 1970, for events that do not say when they were. */
  receivedAt?: number;
  /** The bot's number, for events that do not say it. */
  selfId?: string;
}

/** NapCat's word for "a group that could not be found". */
const NO_GROUP = "284840486";
/** Beyond this a time in seconds would be in the year 5138: NapCat has sent ms. */
const SECONDS_MAX = 1e11;

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
  const content = readContent(segments, { ...options, selfId });
  const incoming: Incoming = {
    chat,
    messageId: id(event["message_id"]),
    time: readTime(event["time"], options.receivedAt ?? 0),
    sender,
    text: content.text || spokenTo(content.mentionsBot, selfId, options),
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

/** Nothing but the bot's name was said. */
function spokenTo(mentionsBot: boolean, selfId: string, options: ReadingOptions): string {
  return mentionsBot ? describeMention(selfId, line(options.nameOf?.(selfId) ?? "", 40)) : "";
}

function originGroup(event: Fields): string {
  const group = number(event["group_id"]) || number(fields(event["sender"])["group_id"]);
  return group === NO_GROUP ? "" : group;
}
