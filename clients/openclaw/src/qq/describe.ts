/** One segment as a reader is to see it, in the text of a message. */

import { readAttachment } from "./attachment.ts";
import { describeCard, describeXml, readCard } from "./card.ts";
import { faceName } from "./faces.ts";
import { describeMention } from "./mention.ts";
import { bytes, label, line, lines, unescapeUrl } from "./text.ts";
import type { Segment } from "./types.ts";
import { count, type Fields, fields, firstText, list, number, parseFields, text } from "./value.ts";

export interface Describing {
  /** What somebody is called here, for mentions that say only a number. */
  nameOf?(id: string): string | undefined;
  /** What a `forward` or `node` holds; without it they are named and no more. */
  conversation?(segment: Segment): string | undefined;
}

type Describer = (data: Fields, how: Describing, segment: Segment) => string;

const RPS = ["rock", "scissors", "paper"];
const POKES = ["", "heart", "thumbs up", "broken heart", "666", "big move"];

const DESCRIBERS: ReadonlyMap<string, Describer> = new Map<string, Describer>([
  ["text", (data) => lines(text(data["text"]))],
  ["tts", (data) => lines(text(data["text"]))],
  ["at", mention],
  ["mention", mention],
  ["face", face],
  ["mface", sticker],
  ["image", sticker],
  ["dice", (data) => label("dice", line(firstText(data["result"], data["value"]), 10))],
  ["rps", (data) => label("rock-paper-scissors", hand(data))],
  ["poke", (data) => label("poke", poke(data))],
  ["shake", () => "[window shake]"],
  ["share", share],
  ["contact", contact],
  ["location", location],
  ["music", music],
  ["json", (data) => describeCard(readCard(data["data"]))],
  ["miniapp", (data) => describeCard({ ...readCard(data["data"]), kind: "mini program" })],
  ["xml", (data) => describeXml(text(data["data"]))],
  ["markdown", (data) => markdown(text(data["content"]))],
  ["keyboard", (data) => label("buttons", ...buttons(data))],
  ["forward", conversation],
  ["node", conversation],
  ["longmsg", () => "[long message]"],
  ["redbag", (data) => label("red packet", line(text(data["title"])))],
  ["gift", () => "[gift]"],
  ["onlinefile", onlineFile],
  ["flashtransfer", () => "[flash transfer]"],
  ["flash_file", (data) => label("flash transfer", line(text(data["title"])))],
]);

/** Told elsewhere than in the text: the quote, and what has bytes. */
const SILENT = new Set(["reply", "record", "voice", "video", "file", "cardimage", "anonymous"]);

/** Never throws, whatever is in there; empty for what is told elsewhere. */
export function describe(segment: Segment, how: Describing = {}): string {
  if (SILENT.has(segment.type)) return "";
  const describer = DESCRIBERS.get(segment.type);
  return describer
    ? describer(segment.data, how, segment)
    : `[unknown message: ${line(segment.type, 40)}]`;
}

function mention(data: Fields, how: Describing): string {
  const who = text(data["qq"] ?? data["user_id"]).trim();
  if (who === "all") return "@all";
  const id = number(who);
  const name = line(text(data["name"]), 40);
  if (id === "") return name === "" ? "" : `@${name.replace(/^@/, "")}`;
  return describeMention(id, name || line(how.nameOf?.(id) ?? "", 40));
}

function face(data: Fields): string {
  const id = text(data["id"]);
  const raw = typeof data["raw"] === "string" ? parseFields(data["raw"]) : fields(data["raw"]);
  const own = line(text(raw["faceText"]).replace(/^\/|^\[|\]$/g, ""), 40);
  const times = count(data["chainCount"] ?? raw["chainCount"]) ?? 1;
  const name = own || faceName(id) || line(id, 10);
  return label("face", times > 1 ? `${name} ×${times}` : name);
}

/** Stickers that say what they are stand in the text, being said rather than shown. */
function sticker(_data: Fields, _how: Describing, segment: Segment): string {
  const summary = readAttachment(segment)?.summary;
  return summary === undefined ? "" : label("sticker", summary);
}

/** go-cqhttp counts from 0 and calls it `value`; all others from 1. */
function hand(data: Fields): string {
  const result = count(data["result"]);
  const value = count(data["value"]);
  const index = result !== undefined ? result - 1 : (value ?? -1);
  return RPS[index] ?? "";
}

function poke(data: Fields): string {
  const name = line(text(data["name"]), 40);
  const kind = count(data["type"]) ?? 0;
  return name || (POKES[kind - 1] ?? "");
}

function share(data: Fields): string {
  return label(
    "link",
    line(text(data["title"])),
    line(text(data["content"]), 500),
    line(unescapeUrl(text(data["url"])), 500),
  );
}

function contact(data: Fields): string {
  const id = line(text(data["id"]), 20);
  return label("contact card", data["type"] === "group" ? `group ${id}` : `QQ ${id}`);
}

function location(data: Fields): string {
  const lat = line(text(data["lat"] ?? data["latitude"]), 20);
  const lon = line(text(data["lon"] ?? data["longitude"]), 20);
  const place = lat !== "" && lon !== "" ? `${lat}, ${lon}` : "";
  return label("location", line(text(data["title"])), line(text(data["content"])), place);
}

function music(data: Fields): string {
  const id = text(data["id"]) === "" ? "" : `${text(data["type"])} ${text(data["id"])}`;
  return label(
    "music",
    line(text(data["title"])),
    line(text(data["content"])),
    line(firstText(data["url"], data["audio"], id), 500),
  );
}

/** Lagrange wraps the text in JSON; official bots put links without a text in it. */
function markdown(content: string): string {
  const wrapped = content.startsWith("{") ? text(parseFields(content)["content"]) : "";
  return lines(wrapped || content).replace(/\[\]\([^)\n]{0,2000}\)/g, "");
}

function buttons(data: Fields): string[] {
  const rows = list(data["rows"] ?? fields(data["content"])["rows"]).slice(0, 10);
  const all = rows.flatMap((row) => list(fields(row)["buttons"]).slice(0, 10));
  return all.map((button) => line(text(fields(fields(button)["render_data"])["label"]), 40));
}

function conversation(_data: Fields, how: Describing, segment: Segment): string {
  return how.conversation?.(segment) ?? "[forwarded conversation]";
}

function onlineFile(data: Fields): string {
  const kind = data["isDir"] === true ? "folder offered" : "file offered";
  return label(kind, line(text(data["fileName"])), bytes(count(data["fileSize"])));
}
