import type { Caller } from "../bus/types.ts";
import { forgetOldest } from "../qq/recent.ts";

/** What chats are called, asked of the peer once in a while. Names are text of strangers. */
export interface Names {
  /** Undefined where nobody says it; never throws. */
  group(groupId: string): Promise<string | undefined>;
}

const FRESH_FOR = 10 * 60_000;
const KEPT = 500;
const TIMEOUT = 5_000;

interface Known {
  name: string | undefined;
  until: number;
}

export function createNames(calls: Caller): Names {
  const known = new Map<string, Known>();

  const ask = async (groupId: string): Promise<string | undefined> => {
    try {
      const { data } = await calls.call<{ group_name?: unknown } | null>(
        "get_group_info",
        { group_id: groupId },
        { timeout: TIMEOUT },
      );
      return typeof data?.group_name === "string" && data.group_name ? data.group_name : undefined;
    } catch {
      return undefined;
    }
  };

  return {
    async group(groupId) {
      const before = known.get(groupId);
      if (before && before.until > Date.now()) return before.name;
      const name = (await ask(groupId)) ?? before?.name;
      known.delete(groupId);
      known.set(groupId, { name, until: Date.now() + FRESH_FOR });
      forgetOldest(known, KEPT);
      return name;
    },
  };
}
