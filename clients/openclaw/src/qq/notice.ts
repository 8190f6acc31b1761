/** Notices, requests and meta events, each as one line for a log or a model. */

import { reactionName } from "./faces.ts";
import { bytes, line } from "./text.ts";
import type { Chat } from "./types.ts";
import {
  count,
  type Fields,
  fields,
  firstText,
  id,
  isFields,
  list,
  number,
  parseFields,
  text,
} from "./value.ts";

export interface Notice {
  /** `group_ban.ban`, `notify.poke`, `request.friend`, `meta.heartbeat`. */
  kind: string;
  /** Where it happened; a private chat by its other end. */
  chat?: Chat;
  /** Who did it, as far as is known. */
  actor?: string;
  /** To whom it was done, or of whom it tells. */
  subject?: string;
  /** It was done to the bot, or tells of it. */
  aboutBot: boolean;
  /** The message that it is about. */
  messageId?: string;
  /** A request's: by which it is answered. */
  flag?: string;
  line: string;
}

export interface NoticeOptions {
  /** What somebody is called, without their number. */
  nameOf?(id: string): string | undefined;
}

/** What the lines are made from. */
interface Facts {
  readonly event: Fields;
  readonly user: string;
  readonly operator: string;
  readonly target: string;
  readonly message: string;
  /** `夜航船(10001)`, `the bot`, or `somebody`. */
  who(id: string): string;
}

type Teller = (facts: Facts) => string;

/** What is told of the bot without naming it. */
const ABOUT_BOT = /^(?:bot_|notify\.profile_like|request\.friend|request\.group\.invite)/;

const GROUP = "the group";

const HONORS: ReadonlyMap<string, string> = new Map([
  ["talkative", "most talkative of the group (龙王)"],
  ["performer", "flame of the group (群聊之火)"],
  ["legend", "blazing flame of the group (群聊炽焰)"],
  ["strong_newbie", "rising newcomer of the group (冒尖小春笋)"],
  ["emotion", "source of joy of the group (快乐源泉)"],
]);

/** By `notice_type.sub_type`, else by `notice_type`. */
const TELLERS: ReadonlyMap<string, Teller> = new Map<string, Teller>([
  ["group_upload", ({ who, user, event }) => `${who(user)} uploaded a file: ${file(event)}`],
  ["group_admin.set", ({ who, user }) => `${who(user)} became an administrator`],
  ["group_admin.unset", ({ who, user }) => `${who(user)} is no longer an administrator`],
  ["group_decrease.leave", ({ who, user }) => `${who(user)} left ${GROUP}`],
  ["group_decrease.kick", removed],
  ["group_decrease.kick_me", removed],
  ["group_decrease.disband", () => "the group was disbanded"],
  ["group_dismiss", (facts) => `the group was disbanded${by(facts)}`],
  [
    "group_increase.approve",
    ({ who, user, operator }) =>
      `${who(user)} joined ${GROUP}${operator ? `, let in by ${who(operator)}` : ""}`,
  ],
  [
    "group_increase.invite",
    ({ who, user, operator }) =>
      `${who(user)} joined ${GROUP}${operator ? `, invited by ${who(operator)}` : ""}`,
  ],
  ["group_ban.ban", muted],
  [
    "group_ban.lift_ban",
    ({ who, user, operator }) =>
      `${who(operator)} lifted the mute of ${user ? who(user) : "the whole group"}`,
  ],
  ["friend_add", ({ who, user }) => `${who(user)} is a friend now`],
  ["group_recall", recalled],
  ["friend_recall", recalled],
  ["guild_channel_recall", recalled],
  ["group_card", card],
  [
    "essence.add",
    ({ who, user, operator, message }) =>
      `${who(operator)} made a message of ${who(user)} an essence message${message}`,
  ],
  [
    "essence.delete",
    ({ who, user, operator, message }) =>
      `${who(operator)} took a message of ${who(user)} from the essence messages${message}`,
  ],
  ["group_msg_emoji_like", reacted],
  [
    "reaction.add",
    ({ who, operator, event, message }) =>
      `${who(operator)} reacted with ${reaction(event["code"])}${message}`,
  ],
  [
    "reaction.remove",
    ({ who, operator, event, message }) =>
      `${who(operator)} took back the reaction ${reaction(event["code"])}${message}`,
  ],
  [
    "message_reactions_updated",
    ({ who, user, message }) => `reactions to a message of ${who(user)} changed${message}`,
  ],
  ["notify.poke", poked],
  [
    "notify.poke_recall",
    ({ who, user, target }) => `${who(user)} took back a poke at ${who(target)}`,
  ],
  [
    "notify.lucky_king",
    ({ who, user, target }) => `${who(target)} drew the most from the red packet of ${who(user)}`,
  ],
  [
    "notify.honor",
    ({ who, user, event }) =>
      `${who(user)} is now the ${HONORS.get(text(event["honor_type"])) ?? `bearer of the honor ${word(event["honor_type"])}`}`,
  ],
  [
    "notify.title",
    ({ who, user, event }) => `${who(user)} has a new title: ${quote(event["title"])}`,
  ],
  [
    "notify.group_name",
    ({ who, user, event }) => `${who(user)} renamed ${GROUP}: ${quote(event["name_new"])}`,
  ],
  ["group_name_change", ({ event }) => `the group was renamed: ${quote(event["name"])}`],
  [
    "notify.gray_tip",
    ({ event, who, user }) => `grey line by ${who(user)}: ${quote(grayTip(event["content"]))}`,
  ],
  [
    "notify.input_status",
    ({ who, user, event }) =>
      text(event["status_text"]) === "" ? `${who(user)} stopped typing` : `${who(user)} is typing`,
  ],
  [
    "notify.profile_like",
    ({ who, operator, event }) =>
      `${who(operator)} liked the bot's profile${times(event["times"])}`,
  ],
  ["bot_offline", ({ event }) => `QQ is offline: ${quoted(event["tag"], event["message"])}`],
  ["bot_online", ({ event }) => `QQ is online: ${quoted(event["reason"])}`],
  ["online_file_send.receive", ({ who, user }) => `${who(user)} took the file offered`],
  ["online_file_send.refuse", ({ who, user }) => `${who(user)} refused the file offered`],
  ["online_file_receive.cancel", ({ who, user }) => `${who(user)} took back the file offered`],
  ["offline_file", ({ who, user, event }) => `${who(user)} sent a file: ${file(event)}`],
  [
    "client_status",
    ({ event }) =>
      `the account is ${event["online"] === true ? "on" : "off"}line on ${quoted(fields(event["client"])["device_name"])}`,
  ],
  [
    "flash_file",
    ({ event }) => `flash transfer ${word(event["sub_type"])}: ${quote(event["title"])}`,
  ],
  ["channel_created", () => "a channel was created"],
  ["channel_updated", () => "a channel was changed"],
  ["channel_destroyed", () => "a channel was removed"],
  [
    "request.friend",
    ({ who, user, event }) =>
      `${who(user)} asks to be a friend${saying(event["comment"])}${via(event["via"])}`,
  ],
  [
    "request.group.add",
    ({ who, user, event }) => `${who(user)} asks to join ${GROUP}${saying(event["comment"])}`,
  ],
  [
    "request.group.invite",
    ({ who, user, event }) =>
      `${who(user)} invites the bot into group ${number(event["group_id"])}${saying(event["comment"])}`,
  ],
  ["meta.lifecycle", ({ event }) => `the OneBot implementation says: ${word(event["sub_type"])}`],
  [
    "meta.heartbeat",
    ({ event }) =>
      `heartbeat: QQ is ${fields(event["status"])["online"] === false ? "offline" : "online"}`,
  ],
]);

