import type { ChannelPlugin } from "openclaw/plugin-sdk/channel-core";
import {
  buildBaseChannelStatusSummary,
  type ChannelAccountSnapshot,
  type ChannelStatusIssue,
  createComputedAccountStatusAdapter,
  createDefaultChannelRuntimeState,
} from "openclaw/plugin-sdk/status-helpers";
import { reasonOf } from "../sp/thrown.ts";
import { CHANNEL_ID } from "./channel-id.ts";
import { failed, isProbe, type Probe, probeOf } from "./probe.ts";
import { connected } from "./reach.ts";
import { DEFAULT_ACCOUNT, type ResolvedAccount } from "./settings.ts";

type Status = NonNullable<ChannelPlugin<ResolvedAccount>["status"]>;

/** ms that are kept of the host's time for what is around the question. */
const MARGIN = 500;
const LEAST = 500;

/** Ask the bridge how the account stands; over a connection of its own where none is open. */
export async function probe(account: ResolvedAccount, timeoutMs: number): Promise<Probe> {
  const limit = Math.max(LEAST, timeoutMs - MARGIN);
  const ended = AbortSignal.timeout(limit);
  try {
    return await connected(account, ({ calls }) =>
      within(ended, limit, probeOf(account, calls, limit), account),
    );
  } catch (error) {
    return failed({ kind: "config", message: reasonOf(error), fix: "see channels.napcatqq" });
  }
}

/** The calls' own grace would outlast the host's patience. */
async function within(
  ended: AbortSignal,
  limit: number,
  answer: Promise<Probe>,
  account: ResolvedAccount,
): Promise<Probe> {
  const late = new Promise<Probe>((resolve) => {
    const fail = (): void =>
      resolve(
        failed(
          {
            kind: "runtime",
            message: `the bridge is not reached at ${account.actionsUrl}: no answer within ${limit} ms`,
            fix: "start onebus, or set actionsUrl to its address",
          },
          limit,
        ),
      );
    ended.addEventListener("abort", fail, { once: true });
  });
  return Promise.race([answer, late]);
}

export const status: Status = createComputedAccountStatusAdapter<ResolvedAccount>({
  defaultRuntime: createDefaultChannelRuntimeState(DEFAULT_ACCOUNT),
  probeAccount: ({ account, timeoutMs }) => probe(account, timeoutMs),
  formatCapabilitiesProbe: ({ probe: probed }) =>
    isProbe(probed)
      ? describeProbe(probed).map((text) => ({ text, tone: probed.ok ? "default" : "warn" }))
      : [],
  buildChannelSummary: ({ account, snapshot }) => ({
    ...buildBaseChannelStatusSummary(snapshot),
    baseUrl: account.actionsUrl,
    probe: snapshot.probe,
    lastProbeAt: snapshot.lastProbeAt ?? null,
  }),
  resolveAccountSnapshot: ({ account, runtime, probe: probed }) => ({
    accountId: account.accountId,
    ...(account.name && { name: account.name }),
    enabled: account.enabled,
    configured: account.configured,
    extra: {
      baseUrl: account.actionsUrl,
      dmPolicy: account.dmPolicy,
      connected: isProbe(probed) ? probed.ok : (runtime?.connected ?? false),
    },
  }),
  collectStatusIssues: (accounts) => accounts.flatMap(issuesOf),
});

function issuesOf(snapshot: ChannelAccountSnapshot): ChannelStatusIssue[] {
  if (snapshot.enabled === false || snapshot.configured === false) return [];
  const { accountId } = snapshot;
  if (isProbe(snapshot.probe)) {
    return snapshot.probe.troubles.map((trouble) => ({
      channel: CHANNEL_ID,
      accountId,
      ...trouble,
    }));
  }
  if (snapshot.connected !== false || !snapshot.lastError) return [];
  return [{ channel: CHANNEL_ID, accountId, kind: "runtime", message: snapshot.lastError }];
}

/** In words for people, a line each. */
export function describeProbe(probed: Probe): string[] {
  const { bridge, napcat, qq, bot } = probed;
  return [
    bridge &&
      `bridge: onebus ${bridge.version}, account ${bridge.account}, access ${bridge.access || "not told"}`,
    napcat &&
      `NapCat: ${napcat.connected ? `connected (${napcat.peer || "it has not said what it is"})` : "away"}`,
    qq &&
      `QQ: ${qq.online === null ? "not told" : qq.online ? "online" : "offline"}${bot ? `, ${bot.username}` : ""}`,
    ...probed.troubles.flatMap(({ message, fix }) => [`! ${message}`, `  ${fix}`]),
  ].filter((line) => typeof line === "string");
}
