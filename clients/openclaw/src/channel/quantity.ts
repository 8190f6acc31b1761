const UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * A time as settings have it, in ms: a number, or digits with a unit as the bridge
 * reads them. Undefined for anything else.
 */
export function readTime(time: number | string | undefined): number | undefined {
  if (typeof time === "number") return time >= 0 ? time : undefined;
  const parts = /^(\d+)(ms|s|m|h|d)?$/.exec(time?.trim() ?? "");
  return parts ? Number(parts[1]) * (UNITS[parts[2] ?? "ms"] ?? 1) : undefined;
}
