/** Pipes over WebSocket (RFC 6455): one SP message is one binary message. */

import type { IncomingMessage } from "node:http";
import { WebSocket } from "ws";
import { CONNECT_TIMEOUT, MAX_MESSAGE } from "./limits.ts";
import type { DialOptions, Pipe, PipeHandlers } from "./pipe.ts";
import type { Role } from "./protocol.ts";

/** NNG refuses a frame above 1 MiB, and takes a message in as many as one likes. */
const FRAME = 512 << 10;
const PING_INTERVAL = 20_000;
/** ms after the upgrade in which a close means that we are not wanted. */
const AT_ONCE = 2_000;

const NORMAL = 1000;

/** Connect, and tell the handlers. The given pipe may be closed before it is open. */
export function connectWebSocket(
  url: string,
  role: Role,
  options: DialOptions,
  handlers: PipeHandlers,
): Pipe {
  const socket = new WebSocket(url, [`${role.peerName}.sp.nanomsg.org`], {
    perMessageDeflate: false,
    maxPayload: options.maxMessage ?? MAX_MESSAGE,
    handshakeTimeout: options.connectTimeout ?? CONNECT_TIMEOUT,
    ...(options.token !== undefined && { headers: { authorization: `Bearer ${options.token}` } }),
    ...(options.ca !== undefined && { ca: options.ca }),
    ...(options.cert !== undefined && { cert: options.cert }),
    ...(options.key !== undefined && { key: options.key }),
  });
  const pipe = pipeOver(socket);
  let reason: Error | undefined;
  let openedAt: number | undefined;
  let hasSpoken = false;
  socket.on("open", () => {
    openedAt = performance.now();
    askForLife(socket, options.pingInterval ?? PING_INTERVAL);
    handlers.onOpen(pipe);
  });
  socket.on("message", (data: Buffer, isBinary) => {
    hasSpoken = true;
    if (isBinary) {
      if (!pipe.isClosed) handlers.onMessage(data);
    } else {
      reason = new Error("it sent text: is this the address of a bus?");
      socket.terminate();
    }
  });
  socket.on("unexpected-response", (_request, response: IncomingMessage) => {
    reason = refusal(response.statusCode ?? 0, options.token !== undefined);
    // Whoever listens to this has to end it.
    response.destroy();
    socket.terminate();
  });
  socket.on("error", (error) => {
    reason ??= error;
  });
  socket.once("close", (code) => {
    if (pipe.isClosed) return;
    const isUnwanted =
      openedAt !== undefined && !hasSpoken && performance.now() - openedAt < AT_ONCE;
    handlers.onClose(reason ?? closure(code, isUnwanted, options.token !== undefined));
  });
  return pipe;
}

function pipeOver(socket: WebSocket): Pipe & { readonly isClosed: boolean } {
  let isClosed = false;
  return {
    get isClosed() {
      return isClosed;
    },
    send(message) {
      if (socket.readyState !== WebSocket.OPEN) return;
      let at = 0;
      do {
        const part = message.subarray(at, at + FRAME);
        at += part.length;
        socket.send(part, { binary: true, fin: at >= message.length }, dropped);
      } while (at < message.length);
    },
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    close() {
      isClosed = true;
      // A paused one would never see the other side's close.
      socket.resume();
      socket.close(NORMAL);
    },
  };
}

/** What could not leave is told by the close. */
function dropped(): void {}

/** End the connection when nothing came for two intervals, pongs included. */
function askForLife(socket: WebSocket, interval: number): void {
  if (interval === 0) return;
  let isAlive = true;
  const alive = () => {
    isAlive = true;
  };
  socket.on("pong", alive).on("ping", alive).on("message", alive);
  const timer = setInterval(() => {
    // A paused one hears nothing, for that is what was asked for.
    if (!isAlive && !socket.isPaused) {
      socket.emit("error", new Error("no sign of life from the other side"));
      socket.terminate();
      return;
    }
    isAlive = false;
    socket.ping(dropped);
  }, interval);
  socket.once("close", () => clearInterval(timer));
}

function refusal(status: number, hasToken: boolean): Error {
  switch (status) {
    case 400:
      return new Error(
        "refused with 400: another protocol is spoken there; are the addresses of events and actions mixed up?",
      );
    case 401:
    case 403:
      return new Error(`refused with ${status}: ${tokenHint(hasToken)}`);
    case 404:
      return new Error(
        "refused with 404: the path is another, or the name is not the one that the bridge listens on (listen on ws://0.0.0.0:…)",
      );
    default:
      return new Error(`refused with HTTP status ${status}`);
  }
}

function closure(code: number, isUnwanted: boolean, hasToken: boolean): Error {
  if (isUnwanted && (code === NORMAL || code === 1005 || code === 1006)) {
    return new Error(`closed at once: ${tokenHint(hasToken)}`);
  }
  return new Error(`the other side closed the connection (${code})`);
}

function tokenHint(hasToken: boolean): string {
  return hasToken ? "is the token that of a grant for this?" : "it may want a token";
}
