/** The account's groups, friends and members by name, asked of the peer once in a while. */

import type { Caller } from "../bus/types.ts";
import { forgetOldest } from "../qq/recent.ts";
import { type RosterEntry, readFriends, readGroups, readMembers } from "../qq/roster.ts";
import { type Reach, reach } from "./reach.ts";
import type { ResolvedAccount } from "./settings.ts";

export type RosterKind = "groups" | "friends" | { members: string };

/** All rejects with a `CallError` that says what is away. */
export interface Rosters {
  get(account: ResolvedAccount, kind: RosterKind): Promise<readonly RosterEntry[]>;
}

const FRESH_FOR = 60_000;
/** Lists kept: beyond these the one that was asked for longest ago is forgotten. */
const KEPT = 32;
const TIMEOUT = 10_000;

interface Kept {
  until: number;
  entries: Promise<readonly RosterEntry[]>;
}

export function createRosters(reachAccount: Reach, now: () => number = Date.now): Rosters {
  const kept = new Map<string, Kept>();
  return {
    get(account, kind) {
      const key = JSON.stringify([account.accountId, kind]);
      const before = kept.get(key);
      kept.delete(key);
      if (before && before.until > now()) {
        kept.set(key, before);
        return before.entries;
      }
      const entries = reachAccount(account, (calls) => read(calls, kind), { timeout: TIMEOUT });
      kept.set(key, { until: now() + FRESH_FOR, entries });
      entries.catch(() => kept.delete(key));
      forgetOldest(kept, KEPT);
      return entries;
    },
  };
}

export const rosters: Rosters = createRosters(reach);

async function read(calls: Caller, kind: RosterKind): Promise<RosterEntry[]> {
  if (kind === "groups") return readGroups((await calls.call("get_group_list")).data);
  if (kind === "friends") return readFriends((await calls.call("get_friend_list")).data);
  const { data } = await calls.call("get_group_member_list", { group_id: kind.members });
  return readMembers(data);
}
