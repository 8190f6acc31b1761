/**
 * What is to be said, as segments.
 *
 * Plain text becomes text segments and real mentions; it is never read for CQ codes.
 * Messages with a structure are given in the form of the settings guide,
 * `{ "type": "dice", "data": { "result": 6 } }`, and checked before they leave: the
 * errors are read by models, so they say where, what and what is allowed.
 */

import { FACE, faceId } from "./faces.ts";
import { mentionPieces } from "./mention.ts";
import { SEGMENTS_MAX } from "./segment.ts";
import { isQqNumber } from "./target.ts";
import type { Chat, Segment } from "./types.ts";
import { type Fields, isFields, text } from "./value.ts";

/** A URL, a `base64://` text, a path or an id that the peer knows; or the bytes. */
export type Media = string | Uint8Array;
/** JSON as text or as a map. */
export type Json = string | Record<string, unknown>;

interface Shapes {
  text: { text: string };
  /** `qq` is a number or `all`. */
  at: { qq: string };
  reply: { id: string };
  face: { id: string };
  image: { file: Media; name?: string; summary?: string; sub_type?: 0 | 1; type?: "flash" };
  record: { file: Media; name?: string };
  video: { file: Media; name?: string; thumb?: Media };
  file: { file: Media; name?: string };
  markdown: { content: string };
  mface: { emoji_id: string; emoji_package_id: number; key: string; summary?: string };
  /** 1–6; by chance without. */
  dice: { result?: number };
  /** 1 rock, 2 scissors, 3 paper; by chance without. */
  rps: { result?: number };
  /** Degrees. */
  location: { lat: number; lon: number; title?: string; content?: string };
  json: { data: Json; config?: Record<string, unknown> };
  miniapp: { data: Json };
  xml: { data: string };
  share: { url: string; title: string; content?: string; image?: string };
  contact: { type: "qq" | "group"; id: string };
  /** `id` for songs of a service; `url`, `audio` and `title` for `custom`. */
  music: {
    type: "qq" | "163" | "xm" | "kugou" | "migu" | "kuwo" | "custom";
    id?: string;
    url?: string;
    audio?: string;
    title?: string;
    content?: string;
    image?: string;
  };
  /** In a private chat the other end without. */
  poke: { qq?: string };
}

export type OutgoingType = keyof Shapes;
export type Outgoing = { [T in OutgoingType]: { type: T; data: Shapes[T] } }[OutgoingType];

/** A message that cannot be sent as given; `message` says why and what could be. */
export class OutgoingError extends Error {
  override readonly name = "OutgoingError";
}

export interface TextOptions {
  /** Mentions are real in groups; QQ has none in private chats, where they stay text. */
  kind: Chat["kind"];
  /** The message to quote. */
  replyTo?: string;
  /** `@all` mentions everybody; without this it stays text. */
  mentionAll?: boolean;
}

/** Plain text as segments: the quote first, mentions and faces real, all else as it is. */
export function textSegments(said: string, options: TextOptions): Segment[] {
  const segments: Segment[] = options.replyTo ? [reply(options.replyTo)] : [];
  let open = "";
  let afterMention = false;
  for (const piece of mentionPieces(said)) {
    if (piece.kind === "text" || !isReal(piece.qq, options)) {
      // QQ shows the name, not the number: without a blank it would run into the text.
      open += afterMention && /^[\p{L}\p{N}]/u.test(piece.text) ? ` ${piece.text}` : piece.text;
      afterMention = false;
      continue;
    }
    segments.push(...withFaces(open), { type: "at", data: { qq: piece.qq } });
    open = "";
    afterMention = true;
  }
  return [...segments, ...withFaces(open)];
}

function isReal(qq: string, { kind, mentionAll }: TextOptions): boolean {
  return kind === "group" && (qq !== "all" || mentionAll === true);
}

function withFaces(said: string): Segment[] {
  const segments: Segment[] = [];
  let from = 0;
  for (const found of said.matchAll(FACE)) {
    const id = faceId(found[1] ?? "");
    if (id === undefined) continue;
    if (found.index > from) segments.push(textOf(said.slice(from, found.index)));
    segments.push({ type: "face", data: { id } });
    from = found.index + found[0].length;
  }
  return from < said.length ? [...segments, textOf(said.slice(from))] : segments;
}

/** Messages with a structure as segments, the quote first. */
export function toSegments(
  outgoing: readonly Outgoing[],
  options: Pick<TextOptions, "replyTo"> = {},
): Segment[] {
  const segments = outgoing.map(({ type, data }): Segment => ({ type, data: { ...data } }));
  return options.replyTo ? [reply(options.replyTo), ...segments] : segments;
}

