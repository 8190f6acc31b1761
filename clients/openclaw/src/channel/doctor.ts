import type { ChannelPlugin } from "openclaw/plugin-sdk/channel-core";
import { CHANNEL_ID } from "./channel-id.ts";
import { type AccountConfig, type Config, sectionOf } from "./config.ts";
import { groupAccess } from "./group-access.ts";
import type { Probe } from "./probe.ts";
import { listAccountIds, type ResolvedAccount, resolveAccount } from "./settings.ts";

/** ms for which a bridge may keep `openclaw doctor` waiting. */
const PATIENCE = 3000;

/** OpenClaw itself was what NapCat connected to once. */
const LISTENER = ["wsPort", "wsHost", "wsPath", "accessToken", "accessTokenFile"] as const;

type Ask = (account: ResolvedAccount, timeout: number) => Promise<Probe>;

const askBridge: Ask = async (account, timeout) =>
  (await import("./status.ts")).probe(account, timeout);

/** Lines for `openclaw doctor`, those of what the bridge says included. */
export async function warningsOf(cfg: Config, ask: Ask = askBridge): Promise<string[]> {
  if (!sectionOf(cfg)) return [];
  const accounts = listAccountIds(cfg)
    .map((id) => resolveAccount(cfg, id))
    .filter((account) => account.enabled);
  const lines = await Promise.all(accounts.map((account) => warningsOfOne(account, ask)));
  return lines.flat();
}

async function warningsOfOne(account: ResolvedAccount, ask: Ask): Promise<string[]> {
  const probe = account.configured ? await ask(account, PATIENCE) : undefined;
  const lines = [
    ...account.problems,
    ...(probe?.troubles ?? []).map(({ message, fix }) => `${message}; ${fix}`),
    ...(probe?.napcat?.connected ? [] : listenerLines(account.config)),
    ...groupLines(account),
  ];
  return lines.map((line) => `- ${CHANNEL_ID} (account ${account.accountId}): ${line}`);
}

/** Not said where NapCat is connected: then somebody has given them to the bridge. */
function listenerLines(config: AccountConfig): string[] {
  const found = LISTENER.filter((key) => config[key] !== undefined);
  if (found.length === 0) return [];
  const settings = Object.fromEntries(
    found.map((key) => [key, key === "accessToken" ? "<the same token>" : config[key]]),
  );
  const whole = JSON.stringify({
    channels: { [CHANNEL_ID]: settings },
    bridge: { access: "mark" },
  });
  return [
    `${found.join(", ")}: NapCat connects to the bridge, no longer to OpenClaw. The bridge's ` +
      `settings that match: ${whole}. It reads this very file as well: onebus --config ` +
      "<openclaw.json>, with ONEBUS_BRIDGE_ACCESS=mark in its environment",
  ];
}

function groupLines(account: ResolvedAccount): string[] {
  const ids = Object.keys(account.groups);
  const strange = ids.filter((id) => id !== "*" && !/^[1-9]\d*$/.test(id));
  const hints = ids
    .filter((id) => id !== "*")
    .map((id) => groupAccess(account, id).hint)
    .filter((hint) => hint !== undefined);
  return [
    ...strange.map(
      (id) => `groups has "${id}", which is no group's number and no "*": it counts for none`,
    ),
    ...hints,
  ];
}

export const doctor: NonNullable<ChannelPlugin<ResolvedAccount>["doctor"]> = {
  dmAllowFromMode: "topOnly",
  groupModel: "hybrid",
  groupAllowFromFallbackToAllowFrom: false,
  // A listed group with no list of senders is everybody's.
  warnOnEmptyGroupSenderAllowlist: false,
  collectPreviewWarnings: ({ cfg }) => warningsOf(cfg),
};