/**
 * Tell a notice, a request or a meta event; undefined for a message and what is no
 * event. Types that are not known are told by their names. Never throws.
 */
export function readNotice(event: Fields, options: NoticeOptions = {}): Notice | undefined {
  const kind = kindOf(event);
  if (kind === "") return undefined;
  const self = number(event["self_id"]);
  const actor = actorOf(event, kind);
  const subject = subjectOf(event);
  const messageId = id(event["message_id"]);
  const flag = text(event["flag"]);
  const notice: Notice = {
    kind,
    aboutBot: ABOUT_BOT.test(kind) || (self !== "" && subject === self),
    line: tell(kind, event, self, options),
  };
  const chat = chatOf(event, self);
  if (chat) notice.chat = chat;
  if (actor !== "") notice.actor = actor;
  if (subject !== "") notice.subject = subject;
  if (messageId !== "") notice.messageId = messageId;
  if (flag !== "") notice.flag = flag;
  return notice;
}

/** Names of types are made of words: whatever else is in them is none. */
function word(value: unknown): string {
  return text(value)
    .replace(/[^\w-]/g, "_")
    .slice(0, 40);
}

function kindOf(event: Fields): string {
  const detail = word(event["sub_type"]);
  const join = (...parts: string[]) => parts.filter((part) => part !== "").join(".");
  switch (event["post_type"]) {
    case "notice":
      return join(word(event["notice_type"]) || "unknown", detail);
    case "request":
      return join("request", word(event["request_type"]) || "unknown", detail);
    case "meta_event":
      return join("meta", word(event["meta_event_type"]) || "unknown", detail);
    default:
      return "";
  }
}

/** NapCat tells a poke in private by the chat's other end, and who poked apart from it. */
function actorOf(event: Fields, kind: string): string {
  const operator = number(event["operator_id"]);
  // Of an essence message the sender is who wrote it.
  if (operator !== "" || kind.startsWith("essence")) return operator;
  return number(event["sender_id"]) || number(event["user_id"]) || number(event["peer_id"]);
}

function subjectOf(event: Fields): string {
  const whom = [event["target_id"], event["user_id"], event["sender_id"], event["peer_id"]];
  return whom.map(number).find((id) => id !== "") ?? "";
}

