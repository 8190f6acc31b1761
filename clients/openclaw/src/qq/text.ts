/** Text of strangers, made fit to stand in a line or within a bound. */

/** Control characters, and what turns the direction of text around. */
const INVISIBLE = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufff0-\uffff]/gu;

/** At most `max` code units and never half a character; what was cut is told by `…`. */
export function bounded(text: string, max: number): string {
  if (text.length <= max) return text;
  return `${head(text, Math.max(0, max - 1))}…`;
}

/** The first `max` code units, less one where that would cut a surrogate pair. */
export function head(text: string, max: number): string {
  const last = text.charCodeAt(max - 1);
  const half = max > 0 && last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, half ? max - 1 : max);
}

/** One line that cannot reach beyond its place: for names, titles and what quotes them. */
export function line(text: string, max = 200): string {
  const cut = text.length > 4 * max ? head(text, 4 * max) : text;
  return bounded(cut.replace(INVISIBLE, " ").replace(/\s+/g, " ").trim(), max);
}

/** Line ends as `\n`, and no control characters beside them and tabs. */
export function lines(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(/(?![\t\n])\p{Cc}/gu, "");
}

/** `[kind: part | part]`, empty parts left out. */
export function label(kind: string, ...parts: readonly string[]): string {
  const told = parts.filter((part) => part !== "");
  return told.length === 0 ? `[${kind}]` : `[${kind}: ${told.join(" | ")}]`;
}

/** `1.5 MB`; empty if the size is not known. */
export function bytes(size: number | undefined): string {
  if (size === undefined) return "";
  const units = ["B", "KB", "MB", "GB", "TB"];
  let value = size;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : Number(value.toPrecision(3))} ${units[unit]}`;
}

/** URLs of peers in string form keep the escapes of CQ codes. */
export function unescapeUrl(url: string): string {
  return url
    .replaceAll("&#91;", "[")
    .replaceAll("&#93;", "]")
    .replaceAll("&#44;", ",")
    .replaceAll("&amp;", "&");
}
