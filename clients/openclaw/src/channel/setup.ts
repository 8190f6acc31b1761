/** `openclaw channels add --channel napcatqq …`. */

import { normalizeAccountId } from "openclaw/plugin-sdk/account-id";
import type { ChannelPlugin } from "openclaw/plugin-sdk/channel-core";
import { defineChannelSetupContract } from "openclaw/plugin-sdk/channel-setup";
import { parseAddress } from "../sp/index.ts";
import { reasonOf } from "../sp/thrown.ts";
import { patchAccount } from "./setup-account.ts";

/** package.json has the same, for before any code of ours runs. */
export const SETUP_FIELDS = {
  eventsUrl: {
    kind: "string",
    cli: {
      flags: "--events-url <url>",
      description: "The bridge's event socket (default tcp://127.0.0.1:7710)",
    },
  },
  actionsUrl: {
    kind: "string",
    cli: {
      flags: "--actions-url <url>",
      description: "The bridge's action socket (default tcp://127.0.0.1:7711)",
    },
  },
  busToken: {
    kind: "string",
    sensitive: true,
    cli: { flags: "--bus-token <token>", description: "Token of one of the bridge's grants" },
  },
  busTokenFile: {
    kind: "string",
    cli: { flags: "--bus-token-file <path>", description: "File that holds the bus token" },
  },
  busCa: {
    kind: "string",
    cli: { flags: "--bus-ca <path>", description: "PEM file of the bridge's authority" },
  },
  bridgeAccount: {
    kind: "string",
    cli: {
      flags: "--bridge-account <name>",
      description: "The account's name in the bridge (default: its name here)",
    },
  },
} as const;

type Input = { name?: string } & { [Key in keyof typeof SETUP_FIELDS]?: string };

/** What is wrong with an address of the bridge, for whoever typed it. */
export function addressFault(url: string): string | undefined {
  try {
    parseAddress(url.trim());
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

export function inputFault(input: Input): string | null {
  for (const url of [input.eventsUrl, input.actionsUrl]) {
    const fault = url === undefined ? undefined : addressFault(url);
    if (fault) return fault;
  }
  if (input.eventsUrl && input.eventsUrl.trim() === input.actionsUrl?.trim()) {
    return "--events-url and --actions-url are two sockets of the bridge, with an address each";
  }
  if (input.busToken && input.busTokenFile) {
    return "--bus-token and --bus-token-file are both given; one of them is enough";
  }
  return null;
}

export const setupContract: NonNullable<ChannelPlugin["setupContract"]> =
  defineChannelSetupContract({
    fields: SETUP_FIELDS,
    adapter: {
      // The channel's settings are every account's: none of them moves into one.
      configPromotion: "preserve-root",
      resolveAccountId: ({ accountId }) => normalizeAccountId(accountId),
      applyAccountName: ({ cfg, accountId, name }) =>
        name?.trim() ? patchAccount(cfg, accountId, { name: name.trim() }) : cfg,
      validateInput: ({ input }) => inputFault(input),
      applyAccountConfig: ({ cfg, accountId, input }) =>
        patchAccount(cfg, accountId, trimmed(input)),
    },
  });

function trimmed(input: Input): Input {
  return Object.fromEntries(
    Object.entries(input).map(([key, value]) => [key, value?.trim() || undefined]),
  );
}
