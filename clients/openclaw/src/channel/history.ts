import {
  type ChannelHistoryWindow,
  createChannelHistoryWindow,
  type HistoryEntry,
} from "openclaw/plugin-sdk/reply-history";
import { describeAttachments } from "../qq/attachment.ts";
import type { Incoming } from "../qq/types.ts";

/** What was said in groups without the bot being asked, for the next answer to know. */
export interface History {
  record(incoming: Incoming): void;
  /** What the model is to see beside the message; undefined if there is nothing. */
  read(groupId: string): HistoryEntry[] | undefined;
  clear(groupId: string): void;
}

/** `limit` messages per group; 0 keeps none. */
export function createHistory(limit: number): History {
  const window: ChannelHistoryWindow = createChannelHistoryWindow({ historyMap: new Map() });
  return {
    record(incoming) {
      window.record({ historyKey: incoming.chat.id, limit, entry: entryOf(incoming) });
    },
    read: (groupId) => window.buildInboundHistory({ historyKey: groupId, limit }),
    clear: (groupId) => window.clear({ historyKey: groupId, limit }),
  };
}

function entryOf(incoming: Incoming): HistoryEntry {
  return {
    sender: senderLabel(incoming.sender),
    body: [incoming.text, describeAttachments(incoming.attachments)].filter(Boolean).join(" "),
    timestamp: incoming.time,
    messageId: incoming.messageId,
  };
}

/** `小明 (10001)`: the name people see, and the number that nobody can take. */
export function senderLabel(sender: Incoming["sender"]): string {
  return `${sender.card ?? sender.name} (${sender.id})`;
}
