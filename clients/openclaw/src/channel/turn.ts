import type { ReplyPayload } from "openclaw/plugin-sdk/reply-payload";
import type { PluginRuntime } from "openclaw/plugin-sdk/runtime-store";
import type { Envelope } from "../bus/types.ts";
import { formatTarget } from "../qq/target.ts";
import type { Incoming } from "../qq/types.ts";
import { reasonOf } from "../sp/thrown.ts";
import { CHANNEL_ID } from "./channel-id.ts";
import type { Config } from "./config.ts";
import { answerId } from "./ids.ts";
import type { Live } from "./live.ts";
import { deliverPayload, liveAnswers, markAnswer, resultOf } from "./outbound.ts";
import type { Route } from "./route.ts";
import type { Typing } from "./typing.ts";

type Dispatch = PluginRuntime["channel"]["inbound"]["dispatch"];
type Plan = Parameters<Dispatch>[0];
type Delivery = Plan["delivery"];

export interface TurnInput {
  live: Live;
  cfg: Config;
  typing: Typing;
  route: Route;
  envelope: Envelope;
  incoming: Incoming;
  ctxPayload: Plan["ctxPayload"];
  skills?: string[] | undefined;
  /** The host has the message and answers for it, over a crash as well. */
  onAdopted(): void;
}

/** How a message was given to the host. */
export type Outcome =
  /** It was dealt with: answered, or taken over by the host, which will. */
  | "done"
  /** The host did not take it; it is to be given again. */
  | "again";

/**
 * Give a message to the host, and what the host has to say to QQ. Resolves once the
 * answer is out or the host's to give.
 */
export async function runTurn(input: TurnInput): Promise<Outcome> {
  const { live, cfg, route } = input;
  const adoption = watchAdoption(input);
  const answers = nameAnswers(live.account.accountId, input.envelope.key);
  try {
    await live.rt.channel.inbound.dispatch({
      cfg,
      channel: CHANNEL_ID,
      accountId: live.account.accountId,
      route: {
        agentId: route.agentId,
        sessionKey: route.sessionKey,
        ...(route.dmScope && { dmScope: route.dmScope }),
      },
      ctxPayload: input.ctxPayload,
      delivery: deliveryOf(input, answers),
      replyPipeline: live.account.typing ? { typing: typingOf(input) } : {},
      ...(input.skills && { replyOptions: { skillFilter: input.skills } }),
      turnAdoptionLifecycle: adoption.lifecycle,
      record: {
        onRecordError: (error) => live.log.warn(`session not recorded: ${reasonOf(error)}`),
      },
    });
  } catch (error) {
    if (!adoption.adopted()) throw error;
    live.log.error(`answer to ${input.envelope.key} not delivered: ${reasonOf(error)}`);
  } finally {
    answers.end();
  }
  return adoption.settled();
}

function watchAdoption({ live, onAdopted }: TurnInput): {
  lifecycle: NonNullable<Plan["turnAdoptionLifecycle"]>;
  adopted(): boolean;
  settled(): Promise<Outcome>;
} {
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  let adopted = false;
  let deferred = false;
  return {
    lifecycle: {
      admission: "exclusive",
      abortSignal: live.signal,
      onAdopted: () => {
        adopted = true;
        onAdopted();
        resolve("done");
      },
      // It waits for its turn behind another answer; the host says what becomes of it.
      onDeferred: () => {
        deferred = true;
      },
      onAbandoned: () => resolve("again"),
      onSettled: () => resolve("done"),
    },
    adopted: () => adopted,
    settled: async () => {
      if (!deferred || adopted) return "done";
      // Nobody waits for the host beyond the account's end: what it has not taken comes again.
      const stop = (): void => resolve("again");
      live.signal.addEventListener("abort", stop, { once: true });
      if (live.signal.aborted) stop();
      return promise.finally(() => live.signal.removeEventListener("abort", stop));
    },
  };
}

/** The answers of one turn, by number. */
interface Answers {
  next(): string;
  end(): void;
}

function nameAnswers(accountId: string, key: string): Answers {
  const begun: string[] = [];
  return {
    next() {
      const base = answerId(accountId, key, begun.length);
      begun.push(base);
      liveAnswers.begin(base);
      return base;
    },
    end: () => begun.forEach(liveAnswers.end),
  };
}

function deliveryOf({ live, cfg, incoming }: TurnInput, answers: Answers): Delivery {
  const to = formatTarget(incoming.chat);
  const context = (payload: ReplyPayload) => ({
    cfg,
    to,
    accountId: live.account.accountId,
    replyToId: payload.replyToId ?? null,
  });
  return {
    // QQ has no place for what the model thinks beside its answer.
    preparePayload: (payload) =>
      payload.isReasoning || payload.isCommentary ? null : markAnswer(payload, answers.next()),
    durable: (payload) => ({ to, replyToId: payload.replyToId ?? null }),
    deliver: async (payload) => {
      const ctx = context(payload);
      return resultOf(ctx, await deliverPayload(ctx, payload));
    },
    onError: (error, { kind }) => live.log.error(`${to}: ${kind} not sent: ${reasonOf(error)}`),
  };
}

function typingOf({ live, typing, incoming }: TurnInput) {
  return {
    start: () => typing.start(incoming.chat),
    onStartError: (error: unknown) => live.log.debug(`typing state not shown: ${reasonOf(error)}`),
  };
}
