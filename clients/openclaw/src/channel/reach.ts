import type { Caller } from "../bus/types.ts";
import { openBridge } from "./bridge.ts";
import { type Running, running } from "./running.ts";
import type { ResolvedAccount } from "./settings.ts";

/** A way to an account's calls; more than these has only one that runs in this process. */
export type Connection = Pick<Running, "calls"> & Partial<Running>;

/**
 * Do something over the connection of the account that runs in this process, else over
 * one of its own, which ends with it.
 */
export async function connected<T>(
  account: ResolvedAccount,
  use: (connection: Connection) => Promise<T>,
): Promise<T> {
  const shared = running.get(account.accountId);
  if (shared) return use(shared);
  const bridge = await openBridge(account);
  try {
    return await use({ calls: bridge.calls });
  } finally {
    bridge.close();
  }
}

/** The same with calls alone, none of which is waited for without end. */
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

export const reach: Reach = (account, use, how = {}) =>
  connected(account, ({ calls }) => use(bounded(calls, how)));

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
