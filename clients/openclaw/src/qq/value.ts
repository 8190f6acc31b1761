/** Reading what peers sent: any value may be of any type or missing, and none makes these throw. */

export type Fields = Readonly<Record<string, unknown>>;

const NONE: Fields = Object.freeze({});

/** The map, or an empty one. */
export function fields(value: unknown): Fields {
  return isFields(value) ? value : NONE;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Text, or a number in decimal; empty for everything else. */
export function text(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "bigint") return value.toString();
  return typeof value === "number" && Number.isFinite(value) ? String(value) : "";
}

/** An id as its digits; message ids may be negative outside NapCat. Empty if it is none. */
export function id(value: unknown): string {
  const digits = text(value).trim();
  return /^-?\d{1,20}$/.test(digits) ? digits : "";
}

/** QQ number or group number; peers write 0 for "not known". */
export function number(value: unknown): string {
  const digits = id(value);
  return digits === "0" || digits.startsWith("-") ? "" : digits;
}

/** A count of something, from a number or digits. */
export function count(value: unknown): number | undefined {
  const digits = text(value);
  if (!/^\d{1,20}$/.test(digits)) return undefined;
  return Number(digits);
}

/** The first text that is not empty. */
export function firstText(...values: readonly unknown[]): string {
  for (const value of values) {
    const found = text(value).trim();
    if (found !== "") return found;
  }
  return "";
}

/** JSON as a map; an empty one where it is none. */
export function parseFields(json: string): Fields {
  try {
    return fields(JSON.parse(json));
  } catch {
    return NONE;
  }
}
