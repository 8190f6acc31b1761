/** Requests of the last days, from the bridge's journal: their flags are exact there. */

import { decodeEnvelope } from "../bus/envelope.ts";
import type { Caller, Envelope } from "../bus/types.ts";
import { line } from "../qq/text.ts";
import { fields, list, number, text } from "../qq/value.ts";

export type RequestKind = "friend" | "group";

const TOPICS: Readonly<Record<RequestKind, string>> = {
  friend: "qq.private.*.request.*",
  group: "qq.group.*.request.*",
};
const DAY = 86_400_000;
/** Slices of the journal; each is the bridge's bound of work. */
const SLICES_MAX = 200;
const SHOWN_MAX = 20;

/** A line each, the newest last. Whether they have been answered nobody says. */
export async function readRequests(
  calls: Caller,
  account: string,
  kind: RequestKind,
): Promise<string[]> {
  const found: string[] = [];
  let after = 0;
  for (let slice = 0; slice < SLICES_MAX; slice++) {
    const reply = await calls.call("bridge.replay", {
      after,
      max_age: 7 * DAY,
      topics: [TOPICS[kind]],
    });
    const data = fields(reply.data);
    for (const message of list(data["events"])) {
      const envelope = message instanceof Uint8Array ? decodeEnvelope(message) : undefined;
      if (envelope?.account === account) found.push(described(envelope));
    }
    after = Number(data["next"] ?? after);
    if (data["truncated"] !== true) break;
  }
  return found.slice(-SHOWN_MAX);
}

function described({ event, time }: Envelope): string {
  const group = number(event["group_id"]);
  const kind = text(event["sub_type"]);
  const parts = [
    new Date(time).toISOString().slice(0, 16).replace("T", " "),
    group && `group:${group}`,
    kind && `kind=${kind}`,
    `from private:${number(event["user_id"])}`,
    `flag=${text(event["flag"])}`,
  ];
  const comment = line(text(event["comment"]), 200);
  return parts.filter(Boolean).join(" ") + (comment && `: ${comment}`);
}
