/** The addresses of a bus: which transport, and where. */

import { AddressError } from "./errors.ts";

export type Address =
  | { kind: "websocket"; url: string }
  | { kind: "tcp"; host: string; port: number; tls: boolean }
  | { kind: "ipc"; path: string };

const ALLOWED =
  "allowed: ws://, wss://, tcp://, tls+tcp:// with host and port, or ipc:// with a path";

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
      throw refusal(url);
  }
}

function ipcAddress(url: string): Address {
  const path = url.slice("ipc://".length);
  if (path === "") throw refusal(url);
  return { kind: "ipc", path };
}

function tcpAddress(url: string, tls: boolean): Address {
  const parsed = parseUrl(url.replace(/^[a-z+]+:/, "http:"), url);
  // A URL leaves out the port that is its scheme's own.
  const port =
    parsed.port === "" ? (/:0*80(\/|$)/.test(url) ? 80 : Number.NaN) : Number(parsed.port);
  if (!(port >= 1 && port <= 65535) || (parsed.pathname !== "/" && parsed.pathname !== "")) {
    throw refusal(url);
  }
  return { kind: "tcp", host: parsed.hostname.replace(/^\[|\]$/g, ""), port, tls };
}

function websocketAddress(url: string): Address {
  const parsed = parseUrl(url, url);
  if (parsed.hash !== "") throw refusal(url);
  return { kind: "websocket", url: parsed.href };
}

function parseUrl(text: string, shown: string): URL {
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  // A name or password has no place in these, and must not be shown.
  if (parsed === undefined || parsed.username !== "" || parsed.password !== "")
    throw refusal(shown);
  return parsed;
}

function refusal(url: string): AddressError {
  return new AddressError(`${JSON.stringify(withoutUser(url))} is no address of a bus; ${ALLOWED}`);
}

function withoutUser(url: string): string {
  return url.replace(/\/\/[^/]*@/, "//***@");
}
