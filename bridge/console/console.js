// The console's page: what the bridge sends, shown. All that comes from outside
// is put in as text, never as markup.

import { Live } from "/live.js";
import { LANGUAGES, known, setLanguage, t, theLanguage } from "/words.js";

const $ = (id) => document.getElementById(id);

// ---- text from strangers ----------------------------------------------------

const CONTROLS = /[\u0000-\u001f\u007f-\u009f]/g;
// Marks that turn the direction of what follows, and what nobody can see.
const TURNS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const UNSEEN = /[\u200b\u2060\ufeff\u{e0000}-\u{e007f}]/gu;
const MARKS = /(\p{M}{4})\p{M}+/gu;
const LONGEST = 4000;

/** The same text, unable to do anything but be read. */
function clean(value) {
  return String(value ?? "")
    .slice(0, LONGEST)
    .replace(TURNS, "\ufffd")
    .replace(UNSEEN, "")
    .replace(MARKS, "$1")
    .replace(CONTROLS, (c) => (c === "\n" ? "\u23ce" : c === "\t" ? " " : "\ufffd"));
}

/** An element: its class, its text or its children, its attributes. */
function h(tag, name, content = "", attributes = {}) {
  const element = document.createElement(tag);
  if (name !== "") element.className = name;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...[content].flat().filter((one) => one !== "" && one !== null));
  return element;
}

/** A name of a stranger: it turns nothing around it. */
const foreign = (text, name = "") => h("bdi", name, clean(text));

/** `code` in between is marked up. */
function marked(text) {
  return text.split("`").map((part, i) => (i % 2 ? h("code", "", part) : part));
}

// ---- numbers and times --------------------------------------------------------

const locale = () => (theLanguage() === "zh" ? "zh-CN" : "en-GB");
const number = (n, digits = 0) => new Intl.NumberFormat(locale(), { maximumFractionDigits: digits }).format(n);
const rate = (n) => number(n, n < 10 ? 1 : 0);

function age(ms) {
  const steps = [["d", 86400000], ["h", 3600000], ["min", 60000]];
  for (const [unit, size] of steps) if (ms >= size) return t(unit, { n: Math.floor(ms / size) });
  return t("s", { n: Math.floor(ms / 1000) });
}

function bytes(n) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let i = 0;
  for (; n >= 1024 && i < units.length - 1; i++) n /= 1024;
  return `${number(n, i === 0 || n >= 100 ? 0 : 1)} ${units[i]}`;
}

const isToday = (date) => date.toDateString() === new Date().toDateString();

function clock(ms, seconds = true) {
  const date = new Date(ms);
  const parts = { hour: "2-digit", minute: "2-digit", ...(seconds && { second: "2-digit" }) };
  const day = isToday(date) ? {} : { month: "short", day: "numeric" };
  return date.toLocaleString(locale(), { hourCycle: "h23", ...day, ...parts });
}

function timeOf(ms, seconds = true) {
  return h("time", "", clock(ms, seconds), {
    datetime: new Date(ms).toISOString(),
    title: new Date(ms).toLocaleString(locale()),
  });
}

// ---- lists that change ----------------------------------------------------------

/** Put in what is new of it; the rest stays as it is. */
function renew(child, fresh) {
  Object.assign(child.dataset, fresh.dataset);
  const parts = [...fresh.children];
  while (child.children.length > parts.length) child.lastElementChild.remove();
  parts.forEach((part, i) => {
    if (i >= child.children.length) child.append(part);
    else if (!child.children[i].isEqualNode(part)) child.children[i].replaceWith(part);
  });
}

/** Make the children of `parent` those of `items`; what is the same stays, and
 * with it focus and selection. With `lives` an item changes under its key. */
function fill(parent, items, keyOf, make, lives = false) {
  const before = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  let at = parent.firstElementChild;
  for (const item of items) {
    const key = `${theLanguage()} ${keyOf(item)}`;
    let child = before.get(key);
    before.delete(key);
    if (child === undefined) {
      child = make(item);
      child.dataset.key = key;
    } else if (lives) {
      renew(child, make(item));
    }
    if (child === at) at = at.nextElementSibling;
    else parent.insertBefore(child, at);
  }
  for (const child of before.values()) child.remove();
}

const show = (element, isShown) => (element.hidden = !isShown);
const FEW = { accounts: 24, events: 12, calls: 12, refused: 4 };
const isOpen = { accounts: false, events: false, calls: false, refused: false };

/** The first of them, unless all are asked for. */
function some(name, items) {
  const button = $(`${name}-more`);
  show(button, items.length > FEW[name]);
  button.setAttribute("aria-expanded", String(isOpen[name]));
  button.textContent = isOpen[name] ? t("less") : t("more", { count: items.length });
  return isOpen[name] ? items : items.slice(0, FEW[name]);
}

