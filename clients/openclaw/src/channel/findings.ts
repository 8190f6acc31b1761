import { CHANNEL_ID } from "./channel-id.ts";
import type { Config } from "./config.ts";
import type { ResolvedAccount } from "./settings.ts";

/** As the host's audit wants it. */
export interface Finding {
  checkId: string;
  severity: "info" | "warn" | "critical";
  title: string;
  detail: string;
  remediation?: string;
}

type Subject = { cfg: Config; account: ResolvedAccount };

/** What of an account's settings lets in more people, or lets them do more, than may be meant. */
export function findingsOf(subject: Subject): Finding[] {
  const findings = [
    openGroups(subject),
    everybody(subject),
    oneSession(subject),
    nobodysModeration(subject),
  ];
  return findings.filter((finding) => finding !== undefined);
}

function place(account: ResolvedAccount, key: string): string {
  return `channels.${CHANNEL_ID}.${key} (account ${account.accountId})`;
}

function openGroups({ account }: Subject): Finding | undefined {
  if (account.groupPolicy !== "open") return undefined;
  const silent = account.groups["*"]?.requireMention === false;
  return {
    checkId: `channels.${CHANNEL_ID}.groups.open`,
    severity: silent ? "critical" : "warn",
    title: silent
      ? "QQ: the bot answers every message of every group"
      : "QQ: anybody can use the bot by adding it to a group",
    detail: `${place(account, "groupPolicy")} is "open"${
      silent ? ", and groups.* has requireMention false" : ""
    }: whoever is in any group with the bot can speak to the model.`,
    remediation: `Set groupPolicy to "allowlist" and list the groups in channels.${CHANNEL_ID}.groups.`,
  };
}

/** The host finds `open` itself. */
function everybody({ account }: Subject): Finding | undefined {
  if (account.dmPolicy === "open" || account.dmPolicy === "disabled") return undefined;
  if (!account.allowFrom.includes("*")) return undefined;
  return {
    checkId: `channels.${CHANNEL_ID}.dm.everybody`,
    severity: "critical",
    title: "QQ: every stranger may write to the bot",
    detail: `${place(account, "allowFrom")} has "*", so that nobody is ever asked to pair.`,
    remediation: 'Remove "*" and list QQ numbers, or let people pair.',
  };
}

function oneSession({ cfg, account }: Subject): Finding | undefined {
  if (cfg.session?.dmScope !== "main" || account.dmPolicy === "disabled") return undefined;
  return {
    checkId: `channels.${CHANNEL_ID}.dm.scope`,
    severity: "warn",
    title: "QQ: all private chats share one conversation",
    detail:
      'session.dmScope is "main": what one person writes in private is in what the model is told when another one writes.',
    remediation:
      'Set session.dmScope to "per-account-channel-peer", or remove it: this channel then keeps people apart by itself.',
  };
}

function nobodysModeration({ cfg, account }: Subject): Finding | undefined {
  const { moderation, friends } = account.actions;
  const owners = cfg.commands?.ownerAllowFrom ?? [];
  if (!(moderation || friends) || owners.length > 0) return undefined;
  const which = [moderation && "moderation", friends && "friends"].filter(Boolean).join(" and ");
  return {
    checkId: `channels.${CHANNEL_ID}.actions.owner`,
    severity: "warn",
    title: "QQ: there are tools for the owner, and no owner",
    detail: `${place(account, "actions")} turns on ${which}, which only the owner can use, and commands.ownerAllowFrom is empty.`,
    remediation: `Put your own number into commands.ownerAllowFrom ("${CHANNEL_ID}:<QQ number>"), or turn them off.`,
  };
}
