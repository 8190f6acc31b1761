/** Scalability Protocols' numbers, as they stand in the handshake of SP's TCP mapping. */

export interface Role {
  /** Our own, and the only one that may stand on the other side. */
  readonly own: number;
  readonly peer: number;
  /** The peer's name, by which a WebSocket's subprotocol is called. */
  readonly peerName: string;
}

export const SUB: Role = { own: 0x21, peer: 0x20, peerName: "pub" };
export const REQ: Role = { own: 0x30, peer: 0x31, peerName: "rep" };

const NAMES: ReadonlyMap<number, string> = new Map([
  [0x10, "PAIR"],
  [0x11, "PAIR1"],
  [0x20, "PUB"],
  [0x21, "SUB"],
  [0x30, "REQ"],
  [0x31, "REP"],
  [0x50, "PUSH"],
  [0x51, "PULL"],
  [0x62, "SURVEYOR"],
  [0x63, "RESPONDENT"],
  [0x70, "BUS"],
]);

export function protocolName(number: number): string {
  return NAMES.get(number) ?? `protocol 0x${number.toString(16)}`;
}