// ---- what is known ----------------------------------------------------------------

const EVENTS_KEPT = 50;
const state = {
  link: "connecting",
  why_not: "",
  status: null,
  why: null,
  pairing: null,
  calls: null,
  events: [],
  denied: {},
  heard_ms: 0,
  isPaused: false,
};

/** What a grant has to cover for each. */
const NEEDS = {
  status: "bridge.status",
  why: "bridge.why",
  pairing: "bridge.pairing.list",
  calls: "bridge.calls",
  events: "bridge.replay",
};

const sum = (values) => values.reduce((one, other) => one + other, 0);
const accounts = () => Object.entries(state.status?.accounts ?? {});
const counted = (key) => sum(accounts().map(([, account]) => account[key] ?? 0));

function take(name, data) {
  state.heard_ms = Date.now();
  delete state.denied[NEEDS[name]];
  if (name === "events") {
    state.events = [...data.slice().reverse(), ...state.events].slice(0, EVENTS_KEPT);
  } else if (name === "denied") {
    state.denied[data.action] = data.message;
  } else if (name in state) {
    const before = state.status;
    state[name] = data;
    if (name === "status") onStatus(before);
    if (name === "status") counters ??= count();
  }
  draw(name);
}

// ---- saying things -----------------------------------------------------------------

let toastTimer = 0;

/** Once, to those who listen and to those who look. */
function say(text) {
  $("said").textContent = text;
  $("toast").textContent = text;
  show($("toast"), true);
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => show($("toast"), false), 6000);
}

const STATES = {
  link: (account) => account.state,
  online: (account) => ({ true: "yes", false: "no" })[String(account.online)] ?? "unknown",
  // Without a link nobody knows.
  actions: (account) => (account.state === "up" ? account.actions : account.actions === "stalled" ? "stalled" : "unknown"),
};
const GOOD = ["up", "yes", "ok"];
const BAD = ["down", "degraded", "no", "stalled"];
const gradeOf = (word) => (GOOD.includes(word) ? "good" : BAD.includes(word) ? "bad" : "unsure");

function onStatus(before) {
  if (before === null) return;
  const changes = [];
  for (const [name, account] of accounts()) {
    const was = before.accounts[name];
    for (const [kind, of] of Object.entries(STATES))
      if (was !== undefined && of(was) !== of(account))
        changes.push(t(`now_${kind}_${of(account)}`, { account: clean(name) }));
  }
  if (changes.length > 0) say(changes.slice(0, 4).join(" "));
}

// ---- the line to the bridge ----------------------------------------------------------

function drawLink() {
  const words = { token: "lost", refused: "lost" };
  const isUp = state.link === "live";
  $("link").dataset.state = isUp && state.isPaused ? "paused" : state.link;
  $("link-text").textContent = t(isUp && state.isPaused ? "paused" : (words[state.link] ?? state.link));
  const texts = {
    lost: state.heard_ms > 0 ? t("lostText", { time: clock(state.heard_ms) }) : t("lostFirst"),
    token: t("needsToken"),
    refused: t("isRefused", { text: clean(state.why_not) }),
  };
  const text = texts[state.link] ?? "";
  show($("lost"), text !== "");
  if ($("lost-text").textContent !== text) $("lost-text").textContent = text;
  document.body.classList.toggle("stale", !isUp && state.heard_ms > 0);
  const count = problems().length;
  document.title = isUp ? (count > 0 ? `(${count}) onebus` : "onebus") : `${t("lost")} · onebus`;
}

function onState(now, text) {
  const before = state.link;
  state.link = now;
  state.why_not = text;
  if (now === "live") {
    Object.assign(state, { denied: {}, events: [] });
    counters = null;
    if (before !== "live" && state.heard_ms > 0) say(t("back"));
  } else if (before === "live") {
    say(t("lost"));
  }
  if (now === "token" && before !== "token") openToken(t(live.token === "" ? "needsToken" : "tokenWrong"));
  drawLink();
}

// ---- health ---------------------------------------------------------------------------

function problemsOf([id, account]) {
  const name = { account: clean(id) };
  const found = [];
  if (account.state !== "up") found.push(t("sum_link", name));
  if (account.online === false) found.push(t("sum_online", name));
  if (account.actions === "stalled") found.push(t("sum_actions", name));
  if (account.paused_count > 0) found.push(t("sum_paused", { ...name, count: number(account.paused_count) }));
  return found;
}

