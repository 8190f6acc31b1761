import assert from "node:assert/strict";
import { test } from "node:test";
import { type Address, parseAddress, shown } from "../../src/sp/address.ts";
import { AddressError } from "../../src/sp/errors.ts";

const GOOD: readonly (readonly [string, Address])[] = [
  ["tcp://127.0.0.1:7710", { kind: "tcp", host: "127.0.0.1", port: 7710, tls: false }],
  ["tcp://bridge:80", { kind: "tcp", host: "bridge", port: 80, tls: false }],
  ["tcp://bridge:65535/", { kind: "tcp", host: "bridge", port: 65535, tls: false }],
  ["tls+tcp://[::1]:7710", { kind: "tcp", host: "::1", port: 7710, tls: true }],
  ["ipc:///run/onebus/events", { kind: "ipc", path: "/run/onebus/events" }],
  ["ipc://events", { kind: "ipc", path: "events" }],
  [`ipc:///${"a".repeat(106)}`, { kind: "ipc", path: `/${"a".repeat(106)}` }],
  ["ws://127.0.0.1:7720/events", { kind: "websocket", url: "ws://127.0.0.1:7720/events" }],
  ["wss://bus.example/events?a=b", { kind: "websocket", url: "wss://bus.example/events?a=b" }],
];

for (const [url, address] of GOOD) {
  test(`${url.slice(0, 40)} is an address`, () => assert.deepEqual(parseAddress(url), address));
}

const BAD: readonly (readonly [string, RegExp])[] = [
  ["", /allowed: ws:/],
  ["127.0.0.1:7710", /allowed: ws:/],
  ["http://127.0.0.1:7710", /allowed: ws:/],
  ["TCP://127.0.0.1:7710", /allowed: ws:/],
  ["tcp:127.0.0.1:7710", /allowed: ws:/],
  ["tcp://127.0.0.1", /with host and port/],
  ["tcp://127.0.0.1:0", /with host and port/],
  ["tcp://127.0.0.1:65536", /with host and port/],
  ["tcp://127.0.0.1:port", /with host and port/],
  ["tcp://:7710", /with host and port/],
  ["tcp://127.0.0.1:7710/events", /with host and port/],
  ["tcp://127.0.0.1:7710?a", /with host and port/],
  ["tcp://*:7710", /name the host/],
  ["ws://*:7710/events", /name the host/],
  ["ws://127.0.0.1/#here", /allowed/],
  ["ws://", /allowed/],
  ["ipc://", /with a path/],
  ["ipc:///a\0b", /with a path/],
  [`ipc:///${"a".repeat(107)}`, /108 bytes, and a socket's may have 107/],
];

for (const [url, why] of BAD) {
  test(`${JSON.stringify(url.slice(0, 40))} is none, and is told what is`, () => {
    assert.throws(
      () => parseAddress(url),
      (error) => {
        assert.ok(error instanceof AddressError);
        assert.equal(error.code, "SP_ADDRESS");
        assert.match(error.message, why);
        assert.ok(error.message.includes("is no address of a bus"));
        return true;
      },
    );
  });
}

for (const url of ["tcp://me:hush@h:1", "ws://me:hush@h:1/a", "http://h/?token=hush"]) {
  test(`what may be a secret in ${url.split(":")[0]} is not shown when it is refused`, () => {
    assert.throws(
      () => parseAddress(url),
      (error: Error) => !error.message.includes("hush"),
    );
  });
}

test("an address is shown without what may be a secret", () => {
  assert.equal(shown("ws://h:1/a?token=x"), "ws://h:1/a?…");
  assert.equal(shown("tcp://h:1"), "tcp://h:1");
});
