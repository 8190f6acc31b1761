/** Pipes over WebSocket (RFC 6455): one SP message is one binary message. */

import type { IncomingMessage } from "node:http";
import { WebSocket } from "ws";
import { watchLife } from "./life.ts";
import { CONNECT_TIMEOUT, LINGER, MAX_MESSAGE } from "./limits.ts";
import type { DialOptions, Pipe, PipeHandlers } from "./pipe.ts";
import type { Role } from "./protocol.ts";
import { closure, inWords, refusal } from "./reasons.ts";

/** NNG refuses a frame above 1 MiB, and takes a message in as many as one likes. */
const FRAME = 512 << 10;
const PING_INTERVAL = 20_000;
/** ms after the upgrade in which a close means that we are not wanted. */
const AT_ONCE = 2_000;

/** Connect, and tell the handlers. The given pipe may be closed before it is open. */
export function connectWebSocket(
  url: string,
  role: Role,
  options: DialOptions,
  handlers: PipeHandlers,
): Pipe {
  const protocol = `${role.peerName}.sp.nanomsg.org`;
  const hasToken = options.token !== undefined;
  const socket = open(url, protocol, options);
  const state: State = { isClosed: false, hasSpoken: false };
  const fail = (reason: Error) => {
    state.reason ??= reason;
    socket.terminate();
  };
  socket.on("upgrade", (response: IncomingMessage) => {
    if (response.headers["sec-websocket-protocol"] !== protocol) fail(noSp());
    const interval = options.pingInterval ?? PING_INTERVAL;
    watchLife(socket, response.socket, interval, handlers.isOwedReply, fail);
  });
  socket.on("unexpected-response", (_request, response: IncomingMessage) => {
    fail(refusal(response.statusCode ?? 0, hasToken));
    // Whoever listens to this has to end it.
    response.destroy();
  });
  socket.on("error", (error) => {
    state.reason ??= inWords(tooLong(error, options) ?? error);
  });
  socket.once("close", (code) => {
    if (!state.isClosed) handlers.onClose(state.reason ?? closure(code, isAtOnce(state), hasToken));
  });
  const pipe = pipeOver(socket, state);
  socket.on("open", () => {
    state.openedAt = performance.now();
    handlers.onOpen(pipe);
  });
  socket.on("message", (data: Buffer, isBinary) => {
    state.hasSpoken = true;
    if (!isBinary) fail(noSp());
    else if (!state.isClosed) handlers.onMessage(data);
  });
  return pipe;
}

/** What became of a connection, to say how it ended. */
interface State {
  /** By us. */
  isClosed: boolean;
  hasSpoken: boolean;
  openedAt?: number;
  reason?: Error;
}

function open(url: string, protocol: string, options: DialOptions): WebSocket {
  const { token, ca, cert, key } = options;
  return new WebSocket(url, [protocol], {
    perMessageDeflate: false,
    maxPayload: options.maxMessage ?? MAX_MESSAGE,
    handshakeTimeout: options.connectTimeout ?? CONNECT_TIMEOUT,
    ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  });
}

function pipeOver(socket: WebSocket, state: State): Pipe {
  return {
    send(message, onLeft) {
      let at = 0;
      do {
        const part = message.subarray(at, at + FRAME);
        at += part.length;
        const isLast = at >= message.length;
        socket.send(part, { binary: true, fin: isLast }, (error) => {
          if (!error && isLast) onLeft?.();
        });
      } while (at < message.length);
    },
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    close() {
      state.isClosed = true;
      end(socket);
    },
  };
}

function end(socket: WebSocket): void {
  if (socket.readyState === WebSocket.CONNECTING) {
    socket.terminate();
    return;
  }
  // A paused one would never see the other side's close.
  socket.resume();
  socket.close(1000);
  const timer = setTimeout(() => socket.terminate(), LINGER);
  socket.once("close", () => clearTimeout(timer));
}

function isAtOnce(state: State): boolean {
  const { openedAt, hasSpoken } = state;
  return openedAt !== undefined && !hasSpoken && performance.now() - openedAt < AT_ONCE;
}

function tooLong(error: Error, options: DialOptions): Error | undefined {
  const is = "code" in error && error.code === "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH";
  return is
    ? new Error(`a message of more than ${options.maxMessage ?? MAX_MESSAGE} bytes`)
    : undefined;
}

function noSp(): Error {
  return new Error("it does not speak SP: is this the address of a bus?");
}
