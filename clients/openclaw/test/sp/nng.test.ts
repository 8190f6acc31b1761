/** Against the real NNG: that of the system (`nngcat`), and the newer one of pynng. */

import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { NoReply, NotSent } from "../../src/sp/errors.ts";
import type { DialOptions } from "../../src/sp/pipe.ts";
import { createReq } from "../../src/sp/req.ts";
import { type SubOptions, subscribe } from "../../src/sp/sub.ts";
import { Printed } from "../support/process.ts";
import { makePlace, startNngcat, startPeer, type Transport } from "./peers.ts";

const ALL: readonly Transport[] = ["tcp", "ipc", "ws", "tls+tcp", "wss"];
const PLAIN: readonly Transport[] = ["tcp", "ipc", "ws"];
const PATIENCE = 15_000;
const SOON = { first: 20, factor: 2, max: 200 };
const MIB = 1 << 20;

const place = makePlace();
after(() => place[Symbol.dispose]());

const pem = (transport: Transport) => (/^(tls|wss)/.test(transport) ? ["--pem", place.pem] : []);

/** A requester that tells what happens to its connection. */
function asking(options: DialOptions) {
  const told = new Printed();
  const handlers = {
    onUp: () => told.add("up"),
    onDown: (reason: Error) => told.add(reason.message),
  };
  const req = createReq({ ca: place.ca, backoff: SOON, ...options, ...handlers });
  return { req, told, [Symbol.dispose]: () => req.close() };
}

/** A subscriber that keeps what it hears, by how it begins. */
function listening(options: Omit<SubOptions, "onMessage">, onMessage = () => {}) {
  const told = new Printed();
  const heard = new Printed();
  const sub = subscribe({
    ca: place.ca,
    backoff: SOON,
    ...options,
    onUp: () => told.add("up"),
    onDown: (reason) => told.add(reason.message),
    onMessage: (message) => {
      heard.add(`${message.length} ${Buffer.from(message.subarray(0, 20))}`);
      onMessage();
    },
  });
  return { sub, told, heard, [Symbol.dispose]: () => sub.close() };
}

function bodyOf(size: number, text = ""): Buffer {
  return Buffer.alloc(Math.max(size, text.length), ".").fill(text, 0, text.length);
}

for (const transport of ALL) {
  describe(transport, { concurrency: false }, () => {
    test("requests of any size are answered", async () => {
      const url = await place.address(transport);
      await using _peer = await startPeer("rep", url, ...pem(transport));
      using asker = asking({ url });
      for (const size of [0, 1, 1000, (512 << 10) - 4, (512 << 10) - 3, MIB, 3 * MIB]) {
        const body = bodyOf(size, `${size}`.slice(0, size));
        const reply = await asker.req.request(body, PATIENCE);
        assert.ok(body.equals(reply), `${size} bytes`);
      }
      assert.deepEqual(asker.told.all, ["up"]);
    });

    test("messages of any size are heard, in order", async () => {
      const url = await place.address(transport);
      await using peer = await startPeer("pub", url, ...pem(transport));
      using listener = listening({ url, prefixes: ["a", "c"] });
      await peer.lines.waitFor("up");
      peer.tell({ topic: "a", count: 500, size: 300 });
      peer.tell({ topic: "b", count: 500 });
      peer.tell({ topic: "c", count: 3, size: 3 * MIB });
      await listener.heard.waitFor(" c2");
      const some = Array.from({ length: 500 }, (_, at) => `${301 + `${at}`.length} a${at}`);
      const large = [0, 1, 2].map((at) => `${2 + 3 * MIB} c${at}`);
      const heard = listener.heard.all.map((each) => each.replace(/\.+$/, ""));
      assert.deepEqual(heard, [...some, ...large]);
    });
  });
}

