import { removeAckReactionHandleAfterReply } from "openclaw/plugin-sdk/channel-feedback";
import { logInboundDrop } from "openclaw/plugin-sdk/channel-inbound";
import type { Envelope } from "../bus/types.ts";
import { readIncoming } from "../qq/incoming.ts";
import type { Speakers } from "../qq/speakers.ts";
import { formatTarget } from "../qq/target.ts";
import type { Attachment, Incoming } from "../qq/types.ts";
import { number } from "../qq/value.ts";
import { type Access, type Mention, readMention, resolveAccess } from "./access.ts";
import { CHANNEL_ID } from "./channel-id.ts";
import { isForbiddenCommand } from "./commands.ts";
import type { Config } from "./config.ts";
import { contextOf } from "./context.ts";
import { type GroupAccess, groupAccess } from "./group-access.ts";
import type { Turn } from "./lanes.ts";
import type { Live } from "./live.ts";
import { readMedia } from "./media.ts";
import { challenge } from "./pairing.ts";
import { type Quote, readForwards, readQuote } from "./quoted.ts";
import { acknowledge } from "./reactions.ts";
import { type Route, routeOf } from "./route.ts";
import { type Outcome, runTurn } from "./turn.ts";
import type { Typing } from "./typing.ts";

/** A message on its way to the model. */
interface Arrival {
  live: Live;
  typing: Typing;
  cfg: Config;
  envelope: Envelope;
  incoming: Incoming;
  selfId: string;
  route: Route;
  mention: Mention;
  /** What the settings say of its group, if it is in one. */
  group: GroupAccess | undefined;
}

/** The message that an event is to this account; undefined if there is nothing to do about it. */
export function messageOf(envelope: Envelope, speakers: Speakers): Incoming | undefined {
  const group = number(envelope.event["group_id"]);
  const incoming = readIncoming(envelope.event, {
    receivedAt: envelope.time,
    selfId: String(envelope.self_id),
    nameOf: (id) => speakers.nameOf(group, id),
  });
  if (!incoming) return undefined;
  speakers.hear(incoming);
  // A peer may name no message; the host tells them apart by these.
  return { ...incoming, messageId: incoming.messageId || envelope.key };
}

/** Deal with one message, from the gate to the answer. */
export async function handleMessage(
  live: Live,
  typing: Typing,
  envelope: Envelope,
  incoming: Incoming,
  turn: Turn,
): Promise<Outcome> {
  const cfg = live.cfg();
  const route = routeOf(cfg, live.account.accountId, incoming.chat);
  const mention = readMention(live.rt.channel.mentions, {
    cfg,
    account: live.account,
    agentId: route.agentId,
    incoming,
    policy: envelope.policy,
  });
  const selfId = String(envelope.self_id);
  const group =
    incoming.chat.kind === "group" ? groupAccess(live.account, incoming.chat.id) : undefined;
  const arrival = { live, typing, cfg, envelope, incoming, selfId, route, mention, group };
  const access = await admit(arrival);
  return access ? answer(arrival, access, turn) : "done";
}

/** Ask the host; undefined if the message is not to be answered, with all said that there is to say. */
async function admit(arrival: Arrival): Promise<Access | undefined> {
  const { live, cfg, incoming, route, mention } = arrival;
  if (arrival.envelope.policy?.reason === "loop_brake") {
    keep(arrival);
    dropped(arrival, "two bots answer each other", "the bridge lets them speak again in a minute");
    return undefined;
  }
  const access = await resolveAccess(live.rt.channel, {
    cfg,
    account: live.account,
    incoming,
    mention,
    agentId: route.agentId,
    sessionKey: route.sessionKey,
    readStoreAllowFrom: () => live.pairing.readAllowFromStore(),
  });
  switch (access.ingress.admission) {
    case "dispatch":
      return forbidden(arrival, access) || stale(arrival) ? undefined : access;
    case "pairing-required":
      if (!stale(arrival)) await challenge(live, incoming);
      return undefined;
    case "skip":
    case "observe":
      keep(arrival);
      dropped(arrival, "not mentioned", "groups.<group>.requireMention: false answers everything");
      return undefined;
    case "drop":
      dropped(
        arrival,
        access.routeAccess.reason ?? access.ingress.reasonCode,
        HINTS[incoming.chat.kind],
      );
      return undefined;
  }
}

