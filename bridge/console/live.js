// The line to the bridge: what it sends about once a second, and what is asked
// of it. The line is made anew for ever, ever more slowly up to 15 s; while
// nobody looks at the page it is down.

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 15000;
// The bridge says something every 15 s at least.
const SILENCE_MS = 40000;
// One event of the stream is far below that, whatever is sent.
const LONGEST_EVENT = 8 * 1024 * 1024;
const CALL_MS = 20000;

class Refused extends Error {
  constructor(status, text) {
    super(text);
    this.status = status;
  }
}

function headersOf(token) {
  return token === "" ? {} : { Authorization: `Bearer ${token}` };
}

/** Give each event of the stream's text to `on(name, data)`. */
class Events {
  constructor(on) {
    this.on = on;
    this.text = "";
  }

  add(text) {
    this.text += text;
    if (this.text.length > LONGEST_EVENT) throw new Error("too long");
    for (let end; (end = this.text.indexOf("\n\n")) >= 0; ) {
      this.take(this.text.slice(0, end));
      this.text = this.text.slice(end + 2);
    }
  }

  take(lines) {
    let name = "";
    const data = [];
    for (const line of lines.split("\n")) {
      if (line.startsWith("event: ")) name = line.slice(7);
      if (line.startsWith("data: ")) data.push(line.slice(6));
    }
    if (name !== "" && data.length > 0) this.on(name, JSON.parse(data.join("\n")));
  }
}

export class Live {
  /** `on.data(name, data)`, `on.state(state, text)`: connecting, live, lost,
   * refused (and why), token (a token is wanted, or another one). */
  constructor(on) {
    this.on = on;
    this.token = "";
    this.wake = () => {};
    document.addEventListener("visibilitychange", () => this.again());
  }

  /** Try now, and with the token of now. */
  again() {
    this.controller?.abort();
    this.waitMs = FIRST_WAIT_MS;
    this.wake();
  }

  setToken(token) {
    this.token = token;
    this.again();
  }

  async run() {
    this.waitMs = FIRST_WAIT_MS;
    for (;;) {
      if (document.hidden) await this.pause(Infinity);
      else await this.once();
    }
  }

  async once() {
    const controller = (this.controller = new AbortController());
    let told = ["lost", ""];
    try {
      await this.read(controller);
    } catch (error) {
      if (error instanceof Refused && error.status === 401) told = ["token", ""];
      else if (error instanceof Refused) told = ["refused", error.message];
    }
    // Whoever breaks it off wants another at once.
    if (controller.signal.aborted && !controller.silent) return;
    this.on.state(...told);
    await this.pause(told[0] === "token" ? Infinity : this.waitMs * (0.75 + Math.random() / 2));
    this.waitMs = Math.min(this.waitMs * 2, LONGEST_WAIT_MS);
  }

  async read(controller) {
    const heard = this.watch(controller);
    try {
      const response = await fetch("/api/live", {
        headers: headersOf(this.token),
        signal: controller.signal,
        cache: "no-store",
      });
      if (!response.ok) throw new Refused(response.status, (await response.text()).trim());
      const events = new Events(this.on.data);
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      this.on.state("live", "");
      this.waitMs = FIRST_WAIT_MS;
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        heard.now();
        events.add(value);
      }
    } finally {
      heard.end();
    }
  }

  /** A line on which nothing comes is dead, whatever TCP says. */
  watch(controller) {
    const end = () => {
      controller.silent = true;
      controller.abort();
    };
    let timer = setTimeout(end, SILENCE_MS);
    return {
      now: () => {
        clearTimeout(timer);
        timer = setTimeout(end, SILENCE_MS);
      },
      end: () => clearTimeout(timer),
    };
  }

  pause(ms) {
    return new Promise((resolve) => {
      const timer = ms === Infinity ? 0 : setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Ask for one of the bridge's own actions: its reply; or the HTTP `refused`
   * and why; or `null`: no answer. */
  async call(action, params) {
    try {
      const response = await fetch("/api/call", {
        method: "POST",
        headers: { "Content-Type": "application/json", ...headersOf(this.token) },
        body: JSON.stringify({ action, params }),
        signal: AbortSignal.timeout(CALL_MS),
        cache: "no-store",
      });
      if (response.ok) return await response.json();
      return { refused: response.status, message: (await response.text()).trim() };
    } catch {
      return null;
    }
  }
}
