import { randomUUID } from "node:crypto";
import {
  createMessageReceiptFromOutboundResults,
  defineChannelMessageAdapter,
} from "openclaw/plugin-sdk/channel-outbound";
import { PlatformMessageNotDispatchedError } from "openclaw/plugin-sdk/error-runtime";
import type { ReplyPayload } from "openclaw/plugin-sdk/reply-payload";
import { formatTarget, parseTarget } from "../qq/target.ts";
import type { Chat } from "../qq/types.ts";
import { type Answer, type MediaPolicy, say } from "./answer.ts";
import { CHANNEL_ID } from "./channel-id.ts";
import type { Config } from "./config.ts";
import { queueId } from "./ids.ts";
import { type Connection, connected } from "./reach.ts";
import { renderText } from "./render.ts";
import { running } from "./running.ts";
import type { Sent } from "./send.ts";
import { type ResolvedAccount, resolveAccount } from "./settings.ts";

/** ms: an answer that the model is waiting to have said, and anything else. */
const PATIENCE_LIVE = 30 * 60_000;
const PATIENCE = 20_000;

/** What the host gives for anything that is to be said. */
export interface OutboundContext {
  cfg: Config;
  to: string;
  accountId?: string | null;
  replyToId?: string | null;
  mediaAccess?: { localRoots?: readonly string[]; readFile?: ReadFile; workspaceDir?: string };
  mediaLocalRoots?: readonly string[];
  mediaReadFile?: ReadFile;
  forceDocument?: boolean;
  deliveryQueueId?: string;
  deliveryPartIndex?: number;
  signal?: AbortSignal;
  onPlatformSendDispatch?: () => Promise<void>;
  assertDirectAdapterHandoff?: () => void;
}

type ReadFile = (path: string) => Promise<Buffer>;
type Content = Pick<Answer, "text" | "media" | "voice" | "place">;

/** Answers of turns that run in this process, by the base of their ids. */
const live = new Set<string>();
export const liveAnswers = {
  begin: (base: string): void => void live.add(base),
  end: (base: string): void => void live.delete(base),
};

/** The mark that the answer to a message carries through the host's queue: the base of its ids. */
export function markAnswer(payload: ReplyPayload, base: string): ReplyPayload {
  return { ...payload, channelData: { ...payload.channelData, [CHANNEL_ID]: { answer: base } } };
}

function answerOf(payload: ReplyPayload | undefined): string | undefined {
  const mark = payload?.channelData?.[CHANNEL_ID];
  const answer = (mark as { answer?: unknown } | undefined)?.answer;
  return typeof answer === "string" ? answer : undefined;
}

/**
 * Say something, over the running account's connection or one of its own.
 * `answer` is the base of the ids of an answer to a message.
 */
export async function deliver(
  ctx: OutboundContext,
  content: Content,
  answer?: string,
): Promise<Sent[]> {
  const account = resolveAccount(ctx.cfg, ctx.accountId);
  const chat = chatFor(ctx.to);
  return connected(account, async (host) => {
    const sent = await sayIn(host, account, chat, ctx, content, answer);
    host.sent?.();
    return sent;
  });
}

function chatFor(to: string): Chat {
  const target = parseTarget(to);
  if (target.ok) return target.chat;
  throw new PlatformMessageNotDispatchedError(target.reason, {
    cause: undefined,
    retryable: false,
  });
}

/** What the host has queued keeps its name when it is sent again; the rest is said once. */
function unmarkedBase(account: ResolvedAccount, ctx: OutboundContext): string {
  return queueId(
    account.accountId,
    ctx.deliveryQueueId ?? randomUUID(),
    ctx.deliveryPartIndex ?? 0,
  );
}

function sayIn(
  host: Connection,
  account: ResolvedAccount,
  chat: Chat,
  ctx: OutboundContext,
  content: Content,
  answer: string | undefined,
): Promise<Sent[]> {
  const signals = [ctx.signal, host.signal].filter((signal) => signal !== undefined);
  const log = (line: string): void => host.log?.warn(`${formatTarget(chat)}: ${line}`);
  return say(
    { ...content, asFile: ctx.forceDocument === true, quote: quotesOf(ctx, account.replyToMode) },
    {
      calls: host.calls,
      chat,
      base: answer ?? unmarkedBase(account, ctx),
      patience: answer !== undefined && live.has(answer) ? PATIENCE_LIVE : PATIENCE,
      ...(signals.length > 0 && { signal: AbortSignal.any(signals) }),
      via: running.via(account.accountId, chat),
      render: (text) => renderText(text, account.textChunkLimit),
      media: mediaPolicy(account, ctx),
      tolerant: answer !== undefined,
      before: async () => {
        await ctx.onPlatformSendDispatch?.();
        ctx.assertDirectAdapterHandoff?.();
      },
      onWait: (failure) => log(`waiting to send: ${failure.message}`),
      log,
    },
  );
}

