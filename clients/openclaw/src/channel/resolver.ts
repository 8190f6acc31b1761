import type { ChannelPlugin } from "openclaw/plugin-sdk/channel-core";
import type { RosterEntry } from "../qq/roster.ts";
import { isQqNumber, parseTarget } from "../qq/target.ts";
import { reasonOf } from "../sp/thrown.ts";
import { meant } from "./directory.ts";
import { entryLine } from "./info.ts";
import { BadParam } from "./params.ts";
import { type Rosters, rosters } from "./roster.ts";
import { type ResolvedAccount, resolveAccount } from "./settings.ts";

type Plugin = ChannelPlugin<ResolvedAccount>;
type Resolver = NonNullable<Plugin["resolver"]>;
type ResolveResult = Awaited<ReturnType<Resolver["resolveTargets"]>>[number];
type TargetResolver = NonNullable<NonNullable<Plugin["messaging"]>["targetResolver"]>;
export type ResolveTarget = NonNullable<TargetResolver["resolveTarget"]>;

/** Names and numbers as entries of allow lists: `user:<id>` and `group:<id>`. */
export function createResolver(lists: Rosters): Resolver {
  return {
    resolveTargets: async ({ cfg, accountId, inputs, kind }) => {
      const account = resolveAccount(cfg, accountId);
      const roster = lists.get(account, kind === "group" ? "groups" : "friends");
      return Promise.all(
        inputs.map(async (input): Promise<ResolveResult> => {
          try {
            return resolveOne(input, kind, await rosterUnlessNumber(input, roster));
          } catch (error) {
            return { input, resolved: false, note: reasonOf(error) };
          }
        }),
      );
    },
  };
}

export const resolver: Resolver = createResolver(rosters);

/** A number stands for itself, whether the peer can be asked or not. */
async function rosterUnlessNumber(
  input: string,
  roster: Promise<readonly RosterEntry[]>,
): Promise<readonly RosterEntry[]> {
  if (!isQqNumber(bare(input))) return roster;
  return roster.catch(() => []);
}

function bare(input: string): string {
  const target = parseTarget(input);
  return target.ok ? target.chat.id : input.trim();
}

function resolveOne(
  input: string,
  kind: "user" | "group",
  roster: readonly RosterEntry[],
): ResolveResult {
  const wanted = bare(input);
  const hits = meant(roster, { query: wanted });
  const entry = isQqNumber(wanted) ? hits.find(({ handle }) => handle === wanted) : hits[0];
  if (isQqNumber(wanted)) {
    const note = entry === undefined ? `not among the bot's ${listName(kind)}` : undefined;
    return {
      input,
      resolved: true,
      id: `${kind}:${wanted}`,
      ...(entry && { name: entry.name }),
      ...(note && { note }),
    };
  }
  if (entry === undefined) {
    return { input, resolved: false, note: `no ${listName(kind)} of the bot are called that` };
  }
  if (hits.length > 1) return { input, resolved: false, note: ambiguous(hits) };
  return { input, resolved: true, id: `${kind}:${entry.handle}`, name: entry.name };
}

function listName(kind: "user" | "group"): string {
  return kind === "group" ? "groups" : "friends";
}

/**
 * What is meant by what is no target: a friend's name, for the host has looked among
 * the groups before, or a bare number that only one of the two has.
 */
export function createResolveTarget(lists: Rosters): ResolveTarget {
  return async ({ cfg, accountId, input, preferredKind }) => {
    if (parseTarget(input).ok) return null;
    const account = resolveAccount(cfg, accountId);
    const both = await Promise.all([lists.get(account, "groups"), lists.get(account, "friends")]);
    const candidates = preferredKind === "user" ? both[1] : both.flat();
    const hits = isQqNumber(input.trim())
      ? candidates.filter(({ handle }) => handle === input.trim())
      : meant(candidates, { query: input });
    if (hits.length > 1) throw new BadParam(`target ${JSON.stringify(input)}: ${ambiguous(hits)}`);
    const hit = hits[0];
    return hit ? { to: hit.id, kind: hit.kind, display: hit.name, source: "directory" } : null;
  };
}

export const resolveTarget: ResolveTarget = createResolveTarget(rosters);

const CANDIDATES_MAX = 10;

function ambiguous(hits: readonly RosterEntry[]): string {
  const shown = hits.slice(0, CANDIDATES_MAX).map(entryLine).join("; ");
  const more = hits.length > CANDIDATES_MAX ? `; and ${hits.length - CANDIDATES_MAX} more` : "";
  return `several are called that: ${shown}${more}`;
}
