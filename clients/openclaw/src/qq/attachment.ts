/** What of a message has bytes. */

import { bytes, label, line, unescapeUrl } from "./text.ts";
import type { Attachment, Segment } from "./types.ts";
import { count, type Fields, firstText, text } from "./value.ts";

const KINDS: ReadonlyMap<string, Attachment["kind"]> = new Map([
  ["image", "image"],
  ["cardimage", "image"],
  ["record", "voice"],
  ["voice", "voice"],
  ["video", "video"],
  ["file", "file"],
  ["mface", "sticker"],
]);

/** Kinds of pictures that QQ shows among the stickers. */
const STICKER_SUB_TYPES = new Set(["1", "2", "3", "4", "7"]);

/** The attachment that a segment is, or undefined. Never throws. */
export function readAttachment(segment: Segment): Attachment | undefined {
  const kind = KINDS.get(segment.type);
  if (kind === undefined) return undefined;
  const data = segment.data;
  const attachment: Attachment = { kind: kind === "image" && isSticker(data) ? "sticker" : kind };
  const url = address(data, kind);
  const file = text(data["file"]);
  const fileId = firstText(data["file_id"], isGroupFile(data) ? data["path"] : "");
  const name = fileName(data, kind);
  const summary = stickerSummary(data);
  const size = count(data["file_size"]) ?? count(data["size"]);
  if (url) attachment.url = url;
  if (file) attachment.file = file;
  if (fileId) attachment.fileId = fileId;
  if (isGroupFile(data)) attachment.busid = text(data["busid"]);
  if (name) attachment.name = name;
  if (attachment.kind === "sticker" && summary) attachment.summary = summary;
  if (data["type"] === "flash") attachment.flash = true;
  if (size !== undefined) attachment.size = size;
  return attachment;
}

/** `[voice]`, `[file: a.pdf | 12.3 KB]`: what stands for it where the bytes do not go. */
function describeAttachment(attachment: Attachment): string {
  const { kind, name, summary, size, flash } = attachment;
  switch (kind) {
    case "file":
      return label("file", name ?? "", bytes(size));
    case "sticker":
      return label("sticker", summary ?? "");
    case "image":
      return flash ? "[flash image]" : "[image]";
    default:
      return `[${kind}]`;
  }
}

/** All that a message's text says nothing of: a sticker with a name stands in there. */
export function describeAttachments(attachments: readonly Attachment[]): string {
  const silent = attachments.filter(({ kind, summary }) => kind !== "sticker" || !summary);
  return silent.map(describeAttachment).join(" ");
}

function isSticker(data: Fields): boolean {
  if (text(data["emoji_id"]) !== "" || text(data["summary"]) === "[动画表情]") return true;
  return STICKER_SUB_TYPES.has(text(data["sub_type"] ?? data["subType"]));
}

function stickerSummary(data: Fields): string {
  const summary = line(text(data["summary"]).replace(/^\[|\]$/g, ""), 40);
  return summary === "动画表情" || summary === "图片" ? "" : summary;
}

/** go-cqhttp's `path` of a file is an id within the group's files, told by `busid`. */
function isGroupFile(data: Fields): boolean {
  return text(data["busid"]) !== "";
}

function address(data: Fields, kind: Attachment["kind"]): string {
  const url = firstText(data["url"]);
  if (url !== "") return unescapeUrl(url);
  const file = firstText(data["file"]);
  if (/^(?:https?|file):\/\//i.test(file)) return unescapeUrl(file);
  if (kind === "file" && isGroupFile(data)) return "";
  return firstText(data["path"]);
}

function fileName(data: Fields, kind: Attachment["kind"]): string {
  const own = firstText(data["name"], data["file_name"], data["filename"]);
  if (own !== "" || kind !== "file") return line(own);
  const file = firstText(data["file"]);
  return /^[a-z0-9]+:\/\//i.test(file) ? "" : line(file);
}
