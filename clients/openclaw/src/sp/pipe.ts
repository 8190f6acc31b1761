/**
 * A connection that carries whole SP messages: over WebSocket, TCP, TLS or a Unix
 * socket.
 */
export interface Pipe {
  /**
   * Send one message, header and body. `onLeft` is told when it has left this process;
   * what can no longer leave is dropped without a word, for `onClose` tells.
   */
  send(message: Uint8Array, onLeft?: () => void): void;
  /** Take nothing more from the peer until `resume`; what has come already is still told. */
  pause(): void;
  resume(): void;
  /** End it; `onClose` is not called for it any more. */
  close(): void;
}

/** What a connection tells its owner. */
export interface PipeHandlers {
  /** The peer speaks the protocol asked for: messages may be sent. Once, or never. */
  onOpen(pipe: Pipe): void;
  /** The bytes are the receiver's to keep. */
  onMessage(message: Uint8Array): void;
  /** It could not be made, or has ended: once, and last. */
  onClose(reason: Error): void;
  /** Whether the peer has a request of ours, and so a reason to be silent. */
  isOwedReply?(): boolean;
}

/** Back-off between dials: `first` ms, times `factor` each, up to `max`, jittered. */
export interface Backoff {
  first: number;
  factor: number;
  max: number;
}

export interface DialOptions {
  /** `ws://`, `wss://`, `tcp://`, `tls+tcp://` or `ipc://` URL. */
  url: string;
  /** Sent as `Authorization: Bearer …` in a WebSocket's upgrade; other transports have no place for it. */
  token?: string | undefined;
  /** PEM of the authority that signed the server of `wss` or `tls+tcp`. */
  ca?: string | undefined;
  /** PEM of the client's own certificate and key, where the server asks for one. */
  cert?: string | undefined;
  key?: string | undefined;
  /** Longest message taken, in bytes; a longer one closes the pipe. Default 64 MiB. */
  maxMessage?: number | undefined;
  /** ms a connection may take to be made. Default 10,000. */
  connectTimeout?: number | undefined;
  /** ms between two signs of life that a WebSocket's peer is asked for; 0 is never. Default 20,000. */
  pingInterval?: number | undefined;
  backoff?: Backoff | undefined;
}

/** What is told of a socket's connection, for status and logs. */
export interface SocketHandlers {
  onUp?(): void;
  /** The reason says what, where and what to do, and has no token in it. */
  onDown?(reason: Error): void;
}
