import { setTimeout as sleep } from "node:timers/promises";
import type { ChannelPlugin } from "openclaw/plugin-sdk/channel-core";
import { createAccountStatusSink } from "openclaw/plugin-sdk/channel-outbound";
import { createChannelPairingController } from "openclaw/plugin-sdk/channel-pairing";
import { createRuntimeConfigReader } from "openclaw/plugin-sdk/runtime-config-snapshot";
import { events } from "../bus/events.ts";
import type { Delivery, Envelope } from "../bus/types.ts";
import { createSpeakers } from "../qq/speakers.ts";
import { formatTarget } from "../qq/target.ts";
import type { Incoming } from "../qq/types.ts";
import { reasonOf } from "../sp/thrown.ts";
import { eventPort, openBridge } from "./bridge.ts";
import { CHANNEL_ID } from "./channel-id.ts";
import { createHistory, type History } from "./history.ts";
import { handleMessage, messageOf } from "./inbound.ts";
import { journalOf } from "./journal.ts";
import { createLanes, type Lanes, type Turn } from "./lanes.ts";
import { createLink, type Link } from "./link.ts";
import type { Live } from "./live.ts";
import { accountLog } from "./log.ts";
import { createNames } from "./names.ts";
import { handleNotice } from "./notices.ts";
import { running } from "./running.ts";
import { getRuntime } from "./runtime.ts";
import type { ResolvedAccount } from "./settings.ts";
import { createTyping, type Typing } from "./typing.ts";

type StartAccount = NonNullable<
  NonNullable<ChannelPlugin<ResolvedAccount>["gateway"]>["startAccount"]
>;
type StartContext = Parameters<StartAccount>[0];

/** Messages that may wait or be at work: of one chat, and of all. */
const LIMITS = { perLane: 100, total: 400 };
/** How often, and after how many ms, a message is given to the host again that it did not take. */
const ATTEMPTS = 4;
const PAUSE = 2_000;
/** ms until the bridge, which has refused to give events, is asked again. */
const REFUSED = 15_000;
/** ms to wait for what is at work when the account stops; the host takes it over. */
const FAREWELL = 3_000;

/** What was said in the groups outlives a restart of the channel. */
const histories = new Map<string, History>();

interface Account {
  live: Live;
  link: Link;
  lanes: Lanes;
  typing: Typing;
}

/** Run one account until it is told to stop. A bridge, NapCat or QQ that is away is waited for. */
export async function startAccount(ctx: StartContext): Promise<void> {
  const { account, accountId, abortSignal } = ctx;
  const bridge = await openBridge(account);
  const status = createAccountStatusSink({ accountId, setStatus: ctx.setStatus });
  const log = accountLog(ctx.log, accountId);
  const rt = getRuntime();
  const live: Live = {
    account,
    rt,
    calls: bridge.calls,
    journal: await journalOf(accountId),
    history: historyOf(account),
    names: createNames(bridge.calls),
    speakers: createSpeakers(),
    pairing: createChannelPairingController({ core: rt, channel: CHANNEL_ID, accountId }),
    log,
    signal: abortSignal,
    cfg: createRuntimeConfigReader(ctx.cfg),
    status,
  };
  const self = {
    calls: bridge.calls,
    log,
    signal: abortSignal,
    sent: () => status({ lastOutboundAt: Date.now() }),
  };
  const link = createLink({ account, calls: bridge.calls, log, status, signal: abortSignal });
  const typing = createTyping(bridge.calls, log);
  status({ lifecycle: "starting", connected: false });
  running.set(accountId, self);
  try {
    await listenOn({ live, link, typing, lanes: createLanes(LIMITS) });
  } finally {
    running.delete(accountId, self);
    status({ lifecycle: "stopped", connected: false });
    bridge.close();
  }
}

function historyOf({ accountId, historyLimit }: ResolvedAccount): History {
  const key = `${accountId} ${historyLimit}`;
  const history = histories.get(key) ?? createHistory(historyLimit);
  histories.set(key, history);
  return history;
}

/** Take events for as long as the account runs, however often the bridge refuses them. */
async function listenOn(account: Account): Promise<void> {
  const { live, lanes } = account;
  while (!live.signal.aborted) {
    try {
      await listen(account);
    } catch (error) {
      live.log.error(`events cannot be taken: ${reasonOf(error)}`);
      live.status({ connected: false, lifecycle: "recovering", lastError: reasonOf(error) });
      await sleep(REFUSED, undefined, { signal: live.signal }).catch(() => undefined);
    }
  }
  await Promise.race([lanes.idle(), sleep(FAREWELL, undefined, { ref: false })]);
}

/** Take the account's events, one after the other. */
async function listen(account: Account): Promise<void> {
  const { live, link } = account;
  const deliveries = events({
    port: eventPort(live.account),
    calls: live.calls,
    account: live.account.bridgeAccount,
    position: live.journal,
    signal: live.signal,
    onUp: link.onUp,
    onDown: link.onDown,
    onTrouble: live.log.warn,
  });
  for await (const delivery of deliveries) await take(account, delivery);
}

async function take(account: Account, delivery: Delivery): Promise<void> {
  if (delivery.kind === "gap") {
    const { reason, from, to } = delivery.gap;
    account.live.log.error(
      `events ${from} to ${to ?? "?"} are lost (${reason}): messages among them are not answered`,
    );
    delivery.done();
    return;
  }
  const { event, done } = delivery;
  const incoming = messageOf(event, account.live.speakers);
  account.link.onEvent(event);
  if (incoming) running.hear(account.live.account.accountId, incoming);
  if (!incoming) {
    handleNotice(account.live, event);
    done();
    return;
  }
  await account.lanes.push(formatTarget(incoming.chat), async (turn) => {
    const work = (): Promise<boolean> => dealWith(account, event, incoming, turn);
    try {
      if (await account.live.journal.once(event.key, work)) done();
    } catch (error) {
      account.live.log.error(`what was done is not kept: ${reasonOf(error)}`);
    }
  });
}

/** Whether the message needs no second delivery; else it comes again when the account next starts. */
async function dealWith(
  { live, typing }: Account,
  envelope: Envelope,
  incoming: Incoming,
  turn: Turn,
): Promise<boolean> {
  for (let attempt = 1; !live.signal.aborted; attempt++) {
    try {
      if ((await handleMessage(live, typing, envelope, incoming, turn)) === "done") return true;
      live.log.warn(`${envelope.key}: the host did not take the message`);
    } catch (error) {
      if (isDraining(error)) return false;
      live.log.warn(`${envelope.key}: ${reasonOf(error)}`);
    }
    if (attempt === ATTEMPTS) {
      live.log.error(`${envelope.key}: not answered, given up after ${ATTEMPTS} attempts`);
      return true;
    }
    await sleep(PAUSE * attempt, undefined, { signal: live.signal }).catch(() => undefined);
  }
  return false;
}

/** The host is about to restart and takes nothing any more. */
function isDraining(error: unknown): boolean {
  return error instanceof Error && error.name === "GatewayDrainingError";
}
