/**
 * The events of an account: every one once and in order, or told to be gone.
 *
 * Nothing runs in the background but the subscription, which puts what comes into a
 * bounded inbox: each step of the iteration takes what is there, or waits. What was
 * missed, in a hole or while away, is asked of the bridge's journal in pages of
 * bounded size. So a slow consumer costs no memory: it falls behind, and goes by the
 * journal.
 */

import { CLOCK, type Clock } from "./clock.ts";
import { decodeEnvelope, MalformedMessage } from "./envelope.ts";
import { createFeed, type Feed, type Item, itemOf } from "./feed.ts";
import { createInbox, type Inbox } from "./inbox.ts";
import { createJournal, type Journal } from "./journal.ts";
import { createKeeper, type Keeper } from "./keeper.ts";
import { matcher } from "./pattern.ts";
import { createProgress, type Progress } from "./progress.ts";
import { createQuiet } from "./quiet.ts";
import type { Caller, Delivery, Envelope, Position, PositionStore } from "./types.ts";
import { createWaker, type Waker } from "./waker.ts";

/** What a subscription tells. */
export interface SubscriptionHandlers {
  onMessage(message: Uint8Array): void;
  /** A connection was made: what was published before it is not to come. */
  onUp(): void;
  onDown(reason: Error): void;
}

/** The way to the bridge's event socket. */
export interface SubscribePort {
  /** Everything from now on; it dials by itself until it is closed. */
  subscribe(handlers: SubscriptionHandlers): { close(): void };
}

export interface EventsOptions {
  port: SubscribePort;
  /** For `bridge.ping` and `bridge.replay`. */
  calls: Caller;
  /** Only events of this account of the bridge. Default: of all. */
  account?: string;
  /** Only these topics. Default: all. */
  patterns?: readonly string[];
  /** Where to go on, and where it is kept how far one is. Without it: from now on. */
  position?: PositionStore;
  /** Ends the iteration, without an error. */
  signal?: AbortSignal;
  /** Deliveries that may be at work; the next waits for one to be done. Default 1000. */
  window?: number;
  /** ms between two saves of the position. Default 200. */
  saveEvery?: number;
  onUp?(): void;
  onDown?(reason: Error): void;
  /** What goes wrong and is got over, or cannot be: a line for the log. */
  onTrouble?(text: string): void;
  clock?: Clock;
}

const WINDOW = 1000;
const SAVE_EVERY = 200;
/** Items after which others of this process have their turn. */
const TURN = 64;
/** ms of a wait that only news end. */
const LONG = 3_600_000;

/**
 * Begins behind the stored position; without one, with what comes from now on. A
 * bridge that is away is waited for. What is delivered has to be `done` for the
 * position to go on; what is not comes again after a restart. `done` counts after the
 * end of the iteration, too.
 *
 * @throws {PatternError} at once; {CallError} or {MalformedMessage} from the iteration
 *   when the bridge refuses or does not keep its contract. What is done is saved then.
 */
export function events(options: EventsOptions): AsyncGenerator<Delivery, void, undefined> {
  return iterate(open(options));
}

/** All that an iteration has. */
interface Stream {
  readonly options: EventsOptions;
  readonly clock: Clock;
  readonly stop: AbortController;
  readonly inbox: Inbox;
  readonly waker: Waker;
  readonly journal: Journal;
  readonly keeper: Keeper | undefined;
  readonly progress: Progress;
  readonly quiet: ReturnType<typeof createQuiet>;
  readonly wants: (event: Envelope) => boolean;
  readonly tell: (text: string) => void;
  /** Of the journal, not yet handed on. */
  page: Item[];
  mayReplay: boolean;
}

function open(options: EventsOptions): Stream {
  const clock = options.clock ?? CLOCK;
  const tell = options.onTrouble ?? (() => undefined);
  const stop = new AbortController();
  const patterns = options.patterns ?? [];
  const waker = createWaker(clock);
  const keeper =
    options.position &&
    createKeeper({
      store: options.position,
      clock,
      every: options.saveEvery ?? SAVE_EVERY,
      onTrouble: tell,
    });
  return {
    options,
    clock,
    stop,
    inbox: createInbox(),
    waker,
    journal: createJournal({
      calls: options.calls,
      clock,
      patterns,
      signal: stop.signal,
      onTrouble: tell,
    }),
    keeper,
    progress: createProgress((at) => keeper?.note(at)),
    quiet: createQuiet(clock.now()),
    wants: wanted(options.account, matcher(patterns)),
    tell,
    page: [],
    mayReplay: true,
  };
}