const HINTS = {
  group:
    "channels.napcatqq.groups lists the groups that are heard, groupAllowFrom and groups.<group>.allowFrom who is",
  private: "channels.napcatqq.dmPolicy and allowFrom decide who is heard in private chats",
};

/** Nobody is told that there are commands. */
function forbidden(arrival: Arrival, access: Access): boolean {
  const { live, cfg, incoming } = arrival;
  const { accountId } = live.account;
  if (!isForbiddenCommand(live.rt.channel.text, { cfg, accountId, incoming, access })) return false;
  dropped(arrival, "a command that is not theirs to give", "commands.ownerAllowFrom lists who may");
  return true;
}

/** What came while nobody was here, and is too old to answer now: the next answer is to know it. */
function stale(arrival: Arrival): boolean {
  const { live, envelope } = arrival;
  const age = Date.now() - envelope.time;
  if (live.account.maxAgeMs === 0 || age <= live.account.maxAgeMs) return false;
  keep(arrival);
  live.log.info(
    `${formatTarget(arrival.incoming.chat)}: a message of ${Math.round(age / 60_000)} min ago is not answered (maxAge)`,
  );
  return true;
}

function keep({ live, incoming }: Arrival): void {
  if (incoming.chat.kind === "group") live.history.record(incoming);
}

function dropped({ live, incoming, group }: Arrival, reason: string, hint: string): void {
  const target = formatTarget(incoming.chat);
  logInboundDrop({
    log: live.log.info,
    channel: CHANNEL_ID,
    reason,
    target,
    hint: group?.hint ?? hint,
    onceKey: JSON.stringify([live.account.accountId, target]),
  });
}

async function answer(arrival: Arrival, access: Access, turn: Turn): Promise<Outcome> {
  const { live, cfg, incoming, route, mention, group } = arrival;
  live.status({ lastInboundAt: Date.now() });
  const reaction = acknowledge({
    cfg,
    calls: live.calls,
    accountId: live.account.accountId,
    agentId: route.agentId,
    incoming,
    access,
    mention,
    log: live.log,
  });
  const outcome = await runTurn({
    live,
    cfg,
    typing: arrival.typing,
    route,
    envelope: arrival.envelope,
    incoming,
    ctxPayload: live.rt.channel.inbound.buildContext(contextOf(await gather(arrival, access))),
    skills: group?.skills,
    onAdopted: () => {
      if (group) live.history.clear(incoming.chat.id);
      turn.release();
    },
  });
  removeAckReactionHandleAfterReply({
    removeAfterReply: cfg.messages?.removeAckAfterReply === true,
    ackReaction: reaction,
  });
  return outcome;
}

/** Fetch what the message refers to. What cannot be had is left out, and said in the log. */
async function gather(arrival: Arrival, access: Access) {
  const { live, incoming, route, selfId, mention, group } = arrival;
  const warn = (line: string): void => live.log.warn(`${formatTarget(incoming.chat)}: ${line}`);
  const [quote, forwarded, groupName] = await Promise.all([
    readQuote(live.calls, incoming, selfId, warn),
    readForwards(live.calls, incoming.forwards, warn),
    nameOf(arrival),
  ]);
  const media = await readMedia(
    attachmentsOf(incoming, quote, forwarded.attachments),
    incoming.chat,
    incoming.messageId,
    {
      store: live.rt.channel.media,
      calls: live.calls,
      account: live.account.bridgeAccount,
      maxBytes: live.account.mediaMaxBytes,
      log: warn,
    },
  );
  return {
    incoming: { ...incoming, text: [incoming.text, forwarded.text].filter(Boolean).join("\n") },
    access,
    mention,
    route,
    selfId,
    groupName,
    systemPrompt: group?.systemPrompt,
    requireMention: group?.requireMention ?? false,
    quote,
    history: group && live.history.read(incoming.chat.id),
    media,
  };
}

async function nameOf({ live, incoming }: Arrival): Promise<string | undefined> {
  if (incoming.chat.kind !== "group") return undefined;
  return incoming.groupName ?? live.names.group(incoming.chat.id);
}

/** Who asks about a picture quotes it, so what is quoted counts; the bot knows its own. */
function attachmentsOf(
  incoming: Incoming,
  quote: Quote | undefined,
  forwarded: readonly Attachment[],
): Attachment[] {
  return [
    ...incoming.attachments,
    ...(quote && !quote.isSelf ? quote.attachments : []),
    ...forwarded,
  ];
}
