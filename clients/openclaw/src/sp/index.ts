/**
 * A small client of NNG's sockets (nanomsg's Scalability Protocols) without native
 * code: SUB and REQ over `ws`, `wss`, `tcp`, `tls+tcp` and `ipc`.
 *
 * ```ts
 * import { createReq, subscribe } from "openclaw-napcatqq/sp";
 *
 * const sub = subscribe({
 *   url: "tcp://127.0.0.1:7710",
 *   prefixes: ["qq.group."],
 *   onMessage: (message) => console.log(message.length),
 *   onDown: (reason) => console.error(reason.message),
 * });
 * const req = createReq({ url: "tcp://127.0.0.1:7711" });
 * const reply = await req.request(new TextEncoder().encode('{"action":"bridge.ping"}'), 5_000);
 * req.close();
 * sub.close();
 * ```
 *
 * Lost connections are made again. A request is never sent twice: when the connection
 * goes while it is under way it fails as `NoReply`, and may have been carried out.
 */

export { type Address, parseAddress } from "./address.ts";
export { AddressError, NoReply, NotSent } from "./errors.ts";
export type { Backoff, DialOptions, SocketHandlers } from "./pipe.ts";
export { createReq, type Req, type ReqOptions } from "./req.ts";
export { type Sub, type SubOptions, subscribe } from "./sub.ts";
