import type { Caller } from "../bus/types.ts";
import type { Log } from "./log.ts";

/** An account that runs in this process. */
export interface Running {
  readonly calls: Caller;
  readonly log: Log;
  /** Aborted when it stops. */
  readonly signal: AbortSignal;
  /** Note that something was said, for the host's status. */
  sent(): void;
}

const accounts = new Map<string, Running>();

/** The accounts whose connection may be shared: there are none in the processes of most commands. */
export const running = {
  get: (accountId: string): Running | undefined => accounts.get(accountId),
  set(accountId: string, account: Running): void {
    accounts.set(accountId, account);
  },
  /** Forget it, unless another has come in its place meanwhile. */
  delete(accountId: string, account: Running): void {
    if (accounts.get(accountId) === account) accounts.delete(accountId);
  },
};
