/** Bytes of a message, if nothing else is said. */
export const MAX_MESSAGE = 64 << 20;
/** ms in which a connection is made, or ended. */
export const CONNECT_TIMEOUT = 10_000;
