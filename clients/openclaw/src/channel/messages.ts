/** Messages that were said before: found again, shown, reacted to, pinned, taken back. */

import type { Caller } from "../bus/types.ts";
import { describeAttachments } from "../qq/attachment.ts";
import { reactionId, reactionName } from "../qq/faces.ts";
import { type Quoted, readQuoted } from "../qq/quoted.ts";
import { formatTarget } from "../qq/target.ts";
import { line } from "../qq/text.ts";
import type { Chat } from "../qq/types.ts";
import { type Fields, fields, firstText, id, list, number, text } from "../qq/value.ts";
import { BadParam } from "./params.ts";
import { NotAllowed } from "./requester.ts";

/** Code units of one message in a list. */
const SHOWN_MAX = 1000;

/** A message of a chat, and whether the bot said it. */
export interface Found {
  messageId: string;
  isOwn: boolean;
  data: Fields;
}

/**
 * The message of this number, if it was said in this chat: numbers are of the whole
 * account, and who may speak for one chat has no say in the others.
 */
export async function findMessage(calls: Caller, chat: Chat, messageId: string): Promise<Found> {
  const data = fields((await calls.call("get_msg", { message_id: messageId })).data);
  const self = number(data["self_id"]) || (await selfOf(calls));
  const isOwn = number(data["user_id"]) === self;
  if (isIn(data, chat, isOwn)) return { messageId, isOwn, data };
  throw new NotAllowed(`message ${messageId} is none of ${formatTarget(chat)}`);
}

export async function selfOf(calls: Caller): Promise<string> {
  return number(fields((await calls.call("get_login_info")).data)["user_id"]);
}

function isIn(data: Fields, chat: Chat, isOwn: boolean): boolean {
  const groupId = number(data["group_id"]);
  const isGroup = text(data["message_type"]) === "group" || groupId !== "";
  if (chat.kind === "group") return isGroup && groupId === chat.id;
  const other = number(data["target_id"]);
  if (isGroup) return false;
  // Not every peer says whom the bot wrote to.
  return isOwn ? other === chat.id || other === "" : number(data["user_id"]) === chat.id;
}

export async function takeBack(calls: Caller, messageId: string): Promise<void> {
  await calls.call("delete_msg", { message_id: messageId });
}

/** Put a reaction under a message, or take it away; what it shows. QQ has them in groups alone. */
export async function reactTo(
  calls: Caller,
  chat: Chat,
  messageId: string,
  emoji: string,
  set: boolean,
): Promise<string> {
  if (chat.kind !== "group") throw new BadParam("react: QQ has reactions in groups only");
  const emojiId = needReaction(emoji);
  await findMessage(calls, chat, messageId);
  await calls.call("set_msg_emoji_like", { message_id: messageId, emoji_id: emojiId, set });
  return reactionName(emojiId);
}

function needReaction(emoji: string): string {
  const found = reactionId(emoji);
  if (found !== undefined) return found;
  throw new BadParam("emoji: allowed: an emoji (👍), the name of a QQ face (赞, 鼓掌), or its id");
}

/** Who has reacted with this; without an emoji how often what was used, as far as told. */
export async function reactionsTo(
  calls: Caller,
  chat: Chat,
  messageId: string,
  emoji: string | undefined,
): Promise<string[]> {
  const { data } = await findMessage(calls, chat, messageId);
  if (emoji === undefined) return list(data["emoji_likes_list"]).map(tallied);
  const emojiId = needReaction(emoji);
  const reply = await calls.call("fetch_emoji_like", {
    message_id: messageId,
    emojiId: Number(emojiId),
    emojiType: emojiId.length > 3 ? 2 : 1,
    count: 50,
  });
  return list(fields(reply.data)["emojiLikesList"]).map((each) => {
    const who = fields(each);
    return `${line(text(who["nickName"]), 60) || "?"} (${number(who["tinyId"]) || "?"})`;
  });
}

function tallied(item: unknown): string {
  const like = fields(item);
  const times = firstText(like["likes_cnt"], like["count"]) || "?";
  return `${reactionName(text(like["emoji_id"]))}: ${times}`;
}

export interface Page {
  limit: number;
  /** Messages before this one; the newest without it. */
  before?: string | undefined;
}

/** What was said last in a chat, oldest first. */
export async function readHistory(calls: Caller, chat: Chat, page: Page): Promise<string[]> {
  const action = chat.kind === "group" ? "get_group_msg_history" : "get_friend_msg_history";
  const { data } = await calls.call(action, {
    ...(chat.kind === "group" ? { group_id: chat.id } : { user_id: chat.id }),
    // The message to begin at is in the page, too.
    count: page.limit + (page.before ? 1 : 0),
    ...(page.before && { message_seq: page.before, reverse_order: true }),
  });
  return list(fields(data)["messages"])
    .filter((item) => id(fields(item)["message_id"]) !== page.before)
    .map((item) => readQuoted(item, { textMax: SHOWN_MAX }))
    .filter((message) => message !== undefined)
    .slice(-page.limit)
    .map(described);
}

function described({ messageId, sender, time, text: said, attachments }: Quoted): string {
  const when = time > 0 ? new Date(time).toISOString().slice(0, 16).replace("T", " ") : "?";
  const name = line(sender.card ?? sender.name, 60);
  const body = [line(said, SHOWN_MAX), describeAttachments(attachments)].filter(Boolean).join(" ");
  return `[${messageId}] ${when} ${name}(${sender.id}): ${body}`;
}

/** Essence messages are the pins of QQ's groups. */
export async function pin(
  calls: Caller,
  chat: Chat,
  messageId: string,
  set: boolean,
): Promise<void> {
  requireGroupChat(chat);
  await findMessage(calls, chat, messageId);
  await calls.call(set ? "set_essence_msg" : "delete_essence_msg", { message_id: messageId });
}

export async function listPins(calls: Caller, chat: Chat, limit: number): Promise<string[]> {
  requireGroupChat(chat);
  const { data } = await calls.call("get_essence_msg_list", { group_id: chat.id });
  return list(data)
    .slice(0, limit)
    .map((item) => {
      const essence = fields(item);
      const said = readQuoted({ message: essence["content"], sender: {} }, { textMax: SHOWN_MAX });
      const who = `${line(text(essence["sender_nick"]), 60)}(${number(essence["sender_id"])})`;
      const files = describeAttachments(said?.attachments ?? []);
      const body = [line(said?.text ?? "", SHOWN_MAX), files].filter(Boolean).join(" ");
      return `[${id(essence["message_id"])}] ${who}: ${body}`;
    });
}

function requireGroupChat(chat: Chat): void {
  if (chat.kind === "group") return;
  throw new BadParam("QQ pins (essence messages) are in groups only; target: group:<number>");
}
