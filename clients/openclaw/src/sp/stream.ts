/** Pipes over TCP, TLS and Unix sockets. */

import net from "node:net";
import tls from "node:tls";
import type { Address } from "./address.ts";
import {
  createFrameReader,
  FrameError,
  type FrameReader,
  frameHeader,
  handshake,
} from "./frames.ts";
import { CONNECT_TIMEOUT, LINGER, MAX_MESSAGE } from "./limits.ts";
import type { DialOptions, Pipe, PipeHandlers } from "./pipe.ts";
import type { Role } from "./protocol.ts";
import { inWords } from "./reasons.ts";

/** ms of silence after which the kernel asks whether the peer is still there. */
const KEEP_ALIVE = 15_000;

type StreamAddress = Exclude<Address, { kind: "websocket" }>;

/** Connect, and tell the handlers. The given pipe may be closed before it is open. */
export function connectStream(
  address: StreamAddress,
  role: Role,
  options: DialOptions,
  handlers: PipeHandlers,
): Pipe {
  const socket = open(address, options);
  let isOpen = false;
  let isClosed = false;
  const reader = createFrameReader(address.kind, role, options.maxMessage ?? MAX_MESSAGE, {
    onHandshake: () => {
      isOpen = true;
      socket.setTimeout(0);
      handlers.onOpen(pipe);
    },
    onMessage: (message) => {
      // A closed one has nothing more to say, even if more stands in the chunk.
      if (!isClosed) handlers.onMessage(message);
    },
  });
  const pipe: Pipe = {
    send: (message, onLeft) =>
      sendOver(socket, frameHeader(address.kind, message.length), message, onLeft),
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    close() {
      isClosed = true;
      if (isOpen) end(socket);
      else socket.destroy();
    },
  };
  socket.setNoDelay(true).setKeepAlive(true, KEEP_ALIVE);
  shakeHands(socket, address, role, options.connectTimeout ?? CONNECT_TIMEOUT);
  socket.on("data", (chunk: Buffer) => {
    if (!isClosed) read(socket, reader, chunk);
  });
  let reason: Error | undefined;
  socket.on("error", (error) => {
    reason = inWords(error);
  });
  socket.once("close", () => {
    if (isClosed) return;
    handlers.onClose(reason ?? new Error("the other side closed the connection"));
  });
  return pipe;
}

function open(address: StreamAddress, options: DialOptions): net.Socket {
  if (address.kind === "ipc") return net.connect({ path: address.path });
  const { host, port } = address;
  if (!address.tls) return net.connect({ host, port });
  const { ca, cert, key } = options;
  // A certificate is for names; an address is not given as one.
  const servername = net.isIP(host) === 0 ? host : "";
  return tls.connect({ host, port, servername, ca, cert, key });
}

/** Say who we are; the peer has `timeout` ms for the connection and for the same. */
function shakeHands(socket: net.Socket, address: StreamAddress, role: Role, timeout: number): void {
  const isTls = address.kind === "tcp" && address.tls;
  socket.once(isTls ? "secureConnect" : "connect", () => void socket.write(handshake(role)));
  socket.on("timeout", () => socket.destroy(new Error("no answer in time")));
  socket.setTimeout(timeout);
}

function read(socket: net.Socket, reader: FrameReader, chunk: Uint8Array): void {
  try {
    reader.push(chunk);
  } catch (error) {
    // What a handler throws is its owner's affair, and no fault of the peer.
    if (!(error instanceof FrameError)) throw error;
    socket.destroy(error);
  }
}

function sendOver(
  socket: net.Socket,
  header: Uint8Array,
  message: Uint8Array,
  onLeft?: () => void,
): void {
  // One segment for both.
  socket.cork();
  socket.write(header);
  socket.write(message, (error) => {
    if (!error) onLeft?.();
  });
  socket.uncork();
}

function end(socket: net.Socket): void {
  socket.end(() => socket.destroy());
  socket.setTimeout(LINGER);
}
