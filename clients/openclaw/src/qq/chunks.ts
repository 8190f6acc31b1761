/**
 * Text cut to what QQ takes in one message.
 *
 * The host's own cutter knows line ends and blanks; Chinese has no blanks, so its
 * cuts fall within words and sentences, and within an emoji made of several code
 * points. Here the cut is at the best end that the room's second half has: of a
 * paragraph, a line, a sentence, a clause, a word; never within a mention, a face, a link or
 * a character that is seen as one, unless that alone is longer than the limit.
 */

import { FACE } from "./faces.ts";
import { mentionPieces } from "./mention.ts";

/** Ends to cut at, the best first. A match's end is where the next message begins. */
const ENDS: readonly RegExp[] = [
  /\n[^\S\n]*\n\s*/g,
  /\n/g,
  /[。！？…!?]+[”’」』）)】》"']*|\.[”’)"']*(?=\s)/g,
  /[，、；：;]+[”’」』）)】》]*|[,:](?=\s)/g,
  /\s+/g,
];

/** As far as it cannot be taken for a mention or for what it stands in. */
const LINK = /https?:\/\/[!-'*-?A-~]+/g;
const FENCE = /^[^\S\n]*(?:```|~~~)[^\n]*\n[\s\S]*?(?:^[^\S\n]*(?:```|~~~)[^\S\n]*$|(?![\s\S]))/gm;
/** As many code units as the longest emoji and then some; to see where one ends. */
const AHEAD = 64;

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const words = new Intl.Segmenter("zh", { granularity: "word" });

interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * The text in parts of at most `limit` characters (code points, as the bridge counts).
 * Nothing is lost but white space where it was cut, and none is empty.
 */
export function chunkText(text: string, limit: number): string[] {
  const room = Math.max(1, Math.floor(limit));
  const whole = rangesOf(text);
  const blocks = [...text.matchAll(FENCE)].map(rangeOf);
  const chunks: string[] = [];
  let from = 0;
  while (from < text.length) {
    const end = advance(text, from, room);
    const cut = end === text.length ? end : bestCut(text, from, end, whole, blocks);
    const chunk = trimmed(text, from, cut);
    if (chunk !== "") chunks.push(chunk);
    from = cut;
  }
  return chunks;
}

/** Blanks that begin a line indent it; those where a line was cut are nothing. */
function trimmed(text: string, from: number, cut: number): string {
  const part = text.slice(from, cut).trimEnd();
  const lineBegins = from === 0 || text[from - 1] === "\n";
  return lineBegins ? part.replace(/^(?:[^\S\n]*\n)+/, "") : part.trimStart();
}

/** The index `points` code points on, or the end. */
function advance(text: string, from: number, points: number): number {
  let index = from;
  for (let left = points; left > 0 && index < text.length; left--) {
    index += (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
  }
  return index;
}

function rangesOf(text: string): Range[] {
  const ranges = [...text.matchAll(LINK), ...text.matchAll(FACE)].map(rangeOf);
  let at = 0;
  for (const piece of mentionPieces(text)) {
    const range = { start: at, end: at + piece.text.length };
    if (piece.kind === "mention") ranges.push(range);
    at = range.end;
  }
  return ranges.sort((a, b) => a.start - b.start);
}

function rangeOf(found: RegExpExecArray): Range {
  return { start: found.index, end: found.index + found[0].length };
}

function bestCut(
  text: string,
  from: number,
  end: number,
  whole: readonly Range[],
  blocks: readonly Range[],
): number {
  const least = from + Math.ceil((end - from) / 2);
  const block = within(blocks, end);
  if (block && block.start >= from + Math.ceil((end - from) / 4)) return block.start;
  // One more unit, for ends that ask what follows.
  const window = text.slice(from, end + 1);
  for (const ends of ENDS) {
    const cut = lastEnd(window, ends, from, end, whole);
    if (cut >= least) return cut;
  }
  return wordCut(text, from, end, whole);
}

/** Where the last end within the room is, or -1. */
function lastEnd(
  window: string,
  ends: RegExp,
  from: number,
  end: number,
  whole: readonly Range[],
): number {
  let best = -1;
  for (const found of window.matchAll(ends)) {
    const cut = Math.min(from + found.index + found[0].length, end);
    const splits = cut < from + found.index + found[0].trimEnd().length;
    if (!splits && !within(whole, cut)) best = cut;
  }
  return best;
}

/** Before the word that does not fit, else within it. */
function wordCut(text: string, from: number, end: number, whole: readonly Range[]): number {
  const window = text.slice(from, end + AHEAD);
  const limit = within(whole, end)?.start ?? end;
  if (limit <= from) return charCut(window, from, end);
  const word = from + (words.segment(window).containing(limit - from)?.index ?? 0);
  const cut = within(whole, word)?.start ?? word;
  return cut > from ? cut : charCut(window, from, limit);
}

/** Between characters as they are seen; code points where one fills all the room. */
function charCut(window: string, from: number, end: number): number {
  const start = graphemes.segment(window).containing(end - from)?.index ?? 0;
  return start > 0 ? start + from : end;
}

/** The range that a cut at `index` would split; ranges are in order and do not overlap. */
function within(ranges: readonly Range[], index: number): Range | undefined {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranges[middle]?.end ?? 0) <= index) low = middle + 1;
    else high = middle;
  }
  const found = ranges[low];
  return found && found.start < index ? found : undefined;
}
