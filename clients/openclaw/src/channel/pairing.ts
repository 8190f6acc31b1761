import { textSegments } from "../qq/outgoing.ts";
import { formatTarget } from "../qq/target.ts";
import type { Incoming } from "../qq/types.ts";
import { reasonOf } from "../sp/thrown.ts";
import { answerId } from "./ids.ts";
import type { Live } from "./live.ts";
import { renderText } from "./render.ts";
import { createSender } from "./send.ts";

/** ms: the host gives one code an hour, so whoever does not get it waits that long. */
const PATIENCE = 10 * 60_000;

/**
 * Give a stranger the code by which the operator lets them in: once an hour, as the
 * host has it. It is tried again until it has arrived.
 */
export async function challenge(live: Live, incoming: Incoming): Promise<void> {
  const { sender, chat } = incoming;
  await live.pairing.issueChallenge({
    senderId: sender.id,
    senderIdLine: `Your QQ number: ${sender.id}`,
    meta: { name: sender.name },
    sendPairingReply: async (text) => {
      const messages = createSender(live.calls, chat, {
        base: answerId(live.account.accountId, `pairing:${chat.id}:${incoming.messageId}`, 0),
        patience: PATIENCE,
        signal: live.signal,
        via: incoming.viaGroup,
      });
      for (const chunk of renderText(text, live.account.textChunkLimit).chunks) {
        await messages.message(textSegments(chunk, { kind: chat.kind }));
      }
    },
    onCreated: () =>
      live.log.info(`${formatTarget(chat)} asks to be paired: openclaw pairing list napcatqq`),
    onReplyError: (error) =>
      live.log.error(
        `${formatTarget(chat)} did not get the pairing code: ${reasonOf(error)}; ` +
          "give it to them yourself: openclaw pairing list napcatqq",
      ),
  });
}