/** What is wrong with NATS, where it is used. */
function problemsOfNats(nats) {
  const found = [];
  if (nats?.fault) found.push(t(`sum_nats_${nats.state}`, { fault: clean(nats.fault) }));
  else if (nats?.lag_ms > LATE_MS) found.push(t("sum_nats_late", { lag: number(nats.lag), age: age(nats.lag_ms) }));
  if (nats?.lost > 0) found.push(t("sum_nats_lost", { count: number(nats.lost) }));
  return found;
}

function problems() {
  const journal = state.status?.journal;
  const found = accounts().flatMap(problemsOf);
  if (journal?.fault) found.push(t("sum_journal", { fault: clean(journal.fault) }));
  if (journal?.lost > 0) found.push(t("sum_lost", { count: number(journal.lost) }));
  return [...found, ...problemsOfNats(state.status?.nats)];
}

const PROBLEMS_SHOWN = 8;

/** What is on its way to NATS is not late. */
const LATE_MS = 60000;

function drawHealth() {
  const found = problems();
  const title = found.length === 0 ? t("well") : found.length === 1 ? t("problems_1") : t("problems", { count: found.length });
  show($("health"), state.status !== null);
  $("health").dataset.grade = found.length === 0 ? "good" : "bad";
  $("health-title").textContent = title;
  const asking = state.pairing?.pending.length ?? 0;
  const lines = found.slice(0, PROBLEMS_SHOWN);
  if (found.length > lines.length) lines.push(t("andMore", { count: found.length - lines.length }));
  if (asking > 0) lines.push(asking);
  fill($("health-list"), lines, (line) => line, healthLine);
}

/** A problem, or how many ask to be heard: that leads there. */
function healthLine(line) {
  if (typeof line === "string") return h("li", "", marked(line));
  const button = h("button", "", t(line === 1 ? "asking_1" : "asking", { count: line }), { type: "button" });
  button.addEventListener("click", () => {
    $("pairing").scrollIntoView();
    $("pairing").focus();
  });
  return h("li", "", button);
}

// ---- accounts --------------------------------------------------------------------------

function light(label, word, kind) {
  const value = h("span", "light", [h("span", "mark", "", { "aria-hidden": "true" }), t(`${kind}_${word}`)]);
  value.dataset.grade = gradeOf(word);
  return h("div", "", [h("dt", "", label), h("dd", "", value)]);
}

function pausedLine(paused) {
  const chat = paused.group_id ? t("group", { id: paused.group_id }) : paused.user_id ? t("private", { id: paused.user_id }) : t("wholeAccount");
  const left = paused.retry_after_ms === undefined ? "" : ` · ${t("inAWhile", { age: age(paused.retry_after_ms) })}`;
  return h("li", "", `${chat} · ${known(`pause_${paused.reason}`, clean(paused.reason))}${left}`);
}

function card([name, account]) {
  const lights = Object.entries(STATES).map(([kind, of]) => light(t(kind), of(account), kind));
  const beat = account.heartbeat_age_ms;
  lights.push(h("div", "", [h("dt", "", t("heartbeat")), h("dd", "", beat === null ? t("never") : t("ago", { age: age(beat) }))]));
  const counts = ["events", "calls", "refused", "dropped", "unsettled"].map((key) => [key, account[key]]);
  counts.push(["waiting", account.pacing?.waiting ?? 0]);
  const parts = [
    h("h3", "", foreign(name)),
    h("p", "quiet", [account.self_id > 0 ? t("qq", { id: account.self_id }) : "", foreign(account.peer ?? "")].filter((one) => one !== "").flatMap((one, i) => (i > 0 ? [" · ", one] : [one]))),
    h("dl", "lights", lights),
    h("dl", "counts", counts.map(([key, n]) => h("div", n > 0 ? "" : "zero", [h("dt", "", t(`n_${key}`)), h("dd", "", number(n ?? 0))]))),
  ];
  if (account.paused?.length > 0)
    parts.push(h("div", "held", [h("p", "", t("pausedChats")), h("ul", "", account.paused.slice(0, 5).map(pausedLine))]));
  const element = h("li", "card", parts);
  element.dataset.grade = problemsOf([name, account]).length > 0 ? "bad" : "good";
  return element;
}

/** As in the settings; of many those first that something is wrong with. */
function drawAccounts() {
  const all = accounts();
  const isBad = (entry) => problemsOf(entry).length > 0;
  if (all.length > FEW.accounts) all.sort((one, other) => isBad(other) - isBad(one));
  fill($("accounts"), some("accounts", all), ([name]) => name, card, true);
  empty("accounts", all.length === 0, "status");
}

// ---- rates --------------------------------------------------------------------------------

