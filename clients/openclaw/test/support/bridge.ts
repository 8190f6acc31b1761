/**
 * The real bridge and the simulated QQ, as processes of a test.
 *
 *     await using bridge = await startBridge();
 *     await using sim = await startSim(bridge);
 *     sim.type("hello");
 *
 * The bridge is that of ONEBUS_BUILD_DIR, or of `build/dev`; the simulator runs by
 * the Python of ONEBUS_PYTHON, or of `build/venv`.
 */

import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { end, freePort, type Lines, launch, Printed, PYTHON } from "./process.ts";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));
const BUILD = process.env["ONEBUS_BUILD_DIR"] ?? join(ROOT, "build", "dev");
const BINARY = join(BUILD, "bridge", "onebus");
const PYTHONPATH = join(ROOT, "clients", "python", "src");

export interface BridgeSettings {
  /** Laid over `channels.napcatqq`, and over `bridge`. */
  channel?: Record<string, unknown>;
  bridge?: Record<string, unknown>;
}

export interface BridgeProcess extends AsyncDisposable {
  readonly folder: string;
  /** Addresses of the bus. They stay over restarts, as do the ports of the accounts. */
  readonly events: string;
  readonly actions: string;
  readonly log: Lines;
  /** Where the account's peer dials. */
  url(account?: string): string;
  /** What is in the journal's name now. */
  readonly epoch: string;
  /** Start it again, with the settings that it has by then; same journal. */
  start(settings?: BridgeSettings): Promise<void>;
  /** End it by SIGTERM. */
  stop(): Promise<void>;
  /** As `kill -9`. */
  kill(): Promise<void>;
  /** Let it stand still, and go on. */
  pause(): void;
  resume(): void;
}

export interface SimOptions {
  /** The account of the bridge that it is behind; by default the only one. */
  account?: string;
  selfId?: number;
  /** More arguments of `python -m onebus.sim chat`. */
  args?: readonly string[];
}

/** A QQ account behind the bridge. It begins in the group 700, as the member 42. */
export interface SimProcess extends AsyncDisposable {
  /** A line of the chat: what somebody says, or a command (`/help` lists them). */
  type(line: string): void;
  /** What happens in QQ, the bot's messages among it. */
  readonly lines: Lines;
}

/** Open to all and without pacing, unless the settings say otherwise. */
export async function startBridge(settings: BridgeSettings = {}): Promise<BridgeProcess> {
  assert.ok(
    existsSync(BINARY),
    `${BINARY} is not there: build it, or name its build in ONEBUS_BUILD_DIR`,
  );
  const folder = mkdtempSync(join(tmpdir(), "onebus-"));
  const bridge = new Bridge(folder, settings, await freePort());
  try {
    await bridge.start();
  } catch (error) {
    await bridge[Symbol.asyncDispose]();
    throw error;
  }
  return bridge;
}

class Bridge implements BridgeProcess {
  readonly folder: string;
  readonly events: string;
  readonly actions: string;
  readonly log = new Printed();
  private readonly port: number;
  private settings: BridgeSettings;
  private child: ChildProcess | undefined;

  constructor(folder: string, settings: BridgeSettings, port: number) {
    this.folder = folder;
    this.settings = settings;
    this.port = port;
    this.events = `ipc://${folder}/events`;
    this.actions = `ipc://${folder}/actions`;
  }

  async start(settings?: BridgeSettings): Promise<void> {
    assert.equal(this.child, undefined, "the bridge runs already");
    this.settings = settings ?? this.settings;
    const file = join(this.folder, "onebus.json");
    writeFileSync(file, JSON.stringify(this.file()));
    const from = this.log.all.length;
    const child = launch(BINARY, ["run", "--config", file], { ...withoutOurs(process.env) });
    this.child = child;
    this.log.follow(child.stderr);
    const ended = once(child, "exit").then(([status]) => {
      throw new Error(`the bridge ended with ${status}:\n${this.log.all.slice(from).join("\n")}`);
    });
    await Promise.race([this.log.waitFor('"msg":"ready ', from), ended]);
    ended.catch(() => undefined);
  }

  private file(): unknown {
    const { channel, bridge } = this.settings;
    return {
      channels: {
        napcatqq: { wsPort: this.port, dmPolicy: "open", groupPolicy: "open", ...channel },
      },
      bridge: {
        stateDir: join(this.folder, "state"),
        events: [this.events],
        actions: [this.actions],
        http: "127.0.0.1:0",
        pacing: { accountPerSecond: 0, chatPerSecond: 0, jitter: 0 },
        ...bridge,
      },
    };
  }

  get epoch(): string {
    const ready = this.log.all.findLast((line) => line.includes('"msg":"ready '));
    return / epoch=(\S+)/.exec(ready ?? "")?.[1] ?? "";
  }

  url(account?: string): string {
    const name = account ?? "\\S+";
    const listens = new RegExp(`listening account=${name} url=(\\S+)`);
    const line = this.log.all.findLast((each) => listens.test(each));
    const found = listens.exec(line ?? "")?.[1];
    assert.ok(found, `the bridge has no account ${account ?? ""}`);
    return found;
  }

  stop(): Promise<void> {
    return this.end("SIGTERM");
  }

  kill(): Promise<void> {
    return this.end("SIGKILL");
  }

  pause(): void {
    this.child?.kill("SIGSTOP");
  }

  resume(): void {
    this.child?.kill("SIGCONT");
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (child) await end(child, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.resume();
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A simulated QQ that is connected. It dials again after each restart of the bridge. */
export async function startSim(
  bridge: BridgeProcess,
  options: SimOptions = {},
): Promise<SimProcess> {
  assert.ok(
    existsSync(PYTHON),
    `${PYTHON} is not there: name a Python that has the simulator in ONEBUS_PYTHON`,
  );
  const chat = ["-m", "onebus.sim", "chat", "--url", bridge.url(options.account)];
  const ways = ["--self-id", String(options.selfId ?? 10001), "--reconnect-interval", "0.1"];
  const args = [...chat, ...ways, "--color", "never", ...(options.args ?? [])];
  const child = launch(PYTHON, args, { ...process.env, PYTHONPATH });
  const lines = new Printed();
  lines.follow(child.stdout);
  lines.follow(child.stderr);
  const sim: SimProcess = {
    type: (line) => void child.stdin?.write(`${line}\n`),
    lines,
    [Symbol.asyncDispose]: () => end(child, "SIGKILL"),
  };
  await lines.waitFor("* connected to");
  return sim;
}

/** The bridge's settings are the test's alone. */
function withoutOurs(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("ONEBUS_")));
}
