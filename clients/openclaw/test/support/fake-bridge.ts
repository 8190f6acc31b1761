import { CallError } from "../../src/bus/errors.ts";
import type { SubscribePort, SubscriptionHandlers } from "../../src/bus/events.ts";
import { pack } from "../../src/bus/packing.ts";
import type { Caller, ErrorClass, Params, Position, PositionStore } from "../../src/bus/types.ts";

/** A bridge's bus in memory: a journal, a publisher that may lose, and calls that may fail. */
export interface FakeBridge {
  epoch: string;
  /** Put an event in the journal and publish it; `lose`: nobody hears it. Gives its seq. */
  publish(options?: { lose?: boolean; account?: string; topic?: string; text?: string }): number;
  /** Publish bytes as they are. */
  say(message: Uint8Array): void;
  /** The connections break, and nobody is let in until `up`. */
  down(): void;
  up(): void;
  /** Another journal begins, empty. */
  renew(epoch: string): void;
  /** Go back to a journal that was there before. */
  restore(epoch: string): void;
  /** The journal no longer has what is up to `seq`. */
  expire(seq: number): void;
  /** It could never take these. */
  forget(seq: number): void;
  /** What the next calls of an action fail with. */
  fail(action: string, error: ErrorClass, times?: number): void;
  /** The actions that were called, oldest first. */
  calls: string[];
  /** What those of `bridge.replay` asked for. */
  asked: Params[];
  /** Events of one page, at most. */
  pageSize: number;
  newest(): number;
  client(): FakeClient;
}

/** A process that uses the bridge. Killed, it hears and says nothing any more. */
export interface FakeClient {
  port: SubscribePort;
  calls: Caller;
  store(disk: Disk): PositionStore;
  kill(): void;
}

/** What is on disk, and survives a kill. */
export interface Disk {
  position?: Position;
  writes: number;
  broken?: boolean;
}

const NEVER = new Promise<never>(() => undefined);

interface Journal {
  events: Map<number, Uint8Array>;
  newest: number;
  expired: number;
}

export function fakeBridge(): FakeBridge {
  const journals = new Map<string, Journal>();
  const links = new Set<SubscriptionHandlers>();
  const waiting = new Set<SubscriptionHandlers>();
  const faults = new Map<string, { error: ErrorClass; times: number }>();
  let isUp = true;

  const journal = (): Journal => {
    let found = journals.get(bridge.epoch);
    if (!found) {
      found = { events: new Map(), newest: 0, expired: 0 };
      journals.set(bridge.epoch, found);
    }
    return found;
  };

  const answer = (action: string, params: Params): unknown => {
    bridge.calls.push(action);
    if (!isUp) throw failure(action, "no_bridge");
    const fault = faults.get(action);
    if (fault && fault.times-- > 0) throw failure(action, fault.error);
    if (action === "bridge.ping") return { epoch: bridge.epoch, seq: journal().newest };
    bridge.asked.push(params);
    return replay(bridge, journal(), Number(params["after"]));
  };

  const connect = (handlers: SubscriptionHandlers): void => {
    links.add(handlers);
    handlers.onUp();
  };

  const bridge: FakeBridge = {
    epoch: "e1",
    calls: [],
    asked: [],
    pageSize: 1000,
    newest: () => journal().newest,
    publish(options = {}) {
      const { events } = journal();
      const seq = ++journal().newest;
      const message = eventMessage(bridge.epoch, seq, options);
      events.set(seq, message);
      if (!options.lose) bridge.say(message);
      return seq;
    },
    say(message) {
      for (const link of links) link.onMessage(message);
    },
    down() {
      isUp = false;
      const broken = [...links];
      links.clear();
      for (const link of broken) {
        waiting.add(link);
        link.onDown(new Error("closed"));
      }
    },
    up() {
      isUp = true;
      const back = [...waiting];
      waiting.clear();
      for (const link of back) connect(link);
    },
    renew(epoch) {
      journals.delete(epoch);
      bridge.epoch = epoch;
    },
    restore(epoch) {
      bridge.epoch = epoch;
    },
    expire(seq) {
      journal().expired = seq;
      for (const at of journal().events.keys()) if (at <= seq) journal().events.delete(at);
    },
    forget: (seq) => void journal().events.delete(seq),
    fail: (action, error, times = 1) => void faults.set(action, { error, times }),
    client: () => {
      let isDead = false;
      return {
        port: {
          subscribe(handlers) {
            const own: SubscriptionHandlers = {
              onMessage: (message) => isDead || handlers.onMessage(message),
              onUp: () => isDead || handlers.onUp(),
              onDown: (reason) => isDead || handlers.onDown(reason),
            };
            setImmediate(() => (isUp ? connect(own) : waiting.add(own)));
            return {
              close() {
                links.delete(own);
                waiting.delete(own);
              },
            };
          },
        },
        calls: {
          call: async <T>(action: string, params: Params = {}) => {
            await new Promise(setImmediate);
            if (isDead) return NEVER;
            const data = answer(action, params) as T;
            await new Promise(setImmediate);
            return isDead ? NEVER : { data, warnings: [] };
          },
        },
        store: (disk) => ({
          load: async () => disk.position,
          async save(position) {
            await new Promise(setImmediate);
            if (isDead) return NEVER;
            if (disk.broken) throw new Error("no space left on device");
            disk.position = position;
            disk.writes += 1;
          },
        }),
        kill() {
          isDead = true;
        },
      };
    },
  };
  return bridge;
}

function failure(action: string, error: ErrorClass): CallError {
  return new CallError({ action, account: undefined }, { error, message: "so it is" });
}

function replay(bridge: FakeBridge, journal: Journal, after: number): Record<string, unknown> {
  const events: Uint8Array[] = [];
  const lost: [number, number][] = [];
  let next = after;
  while (next < journal.newest && events.length < bridge.pageSize) {
    next += 1;
    const message = journal.events.get(next);
    if (message) events.push(message);
    else if (lost.at(-1)?.[1] === next - 1 && next !== journal.expired + 1) {
      lost[lost.length - 1] = [lost.at(-1)?.[0] ?? next, next];
    } else lost.push([next, next]);
  }
  const truncated = next < journal.newest;
  const oldest = Math.min(journal.expired + 1, journal.newest);
  return { epoch: bridge.epoch, events, next, oldest, newest: journal.newest, truncated, lost };
}

export function eventMessage(
  epoch: string,
  seq: number,
  options: { account?: string; topic?: string; text?: string } = {},
): Uint8Array {
  const topic = options.topic ?? "qq.group.20002.message.normal";
  const envelope = {
    v: 1,
    epoch,
    seq,
    time: 1_786_700_000_000 + seq,
    account: options.account ?? "default",
    self_id: 10001,
    peer: "",
    origin: "live",
    type: "message.group.normal",
    key: `group:20002:${seq}`,
    text: options.text ?? `#${seq}`,
    event: { post_type: "message" },
  };
  return Buffer.concat([Buffer.from(topic), Buffer.of(0), pack(envelope)]);
}
