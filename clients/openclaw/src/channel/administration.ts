/**
 * What changes a group or its members. Whoever asks has been found to be an owner
 * before; here it is decided what not even an owner has done through the model: in
 * groups that are none of the bot's, and to the bot itself or to an owner.
 */

import type { Caller } from "../bus/types.ts";
import { createFunctions } from "../qq/functions.ts";
import type { Config } from "./config.ts";
import { groupAccess } from "./group-access.ts";
import { normalizeEntry } from "./identity.ts";
import { selfOf } from "./messages.ts";
import { NotAllowed } from "./requester.ts";
import type { ResolvedAccount } from "./settings.ts";

export interface Ground {
  cfg: Config;
  account: ResolvedAccount;
  calls: Caller;
}

/** All of them reject with `NotAllowed` before anything is sent, or with a `CallError`. */
export interface Administration {
  /** 0 lifts the mute. */
  mute(groupId: string, userId: string, seconds: number): Promise<void>;
  muteAll(groupId: string, enable: boolean): Promise<void>;
  /** `forever`: they cannot ask to join again. */
  kick(groupId: string, userId: string, forever: boolean): Promise<void>;
  setAdmin(groupId: string, userId: string, enable: boolean): Promise<void>;
  /** What the group calls a member; empty takes it away. */
  setCard(groupId: string, userId: string, card: string): Promise<void>;
  setTitle(groupId: string, userId: string, title: string): Promise<void>;
  rename(groupId: string, name: string): Promise<void>;
  setPicture(groupId: string, file: string): Promise<void>;
  announce(groupId: string, text: string): Promise<void>;
  leave(groupId: string): Promise<void>;
  /** Of somebody who asks to join (`add`), or who invites the bot (`invite`). */
  answerRequest(groupId: string, answer: RequestAnswer): Promise<void>;
  /** Take back what somebody else has said. */
  recall(groupId: string, messageId: string): Promise<void>;
}

export interface RequestAnswer {
  kind: "add" | "invite";
  flag: string;
  approve: boolean;
  reason?: string | undefined;
}

export function createAdministration(ground: Ground): Administration {
  const { account, calls } = ground;
  const guide = createFunctions(() => calls);
  const inGroup = (groupId: string): void => requireGroup(account, groupId);
  const onMember = async (groupId: string, userId: string): Promise<void> => {
    requireGroup(account, groupId);
    await requireOther(ground, userId);
  };
  const change = async (action: string, params: Record<string, unknown>): Promise<void> => {
    await calls.call(action, params);
  };
  const id = account.accountId;
  return {
    async mute(groupId, userId, seconds) {
      await onMember(groupId, userId);
      await guide.setGroupMute(id, groupId, userId, seconds);
    },
    async muteAll(groupId, enable) {
      inGroup(groupId);
      await guide.setGroupWholeMute(id, groupId, enable);
    },
    async kick(groupId, userId, forever) {
      await onMember(groupId, userId);
      await guide.kickGroupMember(id, groupId, userId, forever);
    },
    async setAdmin(groupId, userId, enable) {
      if (enable) inGroup(groupId);
      else await onMember(groupId, userId);
      await guide.setGroupAdmin(id, groupId, userId, enable);
    },
    async setCard(groupId, userId, card) {
      inGroup(groupId);
      await change("set_group_card", { group_id: groupId, user_id: userId, card });
    },
    async setTitle(groupId, userId, title) {
      inGroup(groupId);
      await change("set_group_special_title", {
        group_id: groupId,
        user_id: userId,
        special_title: title,
        duration: -1,
      });
    },
    async rename(groupId, name) {
      inGroup(groupId);
      await guide.setGroupName(id, groupId, name);
    },
    async setPicture(groupId, file) {
      inGroup(groupId);
      await change("set_group_portrait", { group_id: groupId, file });
    },
    async announce(groupId, content) {
      inGroup(groupId);
      await change("_send_group_notice", { group_id: groupId, content });
    },
    async leave(groupId) {
      inGroup(groupId);
      await change("set_group_leave", { group_id: groupId, is_dismiss: false });
    },
    async answerRequest(groupId, { kind, flag, approve, reason }) {
      // The bot is in none of the groups that it is invited to.
      if (kind === "add") inGroup(groupId);
      await change("set_group_add_request", {
        flag,
        sub_type: kind,
        approve,
        ...(reason && { reason }),
      });
    },
    async recall(groupId, messageId) {
      inGroup(groupId);
      await change("delete_msg", { message_id: messageId });
    },
  };
}

function requireGroup(account: ResolvedAccount, groupId: string): void {
  const { enabled, listed } = groupAccess(account, groupId);
  const isOpen = account.groupPolicy === "open";
  if (enabled && account.groupPolicy !== "disabled" && (isOpen || listed)) return;
  throw new NotAllowed(
    `group ${groupId} is none that the bot is set up for: ` +
      "it has to be in channels.napcatqq.groups and enabled",
  );
}

async function requireOther({ cfg, calls }: Ground, userId: string): Promise<void> {
  requireNoOwner(cfg, userId);
  if ((await selfOf(calls)) !== userId) return;
  throw new NotAllowed(`${userId} is the bot itself`);
}

export function requireNoOwner(cfg: Config, userId: string): void {
  if (!ownersOf(cfg).has(userId)) return;
  throw new NotAllowed(`${userId} is an owner of the bot: nothing is done to owners`);
}

/** Those of the host's owners who are in QQ. */
function ownersOf(cfg: Config): ReadonlySet<string> {
  const entries = cfg.commands?.ownerAllowFrom ?? [];
  return new Set(entries.map((entry) => normalizeEntry(String(entry))));
}
