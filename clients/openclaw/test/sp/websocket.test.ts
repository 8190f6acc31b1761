/** Pipes over WebSocket, and peers that are none of NNG's. */

import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { test } from "node:test";
import { type WebSocket, WebSocketServer } from "ws";
import type { DialOptions, PipeHandlers } from "../../src/sp/pipe.ts";
import { REQ } from "../../src/sp/protocol.ts";
import { connectWebSocket } from "../../src/sp/websocket.ts";

const NAME = "rep.sp.nanomsg.org";

interface Server extends AsyncDisposable {
  readonly url: string;
  /** The upgrades that were asked for. */
  readonly asked: http.IncomingMessage[];
}

/** Does with an upgrade what is said here. */
async function serve(
  onUpgrade: (request: http.IncomingMessage, socket: Socket) => void,
): Promise<Server> {
  const asked: http.IncomingMessage[] = [];
  const sockets = new Set<Socket>();
  const server = http.createServer();
  server.on("connection", (socket) => sockets.add(socket));
  server.on("upgrade", (request, socket: Socket) => {
    asked.push(request);
    socket.on("error", () => {});
    onUpgrade(request, socket);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/bus`,
    asked,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await once(server.close(), "close");
    },
  };
}

/** Does with a connection what is said here. */
function accept(onConnection: (socket: WebSocket) => void, protocol = NAME): Promise<Server> {
  const acceptor = new WebSocketServer({ noServer: true, handleProtocols: () => protocol });
  return serve((request, socket) => {
    acceptor.handleUpgrade(request, socket, Buffer.alloc(0), onConnection);
  });
}

function answer(status: string): Promise<Server> {
  return serve((_request, socket) => {
    socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\n\r\n`);
  });
}

/** Why a connection ends. */
function ended(options: DialOptions, own: Partial<PipeHandlers> = {}): Promise<string> {
  return new Promise((resolve) => {
    connectWebSocket(options.url, REQ, options, {
      onOpen: () => {},
      onMessage: () => {},
      onClose: (reason) => resolve(reason.message),
      ...own,
    });
  });
}

test("it asks for the peer's protocol, with the token, and for nothing else", async () => {
  await using server = await accept((socket) => socket.close(1000));
  await ended({ url: server.url, token: "secret" });
  const headers = server.asked[0]?.headers;
  assert.equal(headers?.["sec-websocket-protocol"], NAME);
  assert.equal(headers?.["sec-websocket-extensions"], undefined);
  assert.equal(headers?.authorization, "Bearer secret");
  await ended({ url: server.url });
  assert.equal(server.asked[1]?.headers.authorization, undefined);
});

const ANSWERS: readonly (readonly [string, string | undefined, RegExp])[] = [
  ["400 Bad Request", undefined, /400: another protocol .* mixed up\?/],
  ["401 Unauthorized", undefined, /401: it may want a token/],
  ["403 Forbidden", "secret", /403: is the token one that may do this\?/],
  ["404 Not Found", undefined, /404: the path is another, or the host's name/],
  ["503 Service Unavailable", undefined, /^refused with HTTP status 503$/],
  ["200 OK", undefined, /^refused with HTTP status 200$/],
];

for (const [status, token, why] of ANSWERS) {
  test(`${status} is told in words`, async () => {
    await using server = await answer(status);
    const reason = await ended({ url: server.url, token });
    assert.match(reason, why);
    assert.ok(!reason.includes("secret"));
  });
}

const CLOSES: readonly (readonly [number, string | undefined, RegExp])[] = [
  [1000, undefined, /^closed at once: it may want a token$/],
  [1000, "secret", /^closed at once: is the token one that may do this\?$/],
  [1009, undefined, /^a message was larger than the other side takes \(1009\)$/],
  [1001, undefined, /^the other side closed the connection \(1001\)$/],
];

for (const [code, token, why] of CLOSES) {
  test(`a close with ${code}, ${token ? "with" : "without"} a token, is told in words`, async () => {
    await using server = await accept((socket) => socket.close(code));
    assert.match(await ended({ url: server.url, token }), why);
  });
}

test("one who has spoken and closes has nothing against the token", async () => {
  await using server = await accept((socket) =>
    socket.send(Buffer.alloc(4), () => socket.close(1000)),
  );
  assert.equal(await ended({ url: server.url }), "the other side closed the connection (1000)");
});

test("who agrees to another protocol, or sends text, does not speak SP", async () => {
  await using other = await accept(() => {}, "chat");
  const never = { onOpen: () => assert.fail("it is no SP") };
  assert.match(await ended({ url: other.url }, never), /does not speak SP/);
  await using text = await accept((socket) => socket.send("hello"));
  assert.match(await ended({ url: text.url }), /does not speak SP/);
});

test("a message that is too long ends the connection, in parts too", async () => {
  await using server = await accept((socket) => {
    socket.send(Buffer.alloc(600), { fin: false });
    socket.send(Buffer.alloc(401), { fin: true });
  });
  const options = { url: server.url, maxMessage: 1000 };
  const reason = await ended(options, { onMessage: () => assert.fail("too long") });
  assert.equal(reason, "a message of more than 1000 bytes");
});

test("one who never answers the upgrade is given up", async () => {
  await using server = await serve(() => {});
  assert.match(await ended({ url: server.url, connectTimeout: 50 }), /timed out/);
});

test("one that is closed before it is open never is, and tells nothing", async () => {
  await using server = await accept(() => {});
  const fail = () => assert.fail("this should not be told");
  const handlers = { onOpen: fail, onMessage: fail, onClose: fail };
  connectWebSocket(server.url, REQ, { url: server.url }, handlers).close();
  await ended({ url: server.url }, { onOpen: () => server[Symbol.asyncDispose]() });
});

test("one that is closed while it is told says nothing more of what has come", async () => {
  const closed = Promise.withResolvers<number>();
  await using server = await accept((socket) => {
    socket.on("close", closed.resolve);
    for (const text of ["one", "two", "three"]) socket.send(Buffer.from(text));
  });
  const heard: string[] = [];
  const pipe = connectWebSocket(
    server.url,
    REQ,
    { url: server.url },
    {
      onOpen: () => {},
      onMessage: (message) => {
        heard.push(Buffer.from(message).toString());
        pipe.close();
      },
      onClose: () => assert.fail("we closed it"),
    },
  );
  assert.equal(await closed.promise, 1000);
  assert.deepEqual(heard, ["one"]);
});

test("a large message arrives whole, and has left when all its parts have", async () => {
  const received = Promise.withResolvers<Buffer>();
  await using server = await accept((socket) => socket.on("message", received.resolve));
  const body = Buffer.alloc((3 << 20) + 5).fill("abc");
  let left = 0;
  const told = ended({ url: server.url }, { onOpen: (pipe) => pipe.send(body, () => left++) });
  assert.ok(body.equals(await received.promise));
  await server[Symbol.asyncDispose]();
  assert.match(await told, /the other side closed the connection \(1006\)/);
  assert.equal(left, 1);
});