const SAMPLE_MS = 2000;
const SAMPLES = 60;
const RATES = {
  events: () => counted("events"),
  calls: () => counted("calls"),
  drops: () => counted("dropped") + counted("refused"),
};
const samples = Object.fromEntries(Object.keys(RATES).map((key) => [key, []]));
let counters = null;

const count = () => ({
  now: Object.fromEntries(Object.entries(RATES).map(([key, of]) => [key, of()])),
  at: performance.now(),
});

/** From the counters' growth; those of a bridge that began anew say nothing. */
function sample() {
  const { now, at } = count();
  if (counters !== null && state.link === "live" && Object.keys(RATES).every((key) => now[key] >= counters.now[key]))
    for (const key of Object.keys(RATES)) {
      samples[key].push(((now[key] - counters.now[key]) * 1000) / (at - counters.at));
      if (samples[key].length > SAMPLES) samples[key].shift();
    }
  counters = state.status === null ? null : { now, at };
  drawRates();
}

const WIDTH = 240;
const HEIGHT = 48;

function svg(tag, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

function chart(key) {
  const picture = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img" });
  picture.append(svg("path", { class: "area" }), svg("path", { class: "line" }));
  return h("li", `card rate ${key}`, [
    h("h3", ""), h("p", "big"), picture, h("p", "quiet peak"),
  ]);
}

function drawChart(element, key) {
  const values = samples[key];
  const now = values.at(-1) ?? 0;
  const peak = Math.max(0, ...values);
  const top = Math.max(peak, 1);
  const points = values.map((value, i) => {
    const x = WIDTH - ((values.length - 1 - i) * WIDTH) / (SAMPLES - 1);
    return `${x.toFixed(1)} ${(HEIGHT - 2 - (value / top) * (HEIGHT - 6)).toFixed(1)}`;
  });
  const [area, line] = element.querySelectorAll("path");
  line.setAttribute("d", points.length > 1 ? `M${points.join("L")}` : "");
  area.setAttribute("d", points.length > 1 ? `M${points.join("L")}V${HEIGHT}H${points[0].split(" ")[0]}Z` : "");
  const words = { what: t(`rate_${key}`), now: rate(now), peak: rate(peak) };
  element.querySelector("h3").textContent = words.what;
  element.querySelector(".big").textContent = t("perSecond", { n: words.now });
  element.querySelector(".peak").textContent = t("peak", { n: words.peak });
  const picture = element.querySelector("svg");
  picture.setAttribute("aria-label", t("chart", words));
  picture.classList.toggle("still", peak === 0);
}

function drawRates() {
  const list = $("rates");
  for (const key of Object.keys(RATES)) {
    if (list.querySelector(`.${key}`) === null) list.append(chart(key));
    drawChart(list.querySelector(`.${key}`), key);
  }
}

// ---- pairing ---------------------------------------------------------------------------------

const whoIs = (entry) => (entry.nickname ? `${clean(entry.nickname)} (${entry.user_id})` : String(entry.user_id));

function act(verb, entry) {
  const button = h("button", verb === "approve" ? "main" : "", t(verb), { type: "button", "aria-label": `${t(verb)} ${whoIs(entry)}` });
  button.addEventListener("click", () => decide(verb, entry));
  return button;
}

function person(entry, facts, verbs) {
  return h("li", "", [
    h("div", "who", [h("strong", "", foreign(entry.nickname || entry.user_id)), h("span", "quiet", ` ${entry.user_id} → ${clean(entry.account)}`)]),
    h("p", "quiet", facts),
    h("div", "buttons", verbs.map((verb) => act(verb, entry))),
  ]);
}

function pendingPerson(entry) {
  const [before, between, after] = t("pairingAsks", { time: "\u0000", until: "\u0000" }).split("\u0000");
  return person(entry, [t("code"), " ", h("code", "", clean(entry.code)), " · ", before, timeOf(entry.asked_at, false), between, timeOf(entry.expires_at, false), after ?? ""], ["approve", "deny"]);
}

function approvedPerson(entry) {
  const [before, after] = t("since", { time: "\u0000" }).split("\u0000");
  return person(entry, [before, timeOf(entry.approved_at, false), after], ["revoke"]);
}

const APPROVED_SHOWN = 200;

function drawPairing() {
  const { pending = [], approved = [] } = state.pairing ?? {};
  fill($("pairing-list"), pending, (entry) => JSON.stringify(entry), pendingPerson);
  fill($("approved-list"), approved.slice(0, APPROVED_SHOWN), (entry) => JSON.stringify(entry), approvedPerson);
  empty("pairing", pending.length === 0, "pairing");
  show($("pairing-count"), pending.length > 0);
  $("pairing-count").textContent = pending.length;
  $("pairing").classList.toggle("asks", pending.length > 0);
  show($("approved"), approved.length > 0);
  $("approved-count").textContent = approved.length;
}

/** Where there is nothing: that there is not, or that it may not be seen. */
function empty(name, isEmpty, feed) {
  const element = $(`${name}-empty`);
  const denied = state.denied[NEEDS[feed]];
  show(element, isEmpty || denied !== undefined);
  element.textContent = denied === undefined ? t(`${name}None`) : t("denied", { text: clean(denied) });
}

async function decide(verb, entry) {
  const who = whoIs(entry);
  if (live.token === "") {
    openToken(t("tokenWhy"), () => decide(verb, entry));
    return;
  }
  if (!(await askWhether(verb, entry, who))) return;
  say(t(`did_${verb}`, { who }));
  $("pairing").focus();
}

/** Ask, do it, and stay open with what went wrong. */
function askWhether(verb, entry, who) {
  const dialog = $("ask-dialog");
  const yes = $("ask-yes");
  $("ask-title").textContent = t(`ask_${verb}`, { who });
  $("ask-text").textContent = t(`ask_${verb}_text`, { account: clean(entry.account) });
  $("ask-fault").textContent = "";
  yes.textContent = t(verb);
  yes.disabled = false;
  return new Promise((resolve) => {
    yes.onclick = async () => {
      yes.disabled = true;
      yes.textContent = t("moment");
      const reply = await live.call(`bridge.pairing.${verb}`, { user_id: entry.user_id, account: entry.account });
      yes.disabled = false;
      yes.textContent = t(verb);
      if (reply?.status === "ok") return dialog.close("yes");
      if (reply?.refused === 401) {
        dialog.close("token");
        return openToken(t("tokenWrong"), () => decide(verb, entry));
      }
      $("ask-fault").textContent = t("failed", { text: clean(reply === null ? t("noAnswer") : reply.message) });
    };
    dialog.onclose = () => resolve(dialog.returnValue === "yes");
    dialog.returnValue = "";
    dialog.showModal();
  });
}

// ---- who is not heard ----------------------------------------------------------------------------

/** The line to add for a reason, and where; `run`: a command instead. */
function cureOf(one) {
  const base = "channels.napcatqq";
  const place = / at (\S+:\d+: \S+?)(?:,|$)/.exec(one.advice ?? "")?.[1];
  const inGroup = (one.advice ?? "").includes("the group's allowFrom");
  const id = String(one.user_id);
  switch (one.reason) {
    case "group_disabled":
      return { how: "setIn", place: place ?? `${base}.groups."${one.group_id}"`, line: '"enabled": true' };
    case "group_policy_closed":
      return { how: "setIn", place: place ?? `${base}.groupPolicy`, line: '"groupPolicy": "allowlist"' };
    case "group_not_listed":
      return { how: "addTo", place: place ?? `${base}.groups`, line: `"${one.group_id}": {}` };
    case "sender_not_listed":
      return { how: "addTo", place: place ?? (inGroup ? `${base}.groups."${one.group_id}".allowFrom` : `${base}.groupAllowFrom`), line: id };
    case "dm_policy_closed":
      return { how: "setIn", place: place ?? `${base}.dmPolicy`, line: '"dmPolicy": "pairing"' };
    case "dm_not_listed":
      return { how: "addTo", place: place ?? `${base}.allowFrom`, line: id };
    case "pairing_required":
      return { how: "run", place: "", line: `onebus pairing approve napcatqq ${id}` };
    default:
      return null;
  }
}

function copyButton(line) {
  const button = h("button", "", t("copy"), { type: "button", "aria-label": t("copyLabel", { text: line }) });
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(line);
    } catch {
      // Plain http on another machine: the old way.
      const range = document.createRange();
      range.selectNodeContents(button.parentElement.querySelector("code"));
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      document.execCommand("copy");
    }
    say(t("copied"));
  });
  return button;
}

