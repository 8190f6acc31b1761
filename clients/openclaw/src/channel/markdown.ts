/**
 * Markdown as QQ shows it: as plain text.
 *
 * Parsing is the host's, which knows that Chinese has no blanks around `**`; what is
 * here is how it reads without any form: lists with their marks, tables as lines, links
 * with their address behind them, pictures taken out to be sent as such.
 */

import {
  findCodeRegions,
  isInsideCode,
  type MarkdownIR,
  type MarkdownTableCell,
  markdownToIRWithMeta,
  tokenizeHtmlTags,
} from "openclaw/plugin-sdk/text-chunking";

export interface PlainText {
  text: string;
  /** Addresses of pictures, in their order; they are no longer in the text. */
  images: string[];
}

/** A change to a text; those of one text do not overlap. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

type Tag = NonNullable<MarkdownIR["htmlTags"]>[number];
type Table = ReturnType<typeof markdownToIRWithMeta>["tables"][number];

/** Tags of HTML that form text; others, such as `<your-name>`, are what was meant to be read. */
const FORMING =
  /^(?:a|abbr|b|big|blockquote|br|center|code|del|details|dd|div|dl|dt|em|font|h[1-6]|hr|i|img|ins|kbd|li|mark|ol|p|pre|s|small|span|strong|sub|summary|sup|table|tbody|td|th|thead|tr|u|ul)$/;
const BREAKING = /^(?:br|p|div|li|tr|h[1-6]|hr)$/;
/** What is taken out, pictures with the blank before them, or two would be left. */
const OUT =
  /[^\S\n]?!\[[^\]\n]*\]\(\s*<?(https?:\/\/(?:[^\s<>()]|\([^\s<>()]*\))+)>?(?:\s+(?:"[^"\n]*"|'[^'\n]*'))?\s*\)|<img\s[^<>]*?src=["'](https?:\/\/[^\s"'<>]+)["'][^<>]*>|<!--[\s\S]*?-->/g;
/** A product, `2*3*4`; a name, `__init__`; a note, `[^1]`, that QQ has no foot for. */
const LOOKALIKE =
  /(?<=[A-Za-z0-9)])\*(?=[A-Za-z0-9(])|(?<!\w)__[a-z][a-z0-9]*(?:_[a-z0-9]+)*__(?!\w)|\[(?=\^[^\]\s]+\])/g;

/** The text that is left of Markdown, and its pictures. Text without Markdown stays as it is. */
export function plainText(markdown: string): PlainText {
  const { source, images } = prepare(markdown.replace(/\r\n?/g, "\n"));
  const { ir, tables } = markdownToIRWithMeta(source, {
    headingStyle: "none",
    tableMode: "block",
    enableTaskLists: true,
    autolink: true,
    linkify: false,
    horizontalRuleText: "────────",
    preserveSourceBlockSpacing: true,
    preserveDunderIdentifiers: true,
  });
  const edits = [
    ...linkEdits(ir),
    ...tagEdits(ir.htmlTags ?? []),
    ...quoteEdits(ir),
    ...spaceEdits(ir),
    ...tables.map(tableEdit),
  ];
  const text = applyEdits(ir.text, edits).replace(/[^\S\n]+$/gm, "");
  return { text: text.replace(/^\n+|\s+$/g, ""), images };
}

