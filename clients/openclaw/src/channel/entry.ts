import { isQqNumber } from "../qq/target.ts";

/**
 * An entry of an allow list. QQ gives users and groups numbers from the same range, so
 * a bare one is either, and is told by where it stands or by what it equals.
 */
export type Entry =
  | { kind: "everybody" }
  | { kind: "bare" | "user" | "group"; id: string }
  /** A list kept in the host's `accessGroups`. */
  | { kind: "accessGroup"; name: string };

const CHANNEL = /^(?:(?:napcatqq|qq)\s*:\s*)+/i;

/** Undefined for what is none: it allows nobody. */
export function readEntry(written: string | number): Entry | undefined {
  const text = String(written).trim().replace(CHANNEL, "");
  if (text === "*") return { kind: "everybody" };
  if (isQqNumber(text)) return { kind: "bare", id: text };
  const [prefix = "", ...rest] = text.split(":");
  const value = rest.join(":").trim();
  switch (prefix.trim().toLowerCase()) {
    case "user":
    case "private":
      return isQqNumber(value) ? { kind: "user", id: value } : undefined;
    case "group":
      return isQqNumber(value) ? { kind: "group", id: value } : undefined;
    case "accessgroup":
      return value ? { kind: "accessGroup", name: value } : undefined;
    default:
      return undefined;
  }
}

/** As the host's resolver wants senders: numbers, `*`, `accessGroup:<name>`; no groups. */
export function senderOf(entry: Entry): string | undefined {
  switch (entry.kind) {
    case "everybody":
      return "*";
    case "bare":
    case "user":
      return entry.id;
    case "accessGroup":
      return `accessGroup:${entry.name}`;
    case "group":
      return undefined;
  }
}

export function readEntries(written: readonly (string | number)[]): Entry[] {
  return written.map(readEntry).filter((entry) => entry !== undefined);
}

export function sendersOf(written: readonly (string | number)[]): string[] {
  return readEntries(written)
    .map(senderOf)
    .filter((sender) => sender !== undefined);
}