test("the system's NNG answers and is heard", async () => {
  await Promise.all(
    ALL.map(async (transport) => {
      const [actions, events] = [await place.address(transport), await place.address(transport)];
      const own = pem(transport).length > 0 ? ["--cert", place.pem] : [];
      await using _rep = startNngcat("rep", actions, "yes", ...own);
      await using _pub = startNngcat("pub", events, "news", ...own);
      using asker = asking({ url: actions });
      using listener = listening({ url: events, prefixes: ["new"] });
      const reply = await asker.req.request(bodyOf(3 * MIB), PATIENCE);
      assert.equal(Buffer.from(reply).toString(), "yes");
      await listener.heard.waitFor("4 news");
    }),
  );
});

for (const transport of PLAIN) {
  test(`${transport}: each of 64 at once has its own answer, and was asked once`, async () => {
    const url = await place.address(transport);
    await using peer = await startPeer("rep", url);
    using asker = asking({ url });
    const names = Array.from({ length: 200 }, (_, at) => `request-${at}`);
    const queue = names.values();
    const one = async () => {
      for (const name of queue) {
        const reply = await asker.req.request(Buffer.from(name), PATIENCE);
        assert.equal(Buffer.from(reply).toString(), name);
      }
    };
    await Promise.all(Array.from({ length: 64 }, one));
    assert.deepEqual((await peer.requests()).toSorted(), names.toSorted());
  });

  test(`${transport}: a restart loses what was sent, and nothing is asked twice`, async () => {
    const url = await place.address(transport);
    const first = await startPeer("rep", url);
    using asker = asking({ url });
    const held = asker.req.request(Buffer.from("hold"), PATIENCE);
    const lost = assert.rejects(held, NoReply);
    await first.lines.waitFor("hold");
    await first.kill();
    await lost;
    assert.equal(asker.req.isUp, false);
    const waiting = asker.req.request(Buffer.from("waiting"), PATIENCE);
    await using second = await startPeer("rep", url);
    await waiting;
    await asker.req.request(Buffer.from("next"), PATIENCE);
    assert.deepEqual(await second.requests(), ["waiting", "next"]);
    assert.deepEqual(asker.told.all.at(-1), "up");
  });

  test(`${transport}: a restarted publisher is heard again`, async () => {
    const url = await place.address(transport);
    const first = await startPeer("pub", url);
    using listener = listening({ url });
    await first.lines.waitFor("up");
    first.tell({ topic: "one" });
    await listener.heard.waitFor("one");
    await first.kill();
    await using second = await startPeer("pub", url);
    await second.lines.waitFor("up");
    second.tell({ topic: "two" });
    await listener.heard.waitFor("two");
    assert.equal(listener.told.all.filter((each) => each === "up").length, 2);
  });

  test(`${transport}: who asks a publisher is told so`, async () => {
    const url = await place.address(transport);
    await using _peer = await startPeer("pub", url);
    using asker = asking({ url });
    await asker.told.waitFor("are the addresses of events and actions mixed up?");
    await assert.rejects(asker.req.request(Buffer.from("x"), 50), NotSent);
  });

  test(`${transport}: a subscriber that pauses takes no more, and goes on where it was`, async () => {
    const url = await place.address(transport);
    await using peer = await startPeer("pub", url);
    using listener = listening({ url, maxMessage: MIB }, () => listener.sub.pause());
    await peer.lines.waitFor("up");
    peer.tell({ topic: "m", count: 100, size: MIB / 2 });
    await peer.lines.waitFor("published");
    await listener.heard.waitFor("m0");
    await sleep(50);
    const early = listener.heard.all.length;
    assert.ok(early < 10, `${early} of 100 were taken`);
    const ticking = setInterval(() => listener.sub.resume(), 1);
    await listener.heard.waitFor(" m99").finally(() => clearInterval(ticking));
    const numbers = listener.heard.all.map((each) => Number(/m(\d+)/.exec(each)?.[1]));
    assert.deepEqual(numbers, [...Array(100).keys()]);
  });

  test(`${transport}: what a busy peer has not taken has not been sent`, async () => {
    const url = await place.address(transport);
    await using peer = await startPeer("rep", url);
    using asker = asking({ url });
    const held = Array.from({ length: 9 }, () => asker.req.request(Buffer.from("hold"), PATIENCE));
    const large = Array.from({ length: 24 }, (_, at) =>
      asker.req.request(bodyOf(MIB, `large-${at} `), 300).then(
        () => "answered",
        (error) => error.name,
      ),
    );
    const fates = await Promise.all(large);
    assert.ok(fates.includes("NotSent"), fates.join());
    peer.tell({ release: true });
    await Promise.all(held);
    for (const [at, fate] of fates.entries()) {
      if (fate === "NoReply") await peer.lines.waitFor(` large-${at} `);
    }
    await asker.req.request(Buffer.from("last"), PATIENCE);
    const seen = (await peer.requests()).filter((each) => each.startsWith("large"));
    assert.equal(seen.length, fates.filter((each) => each === "NoReply").length);
    assert.deepEqual(asker.told.all, ["up"]);
  });
}

