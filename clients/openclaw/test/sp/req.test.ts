import assert from "node:assert/strict";
import { test } from "node:test";
import { NoReply, NotSent } from "../../src/sp/errors.ts";
import { createReq, type ReqOptions } from "../../src/sp/req.ts";
import { handPipes } from "./hand-pipe.ts";
import { turnedClock } from "./turned-clock.ts";

const BODY = Buffer.from("body");
const MIB = 1 << 20;

function asking(options: Partial<ReqOptions> = {}) {
  const clock = turnedClock();
  const pipes = handPipes();
  const req = createReq({ url: "tcp://h:1", ...options }, { clock, connect: pipes.connect });
  /** Fail what is there, and come to the next dial. */
  const redial = () => {
    pipes.last.fail("closed");
    clock.turn(clock.due.at(-1) ?? 0);
  };
  return { clock, pipes, req, redial };
}

/** What becomes of a request, in a word, to look at before it is done. */
function outcome(reply: Promise<Uint8Array>) {
  const result: { text?: string; error?: Error } = {};
  const done = reply.then(
    (body) => {
      result.text = Buffer.from(body).toString();
    },
    (error) => {
      result.error = error;
    },
  );
  return { result, done };
}

function idOf(message: Uint8Array | undefined): Buffer {
  assert.ok(message);
  return Buffer.from(message.subarray(0, 4));
}

function replyTo(message: Uint8Array | undefined, text: string): Buffer {
  return Buffer.concat([idOf(message), Buffer.from(text)]);
}

test("a request is its id, whose high bit is set, and its body; the reply's body comes back", async () => {
  const { pipes, req } = asking();
  pipes.last.open();
  const reply = req.request(BODY, 1000);
  const [message] = pipes.last.sent;
  assert.equal(idOf(message).readUInt32BE() >>> 31, 1);
  assert.deepEqual(message?.subarray(4), BODY);
  pipes.last.say(replyTo(message, "done"));
  assert.equal(Buffer.from(await reply).toString(), "done");
});

test("replies find their requests in any order, and each is taken once", async () => {
  const { pipes, req } = asking();
  pipes.last.open();
  const replies = ["a", "b", "c"].map((name) => req.request(Buffer.from(name), 1000));
  const { sent } = pipes.last;
  assert.equal(new Set(sent.map((each) => idOf(each).readUInt32BE())).size, 3);
  for (const message of [...sent].reverse()) {
    pipes.last.say(replyTo(message, `${Buffer.from(message.subarray(4))}!`));
    pipes.last.say(replyTo(message, "twice"));
  }
  const texts = (await Promise.all(replies)).map((each) => Buffer.from(each).toString());
  assert.deepEqual(texts, ["a!", "b!", "c!"]);
});

test("what answers nothing that was asked is dropped", async () => {
  const { clock, pipes, req } = asking();
  pipes.last.open();
  const { result, done } = outcome(req.request(BODY, 1000));
  const id = idOf(pipes.last.sent[0]);
  for (const hex of ["", "80", "800000", "00000001"]) pipes.last.say(Buffer.from(hex, "hex"));
  pipes.last.say(Buffer.concat([id.map((byte) => byte ^ 1), BODY]));
  clock.turn(999);
  assert.deepEqual(result, {});
  clock.turn(1);
  await done;
  assert.ok(result.error instanceof NoReply);
  pipes.last.say(replyTo(pipes.last.sent[0], "late"));
  assert.equal(result.text, undefined);
});

test("what answers a request that has not left is dropped, too", async () => {
  const { clock, pipes, req } = asking();
  pipes.last.open();
  outcome(req.request(Buffer.alloc(MIB), 100));
  const { result, done } = outcome(req.request(BODY, 100));
  const guessed = Buffer.alloc(4);
  guessed.writeUInt32BE(idOf(pipes.last.sent[0]).readUInt32BE() + 1);
  pipes.last.say(guessed);
  clock.turn(100);
  await done;
  assert.ok(result.error instanceof NotSent);
});

test("a request waits for the connection, and the time for that is its own", async () => {
  const { clock, pipes, req, redial } = asking();
  const patient = req.request(BODY, 60_000);
  const { result, done } = outcome(req.request(BODY, 100));
  clock.turn(100);
  await done;
  assert.ok(result.error instanceof NotSent);
  assert.equal(result.error.code, "SP_NOT_SENT");
  assert.match(result.error.message, /could not leave within 100 ms: tcp:\/\/h:1: not connected/);
  redial();
  redial();
  pipes.last.open();
  assert.equal(pipes.last.sent.length, 1);
  pipes.last.say(replyTo(pipes.last.sent[0], "done"));
  assert.equal(Buffer.from(await patient).toString(), "done");
});

test("why there is no connection is told with the request that could not leave", async () => {
  const { clock, pipes, req } = asking();
  const { result, done } = outcome(req.request(BODY, 100));
  pipes.last.fail("nobody listens there");
  clock.turn(100);
  await done;
  assert.match(result.error?.message ?? "", /tcp:\/\/h:1: nobody listens there/);
});

test("when the connection goes, what was sent is lost and never sent again", async () => {
  const { pipes, req, redial } = asking();
  pipes.last.open();
  const { result, done } = outcome(req.request(BODY, 60_000));
  redial();
  await done;
  assert.ok(result.error instanceof NoReply);
  assert.equal(result.error.code, "SP_NO_REPLY");
  assert.match(result.error.message, /connection lost: tcp:\/\/h:1: closed/);
  pipes.last.open();
  assert.deepEqual(pipes.last.sent, []);
  // Who has come back knows nothing of it, and has nothing to answer.
  pipes.last.say(replyTo(pipes.dials[0]?.sent[0], "late"));
  assert.equal(result.text, undefined);
});

