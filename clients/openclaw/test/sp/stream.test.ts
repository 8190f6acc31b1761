/** Pipes over byte streams, and peers that are none of NNG's. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import net from "node:net";
import { test } from "node:test";
import { parseAddress } from "../../src/sp/address.ts";
import { frameHeader } from "../../src/sp/frames.ts";
import type { DialOptions, Pipe, PipeHandlers } from "../../src/sp/pipe.ts";
import { SUB } from "../../src/sp/protocol.ts";
import { connectStream } from "../../src/sp/stream.ts";

const PUB_SAYS = Buffer.from("0053500000200000", "hex");

interface Server extends AsyncDisposable {
  readonly url: string;
  /** Connections that were made to it. */
  readonly sockets: net.Socket[];
}

async function serve(onConnection: (socket: net.Socket) => void): Promise<Server> {
  const sockets: net.Socket[] = [];
  const server = net.createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => {});
    onConnection(socket);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `tcp://127.0.0.1:${(server.address() as net.AddressInfo).port}`,
    sockets,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await once(server.close(), "close");
    },
  };
}

function connect(options: DialOptions, own: Partial<PipeHandlers> = {}): Pipe {
  const address = parseAddress(options.url);
  assert.ok(address.kind !== "websocket");
  const unexpected = () => assert.fail("this should not be told");
  return connectStream(address, SUB, options, {
    onOpen: unexpected,
    onMessage: unexpected,
    onClose: unexpected,
    ...own,
  });
}

/** Why a connection that is never open ends. */
function refused(options: DialOptions): Promise<string> {
  return new Promise((resolve) => {
    connect(options, { onClose: (reason) => resolve(reason.message) });
  });
}

function message(text: string): Buffer {
  return Buffer.concat([frameHeader("tcp", text.length), Buffer.from(text)]);
}

test("one who takes the connection and says nothing is given up", async () => {
  await using server = await serve(() => {});
  assert.equal(await refused({ url: server.url, connectTimeout: 50 }), "no answer in time");
});

test("one who speaks something else is told apart", async () => {
  await using server = await serve((socket) => socket.write("HTTP/1.1 400 Bad Request\r\n\r\n"));
  assert.match(await refused({ url: server.url }), /does not speak SP/);
});

test("one who hangs up at once, and one who does so rudely", async () => {
  await using polite = await serve((socket) => socket.end());
  assert.equal(await refused({ url: polite.url }), "the other side closed the connection");
  await using rude = await serve((socket) => socket.resetAndDestroy());
  assert.match(await refused({ url: rude.url }), /broke the connection off \(.*ECONNRESET/);
});

const NOBODY: readonly (readonly [string, RegExp])[] = [
  ["tcp://127.0.0.1:1", /nobody listens there \(connect ECONNREFUSED 127\.0\.0\.1:1\)/],
  ["tcp://localhost:1", /nobody listens there \(.*ECONNREFUSED/],
  ["ipc:///nowhere/bus", /there is no such socket \(connect ENOENT \/nowhere\/bus\)/],
];

for (const [url, why] of NOBODY) {
  test(`${url}: there is nobody, and it is said`, async () => {
    assert.match(await refused({ url }), why);
  });
}

test("the kernel looks after one who is silent", async () => {
  await using server = await serve((socket) => socket.write(PUB_SAYS));
  const pipe = await new Promise<Pipe>((resolve) => {
    connect({ url: server.url }, { onOpen: resolve });
  });
  const port = server.url.split(":").at(-1);
  const sockets = execFileSync("ss", ["-tnoH", `dport = ${port}`], { encoding: "utf8" });
  assert.match(sockets, /timer:\(keepalive,/);
  pipe.close();
});

test("a message that is too long ends the connection", async () => {
  await using server = await serve((socket) => socket.write(PUB_SAYS));
  const reason = await new Promise<string>((resolve) => {
    connect(
      { url: server.url, maxMessage: 10 },
      {
        onOpen: () => server.sockets[0]?.write(message("eleven, yes")),
        onClose: ({ message }) => resolve(message),
      },
    );
  });
  assert.equal(reason, "a message of 11 bytes; 10 are allowed");
});

test("one that is closed while it is told says nothing more of what has come", async () => {
  const heard: string[] = [];
  const all = Buffer.concat([PUB_SAYS, message("one"), message("two")]);
  await using server = await serve((socket) => {
    socket.resume();
    socket.write(all);
  });
  const pipe = connect(
    { url: server.url },
    {
      onOpen: () => {},
      onMessage: (each) => {
        heard.push(Buffer.from(each).toString());
        pipe.close();
      },
    },
  );
  await until(() => server.sockets[0]?.destroyed === true);
  assert.deepEqual(heard, ["one"]);
});

test("one that is closed before it is open never is", async () => {
  await using server = await serve((socket) => {
    socket.resume();
    socket.write(PUB_SAYS);
  });
  connect({ url: server.url }).close();
  const opened = Promise.withResolvers<Pipe>();
  connect({ url: server.url }, { onOpen: opened.resolve });
  (await opened.promise).close();
  await until(() => server.sockets.every((socket) => socket.destroyed));
});

test("what was sent before the end leaves, even to one who says nothing more", async () => {
  const { promise, resolve } = Promise.withResolvers<number>();
  let bytes = 0;
  await using server = await serve((socket) => {
    socket.write(PUB_SAYS);
    socket.on("data", (chunk) => {
      bytes += chunk.length;
    });
    socket.on("end", () => resolve(bytes));
  });
  const size = 8 << 20;
  connect(
    { url: server.url },
    {
      onOpen(pipe) {
        pipe.send(Buffer.alloc(size));
        pipe.close();
      },
    },
  );
  assert.equal(await promise, 8 + 8 + size);
});

test("a message has left when the kernel has all of it, and not when it is given", async () => {
  await using server = await serve((socket) => socket.write(PUB_SAYS));
  let left = 0;
  const { promise, resolve } = Promise.withResolvers<Pipe>();
  const pipe = connect({ url: server.url }, { onOpen: resolve });
  await promise;
  pipe.send(Buffer.alloc(10), () => left++);
  pipe.send(Buffer.alloc(64 << 20), () => left++);
  await until(() => left === 1);
  server.sockets[0]?.resume();
  await until(() => left === 2);
  pipe.close();
});

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!condition()) {
    assert.ok(performance.now() < deadline, "it did not come true");
    await new Promise(setImmediate);
  }
}