function refusal(one) {
  const chat = one.group_id ? `${t("group", { id: one.group_id })} · ` : "";
  const count = one.count > 1 ? ` · ${t("times", { count: number(one.count) })}` : "";
  const [before, after] = t("last", { time: "\u0000" }).split("\u0000");
  const cure = cureOf(one);
  const parts = [
    h("div", "who", [h("strong", "", String(one.user_id)), h("span", "quiet", ` ${chat}${clean(one.account)}`)]),
    h("p", "", known(`reason_${one.reason}`, clean(one.reason))),
    h("p", "quiet", [before, timeOf(one.time), after, count]),
  ];
  if (cure !== null)
    parts.push(h("div", "cure", [h("p", "", t(cure.how, { place: clean(cure.place) })), h("div", "line", [h("code", "", clean(cure.line)), copyButton(clean(cure.line))])]));
  if (one.advice) parts.push(h("details", "", [h("summary", "", t("advice")), h("p", "quiet", clean(one.advice), { lang: "en" })]));
  if (one.reason === "pairing_required") parts.push(h("div", "buttons", act("approve", { ...one, nickname: "" })));
  return h("li", "", parts);
}

/** Since then somebody may have been let in. */
function isApproved(one) {
  const approved = state.pairing?.approved ?? [];
  return one.reason === "pairing_required" && approved.some((who) => who.user_id === one.user_id && who.account === one.account);
}

