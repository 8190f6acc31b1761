/** Reading what a model or an operator gave. The errors name what, and what is allowed. */

import { isQqNumber } from "../qq/target.ts";
import { text } from "../qq/value.ts";

export type Given = Readonly<Record<string, unknown>>;

export class BadParam extends Error {
  override readonly name = "BadParam";
}

/** A text; undefined where none or only blanks were given. */
export function readText(given: Given, key: string): string | undefined {
  const value = given[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string" && typeof value !== "number") {
    throw new BadParam(`${key}: allowed: a text`);
  }
  return String(value).trim() || undefined;
}

export function needText(given: Given, key: string): string {
  return readText(given, key) ?? missing(key, "a text");
}

/** QQ number: `42`, `private:42`, `user:42`. */
export function readUser(given: Given, ...keys: string[]): string | undefined {
  return readNumber(
    given,
    keys,
    /^(?:(?:napcatqq|qq|private|user|friend|dm)\s*:\s*)+/i,
    "a QQ number",
  );
}

export function needUser(given: Given, ...keys: string[]): string {
  return readUser(given, ...keys) ?? missing(keys[0] ?? "", "a QQ number");
}

/** Group number: `700`, `group:700`. */
export function readGroup(given: Given, ...keys: string[]): string | undefined {
  return readNumber(given, keys, /^(?:(?:napcatqq|qq|group|channel)\s*:\s*)+/i, "a group number");
}

export function needMessage(given: Given, ...keys: string[]): string {
  for (const key of keys) {
    const id = text(given[key]).trim();
    if (id === "") continue;
    if (/^-?\d{1,20}$/.test(id)) return id;
    throw new BadParam(`${key}: allowed: the number of a message`);
  }
  return missing(keys[0] ?? "", "the number of a message");
}

/** `fallback` where none was given. */
export function readWhole(
  given: Given,
  key: string,
  [least, most]: readonly [number, number],
  fallback?: number,
): number {
  const told = text(given[key]).trim();
  if (told === "" && fallback !== undefined) return fallback;
  const value = Number(told === "" ? Number.NaN : told);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new BadParam(
    `${key}: ${told === "" ? "required" : "allowed"}: a whole number from ${least} to ${most}`,
  );
}

export function readFlag(given: Given, key: string, fallback: boolean): boolean {
  const value = given[key];
  if (value === undefined || value === null) return fallback;
  if (value === true || value === "true") return true;
  if (value === false || value === "false") return false;
  throw new BadParam(`${key}: allowed: true or false`);
}

export function needFlag(given: Given, key: string): boolean {
  return given[key] === undefined ? missing(key, "true or false") : readFlag(given, key, false);
}

export function needOneOf<T extends string>(given: Given, key: string, words: readonly T[]): T {
  const word = words.find((each) => each === given[key]);
  if (word !== undefined) return word;
  throw new BadParam(`${key}: required: one of ${words.join(", ")}`);
}

function readNumber(
  given: Given,
  keys: readonly string[],
  prefix: RegExp,
  allowed: string,
): string | undefined {
  for (const key of keys) {
    const value = text(given[key]).trim().replace(prefix, "");
    if (value === "") continue;
    if (isQqNumber(value)) return value;
    throw new BadParam(`${key}: allowed: ${allowed}`);
  }
  return undefined;
}

function missing(key: string, allowed: string): never {
  throw new BadParam(`${key}: required: ${allowed}`);
}
