import { openBridge } from "./bridge.ts";
import { reasonOf } from "./log.ts";
import type { ResolvedAccount } from "./settings.ts";
import { askStatus, faultsOf, type Standing, standingIn, troubleOf } from "./standing.ts";

export interface Inspection {
  standing: Standing;
  /** Those that the bridge has. */
  accounts: readonly string[];
  /** What is not as it should be, and what to do about it, in a sentence each. */
  troubles: readonly string[];
}

/**
 * Ask the bridge how it stands with the account, over a connection of its own. It has
 * `timeout` ms for the answer, and some seconds more to be reached.
 */
export async function inspect(account: ResolvedAccount, timeout: number): Promise<Inspection> {
  const bridge = await openBridge(account);
  try {
    const status = await askStatus(bridge.calls, { ...account, timeout });
    const standing = standingIn(status, account);
    const accounts = Object.keys(status.accounts ?? {});
    const trouble = accounts.includes(account.bridgeAccount) ? troubleOf(standing, account) : "";
    const troubles = [...faultsOf(status, account), ...(trouble ? [trouble] : [])];
    return { standing, accounts, troubles };
  } catch (error) {
    return {
      standing: { bridge: false, peer: false, online: false },
      accounts: [],
      troubles: [`the bridge does not answer at ${account.actionsUrl}: ${reasonOf(error)}`],
    };
  } finally {
    bridge.close();
  }
}
