import assert from "node:assert/strict";
import { test } from "node:test";
import { answerId, callId } from "../../src/channel/ids.ts";

test("an answer to the same message has the same ids, whoever gives it", () => {
  const base = answerId("default", "group:20002:41718", 0);
  assert.equal(callId(base, 2), "napcatqq:default:group:20002:41718:0:2");
  assert.equal(callId(base, 2), callId(answerId("default", "group:20002:41718", 0), 2));
});

test("ids differ by account, message, answer, message within it, and attempt", () => {
  const ids = [
    callId(answerId("a", "k", 0), 0),
    callId(answerId("b", "k", 0), 0),
    callId(answerId("a", "l", 0), 0),
    callId(answerId("a", "k", 1), 0),
    callId(answerId("a", "k", 0), 1),
    callId(answerId("a", "k", 0), 0, 1),
  ];
  assert.equal(new Set(ids).size, ids.length);
});

test("a key too long for the bridge gives an id that fits, and still its own", () => {
  const long = `private:1:2:${"9".repeat(150)}`;
  const [one, two] = [callId(answerId("a", long, 0), 0), callId(answerId("a", long, 0), 1)];
  assert.ok(Buffer.byteLength(one) <= 128);
  assert.notEqual(one, two);
});
