/**
 * Patterns of topics: which events are wanted.
 *
 *     qq.group.*               all that happens in groups
 *     qq.group.*.message.*     messages of all groups
 *     qq.group.20002.          a plain prefix: what is below it
 *
 * A `*` in the middle stands for one token, a last one for one or more. A pattern
 * without `*` is one topic, or with a dot at its end all that is below.
 */

/** Bytes of the longest pattern the bridge takes. */
const PATTERN_MAX = 383;
const TOKEN = /^[A-Za-z0-9_-]+$/;

/** What is given is no pattern: the text names the place and what is allowed. */
export class PatternError extends Error {
  override readonly name = "PatternError";
}

/**
 * What to subscribe to: all topics that match begin with it. It ends in a dot, or in
 * NUL where the pattern is one topic.
 *
 * @throws {PatternError}
 */
export function prefixOf(pattern: string): string {
  check(pattern);
  const star = pattern.indexOf("*");
  if (star >= 0) return pattern.slice(0, star);
  return pattern.endsWith(".") ? pattern : `${pattern}\0`;
}

/**
 * Whether a topic fits one of `patterns`; every one does if there are none.
 *
 * @throws {PatternError}
 */
export function matcher(patterns: readonly string[]): (topic: string) => boolean {
  for (const pattern of patterns) check(pattern);
  if (patterns.length === 0 || patterns.includes("*")) return () => true;
  const whole = new RegExp(`^(?:${patterns.map(expression).join("|")})$`);
  return (topic) => whole.test(topic);
}

function expression(pattern: string): string {
  const tokens = pattern.split(".");
  const last = tokens.pop();
  const parts = tokens.map((token) => (token === "*" ? "[^.]+" : token));
  parts.push(last === "" || last === "*" ? ".+" : (last ?? ""));
  return parts.join("\\.");
}

function check(pattern: string): void {
  if (pattern.length > PATTERN_MAX) {
    throw fault(pattern, `${pattern.length} bytes; allowed: ${PATTERN_MAX}`);
  }
  const tokens = pattern.split(".");
  const isPrefix = tokens.length > 1 && tokens.at(-1) === "";
  (isPrefix ? tokens.slice(0, -1) : tokens).forEach((token, at) => {
    if (token === "*" || TOKEN.test(token)) return;
    const what = `token ${at + 1}, ${JSON.stringify(token.slice(0, 80))}`;
    throw fault(pattern, `${what}; allowed: letters, digits, _ and -, or * alone`);
  });
  if (isPrefix && tokens.includes("*")) {
    throw fault(pattern, `ends in a dot; allowed: ${pattern.slice(0, -1)}, or ${pattern}*`);
  }
}

function fault(pattern: string, what: string): PatternError {
  return new PatternError(
    `pattern ${JSON.stringify(pattern.slice(0, 80))}: ${what}; e.g. qq.group.*`,
  );
}
