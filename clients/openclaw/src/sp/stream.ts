/** Pipes over TCP, TLS and Unix sockets. */

import net from "node:net";
import tls from "node:tls";
import type { Address } from "./address.ts";
import { createFrameReader, type Framing, frameHeader, handshake } from "./frames.ts";
import { CONNECT_TIMEOUT, MAX_MESSAGE } from "./limits.ts";
import type { DialOptions, Pipe, PipeHandlers } from "./pipe.ts";
import type { Role } from "./protocol.ts";

/** ms of silence after which the kernel asks whether the peer is still there. */
const KEEP_ALIVE = 15_000;

/** Connect, and tell the handlers. The given pipe may be closed before it is open. */
export function connectStream(
  address: Exclude<Address, { kind: "websocket" }>,
  role: Role,
  options: DialOptions,
  handlers: PipeHandlers,
): Pipe {
  const framing: Framing = address.kind;
  const socket = open(address, options);
  const pipe = pipeOver(socket, framing);
  const reader = createFrameReader(framing, role, options.maxMessage ?? MAX_MESSAGE, {
    onHandshake: () => {
      socket.setTimeout(0);
      handlers.onOpen(pipe);
    },
    onMessage: (message) => {
      // A closed one has nothing more to say, even if more stands in the chunk.
      if (!socket.destroyed) handlers.onMessage(message);
    },
  });
  let reason: Error | undefined;
  socket.setNoDelay(true);
  socket.setKeepAlive(true, KEEP_ALIVE);
  socket.setTimeout(options.connectTimeout ?? CONNECT_TIMEOUT, () => {
    socket.destroy(new Error("no answer in time"));
  });
  socket.once(address.kind === "tcp" && address.tls ? "secureConnect" : "connect", () => {
    socket.write(handshake(role));
  });
  socket.on("data", (chunk: Buffer) => {
    try {
      reader.push(chunk);
    } catch (error) {
      socket.destroy(error as Error);
    }
  });
  socket.on("error", (error) => {
    reason = error;
  });
  socket.once("close", () => {
    if (!pipe.isClosed)
      handlers.onClose(reason ?? new Error("the other side closed the connection"));
  });
  return pipe;
}

function open(address: Exclude<Address, { kind: "websocket" }>, options: DialOptions): net.Socket {
  if (address.kind === "ipc") return net.connect({ path: address.path });
  const { host, port } = address;
  if (!address.tls) return net.connect({ host, port });
  const { ca, cert, key } = options;
  // A certificate is for names; an address is not given as one.
  const servername = net.isIP(host) === 0 ? host : "";
  return tls.connect({ host, port, servername, ca, cert, key });
}

function pipeOver(socket: net.Socket, framing: Framing): Pipe & { readonly isClosed: boolean } {
  let isClosed = false;
  return {
    get isClosed() {
      return isClosed;
    },
    send(message) {
      // One segment for both.
      socket.cork();
      socket.write(frameHeader(framing, message.length));
      socket.write(message);
      socket.uncork();
    },
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    close() {
      isClosed = true;
      // What was sent is to leave yet.
      socket.end(() => socket.destroy());
      socket.setTimeout(CONNECT_TIMEOUT, () => socket.destroy());
    },
  };
}
