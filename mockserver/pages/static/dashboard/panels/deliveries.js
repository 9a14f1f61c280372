// The inbox: every message to every destination, its attempts, and sending it once more.

import { path } from "../api.js";
import { button, el, field, fill, panel, select } from "../dom.js";
import { body, count, facts, headers, status, time, when } from "../show.js";
import { Split } from "../split.js";
import { turns } from "../turns.js";
import { WindowedTable } from "../windowed.js";

const STATUSES = ["waiting", "delivered", "failed", "held", "recorded", "dropped"];
const LIMIT = 10_000;

export function deliveries(dashboard) {
  const { api, notices } = dashboard;
  let shown = null; // id of the delivery that is open
  let timer = null;
  const loading = turns();
  const opening = turns();

  const wanted = select([["", "Any status"], ...STATUSES], { on: { change: () => dashboard.attempt(load) } });
  const type = el("input", { type: "search", placeholder: "installation.created", on: { change: () => dashboard.attempt(load) } });
  const told = el("span", { class: "soft", role: "status" });
  const list = new WindowedTable({
    caption: "Deliveries, the newest first",
    key: (one) => one.id,
    open: (one) => dashboard.go("deliveries", one.id),
    rowClass: (one) => (one.status === "failed" ? "bad" : ""),
    columns: [
      { title: "Time", class: "c-time", cell: (one) => when(one.createTime) },
      { title: "Event", class: "c-main", opens: true, cell: (one) => [el("span", { class: "line" }, one.eventType), el("span", { class: "line soft" }, `to ${one.destinationName}${one.reason ? `: ${one.reason}` : ""}`)] },
      { title: "Status", class: "c-word", cell: (one) => pill(one.status) },
      { title: "Answer", class: "c-status c-spare", cell: (one) => (one.responseStatus ? status(one.responseStatus) : "–") },
      { title: "Attempts", class: "c-number", cell: (one) => String(one.attemptCount) },
    ],
  });
  const split = new Split(list.element, { back: () => dashboard.go("deliveries"), label: "Delivery", empty: "Choose a delivery to see its body and its attempts." });
  const frame = panel("Deliveries", null,
    button("Empty the inbox", async () => {
      if (!(await notices.ask("Empty the inbox?", "What was delivered is forgotten. What still waits is delivered all the same.", "Empty it"))) return;
      await dashboard.attempt(() => api.delete("/deliveries"), "The inbox is empty.");
      dashboard.go("deliveries");
      await dashboard.attempt(load);
    }));
  frame.element.classList.add("tall");
  frame.element.append(el("div", { class: "filters" }, field("Status", wanted), field("Event type", type), told), split.element);

  async function load() {
    const isLatest = loading();
    const found = await api.get("/deliveries", { status: wanted.value, eventType: type.value.trim(), limit: LIMIT });
    if (!isLatest()) return;
    list.show(found.deliveries);
    list.renew();
    told.textContent = count(found.total, "delivery", "deliveries") + (found.evicted ? `, ${found.evicted} let go` : "");
    split.empty(found.deliveries.length === 0 && "No message was sent yet. Route an event to a destination, then do what causes it.");
  }

  async function open(id) {
    shown = id ?? null;
    list.choose(shown);
    const isLatest = opening();
    if (!shown) return split.close();
    const found = await api.get(path`/deliveries/${shown}`);
    if (isLatest()) split.show(`${found.eventType} to ${found.destinationName}`, details(found));
  }

  function details(found) {
    return [
      el("div", { class: "row" }, button("Send once more", () => redeliver(found.id), { kind: "first" })),
      facts([
        ["Status", [pill(found.status), found.reason ? ` ${found.reason}` : ""]],
        ["Id", el("code", {}, found.id)],
        ["Made", when(found.createTime, { date: true })],
        ["Next attempt", found.nextAttemptTime && when(found.nextAttemptTime, { date: true })],
      ]),
      el("h3", {}, "Body, as it is signed"),
      body(found.body, "body of the message"),
      el("h3", {}, count(found.attempts.length, "attempt")),
      found.attempts.length ? found.attempts.map(attempt) : el("p", { class: "empty" }, "It was not sent yet."),
    ];
  }

  function attempt(one) {
    return el("details", { class: "attempt", open: one === undefined },
      el("summary", {}, `${one.number}. `, one.response ? status(one.response.status) : status(null, "no answer"), ` ${time(one.time, { date: true })}, ${one.trigger}, ${Math.round(one.durationMs)} ms`),
      one.error && el("p", { class: "trouble" }, one.error),
      el("h4", {}, "Request"), el("p", {}, el("code", {}, `${one.request.method} ${one.request.url}`)), headers(one.request.headers),
      one.response && [el("h4", {}, "Answer"), headers(one.response.headers), one.response.body ? body(one.response.body, "body of the answer") : el("p", { class: "empty" }, "No body.")]);
  }

  async function redeliver(id) {
    const found = await dashboard.attempt(() => api.post(path`/deliveries/${id}/redeliver`), (sent) => {
      const last = sent.attempts.at(-1);
      return last?.succeeded ? "It was delivered." : `It was sent, and not taken: ${last?.error ?? `the answer was ${last?.response?.status}`}.`;
    });
    if (!found) return;
    if (shown === id) split.show(`${found.eventType} to ${found.destinationName}`, details(found));
    await dashboard.attempt(load);
  }

  return {
    ...frame,
    async enter([id]) {
      await load();
      await open(id);
    },
    leave: () => clearTimeout(timer),
    heard(name) {
      if (!["delivery", "clock", "tick"].includes(name)) return;
      clearTimeout(timer);
      timer = setTimeout(() => dashboard.attempt(load), 150); // of many that come together, the last
    },
  };
}

function pill(word) {
  return el("span", { class: `pill ${word}` }, word);
}
