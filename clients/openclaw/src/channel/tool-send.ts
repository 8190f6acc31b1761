import { randomUUID } from "node:crypto";
import {
  OUTGOING_TYPES,
  type Outgoing,
  type OutgoingType,
  readOutgoing,
  splitMessages,
  toSegments,
} from "../qq/outgoing.ts";
import { formatTarget, parseTarget } from "../qq/target.ts";
import type { Chat, Segment } from "../qq/types.ts";
import { fields, isFields, number, text } from "../qq/value.ts";
import { queueId } from "./ids.ts";
import { findMessage } from "./messages.ts";
import { BadParam, needMessage, readText } from "./params.ts";
import { isOwner, NotAllowed } from "./requester.ts";
import { done } from "./result.ts";
import { createSender, type Sender, type Sent } from "./send.ts";
import type { ToolSpec, ToolTask } from "./tools.ts";

/** Files go by the host's own `send`, which sees to what may be read. */
const MEDIA: ReadonlySet<OutgoingType> = new Set(["image", "record", "video", "file"]);
const TYPES = OUTGOING_TYPES.filter((type) => !MEDIA.has(type) && type !== "reply");
const NODES_MAX = 100;
/** ms for which a message waits for NapCat, QQ or its turn. */
const PATIENCE = 20_000;

export const sendTool: ToolSpec = {
  name: "qq_send",
  label: "QQ message",
  description:
    "Send what only QQ has, into the current QQ chat: dice, rps, poke, face, mface, markdown, json, xml, " +
    "miniapp, location, music, contact, share; text and at may go with it. Or forward earlier messages " +
    "as one card. Plain answers need no tool; pictures, voice and files go by the message tool.",
  gate: "messages",
  owners: false,
  parameters: {
    type: "object",
    properties: {
      message: {
        type: "array",
        description:
          'Segments, in order: {"type":"dice","data":{"result":6}} (1-6, chance without), ' +
          '{"type":"rps"} (1 rock, 2 scissors, 3 paper), {"type":"poke","data":{"qq":"42"}}, ' +
          '{"type":"location","data":{"lat":39.9,"lon":116.4,"title":"…"}}, ' +
          '{"type":"music","data":{"type":"163","id":"…"}}, {"type":"contact","data":{"type":"qq","id":"42"}}, ' +
          '{"type":"markdown","data":{"content":"…"}}, {"type":"json","data":{"data":"{…}"}}',
        items: {
          type: "object",
          properties: {
            type: { type: "string", enum: TYPES },
            data: { type: "object", additionalProperties: true },
          },
          required: ["type"],
        },
      },
      forward: {
        type: "array",
        description:
          "Instead of message: earlier messages of this chat, or texts of the bot's own.",
        items: {
          type: "object",
          properties: { messageId: { type: "string" }, text: { type: "string" } },
        },
      },
      replyTo: { type: "string", description: "Number of the message to quote." },
      to: {
        type: "string",
        description:
          "group:<number> or private:<number>; default the current chat. Others: owners only.",
      },
    },
  },
  run: async (task) => {
    const chat = chatMeant(task);
    const { given } = task;
    const replyTo = readText(given, "replyTo");
    if (given["forward"] !== undefined && given["message"] !== undefined) {
      throw new BadParam("allowed: either message or forward");
    }
    const messages =
      given["forward"] === undefined
        ? await segmentsOf(task, chat, replyTo)
        : [await nodesOf(task, chat)];
    const sent = await sendAll(task, chat, messages);
    const ids = sent.flatMap(({ messageId }) => messageId ?? []);
    return done(`Sent to ${formatTarget(chat)}.`, { target: formatTarget(chat), messageIds: ids });
  },
};

function chatMeant({ given, here, requester }: ToolTask): Chat {
  const named = readText(given, "to");
  if (named === undefined) {
    if (here) return here;
    throw new BadParam("to: required: group:<group number> or private:<QQ number>");
  }
  const target = parseTarget(named);
  if (!target.ok) throw new BadParam(`to: ${target.reason}`);
  const isHere = here?.kind === target.chat.kind && here.id === target.chat.id;
  if (isHere || isOwner(requester)) return target.chat;
  throw new NotAllowed(
    `${named} is not the chat in which this is asked: only an owner may name another`,
  );
}

async function segmentsOf(
  task: ToolTask,
  chat: Chat,
  replyTo: string | undefined,
): Promise<Segment[][]> {
  const outgoing = readOutgoing(task.given["message"] ?? []);
  for (const [index, each] of outgoing.entries()) check(task, each, `message[${index}]`);
  if (replyTo !== undefined) {
    await findMessage(task.calls, chat, needMessage(task.given, "replyTo"));
  }
  return splitMessages(toSegments(outgoing, replyTo === undefined ? {} : { replyTo }));
}

function check({ requester }: ToolTask, outgoing: Outgoing, where: string): void {
  if (!TYPES.includes(outgoing.type)) {
    throw new BadParam(`${where}.type: allowed: ${TYPES.join(", ")}; files go by the message tool`);
  }
  if (outgoing.type === "at" && outgoing.data.qq === "all" && !isOwner(requester)) {
    throw new NotAllowed(`${where}: only an owner may have everybody mentioned`);
  }
}

/** A card of messages. Words are put into nobody's mouth: texts are the bot's own. */
async function nodesOf({ given, calls }: ToolTask, chat: Chat): Promise<Segment[]> {
  const wanted = given["forward"];
  if (!Array.isArray(wanted) || wanted.length === 0 || wanted.length > NODES_MAX) {
    throw new BadParam(`forward: allowed: 1 to ${NODES_MAX} of {"messageId": …} or {"text": …}`);
  }
  const self = fields((await calls.call("get_login_info")).data);
  const nodes: Segment[] = [];
  for (const [index, item] of wanted.entries()) {
    const node = isFields(item) ? item : {};
    const said = readText(node, "text");
    if (said === undefined) {
      const id = needMessage(
        { ...node, [`forward[${index}].messageId`]: node["messageId"] },
        `forward[${index}].messageId`,
      );
      await findMessage(calls, chat, id);
      nodes.push({ type: "node", data: { id } });
    } else {
      const content: Segment[] = [{ type: "text", data: { text: said } }];
      const user_id = number(self["user_id"]);
      nodes.push({ type: "node", data: { user_id, nickname: text(self["nickname"]), content } });
    }
  }
  return nodes;
}

async function sendAll(
  task: ToolTask,
  chat: Chat,
  messages: readonly Segment[][],
): Promise<Sent[]> {
  const sender: Sender = createSender(task.calls, chat, {
    base: queueId(task.account.accountId, randomUUID(), 0),
    patience: PATIENCE,
    signal: task.signal,
  });
  const sent: Sent[] = [];
  for (const message of messages) {
    const isForward = message[0]?.type === "node";
    sent.push(
      isForward
        ? await sender.send("send_forward_msg", { messages: message })
        : await sender.message(message),
    );
  }
  return sent;
}
