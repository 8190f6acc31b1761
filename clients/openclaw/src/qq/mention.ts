/**
 * Mentions in text that is to be sent. The grammar:
 *
 *     @10001            that person, by QQ number (5 to 11 digits)
 *     @name(10001)      the same, as mentions stand in messages that came in
 *     @all              everybody, where that is allowed
 *
 * Not within an address, a link or a word of ASCII (`a@10001`, `@10001.example`), and not if
 * more digits follow. Chinese stands beside mentions without a blank.
 */

export type Piece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "mention"; readonly qq: string; readonly text: string };

const AFTER = "(?![A-Za-z0-9_-]|\\.[A-Za-z0-9])";
const MENTION = new RegExp(
  `@(?:([1-9]\\d{4,10})${AFTER}|[^\\s@()（）]{1,40}\\(([1-9]\\d{4,10})\\)|(?:all|全体成员)${AFTER})`,
  "g",
);
/** What an @ stands behind where it is part of something else. */
const WITHIN = /[\w.%+/=&?#-]/;

/** The text cut at its mentions. Joined, the pieces' texts are the text. */
export function mentionPieces(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const found of text.matchAll(MENTION)) {
    const { index, 0: told, 1: qq, 2: namedQq } = found;
    const before = text[index - 1] ?? "";
    const follows = index === from && pieces.at(-1)?.kind === "mention";
    if (WITHIN.test(before) && !follows) continue;
    if (index > from) pieces.push({ kind: "text", text: text.slice(from, index) });
    pieces.push({ kind: "mention", qq: qq ?? namedQq ?? "all", text: told });
    from = index + told.length;
  }
  if (from < text.length) pieces.push({ kind: "text", text: text.slice(from) });
  return pieces;
}

/** `@name(10001)`: how a mention is told and, where it is sent on, understood. */
export function describeMention(qq: string, name: string): string {
  const called = name
    .replace(/[@()（）]/g, "")
    .trim()
    .replace(/\s+/g, "_");
  return called === "" || called === qq ? `@${qq}` : `@${called}(${qq})`;
}
