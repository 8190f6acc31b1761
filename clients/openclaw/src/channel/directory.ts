import type { ChannelPlugin } from "openclaw/plugin-sdk/channel-core";
import {
  type ChannelDirectoryEntry,
  createChannelDirectoryAdapter,
} from "openclaw/plugin-sdk/directory-runtime";
import { type RosterEntry, type RosterQuery, searchRoster } from "../qq/roster.ts";
import { line } from "../qq/text.ts";
import { fields, number, text } from "../qq/value.ts";
import { readGroup } from "./params.ts";
import { type Reach, reach } from "./reach.ts";
import { type Rosters, rosters } from "./roster.ts";
import { type ResolvedAccount, resolveAccount } from "./settings.ts";

type Directory = NonNullable<ChannelPlugin<ResolvedAccount>["directory"]>;

/** Groups and friends as the host lists and searches them; the ids are targets. */
export function createDirectory(lists: Rosters, reachAccount: Reach): Directory {
  const listGroups: Directory["listGroups"] = async ({ cfg, accountId, query, limit }) =>
    found(await lists.get(resolveAccount(cfg, accountId), "groups"), { query, limit });
  const listPeers: Directory["listPeers"] = async ({ cfg, accountId, query, limit }) =>
    found(await lists.get(resolveAccount(cfg, accountId), "friends"), { query, limit });
  return createChannelDirectoryAdapter({
    self: async ({ cfg, accountId }) => {
      const account = resolveAccount(cfg, accountId);
      return reachAccount(account, async (calls) => {
        const login = fields((await calls.call("get_login_info")).data);
        const id = number(login["user_id"]);
        return {
          kind: "user",
          id: `private:${id}`,
          name: line(text(login["nickname"]), 60),
          handle: id,
        };
      });
    },
    listGroups,
    listGroupsLive: listGroups,
    listPeers,
    listPeersLive: listPeers,
    listGroupMembers: async ({ cfg, accountId, groupId, limit }) => {
      const members = readGroup({ groupId }, "groupId") ?? "";
      return found(await lists.get(resolveAccount(cfg, accountId), { members }), { limit });
    },
  });
}

export const directory: Directory = createDirectory(rosters, reach);

/** Where something is called just that, what has it in its name is not meant. */
export function meant(roster: readonly RosterEntry[], query: RosterQuery): RosterEntry[] {
  const hits = searchRoster(roster, query);
  const wanted = query.query?.trim().toLowerCase() ?? "";
  const exact = hits.filter(
    ({ name, also, handle, id }) =>
      [name, also].some((called) => called?.toLowerCase() === wanted) ||
      [handle, id].includes(wanted),
  );
  return exact.length > 0 ? exact : hits;
}

function found(
  roster: readonly RosterEntry[],
  query: { query?: string | null | undefined; limit?: number | null | undefined },
): ChannelDirectoryEntry[] {
  return meant(roster, { query: query.query ?? null, limit: query.limit ?? null }).map(
    ({ kind, id, name, handle, avatarUrl }) => ({ kind, id, name, handle, avatarUrl }),
  );
}
