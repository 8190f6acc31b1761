/** The sample frames of every implementation, read. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { readIncoming } from "../../src/qq/incoming.ts";
import { readNotice } from "../../src/qq/notice.ts";
import { readQuoted } from "../../src/qq/quoted.ts";

const FOLDER = new URL("../../../../tests/fixtures/events/", import.meta.url);
const frames = readdirSync(FOLDER).map((name) => ({
  name,
  event: JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")),
}));

/** Messages of nobody, or of a guild. */
const NONE = [
  "message.group.53-standard-notice.json",
  "message.guild.01-gocqhttp-channel.json",
  "message.private.57-gocqhttp-group-self.json",
];

/** What a reader must not see. */
const RAW = /unknown|undefined|null|NaN|\[object|&amp;/;

/** Texts in which people wrote it. */
const OWN = /escapes|json-in-text/;

test("every message is one, and no part of it is unknown", () => {
  const messages = frames.filter(({ name }) => name.startsWith("message."));
  assert.ok(messages.length > 100);
  for (const { name, event } of messages) {
    const incoming = readIncoming(event);
    assert.equal(incoming === undefined, NONE.includes(name), name);
    // Strings the bridge makes segments of.
    if (!incoming || OWN.test(name) || typeof event.message === "string") continue;
    assert.ok(!RAW.test(incoming.text), `${name}: ${incoming.text}`);
    const nothing = incoming.text === "" && incoming.attachments.length === 0;
    assert.equal(nothing, /empty-array|white-space|empty-sender/.test(name), name);
    for (const { url } of incoming.attachments) assert.ok(!url?.includes("&amp;"), name);
  }
});

test("what the bot said itself is no message to it, but may be quoted", () => {
  for (const { name, event } of frames.filter(({ name }) => name.startsWith("message_sent."))) {
    assert.equal(readIncoming(event), undefined, name);
    assert.equal(readQuoted(event)?.sender.id, String(event.user_id), name);
  }
});

test("every notice, request and meta event is known", () => {
  const others = frames.filter(({ name }) => !name.startsWith("message"));
  assert.ok(others.length > 80);
  for (const { name, event } of others) {
    const line = readNotice(event)?.line ?? "";
    assert.ok(line !== "" && !RAW.test(line) && !line.includes("\n"), `${name}: ${line}`);
  }
});
