import type { ChannelSetupWizard } from "openclaw/plugin-sdk/channel-setup";
import { createAllowFromSection, splitSetupEntries } from "openclaw/plugin-sdk/setup";
import { CHANNEL_ID } from "./channel-id.ts";
import type { Config } from "./config.ts";
import { readEntry, senderOf } from "./entry.ts";
import { resolveAccount } from "./settings.ts";
import { patchAccount } from "./setup-account.ts";

type Section<Key extends keyof ChannelSetupWizard> = NonNullable<ChannelSetupWizard[Key]>;
type DmPolicy = Parameters<Section<"dmPolicy">["setPolicy"]>[1];

const HELP = [
  "People are told apart by their QQ numbers, which nobody can take from another.",
  "Several are separated by commas. * is everybody.",
];

function userOf(written: string): string | null {
  const entry = readEntry(written);
  return (entry && senderOf(entry)) ?? null;
}

/** The policy and the list always say the same: `open` needs `*`, and nothing else may have it. */
function setDmPolicy(cfg: Config, dmPolicy: DmPolicy, accountId?: string): Config {
  const { accountId: id, allowFrom } = resolveAccount(cfg, accountId);
  const named = allowFrom.filter((entry) => entry !== "*");
  return patchAccount(cfg, id, {
    dmPolicy,
    allowFrom: dmPolicy === "open" ? ["*", ...named] : named,
  });
}

function addUsers(cfg: Config, accountId: string, users: readonly string[]): Config {
  const { allowFrom } = resolveAccount(cfg, accountId);
  return patchAccount(cfg, accountId, { allowFrom: [...new Set([...allowFrom, ...users])] });
}

function keysOf(cfg: Config, accountId?: string): { policyKey: string; allowFromKey: string } {
  const account = resolveAccount(cfg, accountId);
  const accounts = cfg.channels?.[CHANNEL_ID]?.accounts;
  const scope = accounts
    ? `channels.${CHANNEL_ID}.accounts.${account.accountId}`
    : `channels.${CHANNEL_ID}`;
  return { policyKey: `${scope}.dmPolicy`, allowFromKey: `${scope}.allowFrom` };
}

export const dmPolicy: Section<"dmPolicy"> = {
  label: "QQ",
  channel: CHANNEL_ID,
  policyKey: `channels.${CHANNEL_ID}.dmPolicy`,
  allowFromKey: `channels.${CHANNEL_ID}.allowFrom`,
  resolveConfigKeys: keysOf,
  getCurrent: (cfg, accountId) => resolveAccount(cfg, accountId).dmPolicy,
  setPolicy: setDmPolicy,
  promptAllowFrom: async ({ cfg, prompter, accountId }) => {
    const account = resolveAccount(cfg, accountId);
    await prompter.note(HELP.join("\n"), "QQ numbers");
    const typed = await prompter.text({
      message: "Who may write to the bot (QQ numbers)",
      placeholder: "123456789, 987654321",
      initialValue: account.allowFrom.join(", "),
      validate: (value) => strangeIn(value, userOf),
    });
    return addUsers(cfg, account.accountId, known(typed, userOf));
  },
};

export const allowFrom: Section<"allowFrom"> = createAllowFromSection({
  helpTitle: "QQ numbers",
  helpLines: HELP,
  message: "Who may write to the bot (QQ numbers)",
  placeholder: "123456789, 987654321",
  invalidWithoutCredentialNote: "These are no QQ numbers.",
  parseId: userOf,
  apply: ({ cfg, accountId, allowFrom: users }) => addUsers(cfg, accountId, users),
});

/** A group's number, or `*`. */
function groupOf(written: string): string | null {
  const entry = readEntry(written);
  if (entry?.kind === "everybody") return "*";
  return entry?.kind === "bare" || entry?.kind === "group" ? entry.id : null;
}

/** Groups that stay keep the settings they have. */
function setGroups(cfg: Config, accountId: string, ids: readonly string[]): Config {
  const { config } = resolveAccount(cfg, accountId);
  const groups = Object.fromEntries(ids.map((id) => [id, config.groups?.[id] ?? {}]));
  return patchAccount(cfg, accountId, { groupPolicy: "allowlist", groups });
}

export const groupAccess: Section<"groupAccess"> = {
  label: "QQ groups",
  placeholder: "123456789, 987654321, * for all",
  helpTitle: "QQ groups",
  helpLines: ["In a group that is listed everybody can use the bot, by mentioning it."],
  currentPolicy: ({ cfg, accountId }) => resolveAccount(cfg, accountId).groupPolicy,
  currentEntries: ({ cfg, accountId }) => Object.keys(resolveAccount(cfg, accountId).groups),
  updatePrompt: ({ cfg, accountId }) =>
    Object.keys(resolveAccount(cfg, accountId).groups).length > 0,
  setPolicy: ({ cfg, accountId, policy }) => patchAccount(cfg, accountId, { groupPolicy: policy }),
  resolveAllowlist: async ({ entries, prompter }) => {
    const strange = entries.filter((entry) => groupOf(entry) === null);
    if (strange.length > 0) {
      await prompter.note(`No group's number, so left out: ${strange.join(", ")}`, "QQ groups");
    }
    return known(entries.join(","), groupOf);
  },
  applyAllowlist: ({ cfg, accountId, resolved }) =>
    setGroups(cfg, accountId, Array.isArray(resolved) ? resolved.map(String) : []),
};

type Read = (written: string) => string | null;

function known(written: string, read: Read): string[] {
  return [...new Set(splitSetupEntries(written).map(read))].filter((id) => id !== null);
}

function strangeIn(written: string, read: Read): string | undefined {
  const strange = splitSetupEntries(written).filter((entry) => read(entry) === null);
  return strange.length > 0 ? `no QQ number: ${strange.join(", ")}` : undefined;
}
