import type { Caller } from "../bus/types.ts";
import { openBridge } from "./bridge.ts";
import { running } from "./running.ts";
import type { ResolvedAccount } from "./settings.ts";

/**
 * Do something with the calls of an account: over the connection of the account that
 * runs in this process, else over one of its own, which ends with it.
 */
export type Reach = <T>(
  account: ResolvedAccount,
  use: (calls: Caller) => Promise<T>,
  how?: ReachOptions,
) => Promise<T>;

export interface ReachOptions {
  /** ms that a call may take that names none itself; 30 s. */
  timeout?: number;
  signal?: AbortSignal | undefined;
  /** Before each call: throws if whoever asked may no longer. */
  assertAllowed?: (() => void) | undefined;
}

const TIMEOUT = 30_000;

export const reach: Reach = async (account, use, how = {}) => {
  const shared = running.get(account.accountId);
  if (shared) return use(bounded(shared.calls, how));
  const bridge = await openBridge(account);
  try {
    return await use(bounded(bridge.calls, how));
  } finally {
    bridge.close();
  }
};

/** The same calls, none of which is waited for without end. */
export function bounded(calls: Caller, how: ReachOptions = {}): Caller {
  const { signal, assertAllowed, timeout = TIMEOUT } = how;
  return {
    call: async (action, params, options) => {
      assertAllowed?.();
      return calls.call(action, params, { timeout, ...(signal && { signal }), ...options });
    },
  };
}
