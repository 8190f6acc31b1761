/**
 * The settings guide's functions, bound to the accounts of the host:
 *
 *     await setGroupMute("default", 434395907, 10001, 600);
 *
 * An account that runs in this process lends its connection; for another one of the
 * settings each call has its own.
 */

import type { Caller } from "../bus/types.ts";
import { createFunctions } from "../qq/functions.ts";
import type { Config } from "./config.ts";
import { connected } from "./reach.ts";
import { running } from "./running.ts";
import { tryGetRuntime } from "./runtime.ts";
import { listAccountIds, resolveAccount } from "./settings.ts";

export const {
  setGroupAdmin,
  setGroupMute,
  kickGroupMember,
  setGroupWholeMute,
  setGroupName,
  getGroupMemberInfo,
  getFriendList,
  deleteFriend,
  setFriendRemark,
  uploadGroupFile,
  uploadPrivateFile,
} = createFunctions((accountId) => running.get(accountId)?.calls ?? ownConnection(accountId));

function ownConnection(accountId: string): Caller {
  // The host's snapshot is read-only by its type, and nothing here writes.
  const cfg = tryGetRuntime()?.config.current() as Config | undefined;
  if (!cfg) throw new Error(`napcatqq: no account ${accountId}: the gateway does not run here`);
  const known = listAccountIds(cfg);
  if (!known.includes(accountId)) {
    throw new Error(`napcatqq: no account ${accountId}; there are: ${known.join(", ") || "none"}`);
  }
  return {
    call: (action, params, options) =>
      connected(resolveAccount(cfg, accountId), ({ calls }) => calls.call(action, params, options)),
  };
}
