/** Sockets of the real NNG, as processes of a test. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { end, freePort, type Lines, launch, Printed, PYTHON } from "../support/process.ts";

const PEER = fileURLToPath(new URL("nng_peer.py", import.meta.url));

export type Transport = "tcp" | "ipc" | "ws" | "tls+tcp" | "wss";

/** Where sockets may listen, and what they need for that. */
export interface Place extends Disposable {
  address(transport: Transport): Promise<string>;
  /** PEM file of a certificate and its key for 127.0.0.1; it is its own authority. */
  readonly pem: string;
  /** The same without the key. */
  readonly ca: string;
}

export function makePlace(): Place {
  const folder = mkdtempSync(join(tmpdir(), "sp-"));
  const { key, ca } = certificate(folder);
  const pem = join(folder, "both.pem");
  writeFileSync(pem, ca + key);
  return {
    pem,
    ca,
    async address(transport) {
      const port = await freePort();
      if (transport === "ipc") return `ipc://${folder}/${port}`;
      const path = transport === "ws" || transport === "wss" ? "/bus" : "";
      return `${transport}://127.0.0.1:${port}${path}`;
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}

function certificate(folder: string): { key: string; ca: string } {
  const file = join(folder, "key.pem");
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  const names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
  const args = ["req", "-x509", ...curve, ...names, "-days", "2", "-keyout", file];
  const ca = execFileSync("openssl", args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const key = execFileSync("cat", [file], { encoding: "utf8" });
  return { key, ca };
}

export interface Peer extends AsyncDisposable {
  readonly lines: Lines;
  /** The requests that it has seen until now, by how they begin. */
  requests(): Promise<string[]>;
  /** A command to it. */
  tell(command: Record<string, unknown>): void;
  /** As if it was not there any more, while its connections are; and back. */
  freeze(): void;
  thaw(): void;
  kill(): Promise<void>;
}

/** NNG as it comes with pynng: `nng_peer.py` says what it does. */
export async function startPeer(
  kind: "pub" | "rep",
  url: string,
  ...more: readonly string[]
): Promise<Peer> {
  const peer = run(PYTHON, [PEER, kind, url, ...more]);
  await peer.lines.waitFor("listening");
  return peer;
}

/** NNG as it comes with the system. It answers every request, or says each second, `text`. */
export function startNngcat(
  kind: "pub" | "rep",
  url: string,
  text: string,
  ...more: string[]
): Peer {
  const says = ["--data", text, ...(kind === "pub" ? ["--interval", "1"] : [])];
  return run("nngcat", [`--${kind}`, "--listen", url, ...says, ...more]);
}

function run(program: string, args: readonly string[]): Peer {
  const child = launch(program, args, process.env);
  const lines = new Printed();
  lines.follow(child.stdout);
  lines.follow(child.stderr);
  const kill = () => end(child, "SIGKILL");
  const tell = (command: Record<string, unknown>) => {
    assert.ok(child.stdin);
    child.stdin.write(`${JSON.stringify(command)}\n`);
  };
  let marks = 0;
  return {
    lines,
    async requests() {
      tell({ mark: ++marks });
      await lines.waitFor(`mark ${marks}`);
      return lines.all.flatMap((line) => /^request \d+ (.*)/.exec(line)?.[1] ?? []);
    },
    tell,
    freeze: () => void child.kill("SIGSTOP"),
    thaw: () => void child.kill("SIGCONT"),
    kill,
    [Symbol.asyncDispose]: kill,
  };
}
