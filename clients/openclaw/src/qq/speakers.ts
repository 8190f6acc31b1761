/** What people are called, remembered from what they say: mentions and notices tell numbers only. */

import { forgetOldest } from "./recent.ts";
import type { Incoming } from "./types.ts";

export interface Speakers {
  /** Remember who spoke. */
  hear(incoming: Pick<Incoming, "chat" | "sender">): void;
  /** What somebody was called when they last spoke: in that group, else anywhere. */
  nameOf(groupId: string, userId: string): string | undefined;
}

/** At most `most` names are kept, the ones heard of last. */
export function createSpeakers(most = 10_000): Speakers {
  const names = new Map<string, string>();
  const keep = (key: string, name: string): void => {
    names.delete(key);
    names.set(key, name);
    forgetOldest(names, most);
  };
  return {
    hear({ chat, sender }) {
      // The number of the nameless is everybody's.
      if (sender.anonymous) return;
      keep(sender.id, sender.name);
      if (chat.kind === "group") keep(`${chat.id}:${sender.id}`, sender.card ?? sender.name);
    },
    nameOf: (groupId, userId) => names.get(`${groupId}:${userId}`) ?? names.get(userId),
  };
}
