import type { Envelope } from "../bus/types.ts";
import { type Notice, readNotice } from "../qq/notice.ts";
import { formatTarget } from "../qq/target.ts";
import { number } from "../qq/value.ts";
import type { Live } from "./live.ts";
import { routeOf } from "./route.ts";

/**
 * What happens in chats besides messages, for the log, or for the model as well: it
 * then finds it beside the next message of that chat, as a fact and not as a request.
 */
export function handleNotice(live: Live, envelope: Envelope): void {
  const { notices, accountId } = live.account;
  if (notices === "off" || envelope.type.startsWith("meta_event.")) return;
  const group = number(envelope.event["group_id"]);
  const nameOf = (id: string): string | undefined => live.speakers.nameOf(group, id);
  const notice = readNotice(envelope.event, { nameOf });
  if (!notice) return;
  live.log.info(notice.chat ? `${formatTarget(notice.chat)}: ${notice.kind}` : notice.kind);
  if (notices === "model" && notice.chat) tellModel(live, accountId, notice, envelope.key);
}

function tellModel(live: Live, accountId: string, notice: Notice, key: string): void {
  if (!notice.chat) return;
  const route = routeOf(live.cfg(), accountId, notice.chat);
  live.rt.system.enqueueSystemEvent(`QQ: ${notice.line}`, {
    sessionKey: route.sessionKey,
    agentId: route.agentId,
    contextKey: `napcatqq:${key}`,
  });
}
