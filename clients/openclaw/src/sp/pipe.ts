/**
 * A connection that carries whole SP messages: over WebSocket, TCP, TLS or a
 * Unix socket. It is open from the moment a dialer gives it until `onClose`,
 * which comes once.
 */
export interface Pipe {
  /** Send one message, header and body. What can no longer leave is dropped. */
  send(message: Uint8Array): void;
  /** Bytes given to `send` that have not left this process. */
  readonly buffered: number;
  close(): void;
}

/** What a pipe tells its owner. */
export interface PipeHandlers {
  onMessage(message: Uint8Array): void;
  onClose(reason: Error): void;
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
  token?: string;
  /** PEM of the authority that signed the server of `wss` or `tls+tcp`. */
  ca?: string;
  /** PEM of the client's own certificate and key, where the server asks for one. */
  cert?: string;
  key?: string;
  /** Longest message taken, in bytes; a longer one closes the pipe. Default 64 MiB. */
  maxMessage?: number;
  /** ms a connection may take to be made. Default 10,000. */
  connectTimeout?: number;
  backoff?: Backoff;
}

/** What is told of a socket's connection, for status and logs. */
export interface SocketHandlers {
  onUp?(): void;
  /** The reason says what, where and what to do, and has no token in it. */
  onDown?(reason: Error): void;
}
