/** The bot's friends: an owner's alone. */

import { createFunctions } from "../qq/functions.ts";
import type { Ground } from "./administration.ts";
import { requireNoOwner } from "./administration.ts";

export interface Friends {
  setRemark(userId: string, remark: string): Promise<void>;
  remove(userId: string): Promise<void>;
  answerRequest(flag: string, approve: boolean, remark?: string): Promise<void>;
}

export function createFriends({ cfg, account, calls }: Ground): Friends {
  const guide = createFunctions(() => calls);
  return {
    setRemark: (userId, remark) => guide.setFriendRemark(account.accountId, userId, remark),
    async remove(userId) {
      requireNoOwner(cfg, userId);
      await guide.deleteFriend(account.accountId, userId);
    },
    async answerRequest(flag, approve, remark) {
      await calls.call("set_friend_add_request", { flag, approve, ...(remark && { remark }) });
    },
  };
}