/**
 * What QQ shows in one message: text, mentions, faces and pictures go together, with
 * the quote before them; everything else is a message of its own, and QQ drops what
 * is beside it. A quote before such a one is dropped, for QQ does not show it.
 */
export function splitMessages(segments: readonly Segment[]): Segment[][] {
  const messages: Segment[][] = [];
  let open: Segment[] = [];
  for (const segment of segments) {
    if (TOGETHER.has(segment.type)) {
      open.push(segment);
      continue;
    }
    if (open.some(({ type }) => type !== "reply")) messages.push(open);
    messages.push([segment]);
    open = [];
  }
  if (open.some(({ type }) => type !== "reply")) messages.push(open);
  return messages;
}

const TOGETHER: ReadonlySet<string> = new Set(["text", "at", "face", "image", "reply"]);

/**
 * Check a message given by a model or a caller: a segment in the guide's form, an
 * array of them, or text. Null is as good as missing.
 *
 * @throws OutgoingError
 */
export function readOutgoing(value: unknown, where = "message"): Outgoing[] {
  if (!Array.isArray(value)) return [readOne(value, where)];
  if (value.length === 0 || value.length > SEGMENTS_MAX) {
    throw new OutgoingError(`${where}: allowed: 1 to ${SEGMENTS_MAX} segments`);
  }
  return value.map((item, index) => readOne(item, `${where}[${index}]`));
}

function textOf(said: string): Segment {
  return { type: "text", data: { text: said } };
}

function reply(id: string): Segment {
  return { type: "reply", data: { id } };
}

/** How one value is read: undefined says that it is not what is allowed. */
interface Kind {
  readonly allowed: string;
  readonly read: (value: unknown) => unknown;
}

interface Field {
  readonly kind: Kind;
  readonly required?: boolean;
}

const TEXT: Kind = { allowed: "a text", read: (value) => text(value) || undefined };
const QQ: Kind = { allowed: "a QQ number", read: qqNumber };
const QQ_OR_ALL: Kind = {
  allowed: "a QQ number, or all",
  read: (value) => (value === "all" ? "all" : qqNumber(value)),
};
const MESSAGE_ID: Kind = {
  allowed: "the number of a message",
  read: (value) => (/^-?\d{1,20}$/.test(text(value)) ? text(value) : undefined),
};
const MEDIA: Kind = {
  allowed: "bytes, or a text: a URL, base64://…, or a path",
  read: (value) => (value instanceof Uint8Array && value.length > 0 ? value : nonEmpty(value)),
};
const JSON_TEXT: Kind = { allowed: "JSON, as text or as a map", read: json };
const MAP: Kind = { allowed: "a map", read: (value) => (isFields(value) ? value : undefined) };

function whole(least: number, most: number): Kind {
  return {
    allowed: `an integer from ${least} to ${most}`,
    read: (value) => within(value, least, most, Number.isInteger),
  };
}

function degrees(most: number): Kind {
  return {
    allowed: `a number from ${-most} to ${most}`,
    read: (value) => within(value, -most, most, Number.isFinite),
  };
}

function oneOf(...words: readonly string[]): Kind {
  return {
    allowed: words.join(", "),
    read: (value) => (words.includes(text(value)) ? text(value) : undefined),
  };
}

const must = (kind: Kind): Field => ({ kind, required: true });
const may = (kind: Kind): Field => ({ kind });

type Table = { readonly [T in OutgoingType]: { readonly [K in keyof Shapes[T]]-?: Field } };

const FIELDS: Table = {
  text: { text: must(TEXT) },
  at: { qq: must(QQ_OR_ALL) },
  reply: { id: must(MESSAGE_ID) },
  face: { id: must({ ...whole(0, 99_999), read: faceNumber }) },
  image: {
    file: must(MEDIA),
    name: may(TEXT),
    summary: may(TEXT),
    sub_type: may(whole(0, 1)),
    type: may(oneOf("flash")),
  },
  record: { file: must(MEDIA), name: may(TEXT) },
  video: { file: must(MEDIA), name: may(TEXT), thumb: may(MEDIA) },
  file: { file: must(MEDIA), name: may(TEXT) },
  markdown: { content: must(TEXT) },
  mface: {
    emoji_id: must(TEXT),
    emoji_package_id: must(whole(0, 0x7fffffff)),
    key: must(TEXT),
    summary: may(TEXT),
  },
  dice: { result: may(whole(1, 6)) },
  rps: { result: may(whole(1, 3)) },
  location: {
    lat: must(degrees(90)),
    lon: must(degrees(180)),
    title: may(TEXT),
    content: may(TEXT),
  },
  json: { data: must(JSON_TEXT), config: may(MAP) },
  miniapp: { data: must(JSON_TEXT) },
  xml: { data: must(TEXT) },
  share: { url: must(TEXT), title: must(TEXT), content: may(TEXT), image: may(TEXT) },
  contact: { type: must(oneOf("qq", "group")), id: must(QQ) },
  music: {
    type: must(oneOf("qq", "163", "xm", "kugou", "migu", "kuwo", "custom")),
    id: may(TEXT),
    url: may(TEXT),
    audio: may(TEXT),
    title: may(TEXT),
    content: may(TEXT),
    image: may(TEXT),
  },
  poke: { qq: may(QQ) },
};

