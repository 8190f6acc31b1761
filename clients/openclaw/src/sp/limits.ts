/** Bytes of a message, if nothing else is said. */
export const MAX_MESSAGE = 64 << 20;
/** ms in which a connection is made. */
export const CONNECT_TIMEOUT = 10_000;
/** ms in which what was sent may leave yet, after the end. */
export const LINGER = 2_000;
