import { CallError } from "../bus/errors.ts";
import type { Caller } from "../bus/types.ts";
import type { Chat } from "../qq/types.ts";
import { reasonOf } from "../sp/thrown.ts";
import type { Log } from "./log.ts";

/** Shows in private chats that an answer is being written; groups have no such thing. */
export interface Typing {
  start(chat: Chat): Promise<void>;
}

const TYPING = 1;
const TIMEOUT = 5_000;
/** Of these there will be no other answer: the peer does not have it. */
const NEVER = new Set(["unknown_action", "unsupported_by_peer", "denied"]);

export function createTyping(calls: Caller, log: Log): Typing {
  let supported = true;
  return {
    async start(chat) {
      if (!supported || chat.kind !== "private") return;
      try {
        await calls.call(
          "set_input_status",
          { user_id: chat.id, event_type: TYPING },
          { timeout: TIMEOUT },
        );
      } catch (error) {
        supported = !(error instanceof CallError && NEVER.has(error.error));
        log.debug(`typing state not shown: ${reasonOf(error)}`);
      }
    },
  };
}
