import type { Caller } from "../bus/types.ts";
import { describeAttachments } from "../qq/attachment.ts";
import { readForward } from "../qq/forward.ts";
import { readQuoted } from "../qq/quoted.ts";
import type { Attachment, Incoming } from "../qq/types.ts";
import { reasonOf } from "../sp/thrown.ts";
import { senderLabel } from "./history.ts";

/** What a message refers to without having it in itself: data for the model, never instructions. */
export interface Quote {
  id: string;
  sender: string;
  body: string;
  /** The bot's own words. */
  isSelf: boolean;
  attachments: Attachment[];
}

const TIMEOUT = 10_000;
/** Forwarded conversations read for one message, those within others counted. */
const FORWARDS_MAX = 5;

/** The message quoted; undefined if there is none or nobody has it any more. */
export async function readQuote(
  calls: Caller,
  incoming: Incoming,
  selfId: string,
  log: (line: string) => void,
): Promise<Quote | undefined> {
  if (incoming.replyTo === undefined) return undefined;
  try {
    const { data } = await calls.call(
      "get_msg",
      { message_id: incoming.replyTo },
      { timeout: TIMEOUT },
    );
    return quoteOf(incoming.replyTo, data, selfId);
  } catch (error) {
    log(`quoted message ${incoming.replyTo} not read: ${reasonOf(error)}`);
    return undefined;
  }
}

function quoteOf(id: string, data: unknown, selfId: string): Quote | undefined {
  const quoted = readQuoted(data);
  if (!quoted) return undefined;
  const { sender, text, attachments } = quoted;
  return {
    id,
    sender: sender.id ? senderLabel(sender) : "",
    body: [text, describeAttachments(attachments)].filter(Boolean).join(" "),
    isSelf: sender.id === selfId,
    attachments,
  };
}

export interface Forwarded {
  /** What stands for the conversations in the message's text. */
  text: string;
  attachments: Attachment[];
}

/** The forwarded conversations of a message that are not in the message itself. */
export async function readForwards(
  calls: Caller,
  ids: readonly string[],
  log: (line: string) => void,
): Promise<Forwarded> {
  const texts: string[] = [];
  const attachments: Attachment[] = [];
  const left = [...ids];
  for (let read = 0; left.length > 0 && read < FORWARDS_MAX; read++) {
    const id = left.shift() ?? "";
    try {
      const { data } = await calls.call("get_forward_msg", { id }, { timeout: TIMEOUT });
      const conversation = readForward(data);
      texts.push(`[forwarded conversation:\n${conversation.text}\n]`);
      attachments.push(...conversation.attachments);
      left.push(...conversation.unread);
    } catch (error) {
      log(`forwarded conversation not read: ${reasonOf(error)}`);
    }
  }
  return { text: texts.join("\n"), attachments };
}
