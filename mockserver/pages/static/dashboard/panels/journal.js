// The live journal: what was asked, what was answered, and what the contract says to both.

import { path } from "../api.js";
import { button, el, field, panel, select, table } from "../dom.js";
import { body, copying, count, duration, facts, headers, status, when } from "../show.js";
import { Split } from "../split.js";
import { turns } from "../turns.js";
import { WindowedTable } from "../windowed.js";

const CLASSES = [["", "Any status"], ["2", "2xx"], ["3", "3xx"], ["4", "4xx"], ["5", "5xx"], ["0", "No answer"]];
const CHECK = 2000; // milliseconds between two looks at what the journal has let go of

export function journal(dashboard) {
  const { api, entries, notices } = dashboard;
  let isPaused = false;
  let isShown = false;
  let timer = null;
  const opening = turns();

  const words = el("input", { type: "search", placeholder: "topics POST 404", on: { input: () => filter() } });
  const kind = select(CLASSES, { on: { change: () => filter() } });
  const onlyBad = el("input", { type: "checkbox", id: "only-violations", on: { change: () => filter() } });
  const told = el("span", { class: "soft told" });
  const pause = button("Pause", () => {
    isPaused = !isPaused;
    pause.textContent = isPaused ? "Resume" : "Pause";
    pause.setAttribute("aria-pressed", String(isPaused));
    if (!isPaused) draw();
    tell();
  });
  pause.setAttribute("aria-pressed", "false");

  const list = new WindowedTable({
    caption: "Requests, the newest first",
    key: (row) => row.id,
    open: (row) => dashboard.go("journal", row.id),
    near: () => dashboard.attempt(() => entries.older()),
    rowClass: (row) => (row.problems ? "bad" : ""),
    columns: [
      { title: "Time", class: "c-time", cell: (row) => when(row.at) },
      { title: "Method", class: "c-method", cell: (row) => el("span", { class: `method ${row.method.toLowerCase()}` }, row.method) },
      { title: "Path and operation", class: "c-main", opens: true, cell: mainCell },
      { title: "Status", class: "c-status", cell: (row) => status(row.status, row.isFault ? "a fault, on purpose" : undefined) },
      { title: "Took", class: "c-number", cell: (row) => duration(row.micros) },
    ],
  });
  const split = new Split(list.element, { back: () => dashboard.go("journal"), label: "Request", empty: "Choose a request to see all of it." });
  const frame = panel("Journal", null, pause, button("Clear", clear));
  frame.element.classList.add("tall");
  frame.element.append(
    el("div", { class: "filters" },
      field("Filter", words), field("Status", kind),
      el("div", { class: "field check" }, onlyBad, el("label", { for: "only-violations" }, "Violations only")), told),
    split.element);

  function mainCell(row) {
    return [
      el("span", { class: "line path" }, el("bdi", {}, row.url)),
      el("span", { class: "line soft" },
        el("span", { class: "narrow-only" }, `${row.method} `), row.operationId || "no operation",
        row.rule && el("span", { class: "badge" }, `rule ${row.rule}`),
        row.isFault && !row.rule && el("span", { class: "badge" }, "fault"),
        row.problems > 0 && el("span", { class: "badge bad" }, count(row.problems, "violation"))),
    ];
  }

  function matches(row) {
    const asked = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    return asked.every((word) => row.words.includes(word))
      && (kind.value === "" || String(row.status)[0] === kind.value)
      && (!onlyBad.checked || row.problems > 0);
  }

  const isFiltered = () => words.value.trim() !== "" || kind.value !== "" || onlyBad.checked;

  async function filter() {
    draw();
    // Where nothing is heard, older entries come only as they are needed: now they are.
    await dashboard.attempt(async () => {
      while (isFiltered() && isShown && (await entries.older()));
    });
  }

  function draw(added = 0) {
    const rows = isFiltered() ? entries.rows.filter(matches) : entries.rows;
    list.show(rows, { added: isFiltered() ? entries.rows.slice(0, added).filter(matches).length : added });
    split.empty(rows.length === 0 && (entries.rows.length ? "No request fits this filter." : "Nothing was asked of this sandbox yet. Point your client at it: what it sends appears here."));
    tell(rows.length);
  }

  function tell(shown = list.rows.length) {
    const all = count(entries.rows.length, "request");
    const parts = [isFiltered() ? `${shown.toLocaleString("en")} of ${all}` : all];
    if (entries.next) parts.push("older ones below");
    if (entries.evicted) parts.push(`${entries.evicted.toLocaleString("en")} older ones let go`);
    if (isPaused) parts.push("paused");
    told.textContent = parts.join(", ");
  }

  async function clear() {
    if (!(await notices.ask("Clear the journal?", "Every entry of this sandbox is forgotten. Its state stays as it is.", "Clear it"))) return;
    const done = await dashboard.attempt(() => api.delete("/requests"), "The journal is empty.");
    if (done === undefined) return;
    dashboard.go("journal");
    await dashboard.attempt(() => entries.trim());
  }

  /** Show what came, and tell it to who does not see it. */
  function come(added) {
    if (isPaused) return;
    draw(added);
    const [latest] = entries.rows;
    if (added) notices.announce(`${count(added, "new request")}, the latest ${latest.method} ${latest.url}, ${latest.status || "no answer"}`);
    checkSoon();
  }

  function checkSoon() {
    timer ??= setTimeout(async () => {
      timer = null;
      if (isShown) await dashboard.attempt(() => entries.trim());
      tell();
    }, CHECK);
  }

  async function open(id) {
    list.choose(id ?? null);
    const isLatest = opening();
    if (!id) return split.close();
    const entry = await api.get(path`/requests/${id}`);
    if (!isLatest()) return;
    split.show(`${entry.request.method} ${entry.request.url}`, details(entry));
  }

  function details(entry) {
    const { request, response } = entry;
    return [
      el("div", { class: "row" },
        copying(curl(request), "this request", "Copy as curl"),
        entry.operationId && el("a", { class: "button small", href: `#faults/${encodeURIComponent(entry.operationId)}` }, "Make it fail")),
      facts([
        ["Status", [status(response?.status, response?.fault), response?.fault ? ` ${response.fault}` : ""]],
        ["Operation", entry.operationId ? el("code", {}, entry.operationId) : "none"],
        ["Answered by", entry.transportFault ? "a fault, on purpose" : null],
        ["Rule", entry.rule && (entry.rule.name || entry.rule.id)],
        ["At", when(entry.loggedDateString, { date: true })],
        ["Took", duration(entry.timing?.totalMicroseconds)],
        ["Created", entry.created?.length ? entry.created.map((one) => el("div", {}, created(one))) : null],
      ]),
      entry.violations?.length > 0 && [el("h3", {}, count(entry.violations.length, "violation")), violations(entry.violations)],
      entry.nearMiss && [el("h3", {}, "What would fit"), nearest(entry.nearMiss)],
      el("h3", {}, "Request"),
      el("details", {}, el("summary", {}, "Headers"), headers(request.headers)),
      content(request, "body of the request"),
      response && [
        el("h3", {}, "Answer"),
        el("details", {}, el("summary", {}, "Headers"), headers(response.headers)),
        content(response, "body of the answer"),
      ],
    ];
  }

  return {
    ...frame,
    async enter([id]) {
      isShown = true;
      draw();
      checkSoon();
      await open(id);
    },
    leave() {
      isShown = false;
    },
    heard(name, detail) {
      if (name === "entries") come(detail);
      else if (name === "state") checkSoon();
      else if (name === "tick" && dashboard.live.state !== "live") dashboard.attempt(() => entries.refresh());
    },
  };
}

