import assert from "node:assert/strict";
import { test } from "node:test";
import { readForwards, readQuote } from "../../src/channel/quoted.ts";
import type { Incoming } from "../../src/qq/types.ts";
import { failing, fakeCaller } from "../support/caller.ts";

const INCOMING = { replyTo: "5" } as Incoming;
const SAID = {
  message_id: 5,
  user_id: 42,
  sender: { user_id: 42, nickname: "Mia" },
  message: [
    { type: "text", data: { text: "look" } },
    { type: "image", data: { file: "a.png" } },
  ],
};

test("what is quoted comes with who said it and what was in it", async () => {
  const calls = fakeCaller({ get_msg: SAID });
  const quote = await readQuote(calls, INCOMING, "10001", () => undefined);
  assert.deepEqual(
    [quote?.id, quote?.sender, quote?.body, quote?.isSelf],
    ["5", "Mia (42)", "look [image]", false],
  );
  assert.equal(quote?.attachments[0]?.file, "a.png");
});

test("the bot's own words are known as such", async () => {
  const calls = fakeCaller({ get_msg: { ...SAID, sender: { user_id: 10001 }, user_id: 10001 } });
  assert.equal((await readQuote(calls, INCOMING, "10001", () => undefined))?.isSelf, true);
});

test("what nobody has any more is left out, and said in the log", async () => {
  const log: string[] = [];
  const calls = fakeCaller({
    get_msg: () => {
      throw failing("peer_error");
    },
  });
  assert.equal(await readQuote(calls, INCOMING, "1", (line) => log.push(line)), undefined);
  assert.match(log.join(), /quoted message 5 not read: .*peer_error/);
});

test("conversations within conversations are read, up to a bound", async () => {
  const inner = { type: "forward", data: { id: "again" } };
  const calls = fakeCaller({
    get_forward_msg: {
      messages: [
        { sender: { nickname: "Tom" }, message: [{ type: "text", data: { text: "hi" } }, inner] },
      ],
    },
  });
  const { text } = await readForwards(calls, ["first"], () => undefined);
  assert.match(text, /Tom: hi/);
  assert.equal(calls.calls.length, 5);
});

test("of several conversations one that cannot be read does not hide the others", async () => {
  const log: string[] = [];
  const calls = fakeCaller({
    get_forward_msg: ({ id }: { id?: unknown }) => {
      if (id === "a") throw failing("peer_error");
      return { messages: [{ sender: { nickname: "Tom" }, message: "there" }] };
    },
  });
  const { text } = await readForwards(calls, ["a", "b"], (line) => log.push(line));
  assert.match(text, /Tom: there/);
  assert.equal(log.length, 1);
});
