/** A position kept in a file of one line, which is replaced as a whole each time. */

import { createHash } from "node:crypto";
import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isMap } from "./packing.ts";
import type { Position, PositionStore } from "./types.ts";

export interface FilePositionOptions {
  /** Where the file is; made if it is not there. */
  folder: string;
  /** A position is one account's, in the events of one bridge (any text that names it). */
  account: string;
  bridge: string;
  /** Told of a file that is there and cannot be read; one then begins from now on. */
  onTrouble?(text: string): void;
}

/** The store, and the file that it keeps the position in. One consumer to a file. */
export function filePosition(options: FilePositionOptions): PositionStore & { file: string } {
  const file = join(options.folder, nameOf(options.account, options.bridge));
  return {
    file,
    load: () => load(file, options.onTrouble),
    save: (position) => replace(file, `${JSON.stringify(position)}\n`),
  };
}

/** The address is hashed, for it may be long and has signs that no file may have. */
function nameOf(account: string, bridge: string): string {
  const mark = createHash("sha256").update(bridge).digest("hex").slice(0, 12);
  return `${encodeURIComponent(account)}.${mark}.position.json`;
}

async function load(
  file: string,
  onTrouble: FilePositionOptions["onTrouble"],
): Promise<Position | undefined> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    onTrouble?.(`${file}: cannot be read, so what was missed stays missed: ${String(error)}`);
    return undefined;
  }
  const position = read(text);
  if (!position)
    onTrouble?.(`${file}: no position, so what was missed stays missed: ${shown(text)}`);
  return position;
}

function read(text: string): Position | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isMap(value)) return undefined;
  const { epoch, seq } = value;
  if (typeof epoch !== "string" || epoch === "") return undefined;
  if (typeof seq !== "number" || !Number.isSafeInteger(seq) || seq < 0) return undefined;
  return { epoch, seq };
}

/** A crash at any point leaves the old text or the new one. */
async function replace(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.new`;
  await write(draft, text);
  await rename(draft, file);
  await syncFolder(dirname(file));
}

async function write(file: string, text: string): Promise<void> {
  const handle = await open(file, "w", 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Windows syncs no folder, and need not. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