function wanted(account: string | undefined, fits: (topic: string) => boolean) {
  return (event: Envelope): boolean =>
    (account === undefined || event.account === account) && fits(event.topic);
}

async function* iterate(stream: Stream): AsyncGenerator<Delivery, void, undefined> {
  const { options, stop, waker } = stream;
  const end = (): void => {
    stop.abort();
    waker.wake();
  };
  if (options.signal?.aborted) return;
  options.signal?.addEventListener("abort", end);
  const subscription = subscribe(stream);
  try {
    yield* deliver(stream, await begin(stream));
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    options.signal?.removeEventListener("abort", end);
    subscription.close();
    await stream.keeper?.flush();
  }
}

function subscribe(stream: Stream): { close(): void } {
  const { options, waker } = stream;
  return options.port.subscribe({
    onMessage(message) {
      stream.inbox.put(message);
      waker.wake();
    },
    onUp() {
      stream.quiet.connected(stream.clock.now());
      stream.mayReplay = true;
      waker.wake();
      options.onUp?.();
    },
    onDown: (reason) => options.onDown?.(reason),
  });
}

/** Where to begin: at the position that is kept, or with what comes from now on. */
async function begin(stream: Stream): Promise<Feed> {
  const kept = await stream.options.position?.load();
  if (kept) return createFeed(kept, true);
  const now = await stream.journal.newest();
  if (stream.options.position) stream.tell(`no position is kept: events from now on (${now.seq})`);
  stream.progress.pass(now);
  return createFeed(now, false);
}

async function* deliver(stream: Stream, feed: Feed): AsyncGenerator<Delivery, void, undefined> {
  const { progress, stop, waker } = stream;
  const window = stream.options.window ?? WINDOW;
  for (let turn = TURN; !stop.signal.aborted; turn--) {
    if (turn === 0) {
      turn = TURN;
      await new Promise(setImmediate);
    }
    if (progress.open >= window) {
      await waker.wait(LONG);
      continue;
    }
    const item = next(stream, feed);
    if (item === undefined) await more(stream, feed);
    else if (item.kind === "gap" || stream.wants(item.event)) yield deliveryOf(stream, item);
  }
}

/** What is there to be handed on. */
function next(stream: Stream, feed: Feed): Item | undefined {
  const item = stream.page.shift();
  if (item) return item;
  return feed.isBehind ? undefined : nextLive(stream, feed);
}

function nextLive(stream: Stream, feed: Feed): Item | undefined {
  for (;;) {
    const message = stream.inbox.take();
    if (!message) return undefined;
    const event = readable(stream, message);
    if (!event) continue;
    if (event.epoch === feed.position.epoch) stream.quiet.heard(stream.clock.now());
    const step = feed.live(event);
    if (step === "deliver") return itemOf(event);
    if (step === "ask") return undefined;
  }
}

/** One that is not readable leaves a hole, and the journal says what it was. */
function readable(stream: Stream, message: Uint8Array): Envelope | undefined {
  try {
    return decodeEnvelope(message);
  } catch (error) {
    if (!(error instanceof MalformedMessage)) throw error;
    stream.tell(`passed over: ${error.message}`);
    return undefined;
  }
}

/** Wait until there may be something to hand on. All that was passed over is done by now. */
async function more(stream: Stream, feed: Feed): Promise<void> {
  stream.progress.pass(feed.position);
  const left = stream.quiet.left(stream.clock.now());
  if (feed.isBehind) await replay(stream, feed);
  else if (left > 0) await stream.waker.wait(left);
  else await recheck(stream, feed);
}

async function replay(stream: Stream, feed: Feed): Promise<void> {
  const page = stream.mayReplay ? await stream.journal.page(feed.position.seq) : undefined;
  stream.mayReplay = page !== undefined;
  stream.page = page ? feed.page(page) : feed.refused();
}

/** It has been quiet, or the connection is new: the last event may be one that was missed. */
async function recheck(stream: Stream, feed: Feed): Promise<void> {
  stream.quiet.asked(stream.clock.now());
  const newest = await stream.journal.look();
  if (newest && isBeyond(newest, feed.position)) feed.recheck();
}

function isBeyond(newest: Position, position: Position): boolean {
  return newest.epoch !== position.epoch || newest.seq > position.seq;
}

function deliveryOf(stream: Stream, item: Item): Delivery {
  const { progress, waker } = stream;
  if (item.kind === "gap" && item.gap.reason === "epoch") progress.restart();
  const end = progress.begin(item.at);
  const done = (): void => {
    end();
    waker.wake();
  };
  return item.kind === "event"
    ? { kind: "event", event: item.event, done }
    : { kind: "gap", gap: item.gap, done };
}
