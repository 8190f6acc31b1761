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
 * Lost connections are made again, for ever, with growing pauses; `onUp` and `onDown`
 * tell of it, in words for a log and without tokens.
 *
 * A request is never sent twice. It fails as `NotSent` when it never left, so that it is
 * safe to ask again, and as `NoReply` when it may have been carried out: no reply came
 * in time, or the connection went while it was under way. Any number up to
 * `maxRequests` may be under way on one connection, and replies come in any order.
 *
 * A subscription is a prefix of bytes, and is compared here: NNG's PUB sends everything
 * to everybody. Who cannot keep up calls `pause` and `resume`. What is published in the
 * meantime waits on the way and in PUB's queue for this subscriber (`NNG_OPT_SENDBUF`),
 * and what finds that full is dropped by PUB without a word. The same is true of what
 * is published while a connection is made again. Who must have everything numbers the
 * messages and asks for what is missing.
 *
 * A peer that is gone without a word is found within half a minute by the kernel's
 * keep-alive, and on a WebSocket within three `pingInterval`s. While a request is under
 * way the latter is left to TCP, which may take a quarter of an hour: NNG that is busy
 * answers no pings. On `tcp` and `tls+tcp` there is no authentication but TLS's own.
 */

export { type Address, parseAddress } from "./address.ts";
export { AddressError, NoReply, NotSent } from "./errors.ts";
export type { Backoff, DialOptions, SocketHandlers } from "./pipe.ts";
export { createReq, type Req, type ReqOptions } from "./req.ts";
export { type Sub, type SubOptions, subscribe } from "./sub.ts";
