/** Pairing by QQ number, over the host's own store: its gateway keeps it. */

import { line } from "../qq/text.ts";
import { fields, list, text } from "../qq/value.ts";
import { CHANNEL_ID } from "./channel-id.ts";
import { BadParam, needUser } from "./params.ts";

/** A call of the gateway. */
export type Rpc = (
  method: string,
  params: Record<string, unknown>,
) => Promise<Record<string, unknown>>;

export interface Pending {
  requestId: string;
  accountId: string;
  /** QQ number. */
  senderId: string;
  name: string;
  /** ms since 1970. */
  expiresAt: number;
}

export interface Whom {
  /** A QQ number, as people write it. */
  who: string;
  accountId?: string | undefined;
}

export interface ApproveOptions extends Whom {
  /** Tell them in QQ. */
  notify: boolean;
  /** They become the command owner, if there is none. */
  owner: boolean;
}

export async function listPending(rpc: Rpc, accountId?: string): Promise<Pending[]> {
  const reply = await rpc("channels.pairing.list", {
    channel: CHANNEL_ID,
    ...(accountId && { accountId }),
  });
  if (accountId && list(reply["accounts"]).length === 0) {
    throw new BadParam(
      `account ${accountId}: there is none, or its dmPolicy is not pairing; \`openclaw channels list\` shows the accounts`,
    );
  }
  return list(reply["requests"]).map((item) => {
    const request = fields(item);
    return {
      requestId: text(request["requestId"]),
      accountId: text(request["accountId"]),
      senderId: text(request["senderId"]),
      name: line(text(fields(request["metadata"])["name"]), 60),
      expiresAt: Date.parse(text(request["expiresAt"])) || 0,
    };
  });
}

/** Let somebody in who has asked; what was done, in a sentence. */
export async function approve(rpc: Rpc, options: ApproveOptions): Promise<string> {
  const request = await requestOf(rpc, options);
  const reply = await rpc("channels.pairing.approve", {
    channel: CHANNEL_ID,
    accountId: request.accountId,
    requestId: request.requestId,
    notify: options.notify,
    ...(options.owner && { bootstrapCommandOwner: true }),
  });
  return [
    `${named(request)} may write to the bot now (account ${request.accountId})`,
    NOTICES[text(reply["notification"])],
    options.owner && OWNERSHIP[text(reply["commandOwnerBootstrap"])],
  ]
    .filter(Boolean)
    .join("; ");
}

const NOTICES: Readonly<Record<string, string>> = {
  sent: "they were told in QQ",
  failed: "they could not be told in QQ: the gateway's log says why",
  unsupported: "they were not told",
};

const OWNERSHIP: Readonly<Record<string, string>> = {
  configured: "they are the command owner",
  "already-configured": "there is a command owner already, who stays the only one",
  unavailable: "they could not be made the command owner: the gateway's log says why",
};

export async function deny(rpc: Rpc, whom: Whom): Promise<string> {
  const request = await requestOf(rpc, whom);
  const { accountId, requestId } = request;
  await rpc("channels.pairing.dismiss", { channel: CHANNEL_ID, accountId, requestId });
  return `the request of ${named(request)} is dismissed (account ${accountId})`;
}

/** @throws BadParam that says which requests there are. */
async function requestOf(rpc: Rpc, { who, accountId }: Whom): Promise<Pending> {
  const senderId = needUser({ who }, "who");
  const pending = await listPending(rpc, accountId);
  const found = pending.filter((request) => request.senderId === senderId);
  const request = found[0];
  if (request === undefined) {
    const others = pending.map((each) => `  ${describePending(each)}`).join("\n");
    throw new BadParam(
      `${senderId} has not asked, or it is more than an hour ago: let them write to the bot again.\n` +
        (others ? `Pending:\n${others}` : "Nobody else is waiting."),
    );
  }
  if (found.length === 1) return request;
  const accounts = found.map((each) => each.accountId).join(", ");
  throw new BadParam(
    `${senderId} has asked several accounts: choose with --account, of ${accounts}`,
  );
}

function named({ senderId, name }: Pending): string {
  return name ? `${name} (${senderId})` : senderId;
}

export function describePending(request: Pending, now = Date.now()): string {
  const minutes = Math.max(0, Math.ceil((request.expiresAt - now) / 60_000));
  return `${named(request)}, account ${request.accountId}, for ${minutes} more min`;
}