/** One row for all that is refused to somebody somewhere for one reason. */
function refusals() {
  const rows = new Map();
  for (const one of state.why?.decisions ?? []) {
    if (one.allowed || isApproved(one)) continue;
    const key = [one.account, one.group_id, one.user_id, one.reason].join(" ");
    const row = rows.get(key);
    if (row === undefined) rows.set(key, { ...one, key, count: 1 });
    else row.count++;
  }
  return [...rows.values()];
}

function drawRefused() {
  const rows = refusals();
  empty("refused", rows.length === 0, "why");
  fill($("refused-list"), some("refused", rows), (row) => `${row.key} ${row.time} ${row.count}`, refusal);
}

// ---- events and calls ------------------------------------------------------------------------------

const cell = (name, content) => h("td", name, content, { role: "cell" });

const row = (name, cells) => h("tr", name, cells, { role: "row" });

function chatOf(chat) {
  const isChat = chat?.kind === "group" || chat?.kind === "private";
  return isChat ? t(chat.kind, { id: clean(chat.id) }) : known(`chat_${chat?.kind}`, clean(chat?.kind));
}

/** The longest beginning of the type that there are words for. */
function typeOf(type) {
  const parts = String(type ?? "").split(".");
  for (let n = parts.length; n > 0; n--) {
    const words = known(`type_${parts.slice(0, n).join(".")}`);
    if (words !== undefined) return words;
  }
  return clean(type);
}

function contentOf(event) {
  const parts = [];
  if (event.text) parts.push(foreign(event.text + (event.cut ? "…" : ""), "said"));
  const kinds = Object.entries(event.kinds ?? {}).filter(([kind]) => kind !== "text" || !event.text);
  const words = kinds.map(([kind, n]) => known(`kind_${kind}`, clean(kind)) + (n > 1 ? ` ×${n}` : ""));
  if (!event.text && event.characters > 0) words.push(t("characters", { count: number(event.characters) }));
  if (words.length > 0) parts.push(h("span", "quiet", words.join(" · ")));
  return parts;
}

function whatOf(event) {
  const parts = event.kinds === undefined || event.type.startsWith("message_sent") ? [h("span", "tag", typeOf(event.type), { title: clean(event.type) })] : [];
  if (event.kinds !== undefined) parts.push(...contentOf(event));
  if (event.respond) parts.push(h("span", "tag accent", t("respond")));
  if (event.allowed === false) parts.push(h("span", "tag warn", t("notAllowed")));
  const more = [event.action, event.status && known(`status_${event.status}`, clean(event.status)), event.reason].filter(Boolean);
  if (more.length > 0) parts.push(h("span", "quiet", clean(more.join(" · "))));
  return parts;
}

function eventRow(event) {
  const who = event.sender;
  return row("", [
    cell("when", timeOf(event.time)),
    cell("account", foreign(event.account)),
    cell("where", chatOf(event.chat)),
    cell("", who ? [foreign(who.name || who.id), who.name && who.id ? h("span", "quiet", ` ${clean(who.id)}`) : ""] : "–"),
    cell("what", h("div", "flow", whatOf(event))),
  ]);
}

function drawEvents() {
  if (state.isPaused) return;
  empty("events", state.events.length === 0, "events");
  show($("events"), state.events.length > 0);
  show($("events-note"), state.events.some((event) => event.characters > 0 && event.text === undefined));
  fill($("events-rows"), some("events", state.events), (event) => event.seq, eventRow);
}

function verdictOf(call) {
  const grade = { ok: "good", async: "good", failed: "bad" }[call.status] ?? "unsure";
  const word = call.error ? known(`error_${call.error}`, clean(call.error)) : known(`status_${call.status}`, clean(call.status));
  const verdict = h("span", "light", [h("span", "mark", "", { "aria-hidden": "true" }), word], { title: `${clean(call.error ?? call.status)} ${call.retcode}` });
  verdict.dataset.grade = grade;
  const parts = [verdict];
  if (call.count > 1) parts.push(h("span", "quiet", `×${number(call.count)}`));
  if (call.warnings > 0) parts.push(h("span", "tag warn", t("warnings", { count: call.warnings })));
  return parts;
}

