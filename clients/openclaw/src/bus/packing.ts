/** MessagePack with integers that are exact to 64 bits. */

import { type DecoderOptions, decode, encode } from "@msgpack/msgpack";

const BITS_32 = 0xffff_ffff;

/**
 * The bytes of a value: maps, arrays, strings, numbers, booleans, null, bigints up
 * to 64 bits, and `Uint8Array` as bin. A key that is undefined is left out.
 *
 * @throws {Error} for what has no such form: a function, a map in itself, 100 levels.
 */
export function pack(value: unknown): Uint8Array {
  return encode(widened(value, 0), { useBigInt64: true, ignoreUndefined: true });
}

/**
 * The value of bytes. Integers are numbers where they are exact, else bigints; bin is
 * a view of `bytes`.
 *
 * @throws {Error} for what is no MessagePack, or a map whose keys are no strings.
 */
export function unpack(bytes: Uint8Array): unknown {
  return narrowed(decode(bytes, limits(bytes.length)));
}

/** Nothing can have more parts than there are bytes, whatever it says of itself; of strings and bins the decoder sees to that. */
function limits(size: number): DecoderOptions {
  return {
    useBigInt64: true,
    mapKeyConverter: stringKey,
    maxArrayLength: size,
    maxMapLength: size,
  };
}

function stringKey(key: unknown): string {
  if (typeof key === "string") return key;
  throw new Error(`a key of a map is ${typeof key}; allowed: strings`);
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    (Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null)
  );
}

/** The encoder makes floats of numbers above 32 bits, so those become bigints. */
function widened(value: unknown, depth: number): unknown {
  if (typeof value === "number") return isLong(value) ? BigInt(value) : value;
  if (depth > 100) throw new Error("nested more than 100 levels deep");
  if (Array.isArray(value)) return value.map((each) => widened(each, depth + 1));
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, widened(each, depth + 1)]),
  );
}

function isLong(value: number): boolean {
  return Number.isSafeInteger(value) && (value > BITS_32 || value < -BITS_32 / 2);
}

/** The decoder makes bigints of all integers of 64 bits; most of them are small. In place. */
function narrowed(value: unknown): unknown {
  if (typeof value === "bigint") return isExact(value) ? Number(value) : value;
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) value[at] = narrowed(value[at]);
  } else if (isMap(value)) {
    for (const key of Object.keys(value)) value[key] = narrowed(value[key]);
  }
  return value;
}

function isExact(value: bigint): boolean {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
}
