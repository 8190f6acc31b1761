import type { Caller } from "../bus/types.ts";
import { forgetOldest } from "../qq/recent.ts";
import type { Chat, Incoming } from "../qq/types.ts";
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

/** Remembered at most. */
const STRANGERS = 1000;

const accounts = new Map<string, Running>();
/** The groups through which strangers write privately, by account and number: QQ wants them named. */
const ways = new Map<string, string>();

/** The accounts whose connection may be shared: there are none in the processes of most commands. */
export const running = {
  get: (accountId: string): Running | undefined => accounts.get(accountId),
  set(accountId: string, account: Running): void {
    accounts.set(accountId, account);
  },
  /** Remember by which way somebody writes. */
  hear(accountId: string, { chat, viaGroup }: Incoming): void {
    if (chat.kind !== "private") return;
    ways.delete(`${accountId} ${chat.id}`);
    if (viaGroup) ways.set(`${accountId} ${chat.id}`, viaGroup);
    forgetOldest(ways, STRANGERS);
  },
  /** The group that a private chat goes through; undefined with friends. */
  via: (accountId: string, chat: Chat): string | undefined =>
    chat.kind === "private" ? ways.get(`${accountId} ${chat.id}`) : undefined,
  /** Forget it, unless another has come in its place meanwhile. */
  delete(accountId: string, account: Running): void {
    if (accounts.get(accountId) === account) accounts.delete(accountId);
  },
};
