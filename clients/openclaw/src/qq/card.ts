/** Cards: what mini programs, shared links, places and announcements travel as. */

import { label, line, unescapeUrl } from "./text.ts";
import { type Fields, fields, firstText, isFields, list, parseFields, text } from "./value.ts";

export interface Card {
  kind: string;
  title: string;
  about: string;
  url: string;
  /** A forwarded conversation: what `get_forward_msg` takes. */
  forward?: string;
}

/** Larger ones are not read; QQ's own stay below a tenth of it. */
const CARD_MAX = 256 * 1024;

/** Kind and the key of `meta` that has its text, by the card's app; the first that fits. */
const APPS: readonly (readonly [RegExp, string, string?])[] = [
  [/^com\.tencent\.miniapp/, "mini program", "detail_1"],
  [/^com\.tencent\.map/, "location", "Location.Search"],
  [/^com\.tencent\.(?:contact|troopsharecard)/, "contact card"],
  [/^com\.tencent\.mannounce/, "announcement", "mannounce"],
  [/^com\.tencent\.multimsg/, "forwarded conversation", "detail"],
  [/^com\.tencent\.music/, "music", "music"],
  [/^com\.tencent\.(?:tuwen|structmsg)/, "link"],
];

/** Read the ark JSON of a `json` or `miniapp` segment: text or a map. Never throws. */
export function readCard(data: unknown): Card {
  const ark = isFields(data) ? data : parseArk(text(data));
  const [, kind, key] = APPS.find(([app]) => app.test(text(ark["app"]))) ?? [undefined, "card"];
  const meta = fields(ark["meta"]);
  const detail = detailOf(meta, key ?? text(ark["view"]));
  const card: Card = {
    kind: kind === "link" && text(ark["view"]) === "music" ? "music" : kind,
    title: firstText(
      decoded(detail, "title"),
      detail["name"],
      detail["nickname"],
      detail["source"],
    ),
    about: firstText(
      decoded(detail, "text"),
      detail["desc"],
      detail["address"],
      detail["contact"],
      detail["summary"],
    ),
    url: firstText(detail["qqdocurl"], detail["jumpUrl"], detail["url"], detail["musicUrl"]),
  };
  const preview = newsOf(detail);
  if (preview !== "") card.about = preview;
  const place = placeOf(detail);
  if (place !== "") card.url = place;
  if (card.title === "" && card.about === "") card.title = firstText(ark["prompt"], ark["desc"]);
  const forward = firstText(detail["resid"]);
  if (forward !== "") card.forward = forward;
  return card;
}

/** `[mini program: 哔哩哔哩 | 视频 | https://b23.tv/abc]` */
export function describeCard(card: Card): string {
  return label(
    card.kind,
    line(card.title),
    line(card.about, 500),
    line(unescapeUrl(card.url), 500),
  );
}

/** XML cards are old and of many makes: what they call title, summary and url is found by name. */
export function describeXml(xml: string): string {
  const source = xml.slice(0, CARD_MAX);
  const title = element(source, "title") || attribute(source, "brief");
  return label(
    "XML card",
    line(title),
    line(element(source, "summary"), 500),
    line(attribute(source, "url"), 500),
  );
}

function parseArk(json: string): Fields {
  return json.length > CARD_MAX ? {} : parseFields(json);
}

function detailOf(meta: Fields, key: string): Fields {
  const named = meta[key];
  if (isFields(named)) return named;
  return fields(Object.values(meta).find(isFields));
}

/** Announcements have their text in base64. */
function decoded(detail: Fields, key: string): string {
  const value = text(detail[key]);
  if (text(detail["encode"]) !== "1") return value;
  return Buffer.from(value, "base64").toString("utf8");
}

function newsOf(detail: Fields): string {
  const news = list(detail["news"]).slice(0, 10);
  return news.map((item) => line(text(fields(item)["text"]), 100)).join(" / ");
}

function placeOf(detail: Fields): string {
  const lat = text(detail["lat"]);
  const lon = firstText(detail["lng"], detail["lon"]);
  return lat !== "" && lon !== "" ? `${lat}, ${lon}` : "";
}

function element(xml: string, name: string): string {
  const found = new RegExp(`<${name}[^<>]{0,200}>([^<]{0,1000})</${name}>`).exec(xml);
  return unescapeXml(found?.[1] ?? "");
}

function attribute(xml: string, name: string): string {
  const found = new RegExp(`\\s${name}=(?:"([^"]{0,1000})"|'([^']{0,1000})')`).exec(xml);
  return unescapeXml(found?.[1] ?? found?.[2] ?? "");
}

function unescapeXml(escaped: string): string {
  const signs: Record<string, string> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
  return escaped.replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => signs[name] ?? "");
}
