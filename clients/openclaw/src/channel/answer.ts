import { PlatformMessageNotDispatchedError } from "openclaw/plugin-sdk/error-runtime";
import type { ReplyPayload } from "openclaw/plugin-sdk/reply-payload";
import { loadWebMedia } from "openclaw/plugin-sdk/web-media";
import type { Caller } from "../bus/types.ts";
import { textSegments, toSegments } from "../qq/outgoing.ts";
import type { Chat, Segment } from "../qq/types.ts";
import { reasonOf } from "../sp/thrown.ts";
import { createSender, type Sender, type SendOptions, type Sent } from "./send.ts";

/** What is to be said in one chat: by the model in an answer, or by itself. */
export interface Answer {
  text: string;
  media: readonly string[];
  /** Audio is a voice message, not a file. */
  voice: boolean;
  /** A place on the map. */
  place?: ReplyPayload["location"] & object;
  /** Pictures and videos as files, as they are. */
  asFile: boolean;
  /** The message to quote, asked anew for each message that goes out. */
  quote(): string | undefined;
}

export interface Answering extends SendOptions {
  calls: Caller;
  chat: Chat;
  /** The text as QQ shows it, in pieces that fit one message each, and the pictures in it. */
  render(text: string): { chunks: string[]; images: string[] };
  media: MediaPolicy;
  /** Of a file that cannot be had, a line is said instead; without this nothing is said at all. */
  tolerant: boolean;
  log(line: string): void;
}

/** What the host allows to be read, and how much of it. */
export type MediaPolicy = NonNullable<Parameters<typeof loadWebMedia>[1]> & object;

type Loaded = Awaited<ReturnType<typeof loadWebMedia>>;
/** A file, or what is said in its place. */
type Piece = { file: Loaded } | { note: string };

/**
 * Say it: the text first, then what goes with it, as few messages as QQ allows. Each
 * has a name of its own, in order, so that the whole may be asked for again.
 */
export async function say(answer: Answer, how: Answering): Promise<Sent[]> {
  const { chunks, images } = how.render(answer.text);
  const pieces = await loadAll(answer.media, images, how);
  const sender = createSender(how.calls, how.chat, how);
  const sent: Sent[] = [];
  for (const chunk of chunks) sent.push(await sender.message(segmentsOf(chunk, answer, how.chat)));
  for (const piece of pieces) {
    sent.push(
      await ("file" in piece
        ? sendMedia(piece.file, answer, how, sender)
        : sender.message(segmentsOf(piece.note, answer, how.chat))),
    );
  }
  if (answer.place) sent.push(await sender.message(placeSegments(answer.place)));
  return sent;
}

async function loadAll(
  media: readonly string[],
  images: readonly string[],
  how: Answering,
): Promise<Piece[]> {
  const files = media.map((url) => load(url, how, how.tolerant));
  const pictures = images.map((url) => load(url, how, true));
  return Promise.all([...files, ...pictures]);
}

async function load(url: string, how: Answering, tolerant: boolean): Promise<Piece> {
  try {
    return { file: await loadWebMedia(url, how.media) };
  } catch (error) {
    if (!tolerant) {
      throw new PlatformMessageNotDispatchedError(`${nameOf(url)}: ${reasonOf(error)}`, {
        cause: error,
        retryable: false,
      });
    }
    how.log(`a file of an answer is not to be had: ${reasonOf(error)}`);
    return { note: /^https?:/i.test(url) ? url : `[${nameOf(url)}]` };
  }
}

/** A path says more than others need to know. */
function nameOf(url: string): string {
  return url.split(/[\\/]/).at(-1) || "file";
}

function segmentsOf(text: string, answer: Answer, chat: Chat): Segment[] {
  const replyTo = answer.quote();
  return textSegments(text, { kind: chat.kind, ...(replyTo && { replyTo }) });
}

function placeSegments({
  latitude,
  longitude,
  name,
  address,
}: Answer["place"] & object): Segment[] {
  const labels = { ...(name && { title: name }), ...(address && { content: address }) };
  return toSegments([{ type: "location", data: { lat: latitude, lon: longitude, ...labels } }]);
}

function sendMedia(media: Loaded, answer: Answer, how: Answering, sender: Sender): Promise<Sent> {
  const type = answer.asFile ? undefined : segmentTypeOf(media, answer.voice);
  const name = media.fileName ?? defaultName(media);
  const file = new Uint8Array(media.buffer);
  if (type === undefined) return sender.send(uploadOf(how.chat), { file, name });
  const data = type === "record" ? { file } : { file, name };
  const replyTo = type === "image" ? answer.quote() : undefined;
  const quoted: Segment[] = replyTo ? [{ type: "reply", data: { id: replyTo } }] : [];
  return sender.message([...quoted, { type, data }]);
}

/** Undefined: it goes as a file. */
function segmentTypeOf(media: Loaded, voice: boolean): "image" | "record" | "video" | undefined {
  switch (media.kind) {
    case "image":
    case "sticker":
      return "image";
    case "audio":
      return voice ? "record" : undefined;
    case "video":
      return "video";
    default:
      return undefined;
  }
}

function uploadOf(chat: Chat): string {
  return chat.kind === "group" ? "upload_group_file" : "upload_private_file";
}

function defaultName({ kind, contentType }: Loaded): string {
  const subtype = contentType?.split("/")[1]?.split(/[;+]/)[0];
  return `${kind ?? "file"}${subtype ? `.${subtype}` : ""}`;
}
