import { defineStableChannelIngressIdentity } from "openclaw/plugin-sdk/channel-ingress-runtime";
import { isQqNumber } from "../qq/target.ts";

/**
 * A QQ number as it stands in settings and in OpenClaw's store: with the channel's
 * name or a kind before it, or without. `*` is everybody. Empty for what is neither.
 */
export function normalizeEntry(entry: string): string {
  const bare = entry.trim().replace(/^(?:(?:napcatqq|qq|user|private)\s*:\s*)+/i, "");
  return bare === "*" || isQqNumber(bare) ? bare : "";
}

/**
 * Who speaks is told by QQ itself, over a link that the bridge has authenticated:
 * nobody can take another's number.
 */
export const qqIdentity = defineStableChannelIngressIdentity({
  key: "qq-user-id",
  authentication: "verified",
  sensitivity: "pii",
  normalize: (value) => normalizeEntry(value) || null,
  isWildcardEntry: (entry) => normalizeEntry(entry) === "*",
});