/** The message to quote: by the first message that goes out, or by all of them. */
function quotesOf({ replyToId }: OutboundContext, mode: ResolvedAccount["replyToMode"]) {
  // What QQ does not know cannot be quoted.
  let left = /^-?\d+$/.test(replyToId ?? "") ? (replyToId ?? undefined) : undefined;
  return (): string | undefined => {
    const quoted = left;
    if (mode !== "all") left = undefined;
    return quoted;
  };
}

/** Local files only where the host lets them be read, and nothing above the limit. */
function mediaPolicy(account: ResolvedAccount, ctx: OutboundContext): MediaPolicy {
  const localRoots = ctx.mediaAccess?.localRoots ?? ctx.mediaLocalRoots;
  const readFile = ctx.mediaAccess?.readFile ?? ctx.mediaReadFile;
  const workspaceDir = ctx.mediaAccess?.workspaceDir;
  return {
    maxBytes: account.mediaMaxBytes,
    optimizeImages: false,
    ...(localRoots && { localRoots }),
    ...(readFile && localRoots && { readFile, hostReadCapability: true }),
    ...(workspaceDir && { workspaceDir }),
  };
}

function contentOf(payload: ReplyPayload): Content {
  const media = payload.mediaUrls ?? (payload.mediaUrl ? [payload.mediaUrl] : []);
  const { location, text = "" } = payload;
  return {
    text,
    media,
    voice: payload.audioAsVoice === true,
    ...(location && { place: location }),
  };
}

export function deliverPayload(ctx: OutboundContext, payload: ReplyPayload): Promise<Sent[]> {
  return deliver(ctx, contentOf(payload), answerOf(payload));
}

/**
 * Again what the host's queue could not finish, in the parts in which the host gave
 * it: each file by itself, the text with the first, but for what it gives whole.
 */
async function deliverAgain(ctx: OutboundContext, payload: ReplyPayload): Promise<Sent[]> {
  const { text, media, voice } = contentOf(payload);
  if (media.length < 2 || voice || payload.channelData) return deliverPayload(ctx, payload);
  const sent: Sent[] = [];
  for (const [part, url] of media.entries()) {
    const content = { text: part === 0 ? text : "", media: [url], voice };
    sent.push(...(await deliver({ ...ctx, deliveryPartIndex: part }, content)));
  }
  return sent;
}

export type MessageResult = {
  receipt: ReturnType<typeof createMessageReceiptFromOutboundResults>;
  /** Of the first message; empty if QQ named none. */
  messageId: string;
};

export function resultOf(ctx: OutboundContext, sent: readonly Sent[]): MessageResult {
  const ids = sent.flatMap(({ messageId }) => (messageId === undefined ? [] : [messageId]));
  return {
    receipt: createMessageReceiptFromOutboundResults({
      results: ids.map((messageId) => ({
        channel: CHANNEL_ID,
        messageId,
        conversationId: ctx.to,
      })),
      ...(ctx.replyToId && { replyToId: ctx.replyToId }),
    }),
    messageId: ids[0] ?? "",
  };
}

/** The host's way to say something, with receipts; its queue sends again what a crash cut off. */
export const messageAdapter = defineChannelMessageAdapter({
  id: CHANNEL_ID,
  durableFinal: {
    capabilities: {
      text: true,
      media: true,
      payload: true,
      replyTo: true,
      messageSendingHooks: true,
      reconcileUnknownSend: true,
    },
    automaticUnknownSendReconciliation: true,
    reconcileUnknownSendKinds: { text: true, media: true, payload: true },
    /*
     * Nobody has to know whether it went out: the bridge carries out no call of one id
     * twice, and gives the reply that there was.
     */
    reconcileUnknownSend: async (queued) => {
      const payload = queued.payloads[0];
      if (!payload) return { status: "unresolved", error: "the queue has nothing to send" };
      const ctx = {
        cfg: queued.cfg,
        to: queued.to,
        accountId: queued.accountId ?? null,
        replyToId: queued.effectiveReplyToId ?? queued.replyToId ?? null,
        deliveryQueueId: queued.queueId,
      };
      try {
        const result = resultOf(ctx, await deliverAgain(ctx, payload));
        return { status: "sent", ...result };
      } catch (error) {
        if (error instanceof PlatformMessageNotDispatchedError) return { status: "not_sent" };
        return { status: "unresolved", error: String(error), retryable: true };
      }
    },
  },
  send: {
    text: async (ctx) =>
      resultOf(ctx, await deliver(ctx, { text: ctx.text, media: [], voice: false })),
    media: async (ctx) =>
      resultOf(
        ctx,
        await deliver(ctx, {
          text: ctx.text,
          media: [ctx.mediaUrl],
          voice: ctx.audioAsVoice === true,
        }),
      ),
    payload: async (ctx) => resultOf(ctx, await deliverPayload(ctx, ctx.payload)),
  },
});
