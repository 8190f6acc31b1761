import { sanitizeAssistantVisibleText } from "openclaw/plugin-sdk/text-chunking";
import { chunkText } from "../qq/chunks.ts";
import { plainText } from "./markdown.ts";

/** What the model wrote, as QQ shows it: text in pieces of `limit` characters, and pictures. */
export function renderText(text: string, limit: number): { chunks: string[]; images: string[] } {
  const plain = plainText(sanitizeAssistantVisibleText(text));
  return { chunks: chunkText(plain.text, limit), images: plain.images };
}
