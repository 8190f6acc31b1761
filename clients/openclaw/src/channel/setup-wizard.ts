/** The questions of `openclaw channels add` and of the onboarding. */

import type { ChannelSetupWizard } from "openclaw/plugin-sdk/channel-setup";
import {
  createStandardChannelSetupStatus,
  setSetupChannelEnabled,
} from "openclaw/plugin-sdk/setup";
import { CHANNEL_ID } from "./channel-id.ts";
import type { Config } from "./config.ts";
import type { Probe } from "./probe.ts";
import { resolveAccount } from "./settings.ts";
import { addressFault } from "./setup.ts";
import { allowFrom, dmPolicy, groupAccess } from "./setup-access.ts";
import { patchAccount } from "./setup-account.ts";

/** ms for which the bridge is waited for at the end. */
const PATIENCE = 5000;

type TextInput = NonNullable<ChannelSetupWizard["textInputs"]>[number];
type Finalize = NonNullable<ChannelSetupWizard["finalize"]>;
type Prompter = Parameters<Finalize>[0]["prompter"];

function addressInput(key: "eventsUrl" | "actionsUrl", message: string): TextInput {
  return {
    inputKey: key,
    message,
    currentValue: ({ cfg, accountId }) => resolveAccount(cfg, accountId).config[key],
    initialValue: ({ cfg, accountId }) => resolveAccount(cfg, accountId)[key],
    validate: ({ value }) => addressFault(value),
    normalizeValue: ({ value }) => value.trim(),
    applySet: ({ cfg, accountId, value }) => patchAccount(cfg, accountId, { [key]: value }),
  };
}

const tokenInput: TextInput = {
  inputKey: "busToken",
  message: "Bus token (empty if the bridge has no grants)",
  sensitive: true,
  required: false,
  currentValue: ({ cfg, accountId }) => resolveAccount(cfg, accountId).token,
  // A file, or a secret kept elsewhere, is nothing to be typed over.
  shouldPrompt: ({ cfg, accountId }) => {
    const { busToken, busTokenFile } = resolveAccount(cfg, accountId).config;
    return busTokenFile === undefined && typeof busToken !== "object";
  },
  applySet: ({ cfg, accountId, value }) => patchAccount(cfg, accountId, { busToken: value.trim() }),
};

/** Ask the bridge whether all this is so, and which of its accounts is meant. */
async function look(
  cfg: Config,
  accountId: string,
  prompter: Prompter,
): Promise<{ cfg: Config; probe: Probe }> {
  const { probe: ask } = await import("./status.ts");
  const account = resolveAccount(cfg, accountId);
  const progress = prompter.progress(`Asking the bridge at ${account.actionsUrl}`);
  const probe = await ask(account, PATIENCE);
  progress.stop();
  const accounts = probe.bridge?.accounts ?? [];
  if (accounts.length === 0 || accounts.includes(account.bridgeAccount)) return { cfg, probe };
  const bridgeAccount = await prompter.select({
    message: `The bridge has no account ${account.bridgeAccount}. Which one is it?`,
    options: accounts.map((name) => ({ value: name, label: name })),
  });
  return look(patchAccount(cfg, accountId, { bridgeAccount }), accountId, prompter);
}

const finalize: Finalize = async ({ cfg, accountId, prompter }) => {
  const { describeProbe } = await import("./status.ts");
  const looked = await look(cfg, accountId, prompter);
  const lines = describeProbe(looked.probe);
  await prompter.note(lines.join("\n"), "The bridge");
  return { cfg: looked.cfg };
};

export const setupWizard: ChannelSetupWizard = {
  channel: CHANNEL_ID,
  status: createStandardChannelSetupStatus({
    channelLabel: "QQ (NapCat)",
    configuredLabel: "configured",
    unconfiguredLabel: "needs the bridge's addresses",
    configuredHint: "configured",
    unconfiguredHint: "needs the onebus bridge",
    includeStatusLine: true,
    resolveConfigured: ({ cfg, accountId }) => resolveAccount(cfg, accountId).configured,
  }),
  introNote: {
    title: "QQ through NapCat",
    lines: [
      "NapCat logs in to QQ and connects to the onebus bridge; OpenClaw speaks to the bridge.",
      "Start the bridge with bridge.access: mark, so that OpenClaw alone decides who is heard.",
      "`onebus napcat-config` prints what NapCat needs.",
    ],
    shouldShow: ({ cfg, accountId }) => !resolveAccount(cfg, accountId).configured,
  },
  credentials: [],
  textInputs: [
    addressInput("eventsUrl", "The bridge's event socket"),
    addressInput("actionsUrl", "The bridge's action socket"),
    tokenInput,
  ],
  dmPolicy,
  allowFrom,
  groupAccess,
  finalize,
  completionNote: {
    title: "QQ: next",
    lines: [
      "Start the gateway again, then: openclaw channels status --probe",
      "Let somebody in who has written to the bot: openclaw napcatqq approve <QQ number>",
    ],
  },
  disable: (cfg) => setSetupChannelEnabled(cfg, CHANNEL_ID, false),
};