/** The types that can be sent. */
export const OUTGOING_TYPES = Object.keys(FIELDS) as readonly OutgoingType[];

function readOne(value: unknown, where: string): Outgoing {
  if (typeof value === "string" && value !== "") return { type: "text", data: { text: value } };
  if (!isFields(value)) {
    throw new OutgoingError(`${where}: allowed: a text, or a segment: {"type": …, "data": {…}}`);
  }
  const type = value["type"];
  if (!isType(type)) {
    throw new OutgoingError(`${where}.type: allowed: ${OUTGOING_TYPES.join(", ")}`);
  }
  const table: Readonly<Record<string, Field>> = FIELDS[type];
  const data = readData(givenData(value, table), table, `${where}.data`);
  if (type === "music") checkMusic(data, `${where}.data`);
  // The table has a field for each of the shape's, read by its kind.
  return { type, data } as unknown as Outgoing;
}

function isType(type: unknown): type is OutgoingType {
  return typeof type === "string" && Object.hasOwn(FIELDS, type);
}

/** Models put the values beside `type`, or the only one in the place of `data`. */
function givenData(value: Fields, table: Readonly<Record<string, Field>>): Fields {
  const { type: _, data, ...beside } = value;
  const isDocument = Object.hasOwn(table, "data");
  if (isFields(data) && (!isDocument || Object.hasOwn(data, "data"))) return data;
  if (data === undefined || data === null) return beside;
  return isDocument ? { data, ...beside } : { [Object.keys(table)[0] ?? ""]: data };
}

function readData(
  data: Fields,
  table: Readonly<Record<string, Field>>,
  where: string,
): Record<string, unknown> {
  const unknown = Object.keys(data).find((key) => !Object.hasOwn(table, key));
  if (unknown !== undefined) {
    const allowed = Object.keys(table).join(", ");
    throw new OutgoingError(`${where}.${unknown.slice(0, 40)}: unknown; allowed: ${allowed}`);
  }
  const read: Record<string, unknown> = {};
  for (const [key, { kind, required }] of Object.entries(table)) {
    const given = data[key];
    const value = given === undefined || given === null ? undefined : kind.read(given);
    if (value !== undefined) read[key] = value;
    else if (required) throw new OutgoingError(`${where}.${key}: required: ${kind.allowed}`);
    else if (given !== undefined && given !== null) {
      throw new OutgoingError(`${where}.${key}: allowed: ${kind.allowed}`);
    }
  }
  return read;
}

function checkMusic(data: Fields, where: string): void {
  const needed = data["type"] === "custom" ? ["url", "audio", "title"] : ["id"];
  const missing = needed.find((key) => data[key] === undefined);
  if (missing !== undefined) {
    throw new OutgoingError(`${where}.${missing}: required for music of ${text(data["type"])}`);
  }
}

function nonEmpty(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function qqNumber(value: unknown): string | undefined {
  const digits = text(value).trim();
  return isQqNumber(digits) ? digits : undefined;
}

function faceNumber(value: unknown): string | undefined {
  return /^\d{1,5}$/.test(text(value)) ? text(value) : undefined;
}

function within(
  value: unknown,
  least: number,
  most: number,
  fits: (number: number) => boolean,
): number | undefined {
  const digits = text(value).trim();
  const told = digits === "" ? Number.NaN : Number(digits);
  return fits(told) && told >= least && told <= most ? told : undefined;
}

function json(value: unknown): Json | undefined {
  if (isFields(value)) return { ...value };
  const source = nonEmpty(value);
  if (source === undefined) return undefined;
  try {
    JSON.parse(source);
    return source;
  } catch {
    return undefined;
  }
}
