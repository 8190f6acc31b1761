import assert from "node:assert/strict";
import { test } from "node:test";
import { agentPrompt } from "../../src/channel/agent-prompt.ts";
import { textSegments } from "../../src/qq/outgoing.ts";

test("what models are told to write becomes what they are told it does", () => {
  const hints = agentPrompt.inboundFormattingHints?.({ cfg: {} });
  const said = (hints?.rules ?? []).join("\n");
  const types = textSegments(said, { kind: "group" }).map(({ type }) => type);
  assert.deepEqual(types, ["text", "at", "text", "face", "text"]);
});
