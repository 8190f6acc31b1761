/** Processes of a test, which end with it. */

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

/** One that has what the bridge's tests need: ONEBUS_PYTHON, or that of `build/venv`. */
export const PYTHON =
  process.env["ONEBUS_PYTHON"] ??
  fileURLToPath(new URL("../../../../build/venv/bin/python", import.meta.url));

/** ms until a condition that must come true has not. */
const WAIT = 20_000;

/** Lines that a process has printed, to look at and to wait for. */
export interface Lines {
  readonly all: readonly string[];
  /** The first line, from `from` on, that has `part` in it. */
  waitFor(part: string, from?: number): Promise<string>;
}

/** What a process printed, of all its streams; or what else is told line by line. */
export class Printed implements Lines {
  readonly all: string[] = [];
  private readonly news = new EventEmitter().setMaxListeners(0);

  follow(stream: Readable | null): void {
    assert.ok(stream);
    createInterface({ input: stream }).on("line", (line) => this.add(line));
  }

  add(line: string): void {
    this.all.push(line);
    this.news.emit("line");
  }

  async waitFor(part: string, from = 0): Promise<string> {
    const deadline = AbortSignal.timeout(WAIT);
    for (;;) {
      const found = this.all.slice(from).find((line) => line.includes(part));
      if (found !== undefined) return found;
      try {
        await once(this.news, "line", { signal: deadline });
      } catch {
        throw new Error(`no line with ${part} in:\n${this.all.slice(from).join("\n")}`);
      }
    }
  }
}

const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** A process that ends with this one, even if this one is killed. */
export function launch(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): ChildProcess {
  const child = spawn("setpriv", ["--pdeathsig", "KILL", "--", program, ...args], {
    stdio: ["pipe", "pipe", "pipe"],
    env,
  });
  // Who writes to one that is gone learns it by what does not come.
  child.stdin.on("error", () => undefined);
  running.add(child);
  child.once("exit", () => running.delete(child));
  return child;
}

export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill(signal);
  await ended;
}

/** A port of the loopback address that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  assert.ok(address !== null && typeof address === "object");
  return address.port;
}
