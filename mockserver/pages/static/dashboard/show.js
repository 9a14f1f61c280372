// How times, statuses, bodies and headers are shown.

import { button, el } from "./dom.js";

const LONG = 100_000; // characters of a body that are shown at first

/** Return "12:00:01.250" of an RFC 3339 time, with the date where it is another day's. */
export function time(text, { date = false } = {}) {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?/.exec(text ?? "");
  if (!match) return text ?? "";
  const clock = match[2] + (match[3] ?? "").slice(0, 4);
  return date ? `${match[1]} ${match[2]}` : clock;
}

/** Return an element with a time, and all of it as its title. */
export function when(text, options) {
  return text ? el("time", { datetime: text, title: text }, time(text, options)) : "–";
}

/** Return a status in the colour of its class. */
export function status(code, note) {
  const kind = code ? `s${String(code)[0]}` : "s0";
  return el("span", { class: `status ${kind}`, title: note }, code ? String(code) : note ?? "–");
}

/** Return how long something took, of microseconds. */
export function duration(micros) {
  if (micros === undefined || micros === null) return "–";
  if (micros < 1000) return `${Math.round(micros)} µs`;
  if (micros < 1_000_000) return `${(micros / 1000).toFixed(micros < 10_000 ? 1 : 0)} ms`;
  return `${(micros / 1_000_000).toFixed(1)} s`;
}

export function count(number, one, many = `${one}s`) {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}

const TOKEN = /("(?:\\.|[^"\\])*")(\s*:)?|\b(true|false|null)\b|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/g;

/** Return JSON or text in a box; long ones are cut until all is asked for. */
export function body(value, label) {
  const text = typeof value === "string" ? pretty(value) : JSON.stringify(value, null, 2);
  const box = el("pre", { class: "code", tabindex: "0", role: "region", "aria-label": label });
  const isJson = typeof value !== "string" || text !== value || /^[[{]/.test(text);
  const put = (shown) => (isJson ? colour(box, shown) : box.replaceChildren(shown));
  if (text.length <= LONG) {
    put(text);
    return el("div", { class: "body" }, box, copying(text, label));
  }
  put(text.slice(0, LONG));
  const more = button(`Show all ${count(text.length, "character")}`, () => {
    box.replaceChildren(text);
    more.remove();
    box.focus();
  });
  return el("div", { class: "body" }, box, copying(text, label), more);
}

function pretty(text) {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function colour(box, text) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    parts.push(text.slice(end, match.index));
    end = match.index + match[0].length;
    if (match[1]) {
      parts.push(el("span", { class: match[2] ? "j-key" : "j-text" }, match[1]), match[2] ?? "");
    } else {
      parts.push(el("span", { class: "j-word" }, match[0]));
    }
  }
  parts.push(text.slice(end));
  box.replaceChildren(...parts);
}

/** Return a button that copies a text, where the browser lets pages do it. */
export function copying(text, label, title = "Copy") {
  if (!navigator.clipboard) return "";
  const made = button(title, async () => {
    await navigator.clipboard.writeText(text);
    made.textContent = "Copied";
    setTimeout(() => (made.textContent = title), 1500);
  }, { kind: "small copy", label: `${title} ${label}` });
  return made;
}

/** Return headers as a list of definitions; they come as {name: value} or [{name, value}]. */
export function headers(given) {
  const pairs = Array.isArray(given) ? given.map((one) => [one.name, one.value]) : Object.entries(given ?? {});
  if (!pairs.length) return el("p", { class: "empty" }, "No headers.");
  return el("dl", { class: "headers" }, pairs.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, String(value))]));
}

/** Return terms and what they are, without those that are absent. */
export function facts(pairs) {
  return el("dl", { class: "facts" }, pairs
    .filter(([, value]) => value !== undefined && value !== null && value !== "")
    .flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
}
