import type { ChannelPlugin } from "openclaw/plugin-sdk/channel-core";

/** What models are told of how QQ shows what they write; `textSegments` reads it so. */
const RULES = [
  "QQ shows plain text, no Markdown: prefer short paragraphs and simple lists to headings and tables.",
  "In a group, mention a member by @ and the QQ number with a blank behind it, like @12345678 ; in private chats there are no mentions.",
  "QQ's own faces are written by name, like [face: 微笑].",
];

export const agentPrompt: NonNullable<ChannelPlugin["agentPrompt"]> = {
  inboundFormattingHints: () => ({ text_markup: "plain_text", rules: RULES }),
};
