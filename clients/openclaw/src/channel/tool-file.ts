import { readQuoted } from "../qq/quoted.ts";
import { formatTarget } from "../qq/target.ts";
import { readMedia } from "./media.ts";
import { findMessage } from "./messages.ts";
import { BadParam, needMessage } from "./params.ts";
import { shown } from "./result.ts";
import { getRuntime } from "./runtime.ts";
import type { ToolSpec } from "./tools.ts";

export const fileTool: ToolSpec = {
  name: "qq_file",
  label: "QQ file",
  description:
    "Fetch the pictures, voices, videos and files of an earlier message of the current QQ chat, as local files. " +
    "Those of the message being answered are there already.",
  gate: "files",
  owners: false,
  parameters: {
    type: "object",
    properties: { messageId: { type: "string", description: "Number of the message." } },
    required: ["messageId"],
  },
  run: async ({ account, calls, given, here }) => {
    if (!here) throw new BadParam("qq_file: this is not asked in a QQ chat");
    const messageId = needMessage(given, "messageId");
    const { data } = await findMessage(calls, here, messageId);
    const attachments = readQuoted(data)?.attachments ?? [];
    const troubles: string[] = [];
    const facts = await readMedia(attachments, here, messageId, {
      store: getRuntime().channel.media,
      calls,
      account: account.bridgeAccount,
      maxBytes: account.mediaMaxBytes,
      log: (line) => troubles.push(line),
    });
    const paths = facts.flatMap(({ path }) => path ?? []);
    return shown(`Files of ${messageId} in ${formatTarget(here)}:`, [...paths, ...troubles], {
      paths,
    });
  },
};