function content(side, label) {
  const text = side.body ?? side.bodyAsBase64;
  if (!text) return el("p", { class: "empty" }, "No body.");
  return [
    side.bodyAsBase64 && el("p", { class: "soft" }, "No text: shown in base64."),
    body(text, label),
    side.bodyTruncated && el("p", { class: "soft" }, side.bodySize ? `Only its beginning was kept, of ${count(side.bodySize, "byte")}.` : "Only its beginning was kept."),
  ];
}

function nearest(miss) {
  return facts([
    ["Operation", miss.operation && [el("code", {}, miss.operation.operationId), ` ${miss.operation.method} ${miss.operation.path}`]],
    ["Where", miss.pointer ? el("code", {}, miss.pointer) : [].concat(miss.location ?? []).join(" / ")],
    ["Expected", miss.expected],
    ["Got", miss.got === undefined ? null : typeof miss.got === "string" ? miss.got : JSON.stringify(miss.got)],
    ["Fix", miss.fix],
  ]);
}

function created(one) {
  return el("a", { href: `#state/${encodeURIComponent(one.table)}/${encodeURIComponent(one.id)}` }, `${one.table} ${one.id}`);
}

function violations(found) {
  return table("Violations", [
    { title: "Where", head: true, cell: (one) => el("code", {}, [].concat(one.location).join(" / ")) },
    { title: "What", wrap: true, cell: (one) => [one.message, el("small", { class: "soft" }, ` ${one.code}`)] },
    { title: "How bad", cell: (one) => one.severity },
  ], found);
}

/** Return a command that sends the request again; secrets stand in it as the journal shows them. */
function curl(request) {
  const quoted = (text) => `'${String(text).replaceAll("'", `'\\''`)}'`;
  const url = request.absoluteUrl ?? location.origin + request.url;
  const parts = [`curl -X ${request.method} ${quoted(url)}`];
  for (const [name, value] of Object.entries(request.headers ?? {})) {
    if (!/^(host|content-length|connection|accept-encoding)$/i.test(name)) parts.push(`-H ${quoted(`${name}: ${value}`)}`);
  }
  if (request.body) parts.push(`--data-raw ${quoted(request.body)}`);
  return parts.join(" \\\n  ");
}
