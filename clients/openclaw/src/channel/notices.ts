import type { Envelope } from "../bus/types.ts";
import { type Notice, readNotice } from "../qq/notice.ts";
import { formatTarget } from "../qq/target.ts";
import { reasonOf } from "../sp/thrown.ts";
import { mayTell } from "./access.ts";
import { CHANNEL_ID } from "./channel-id.ts";
import type { Live } from "./live.ts";
import { routeOf } from "./route.ts";

/** Bridge's own and meta events: the status is made from them. */
const OWN = /^(?:meta_event|bridge)\./;

/**
 * What happens in chats besides messages, for the log, or for the model as well: it
 * then finds it beside the next message of that chat, as a fact and not as a request.
 * What the bot did itself is no news.
 */
export function handleNotice(live: Live, envelope: Envelope): void {
  const { notices } = live.account;
  if (notices === "off" || OWN.test(envelope.type)) return;
  const notice = readNotice(envelope.event);
  if (!notice || notice.actor === String(envelope.self_id)) return;
  live.log.info(factsOf(notice));
  if (notices !== "model" || !notice.chat) return;
  tellModel(live, notice, envelope.key).catch((error) =>
    live.log.warn(`notice not told: ${reasonOf(error)}`),
  );
}

async function tellModel(live: Live, notice: Notice, key: string): Promise<void> {
  const cfg = live.cfg();
  const { account, pairing } = live;
  const question = { cfg, account, readStoreAllowFrom: () => pairing.readAllowFromStore() };
  const { chat, actor, subject } = notice;
  if (!chat || !(await mayTell(live.rt.channel, question, chat, actor ?? subject ?? ""))) return;
  const route = routeOf(cfg, account.accountId, chat);
  live.rt.system.enqueueSystemEvent(`QQ: ${factsOf(notice)}`, {
    sessionKey: route.sessionKey,
    agentId: route.agentId,
    contextKey: `${CHANNEL_ID}:${key}`,
  });
}

/** Numbers and words of the protocol alone: what people call themselves or their files is no fact. */
function factsOf({ kind, chat, actor, subject, aboutBot, messageId }: Notice): string {
  return [
    kind,
    chat && `in ${formatTarget(chat)}`,
    actor && `by ${actor}`,
    aboutBot ? "to you" : subject && `to ${subject}`,
    messageId && `message ${messageId}`,
  ]
    .filter(Boolean)
    .join(", ");
}
