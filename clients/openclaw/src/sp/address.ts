/** The addresses of a bus: which transport, and where. */

import { AddressError } from "./errors.ts";

export type Address =
  | { kind: "websocket"; url: string }
  | { kind: "tcp"; host: string; port: number; tls: boolean }
  | { kind: "ipc"; path: string };

const ALLOWED =
  "allowed: ws://, wss://, tcp://, tls+tcp:// with host and port, or ipc:// with a path";
/** Bytes of a Unix socket's path. */
const PATH_MAX = 107;

/** @throws AddressError */
export function parseAddress(url: string): Address {
  const scheme = /^([a-z+]+):\/\//.exec(url)?.[1];
  switch (scheme) {
    case "ipc":
      return ipcAddress(url);
    case "tcp":
    case "tls+tcp":
      return tcpAddress(url, scheme === "tls+tcp");
    case "ws":
    case "wss":
      return websocketAddress(url);
    default:
      throw refusal(url, ALLOWED);
  }
}

/** A URL as it may stand in a log: what comes after `?`, and before `@`, may be a secret. */
export function shown(url: string): string {
  return url.replace(/\?.*$/s, "?…").replace(/\/\/[^/]*@/, "//…@");
}

function ipcAddress(url: string): Address {
  const path = url.slice("ipc://".length);
  const size = Buffer.byteLength(path);
  if (path === "" || path.includes("\0")) throw refusal(url, ALLOWED);
  if (size > PATH_MAX) {
    throw refusal(url, `its path has ${size} bytes, and a socket's may have ${PATH_MAX}`);
  }
  return { kind: "ipc", path };
}

function tcpAddress(url: string, tls: boolean): Address {
  const parsed = parseUrl(url.replace(/^[a-z+]+:/, "http:"), url);
  // A URL leaves out the port that is its scheme's own.
  const port = parsed.port === "" && /:0*80\/?$/.test(url) ? 80 : Number(parsed.port || Number.NaN);
  const hasMore = parsed.pathname !== "/" || /[?#]/.test(url);
  if (!(port >= 1) || hasMore) throw refusal(url, ALLOWED);
  return { kind: "tcp", host: parsed.hostname.replace(/^\[|\]$/g, ""), port, tls };
}

function websocketAddress(url: string): Address {
  const parsed = parseUrl(url, url);
  if (parsed.hash !== "") throw refusal(url, ALLOWED);
  return { kind: "websocket", url: parsed.href };
}

function parseUrl(text: string, url: string): URL {
  const parsed = URL.parse(text);
  if (parsed === null) throw refusal(url, ALLOWED);
  if (parsed.username !== "" || parsed.password !== "") {
    throw refusal(url, `no name or password has a place in it; ${ALLOWED}`);
  }
  if (parsed.hostname === "*") {
    throw refusal(url, "* is for who listens; name the host that is to be reached");
  }
  return parsed;
}

function refusal(url: string, why: string): AddressError {
  return new AddressError(`${JSON.stringify(shown(url))} is no address of a bus; ${why}`);
}