test("ws: the token is shown, and without the right one it is told what is wrong", async () => {
  const url = await place.address("ws");
  await using _peer = await startPeer("rep", url, "--token", "right");
  using wrong = asking({ url, token: "hush" });
  using none = asking({ url });
  using right = asking({ url, token: "right" });
  await right.req.request(Buffer.from("x"), PATIENCE);
  await wrong.told.waitFor("closed at once: is the token one that may do this?");
  await none.told.waitFor("closed at once: it may want a token");
  assert.ok(!wrong.told.all.join().includes("hush"));
  assert.deepEqual(right.told.all, ["up"]);
});

test("ws: another path, or another name than it listens on, is told", async () => {
  const url = await place.address("ws");
  await using _peer = await startPeer("rep", url);
  for (const other of [`${url}/x`, url.replace("127.0.0.1", "localhost")]) {
    using asker = asking({ url: other });
    await asker.told.waitFor("refused with 404: the path is another, or the host's name");
  }
});

test("ws: a peer that says nothing any more is found, and found again when it is back", async () => {
  const url = await place.address("ws");
  await using peer = await startPeer("pub", url);
  using listener = listening({ url, pingInterval: 50, connectTimeout: 100 });
  await listener.told.waitFor("up");
  await sleep(300);
  assert.deepEqual(listener.told.all, ["up"]);
  peer.freeze();
  await listener.told.waitFor("no sign of life from the other side");
  peer.thaw();
  await listener.told.waitFor("up", 1);
});

test("ws: a peer that is busy is not taken for one that is gone", async () => {
  const url = await place.address("ws");
  await using peer = await startPeer("rep", url);
  using asker = asking({ url, pingInterval: 30 });
  const held = Array.from({ length: 12 }, () => asker.req.request(Buffer.from("hold"), PATIENCE));
  await peer.lines.waitFor("hold");
  await sleep(300);
  peer.tell({ release: true });
  await Promise.all(held);
  assert.deepEqual(asker.told.all, ["up"]);
  peer.freeze();
  await asker.told.waitFor("no sign of life");
});

for (const transport of ["tls+tcp", "wss"] as const) {
  test(`${transport}: who is signed by nobody who is trusted is not spoken to`, async () => {
    const url = await place.address(transport);
    await using _peer = await startPeer("rep", url, ...pem(transport));
    using asker = asking({ url, ca: undefined });
    await asker.told.waitFor("nobody who is trusted signed its certificate");
  });

  test(`${transport}: who does not speak TLS is told apart`, async () => {
    const url = await place.address(transport);
    const plain = url.replace("tls+", "").replace("wss", "ws");
    await using _peer = await startPeer("rep", plain);
    using asker = asking({ url });
    const reason = await asker.told.waitFor(url);
    // Which of the two comes first is NNG's and the kernel's affair.
    assert.match(reason, /does not speak TLS|broke the connection off/);
  });
}
