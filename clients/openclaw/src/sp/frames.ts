/**
 * SP over a byte stream: a handshake of eight bytes from each side, then messages,
 * each behind its length (nanomsg RFC "SP TCP mapping"; on a Unix socket a type byte
 * stands before the length).
 */

import { protocolName, type Role } from "./protocol.ts";

/** A stream that does not keep to the protocol. Nothing more can be read from it. */
export class FrameError extends Error {
  override readonly name = "FrameError";
}

export type Framing = "tcp" | "ipc";

const HANDSHAKE = 8;
const LENGTH = 8;
const TYPE_MESSAGE = 1;

export function handshake(role: Role): Uint8Array {
  return Uint8Array.of(0, 0x53, 0x50, 0, role.own >> 8, role.own & 0xff, 0, 0);
}

/** What stands before a message of `size` bytes. */
export function frameHeader(framing: Framing, size: number): Uint8Array {
  const header = new Uint8Array(headerSize(framing));
  if (framing === "ipc") header[0] = TYPE_MESSAGE;
  new DataView(header.buffer).setBigUint64(header.length - LENGTH, BigInt(size));
  return header;
}

export interface FrameHandlers {
  onHandshake(): void;
  onMessage(message: Uint8Array): void;
}

export interface FrameReader {
  /** Take what came. @throws FrameError */
  push(chunk: Uint8Array): void;
}

/** Reads what the peer sends, however it is cut. */
export function createFrameReader(
  framing: Framing,
  role: Role,
  maxMessage: number,
  handlers: FrameHandlers,
): FrameReader {
  const held = createHeld();
  let state: "handshake" | "header" | "body" = "handshake";
  let wanted = HANDSHAKE;

  // What is next is settled before anybody is told, for who is told may throw.
  function advance(bytes: Uint8Array): void {
    const was = state;
    state = was === "header" ? "body" : "header";
    wanted = was === "header" ? messageSize(bytes, framing, maxMessage) : headerSize(framing);
    if (was === "handshake") {
      checkHandshake(bytes, role);
      handlers.onHandshake();
    } else if (was === "body") {
      handlers.onMessage(bytes);
    }
  }

  return {
    push(chunk) {
      held.add(chunk);
      while (held.size >= wanted) advance(held.take(wanted));
    },
  };
}

function headerSize(framing: Framing): number {
  return framing === "ipc" ? LENGTH + 1 : LENGTH;
}

function checkHandshake(bytes: Uint8Array, role: Role): void {
  const view = viewOf(bytes);
  if (view.getUint32(0) !== 0x00535000 || view.getUint16(6) !== 0) {
    throw new FrameError("it does not speak SP: is this the address of a bus?");
  }
  const peer = view.getUint16(4);
  if (peer !== role.peer) {
    throw new FrameError(
      `it is a ${protocolName(peer)} socket, not ${protocolName(role.peer)}: are the addresses of events and actions mixed up?`,
    );
  }
}

function messageSize(header: Uint8Array, framing: Framing, most: number): number {
  if (framing === "ipc" && header[0] !== TYPE_MESSAGE) {
    throw new FrameError(`a frame of type ${header[0]}; allowed: ${TYPE_MESSAGE}`);
  }
  const size = viewOf(header).getBigUint64(header.length - LENGTH);
  if (size > BigInt(most)) {
    throw new FrameError(`a message of ${size} bytes; ${most} are allowed`);
  }
  return Number(size);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Bytes that have come and are not used up, as the chunks that they came in. */
interface Held {
  readonly size: number;
  add(chunk: Uint8Array): void;
  /** The first `count`, of at least as many. */
  take(count: number): Uint8Array;
}

function createHeld(): Held {
  let chunks: Uint8Array[] = [];
  let size = 0;

  /** One chunk of everything: only when a piece reaches over the first. */
  function join(): Uint8Array {
    const joined = chunks.length === 1 ? chunks[0] : undefined;
    return joined ?? Buffer.concat(chunks, size);
  }

  return {
    get size() {
      return size;
    },
    add(chunk) {
      chunks.push(chunk);
      size += chunk.length;
    },
    take(count) {
      const all = join();
      size -= count;
      chunks = size > 0 ? [all.subarray(count)] : [];
      return all.subarray(0, count);
    },
  };
}