/** Outside of code: pictures and comments out, and what only looks like Markdown escaped. */
function prepare(markdown: string): { source: string; images: string[] } {
  const images: string[] = [];
  const shown = replaceOutsideCode(markdown, OUT, ([, picture, tagged]) => {
    const address = picture ?? tagged;
    if (address !== undefined) images.push(address);
    return "";
  });
  const source = replaceOutsideCode(shown, LOOKALIKE, ([found]) => found.replace(/[*_[]/g, "\\$&"));
  return { source, images };
}

function replaceOutsideCode(
  markdown: string,
  pattern: RegExp,
  replacement: (found: RegExpExecArray) => string,
): string {
  const code = findCodeRegions(markdown);
  const edits = [...markdown.matchAll(pattern)]
    .filter(({ index }) => !isInsideCode(index, code))
    .map((found) => ({
      start: found.index,
      end: found.index + found[0].length,
      text: replacement(found),
    }));
  return applyEdits(markdown, edits);
}

function linkEdits(ir: Pick<MarkdownIR, "text" | "links">): Edit[] {
  return ir.links.flatMap(({ start, end, href }) => {
    const suffix = linkSuffix(ir.text.slice(start, end), href);
    return suffix === "" ? [] : [{ start: end, end, text: suffix }];
  });
}

/** Where the text says where it leads, and where it leads nowhere, it is enough. */
function linkSuffix(label: string, href: string): string {
  if (!/^(?:https?|ftp|mqqapi|mailto|tel):/i.test(href)) return "";
  const bare = (url: string) => decoded(url).replace(/^(?:https?:\/\/|mailto:|tel:)|\/$/gi, "");
  if (bare(label.trim()) === bare(href)) return "";
  return label.trim() === "" ? href : ` (${href})`;
}

function decoded(url: string): string {
  try {
    return decodeURI(url);
  } catch {
    return url;
  }
}

function tagEdits(tags: Iterable<Tag>): Edit[] {
  let href = "";
  return [...tags].flatMap((tag) => {
    if (!FORMING.test(tag.name.toLowerCase())) return [];
    const text = tagText(tag, href);
    if (tag.name.toLowerCase() === "a") href = tag.closing ? "" : hrefOf(tag);
    return [{ start: tag.start, end: tag.end, text }];
  });
}

function tagText({ name, closing }: Tag, href: string): string {
  const tag = name.toLowerCase();
  if (tag === "a" && closing && href !== "") return ` (${href})`;
  if (tag === "sup" && !closing) return "^";
  return BREAKING.test(tag) && (closing || tag === "br" || tag === "hr") ? "\n" : "";
}

function hrefOf({ raw }: Tag): string {
  return /\shref=["'](https?:\/\/[^\s"'<>]+)["']/i.exec(raw)?.[1] ?? "";
}

/** Each line of a quote says that it is one. */
function quoteEdits(ir: MarkdownIR): Edit[] {
  const begins = new Set<number>();
  for (const { style, start, end } of ir.styles) {
    if (style !== "blockquote") continue;
    let at = start;
    while (at < end) {
      begins.add(at);
      const next = ir.text.indexOf("\n", at);
      if (next < 0) break;
      at = next + 1;
    }
  }
  return [...begins].map((start) => ({ start, end: start, text: "> " }));
}

/** One blank line is enough, but not for code to stay what it was. */
function spaceEdits(ir: MarkdownIR): Edit[] {
  const code = ir.styles.filter(({ style }) => style === "code_block");
  return [...ir.text.matchAll(/(?<=\n\n)\n+/g)]
    .filter(({ index }) => !isInsideCode(index, code))
    .map(({ index, 0: { length } }) => ({ start: index, end: index + length, text: "" }));
}

/**
 * Two columns as `a: b`; more as the first cell with the others below it by their
 * headings: telephones have no room for columns, nor letters of one width.
 */
function tableEdit(table: Table): Edit {
  const heads = table.headerCells.map(cellText);
  const rows = table.rowCells.map((row) => row.map(cellText));
  const told =
    heads.length > 2 ? rows.map((row) => record(heads, row)).join("\n\n") : pairs(heads, rows);
  return { start: table.placeholderOffset, end: table.placeholderOffset, text: `${told}\n\n` };
}

function pairs(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const told = [heads, ...rows].map((row) => row.filter((cell) => cell !== "").join(": "));
  return told
    .map((line, index) => (index === 0 ? line : `• ${line}`))
    .filter((line) => line !== "" && line !== "• ")
    .join("\n");
}

function record(heads: readonly string[], row: readonly string[]): string {
  const rest = row.slice(1).flatMap((cell, index) => {
    const head = heads[index + 1] ?? "";
    return cell === "" ? [] : [head === "" ? `• ${cell}` : `• ${head}: ${cell}`];
  });
  return [row[0] ?? "", ...rest].filter((line) => line !== "").join("\n");
}

function cellText(cell: MarkdownTableCell): string {
  const code = cell.styles.filter(({ style }) => style === "code");
  const tags = [...tokenizeHtmlTags(cell.text)].filter(({ start }) => !isInsideCode(start, code));
  const told = applyEdits(cell.text, [...linkEdits(cell), ...tagEdits(tags)]);
  return told.replace(/\s+/g, " ").trim();
}

function applyEdits(text: string, edits: readonly Edit[]): string {
  const inOrder = edits
    .map((edit, index) => ({ ...edit, index }))
    .sort((a, b) => a.start - b.start || a.index - b.index);
  let done = "";
  let from = 0;
  for (const { start, end, text: inserted } of inOrder) {
    if (start < from) continue;
    done += text.slice(from, start) + inserted;
    from = end;
  }
  return done + text.slice(from);
}