function chatOf(event: Fields, self: string): Chat | undefined {
  const group = number(event["group_id"]);
  if (group !== "") return { kind: "group", id: group };
  const ends = [event["user_id"], event["peer_id"], event["target_id"]].map(number);
  const other = ends.find((end) => end !== "" && end !== self);
  return other === undefined || event["guild_id"] !== undefined
    ? undefined
    : { kind: "private", id: other };
}

function tell(kind: string, event: Fields, self: string, options: NoticeOptions): string {
  const told = TELLERS.get(kind) ?? TELLERS.get(kind.slice(0, kind.lastIndexOf(".")));
  if (!told) return `unknown event: ${kind}`;
  const message = id(event["message_id"]);
  return told({
    event,
    user: number(event["sender_id"]) || number(event["user_id"]) || number(event["peer_id"]),
    operator: number(event["operator_id"]),
    target: number(event["target_id"]),
    message: message === "" ? "" : ` (message ${message})`,
    who: (who) => called(who, self, event, options),
  });
}

function called(who: string, self: string, event: Fields, options: NoticeOptions): string {
  if (who === "") return "somebody";
  if (who === self) return "the bot";
  const own = who === number(event["operator_id"]) ? text(event["operator_nick"]) : "";
  const name = line(options.nameOf?.(who) ?? own, 40);
  return name === "" ? who : `${name}(${who})`;
}

function removed({ who, user, operator }: Facts): string {
  return operator
    ? `${who(operator)} removed ${who(user)} from ${GROUP}`
    : `${who(user)} was removed from ${GROUP}`;
}

function by({ who, user }: Facts): string {
  return user ? ` by ${who(user)}` : "";
}

function muted({ who, user, operator, event }: Facts): string {
  const seconds = count(event["duration"]) ?? 0;
  if (!user) return `${who(operator)} muted the whole group`;
  return `${who(operator)} muted ${who(user)}${seconds > 0 ? ` for ${duration(seconds)}` : ""}`;
}

function recalled({ who, user, operator, message }: Facts): string {
  return operator && operator !== user
    ? `${who(operator)} recalled a message of ${who(user)}${message}`
    : `${who(user)} recalled a message${message}`;
}

function card({ who, user, event }: Facts): string {
  const now = line(text(event["card_new"]), 60);
  const before = line(text(event["card_old"]), 60);
  const told = now === "" ? "has no card any more" : `has a new card: ${quote(now)}`;
  return `${who(user)} ${told}${before === "" ? "" : `, before: ${quote(before)}`}`;
}

function reacted({ who, user, event, message }: Facts): string {
  const likes = list(event["likes"]).slice(0, 10);
  const shown = likes.map((like) => reaction(fields(like)["emoji_id"])).join(" ");
  return event["is_add"] === false
    ? `${who(user)} took back the reaction ${shown}${message}`
    : `${who(user)} reacted with ${shown}${message}`;
}

function reaction(code: unknown): string {
  return line(reactionName(text(code)), 20) || "something";
}

/** What is done may be chosen by the one poked: `拍了拍 … 的肩膀`. */
function poked({ who, user, target, event }: Facts): string {
  const pieces = list(event["raw_info"]).slice(0, 20).filter(isFields);
  const told = pieces.filter((piece) => piece["type"] === "nor").map((piece) => text(piece["txt"]));
  const words = told.length > 0 ? told : [text(event["action"]), text(event["suffix"])];
  const how = line(words.filter((part) => part !== "").join(" … "), 80);
  return `${who(user)} poked ${who(target)}${how === "" ? "" : ` (${how})`}`;
}

function grayTip(content: unknown): string {
  const items = list(parseFields(text(content))["items"]).slice(0, 20);
  return items.map((item) => text(fields(item)["txt"])).join("") || text(content);
}

function file(event: Fields): string {
  const told = fields(event["file"]);
  const size = bytes(count(told["size"]));
  return `${quote(told["name"])}${size === "" ? "" : ` (${size})`}`;
}

function quote(value: unknown): string {
  return JSON.stringify(line(text(value), 200));
}

function quoted(...values: readonly unknown[]): string {
  return (
    line(
      values
        .map(text)
        .filter((value) => value !== "")
        .join(": "),
      200,
    ) || "no reason given"
  );
}

function saying(comment: unknown): string {
  return firstText(comment) === "" ? "" : `, saying ${quote(comment)}`;
}

function via(source: unknown): string {
  return firstText(source) === "" ? "" : `, by way of ${quote(source)}`;
}

function times(value: unknown): string {
  const told = count(value) ?? 1;
  return told > 1 ? ` ${told} times` : "";
}

function duration(seconds: number): string {
  const units = [
    ["d", 86_400],
    ["h", 3_600],
    ["min", 60],
  ] as const;
  const [unit, size] = units.find(([, size]) => seconds >= size) ?? ["s", 1];
  return `${Number((seconds / size).toFixed(1))} ${unit}`;
}
