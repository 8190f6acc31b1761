import { createCaller } from "../bus/calls.ts";
import type { SubscribePort } from "../bus/events.ts";
import type { Caller } from "../bus/types.ts";
import type { DialOptions } from "../sp/pipe.ts";
import { createReq } from "../sp/req.ts";
import { subscribe } from "../sp/sub.ts";
import type { ResolvedAccount } from "./settings.ts";

/** A connection for calls to one account of the bridge. */
export interface Bridge {
  calls: Caller;
  close(): void;
}

/** Open one; it dials by itself, and a call waits for it. Close it when done. */
export async function openBridge(account: ResolvedAccount): Promise<Bridge> {
  const req = createReq(dialOptions(account, account.actionsUrl));
  return {
    calls: createCaller({
      port: req,
      account: account.bridgeAccount,
      ...(account.token && { token: account.token }),
    }),
    close: req.close,
  };
}

/** Where the account's events come from. */
export function eventPort(account: ResolvedAccount): SubscribePort {
  return {
    subscribe: (handlers) => subscribe({ ...dialOptions(account, account.eventsUrl), ...handlers }),
  };
}

function dialOptions(account: ResolvedAccount, url: string): DialOptions {
  const { token, ca, backoff, pingInterval } = account;
  return { url, token, ca, backoff, pingInterval };
}
