/**
 * Agent tools for what the host's `message` tool has no action for. Each is bound to
 * the account in whose chat it is asked for, and to that chat unless an owner names
 * another; `qq_group` and `qq_friend` are an owner's alone, and off by default.
 */

import type { AnyAgentTool, OpenClawPluginApi } from "openclaw/plugin-sdk/plugin-entry";
import type { Gate } from "./action-handlers.ts";
import { requireGate } from "./actions.ts";
import { CHANNEL_ID } from "./channel-id.ts";
import type { Config } from "./config.ts";
import { type Given, readText } from "./params.ts";
import { chatAt } from "./place.ts";
import { type Reach, reach } from "./reach.ts";
import { isOwner, type Requester, requireOwner } from "./requester.ts";
import type { ToolResult } from "./result.ts";
import { type ResolvedAccount, resolveAccount, usableAccounts } from "./settings.ts";
import type { Task } from "./task.ts";
import { fileTool } from "./tool-file.ts";
import { friendTool } from "./tool-friend.ts";
import { groupTool } from "./tool-group.ts";
import { infoTool } from "./tool-info.ts";
import type { ToolName } from "./tool-names.ts";
import { sendTool } from "./tool-send.ts";

export interface ToolTask extends Task {
  signal: AbortSignal | undefined;
}

export interface ToolSpec {
  name: ToolName;
  label: string;
  description: string;
  /** JSON Schema. */
  parameters: Record<string, unknown>;
  gate: Gate;
  /** For owners only. */
  owners: boolean;
  run(task: ToolTask): Promise<ToolResult>;
}

/** What the host tells of the run for which a tool is made. */
export interface ToolContext extends Requester {
  config?: Config | undefined;
  runtimeConfig?: Config | undefined;
  getRuntimeConfig?: (() => Config | undefined) | undefined;
  messageChannel?: string | undefined;
  agentAccountId?: string | undefined;
  nativeChannelId?: string | undefined;
  deliveryContext?: { to?: string | undefined } | undefined;
  assertInvocationCurrent?: (() => void) | undefined;
}

const SPECS: readonly ToolSpec[] = [sendTool, infoTool, fileTool, groupTool, friendTool];

export function registerTools(api: Pick<OpenClawPluginApi, "registerTool">): void {
  for (const spec of SPECS) {
    api.registerTool((context) => createTool(spec, context, reach), { name: spec.name });
  }
}

/** The tool for one run; null where it is switched off or not for whoever asks. */
export function createTool(
  spec: ToolSpec,
  context: ToolContext,
  reachAccount: Reach,
): AnyAgentTool | null {
  const accounts = accountsFor(context);
  if (!accounts.some((account) => account.actions[spec.gate])) return null;
  if (spec.owners && !isOwner(context)) return null;
  return {
    name: spec.name,
    label: spec.label,
    description: spec.description,
    parameters: withAccount(spec.parameters, accounts),
    execute: async (_callId, params, signal) => {
      const given = params as Given;
      const cfg = configOf(context);
      const account = accountMeant(cfg, context, given);
      requireGate(account, spec.gate, spec.name);
      if (spec.owners) requireOwner(context, spec.name);
      const here = chatAt(
        context.messageChannel,
        context.deliveryContext?.to,
        context.nativeChannelId,
      );
      return reachAccount(
        account,
        (calls) => spec.run({ cfg, account, calls, given, here, requester: context, signal }),
        { signal, assertAllowed: context.assertInvocationCurrent },
      );
    },
  };
}

function configOf(context: ToolContext): Config {
  return context.getRuntimeConfig?.() ?? context.runtimeConfig ?? context.config ?? {};
}

/** In a QQ chat its account and no other. */
function accountsFor(context: ToolContext): ResolvedAccount[] {
  return usableAccounts(
    configOf(context),
    isHere(context) ? [context.agentAccountId ?? null] : undefined,
  );
}

function accountMeant(cfg: Config, context: ToolContext, given: Given): ResolvedAccount {
  if (isHere(context)) return resolveAccount(cfg, context.agentAccountId);
  return resolveAccount(cfg, readText(given, "account"));
}

function isHere({ messageChannel }: ToolContext): boolean {
  return messageChannel === CHANNEL_ID;
}

function withAccount(parameters: Record<string, unknown>, accounts: readonly ResolvedAccount[]) {
  if (accounts.length < 2) return parameters;
  const account = { type: "string", enum: accounts.map(({ accountId }) => accountId) };
  return {
    ...parameters,
    properties: { ...(parameters["properties"] as object), account },
  };
}