test("what a peer has not taken yet is not sent behind it, and survives the connection", async () => {
  const { pipes, req, redial } = asking();
  pipes.last.open();
  const large = Buffer.alloc(MIB);
  const first = outcome(req.request(large, 60_000));
  const second = outcome(req.request(large, 60_000));
  assert.equal(pipes.last.sent.length, 1);
  redial();
  await first.done;
  assert.ok(first.result.error instanceof NoReply);
  pipes.last.open();
  assert.equal(pipes.last.sent.length, 1);
  pipes.last.say(replyTo(pipes.last.sent[0], "second"));
  await second.done;
  assert.equal(second.result.text, "second");
});

test("as the peer takes them they are sent, in order, and none that was given up", async () => {
  const { clock, pipes, req } = asking();
  pipes.last.open();
  const stop = new AbortController();
  const large = outcome(req.request(Buffer.alloc(MIB), 60_000));
  const late = outcome(req.request(Buffer.from("late"), 100));
  const aborted = outcome(req.request(Buffer.from("aborted"), 60_000, stop.signal));
  for (const name of ["a", "b"]) outcome(req.request(Buffer.from(name), 60_000));
  clock.turn(100);
  stop.abort();
  pipes.last.take();
  await Promise.all([late.done, aborted.done]);
  assert.match(late.result.error?.message ?? "", /could not leave .* takes no more/);
  assert.ok(late.result.error instanceof NotSent);
  assert.equal(aborted.result.error?.name, "AbortError");
  const bodies = pipes.last.sent.slice(1).map((each) => Buffer.from(each.subarray(4)).toString());
  assert.deepEqual(bodies, ["a", "b"]);
  assert.deepEqual(large.result, {});
});

test("a buffer of a connection that is gone holds nothing up", () => {
  const { pipes, req, redial } = asking();
  pipes.last.open();
  outcome(req.request(Buffer.alloc(MIB), 60_000));
  const [old] = pipes.dials;
  redial();
  pipes.last.open();
  outcome(req.request(Buffer.alloc(MIB), 60_000));
  outcome(req.request(BODY, 60_000));
  old?.take();
  assert.equal(pipes.last.sent.length, 1);
  pipes.last.take();
  assert.equal(pipes.last.sent.length, 2);
  req.close();
});

test("a signal ends the wait, before it is sent and after", async () => {
  const { pipes, req } = asking();
  await assert.rejects(req.request(BODY, 1000, AbortSignal.abort(new Error("no"))), /no/);
  const stop = new AbortController();
  const waiting = outcome(req.request(BODY, 1000, stop.signal));
  stop.abort(new Error("enough"));
  await waiting.done;
  assert.equal(waiting.result.error?.message, "enough");
  pipes.last.open();
  assert.deepEqual(pipes.last.sent, []);
  const sent = outcome(req.request(BODY, 1000, AbortSignal.any([])));
  pipes.last.say(replyTo(pipes.last.sent[0], "done"));
  await sent.done;
  assert.equal(sent.result.text, "done");
});

test("no more than so many are under way, and there is room when one is done", async () => {
  const { pipes, req } = asking({ maxRequests: 2 });
  pipes.last.open();
  const first = req.request(BODY, 1000);
  outcome(req.request(BODY, 1000));
  const error = await req.request(BODY, 1000).catch((reason) => reason);
  assert.ok(error instanceof NotSent);
  assert.match(error.message, /2 requests are under way/);
  pipes.last.say(replyTo(pipes.last.sent[0], "done"));
  await first;
  outcome(req.request(BODY, 1000));
  assert.equal(pipes.last.sent.length, 3);
  req.close();
});

test("nor so many bytes", async () => {
  const { clock, pipes, req } = asking({ maxBytes: 100 });
  pipes.last.open();
  const { done } = outcome(req.request(Buffer.alloc(90), 1000));
  await assert.rejects(req.request(BODY, 1000), /94 bytes .* with 8 more they are over 100/);
  clock.turn(1000);
  await done;
  outcome(req.request(Buffer.alloc(96), 1000));
  assert.equal(pipes.last.sent.length, 2);
  req.close();
});

test("the end tells each request whether it had left", async () => {
  const { pipes, req } = asking();
  pipes.last.open();
  const sent = outcome(req.request(Buffer.alloc(MIB), 1000));
  const waiting = outcome(req.request(BODY, 1000));
  req.close();
  await Promise.all([sent.done, waiting.done]);
  assert.ok(sent.result.error instanceof NoReply);
  assert.ok(waiting.result.error instanceof NotSent);
  await assert.rejects(req.request(BODY, 1000), NotSent);
  assert.ok(pipes.last.isClosed);
  assert.equal(req.isUp, false);
});

test("a silent peer is excused while it has a request, and only then", async () => {
  const { clock, pipes, req } = asking();
  const waiting = outcome(req.request(BODY, 100));
  assert.equal(pipes.last.isOwedReply(), false);
  pipes.last.open();
  assert.equal(pipes.last.isOwedReply(), true);
  clock.turn(100);
  await waiting.done;
  assert.equal(pipes.last.isOwedReply(), false);
});

test("up and down are told", () => {
  const told: string[] = [];
  const { pipes, req, redial } = asking({
    onUp: () => told.push("up"),
    onDown: (reason) => told.push(reason.message),
  });
  assert.equal(req.isUp, false);
  pipes.last.open();
  assert.equal(req.isUp, true);
  redial();
  assert.equal(req.isUp, false);
  pipes.last.open();
  assert.deepEqual(told, ["up", "tcp://h:1: closed", "up"]);
});
