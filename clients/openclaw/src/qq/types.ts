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
  /** go-cqhttp: with `fileId` it names a file in a group's file area. */
  busid?: string;
  name?: string;
  /** What a sticker says of itself: `摸头`. */
  summary?: string;
  /** A picture that is meant to be gone after a look. */
  flash?: boolean;
  /** Bytes, where told. */
  size?: number;
}

export interface Sender {
  /** QQ number. */
  id: string;
  /** Nickname; the number where there is none. Never empty. */
  name: string;
  /** What the group calls them. */
  card?: string;
  role?: string;
  title?: string;
  /** QQ's old nameless speech in groups: `id` is not a person's. */
  anonymous?: boolean;
}

/** A message that came in, as the model and the gates are to see it. */
export interface Incoming {
  chat: Chat;
  /** Where the peer tells it. */
  groupName?: string;
  /** A private chat with somebody who is no friend: the group by which they came. */
  viaGroup?: string;
  messageId: string;
  /** ms since 1970, as the peer says, else as it was received. */
  time: number;
  sender: Sender;
  /**
   * Readable text: mentions as `@name(number)`, faces by name, cards and places
   * described; no media but stickers that say what they are. A mention of the bot at
   * its beginning is left out.
   */
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
