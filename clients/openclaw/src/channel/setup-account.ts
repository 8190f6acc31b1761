import { DEFAULT_ACCOUNT_ID, patchScopedAccountConfig } from "openclaw/plugin-sdk/setup";
import { CHANNEL_ID } from "./channel-id.ts";
import { type AccountConfig, type Config, sectionOf } from "./config.ts";

/** Each takes the other's place. */
const TWINS = [
  ["busToken", "busTokenFile"],
  ["busTokenFile", "busToken"],
] as const;

/**
 * Write settings of one account where `resolveAccount` reads them. What is undefined in
 * `patch` stays as it is.
 */
export function patchAccount(cfg: Config, accountId: string, patch: AccountConfig): Config {
  const written = Object.entries(patch).filter(([, value]) => value !== undefined);
  const base = accountId === DEFAULT_ACCOUNT_ID ? cfg : keepDefault(cfg);
  return patchScopedAccountConfig({
    cfg: base,
    channelKey: CHANNEL_ID,
    accountId,
    patch: Object.fromEntries(written),
    clearFields: TWINS.flatMap(([given, other]) => (patch[given] === undefined ? [] : [other])),
    scopeDefaultToAccounts: hasAccounts(base),
  });
}

function hasAccounts(cfg: Config): boolean {
  return Object.keys(sectionOf(cfg)?.accounts ?? {}).length > 0;
}

/** The channel's own settings are one account, until there are others: then it needs its name. */
function keepDefault(cfg: Config): Config {
  const section = sectionOf(cfg);
  const { name, ...shared } = section ?? {};
  const settings = Object.keys(shared).filter((key) => key !== "enabled");
  if (hasAccounts(cfg) || settings.length === 0) return cfg;
  const accounts = { [DEFAULT_ACCOUNT_ID]: name === undefined ? {} : { name } };
  return { ...cfg, channels: { ...cfg.channels, [CHANNEL_ID]: { ...shared, accounts } } };
}
