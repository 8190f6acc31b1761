/**
 * What the model does through the host's `message` tool besides saying something, and
 * an operator with `openclaw message`. The host has said what is allowed to a
 * conversation; here it is decided what QQ can, what the settings switch on, and what
 * is an owner's alone.
 */

import type { ChannelPlugin } from "openclaw/plugin-sdk/channel-core";
import { GATES, type Gate, HANDLERS, isAction, OFFERED } from "./action-handlers.ts";
import { PARAMETERS } from "./action-schema.ts";
import { CHANNEL_ID } from "./channel-id.ts";
import { chatAt } from "./place.ts";
import { type Reach, reach } from "./reach.ts";
import { isOwner, NotAllowed, requireOwner } from "./requester.ts";
import { type ResolvedAccount, resolveAccount, usableAccounts } from "./settings.ts";

export type Actions = NonNullable<ChannelPlugin<ResolvedAccount>["actions"]>;
type Discovery = Parameters<Actions["describeMessageTool"]>[0];

/** What an owner alone may have done. */
const OWNERS: ReadonlySet<Gate> = new Set(["moderation", "friends"]);

export function createActions(reachAccount: Reach): Actions {
  return {
    describeMessageTool: (context) => {
      const offered = offeredTo(context);
      return {
        actions: offered,
        schema: {
          properties: PARAMETERS,
          actions: offered,
          visibility: "all-configured",
        },
      };
    },
    supportsAction: ({ action }) => isAction(action),
    requiresTrustedRequesterSender: ({ action, toolContext }) =>
      toolContext !== undefined && isAction(action) && OWNERS.has(GATES[action]),
    handleAction: async (ctx) => {
      const { action, cfg, params } = ctx;
      if (!isAction(action)) throw new NotAllowed(`${action}: QQ has no such thing`);
      const account = resolveAccount(cfg, ctx.accountId);
      const gate = GATES[action];
      requireGate(account, gate, action);
      if (OWNERS.has(gate)) requireOwner(ctx, action);
      const tool = ctx.toolContext;
      const here = chatAt(
        tool?.currentChannelProvider,
        tool?.currentMessagingTarget,
        tool?.currentChannelId,
      );
      await ctx.onPlatformSendDispatch?.();
      return reachAccount(
        account,
        (calls) =>
          HANDLERS[action]({
            cfg,
            account,
            calls,
            given: params,
            here,
            requester: ctx,
            context: ctx,
          }),
        { assertAllowed: ctx.assertDirectAdapterHandoff },
      );
    },
  };
}

export const actions: Actions = createActions(reach);

/** Those that are switched on, for this requester; without an account, for any of them. */
function offeredTo(context: Discovery) {
  const { cfg, accountId } = context;
  const accounts = usableAccounts(cfg, accountId ? [accountId] : undefined);
  const owner = isOwner(context);
  return OFFERED.filter((action) => {
    const gate = GATES[action];
    return (owner || !OWNERS.has(gate)) && accounts.some((account) => account.actions[gate]);
  });
}

/** @throws NotAllowed */
export function requireGate(account: ResolvedAccount, gate: Gate, what: string): void {
  if (account.actions[gate]) return;
  throw new NotAllowed(
    `${what} is switched off: channels.${CHANNEL_ID}.actions.${gate} is not true (account ${account.accountId})`,
  );
}