function callRow(call) {
  const chat = call.group_id ? t("group", { id: call.group_id }) : call.user_id ? t("private", { id: call.user_id }) : "–";
  return row("", [
    cell("when", timeOf(call.time)),
    cell("account", call.account ? foreign(call.account) : "–"),
    cell("action", foreign(call.action || "–", "mono")),
    cell("where", chat),
    cell("verdict", h("div", "flow", verdictOf(call))),
    cell("number", call.ms < 10000 ? t("ms", { n: number(call.ms) }) : age(call.ms)),
    cell("caller", [foreign(call.grant ?? "–"), call.id ? h("span", "quiet", ` ${clean(call.id)}`) : ""]),
  ]);
}

function drawCalls() {
  if (state.isPaused) return;
  const calls = state.calls?.calls ?? [];
  const seen = new Map();
  const keyOf = (call) => {
    const text = JSON.stringify(call);
    seen.set(text, (seen.get(text) ?? 0) + 1);
    return `${seen.get(text)} ${text}`;
  };
  empty("calls", calls.length === 0, "calls");
  show($("calls"), calls.length > 0);
  fill($("calls-rows"), some("calls", calls), keyOf, callRow);
}

// ---- journal and queues -----------------------------------------------------------------------------

function fact(label, content, part = null) {
  const parts = [content];
  if (part !== null) {
    const [n, max] = part;
    parts.push(h("meter", "", "", { min: 0, max: Math.max(max, 1), value: n, low: max * 0.6, high: max * 0.85, optimum: 0, "aria-label": label }));
  }
  return h("div", "", [h("dt", "", label), h("dd", "", parts)]);
}

const of = (n, max) => t("of", { n: number(n), max: number(max) });

function stateFact(kind, word, grades) {
  const light = h("span", "light", [h("span", "mark", "", { "aria-hidden": "true" }), known(`${kind}_state_${word}`, clean(word))]);
  light.dataset.grade = grades[word] ?? "bad";
  return fact(t(`${kind}_state`), light);
}

/** Only where it is used. */
function natsFacts(nats) {
  if ((nats?.state ?? "off") === "off") return [];
  const lag = nats.lag > 0 ? t("nats_lag_of", { lag: number(nats.lag), age: age(nats.lag_ms) }) : t("nats_lag_none");
  return [
    stateFact("nats", nats.state, { ok: "good", connecting: "unsure", held: "unsure" }),
    fact(t("nats_stream"), [nats.stream, nats.server].filter((one) => one !== "").map(clean).join(" · ")),
    fact(t("nats_acked"), number(nats.acked)),
    fact(t("nats_lag"), lag),
    fact(t("nats_in_flight"), of(nats.in_flight, nats.window), [nats.in_flight, nats.window]),
    fact(t("nats_requests"), number(nats.requests)),
  ];
}

function facts() {
  const { journal, nats, calls, grants, unauthorized } = state.status;
  const rows = [
    stateFact("j", journal.state, { ok: "good", memory: "unsure" }),
    fact(t("j_kept"), journal.newest > 0 ? t("j_range", { oldest: number(journal.oldest), newest: number(journal.newest) }) : t("j_none")),
    fact(t("j_bytes"), bytes(journal.bytes)),
    fact(t("j_lost"), number(journal.lost)),
    fact(t("j_queue"), of(journal.queued, journal.queue_max), [journal.queued, journal.queue_max]),
    fact(t("j_calls"), of(calls.waiting, calls.max), [calls.waiting, calls.max]),
    fact(t("j_sends"), number(sum(accounts().map(([, account]) => account.pacing?.waiting ?? 0)))),
    fact(t("j_unsettled"), number(counted("unsettled"))),
    ...natsFacts(nats),
  ];
  for (const [name, grant] of Object.entries(grants ?? {}).slice(0, 20))
    rows.push(fact(t("j_grant", { name: clean(name) }), t("j_grant_of", { calls: number(grant.calls), denied: number(grant.denied) })));
  if (unauthorized > 0) rows.push(fact(t("j_strangers"), number(unauthorized)));
  return rows;
}

function drawJournal() {
  const status = state.status;
  $("journal").replaceChildren(...(status === null ? [] : facts()));
  $("about").textContent = status === null ? "" : t("about", { version: clean(status.version), epoch: clean(status.epoch) });
}

// ---- all of it ------------------------------------------------------------------------------------------

const PARTS = {
  status: [drawHealth, drawAccounts, drawJournal, drawLink],
  pairing: [drawHealth, drawPairing, drawRefused],
  why: [drawRefused],
  events: [drawEvents],
  calls: [drawCalls],
};
PARTS.denied = Object.values(PARTS).flat();

