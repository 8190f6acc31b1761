/** QQ's messages as values; OneBot 11 and NapCat's segments beyond it. No I/O. */

export interface Segment {
  type: string;
  data: Record<string, unknown>;
}

/** A chat: ids are the digits, for they name things and are not counted with. */
export interface Chat {
  kind: "group" | "private";
  id: string;
}

/** Something in a message that has bytes. */
export interface Attachment {
  kind: "image" | "voice" | "video" | "file" | "sticker";
  /** Where the peer says it is; may be a container's path, or expired. */
  url?: string;
  /** By which the peer gives it again (`get_image`, `get_record`, `get_file`). */
  file?: string;
  fileId?: string;
  name?: string;
  /** Bytes, where told. */
  size?: number;
}

/** A message that came in, as the model and the gates are to see it. */
export interface Incoming {
  chat: Chat;
  messageId: string;
  /** s since 1970 as the peer says, in ms. */
  time: number;
  sender: { id: string; name: string; card?: string; role?: string; title?: string };
  /** Readable text: mentions by name, faces by name, cards and places described; no media. */
  text: string;
  /** The text alone, without quote, mention of the bot and descriptions: what a command is read from. */
  commandText: string;
  attachments: Attachment[];
  /** QQ numbers mentioned; the bot's own not among them. */
  mentions: string[];
  mentionsBot: boolean;
  mentionsAll: boolean;
  /** Message quoted. */
  replyTo?: string;
  /** `forward` segments to be read with `get_forward_msg`. */
  forwards: string[];
  segments: Segment[];
}
