/** Chance that is the same in each run. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export function pick<T>(next: () => number, items: readonly T[]): T {
  return items[Math.floor(next() * items.length)] as T;
}

/** A value of any shape, as a hostile peer may send. */
export function hostile(next: () => number, depth: number): unknown {
  switch (Math.floor(next() * (depth > 0 ? 9 : 7))) {
    case 0:
      return null;
    case 1:
      return next() < 0.5;
    case 2:
      return Math.floor((next() - 0.5) * 2 ** 40);
    case 3:
      return "\u0000 \ud800 [CQ:at,qq=all] &amp; ".slice(0, Math.floor(next() * 25));
    case 4:
      return 2n ** 63n;
    case 5:
      return new Uint8Array(3);
    case 6:
      return undefined;
    case 7:
      return Array.from({ length: Math.floor(next() * 4) }, () => hostile(next, depth - 1));
    default:
      return hostileMap(next, depth - 1);
  }
}

const KEYS = [
  ...[
    "type",
    "id",
    "qq",
    "data",
    "content",
    "message",
    "messages",
    "sender",
    "file",
    "url",
    "name",
  ],
  ...["raw", "rows", "text", "title", "user_id", "group_id", "nickname", "result", "likes", "flag"],
];
const TYPES = [
  ...["text", "at", "reply", "face", "image", "record", "video", "file", "mface", "dice", "rps"],
  ...["poke", "shake", "share", "contact", "location", "music", "json", "miniapp", "xml", "node"],
  ...["markdown", "keyboard", "forward", "longmsg", "onlinefile", "anonymous", "something"],
];

export function hostileMap(next: () => number, depth: number): Record<string, unknown> {
  const map: Record<string, unknown> = {};
  for (const key of KEYS) if (next() < 0.4) map[key] = hostile(next, depth);
  if (next() < 0.7) map["type"] = pick(next, TYPES);
  return map;
}
