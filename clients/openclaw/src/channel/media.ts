import {
  type ChannelInboundMediaInput,
  toInboundMediaFacts,
} from "openclaw/plugin-sdk/channel-inbound";
import type { PluginRuntime } from "openclaw/plugin-sdk/runtime-store";
import type { Caller } from "../bus/types.ts";
import type { Attachment, Chat } from "../qq/types.ts";
import { reasonOf } from "../sp/thrown.ts";

type Store = Pick<PluginRuntime["channel"]["media"], "saveRemoteMedia" | "saveMediaBuffer">;
type Facts = ReturnType<typeof toInboundMediaFacts>;

export interface MediaSources {
  store: Store;
  calls: Caller;
  /** The account's name in the bridge. */
  account: string;
  maxBytes: number;
  /** Told of every attachment that the model gets without its content. */
  log(line: string): void;
}

/** Where the host keeps what came in. */
const SUBDIR = "inbound";
/** A peer may have to get the file from QQ first. */
const BRIDGE_TIMEOUT = 60_000;

/**
 * The attachments as facts for the model, in their order: with the file where it is
 * to be had, else only that there was one. Never throws, for the message counts
 * without them.
 */
export async function readMedia(
  attachments: readonly Attachment[],
  chat: Chat,
  messageId: string,
  sources: MediaSources,
): Promise<Facts> {
  const facts: ChannelInboundMediaInput[] = [];
  for (const attachment of attachments) {
    facts.push({ ...(await readOne(attachment, chat, sources)), messageId });
  }
  return toInboundMediaFacts(facts);
}

async function readOne(
  attachment: Attachment,
  chat: Chat,
  sources: MediaSources,
): Promise<ChannelInboundMediaInput> {
  const kind = KINDS[attachment.kind];
  const named = { kind, ...(attachment.name && { fileName: attachment.name }) };
  if ((attachment.size ?? 0) > sources.maxBytes) {
    sources.log(`${attachment.kind} not loaded: ${attachment.size} bytes are above mediaMaxMb`);
    return named;
  }
  const refusals: string[] = [];
  for (const way of waysTo(attachment)) {
    try {
      const saved = await way(attachment, chat, sources);
      return { ...named, path: saved.path, contentType: saved.contentType ?? null };
    } catch (error) {
      refusals.push(reasonOf(error));
    }
  }
  sources.log(`${attachment.kind} not loaded: ${refusals.join("; ") || "it names no file"}`);
  return named;
}

const KINDS = {
  image: "image",
  sticker: "image",
  voice: "audio",
  video: "video",
  file: "document",
} as const satisfies Record<Attachment["kind"], string>;

interface Saved {
  path: string;
  contentType?: string;
}
type Way = (attachment: Attachment, chat: Chat, sources: MediaSources) => Promise<Saved>;

/**
 * A voice message comes as SILK, which nothing that transcribes reads: only the peer
 * turns it into something else. The rest is loaded from where QQ has it; that
 * address may have expired, be private or a path in the peer's container, and then
 * the bridge gets the file from the peer.
 */
function waysTo(attachment: Attachment): Way[] {
  const ways: Way[] = [];
  const remote = /^https?:\/\//i.test(attachment.url ?? "");
  if (remote && attachment.kind !== "voice") ways.push(fromAddress);
  if (attachment.file || attachment.fileId || remote) ways.push(fromBridge);
  if (remote && attachment.kind === "voice") ways.push(fromAddress);
  return ways;
}

function fromAddress(attachment: Attachment, _chat: Chat, sources: MediaSources): Promise<Saved> {
  return sources.store.saveRemoteMedia({
    url: attachment.url ?? "",
    subdir: SUBDIR,
    maxBytes: sources.maxBytes,
    ...(attachment.name && { filePathHint: attachment.name, originalFilename: attachment.name }),
  });
}

async function fromBridge(
  attachment: Attachment,
  chat: Chat,
  sources: MediaSources,
): Promise<Saved> {
  const { data } = await sources.calls.call<{ name?: unknown; data?: unknown }>(
    "bridge.media.get",
    {
      account: sources.account,
      type: TYPES[attachment.kind],
      ...(attachment.file && { file: attachment.file }),
      ...(attachment.fileId && { file_id: attachment.fileId }),
      ...(attachment.url && { url: attachment.url }),
      ...(chat.kind === "group" && { group_id: chat.id }),
      ...(attachment.kind === "voice" && { out_format: "mp3" }),
    },
    { timeout: BRIDGE_TIMEOUT },
  );
  if (!(data?.data instanceof Uint8Array)) throw new Error("the bridge gave no bytes");
  const name = attachment.name ?? (typeof data.name === "string" ? data.name : undefined);
  return sources.store.saveMediaBuffer(
    Buffer.from(data.data),
    attachment.kind === "voice" ? "audio/mpeg" : undefined,
    SUBDIR,
    sources.maxBytes,
    name,
    name,
  );
}

const TYPES = {
  image: "image",
  sticker: "image",
  voice: "record",
  video: "video",
  file: "file",
} as const satisfies Record<Attachment["kind"], string>;