function draw(name) {
  for (const part of PARTS[name] ?? []) part();
}

function drawWords() {
  document.documentElement.lang = theLanguage() === "zh" ? "zh-CN" : "en";
  for (const element of document.querySelectorAll("[data-t]"))
    element.replaceChildren(...marked(t(element.dataset.t)));
  $("language").textContent = t("other");
  $("language").lang = theLanguage() === "zh" ? "en" : "zh-CN";
  $("pause").textContent = t(state.isPaused ? "goOn" : "pause");
  drawToken();
  draw("denied");
  drawRates();
}

// ---- settings of the page ----------------------------------------------------------------------------------

function stored(storage, key, value) {
  // Browsers may forbid it: then it is kept as long as the page is.
  try {
    if (value === undefined) return storage().getItem(key) ?? "";
    storage().setItem(key, value);
  } catch {}
  return "";
}

function firstLanguage() {
  const kept = stored(() => localStorage, "onebus.language");
  if (LANGUAGES.includes(kept)) return kept;
  return (navigator.language ?? "").toLowerCase().startsWith("zh") ? "zh" : "en";
}

function switchLanguage() {
  setLanguage(theLanguage() === "zh" ? "en" : "zh");
  stored(() => localStorage, "onebus.language", theLanguage());
  drawWords();
}

function switchPause() {
  state.isPaused = !state.isPaused;
  $("pause").setAttribute("aria-pressed", String(state.isPaused));
  $("pause").textContent = t(state.isPaused ? "goOn" : "pause");
  draw("events");
  draw("calls");
  drawLink();
}

function switchMore(name) {
  isOpen[name] = !isOpen[name];
  draw({ refused: "why", accounts: "status" }[name] ?? name);
}

// ---- the token ------------------------------------------------------------------------------------------------

let afterToken = null;

function drawToken() {
  $("token").textContent = t("token") + (live.token === "" ? "" : " ✓");
  $("token").setAttribute("aria-label", t(live.token === "" ? "token" : "tokenIsSet"));
  show($("token-forget"), live.token !== "");
}

function openToken(why, then = null) {
  afterToken = then;
  $("token-why").replaceChildren(...marked(why));
  $("token-fault").textContent = "";
  $("token-field").value = "";
  if (!$("token-dialog").open) $("token-dialog").showModal();
  $("token-field").focus();
}

function keepToken(token) {
  stored(() => sessionStorage, "onebus.token", token);
  live.setToken(token);
  drawToken();
}

function useToken(event) {
  event.preventDefault();
  const token = $("token-field").value.trim();
  const fault = token === "" ? "tokenEmpty" : /^[\x21-\x7e]+$/.test(token) ? "" : "tokenOdd";
  $("token-fault").textContent = fault === "" ? "" : t(fault);
  if (fault !== "") return $("token-field").focus();
  const then = afterToken;
  afterToken = null;
  $("token-dialog").close();
  keepToken(token);
  say(t("tokenKept"));
  then?.();
}

function forgetToken() {
  $("token-dialog").close();
  keepToken("");
  say(t("tokenGone"));
}

/** `#token=`: from `onebus console`; it must not stay in the address bar. */
function tokenOfAddress() {
  const token = new URLSearchParams(location.hash.slice(1)).get("token") ?? "";
  if (location.hash !== "") history.replaceState(null, "", location.pathname);
  return /^[\x21-\x7e]+$/.test(token) ? token : "";
}

const live = new Live({ data: take, state: onState });

function begin() {
  setLanguage(firstLanguage());
  const token = tokenOfAddress();
  if (token !== "") stored(() => sessionStorage, "onebus.token", token);
  live.token = token || stored(() => sessionStorage, "onebus.token");
  $("language").addEventListener("click", switchLanguage);
  $("pause").addEventListener("click", switchPause);
  $("retry").addEventListener("click", () => (state.link === "token" ? openToken(t("needsToken")) : live.again()));
  $("token").addEventListener("click", () => openToken(t("tokenWhy")));
  $("token-form").addEventListener("submit", useToken);
  $("token-forget").addEventListener("click", forgetToken);
  for (const name of Object.keys(FEW)) $(`${name}-more`).addEventListener("click", () => switchMore(name));
  for (const button of document.querySelectorAll("[data-close]"))
    button.addEventListener("click", () => button.closest("dialog").close());
  addEventListener("hashchange", () => {
    const other = tokenOfAddress();
    if (other !== "") keepToken(other);
  });
  setInterval(() => document.hidden || sample(), SAMPLE_MS);
  drawWords();
  live.run();
}

begin();
