// The state browser: tables, records, and putting the sandbox back to its beginning.

import { path } from "../api.js";
import { button, el, field, fill, panel, select } from "../dom.js";
import { body, count } from "../show.js";
import { Split } from "../split.js";
import { turns } from "../turns.js";
import { WindowedTable } from "../windowed.js";

const PAGE = 500;
const NAMES = ["name", "label", "displayName", "fullName", "primaryEmail", "email", "groupName", "consumerName", "eventType", "provider", "status", "key"];

export function state(dashboard) {
  const { api, notices } = dashboard;
  let rows = [];
  let wanted = null; // name of the table to show
  let shown = null; // and of the one that is shown
  const loading = turns();
  const opening = turns();
  let next = null;
  let isReading = false;
  let timer = null;

  const tables = select([], { on: { change: () => dashboard.go("state", tables.value) } });
  const words = el("input", { type: "search", placeholder: "name or id", on: { input: () => draw() } });
  const told = el("span", { class: "soft told", role: "status" });
  const list = new WindowedTable({
    caption: "Records",
    key: (one) => one.key,
    open: (one) => dashboard.go("state", shown, one.key),
    near: () => dashboard.attempt(more),
    columns: [
      { title: "Record", class: "c-main", opens: true, cell: (one) => [el("span", { class: "line" }, title(one)), el("span", { class: "line soft" }, el("code", {}, one.id))] },
      { title: "What it holds", class: "c-rest", cell: (one) => el("span", { class: "line soft" }, gist(one.record)) },
    ],
  });
  const split = new Split(list.element, { back: () => dashboard.go("state", shown), label: "Record", empty: "Choose a record to see all of it." });
  const frame = panel("State", null,
    el("a", { class: "button", href: "#changes" }, "What changed"),
    button("Export as a fixture", exported),
    button("Reset…", reset, { kind: "danger" }));
  frame.element.classList.add("tall");
  frame.element.append(el("div", { class: "filters" }, field("Table", tables), field("Filter", words), told), split.element);

  async function load() {
    const isLatest = loading();
    const found = await api.get("/state");
    if (!isLatest()) return;
    const names = found.tables.map((one) => [one.name, `${one.name} (${one.records})`]);
    fill(tables, names.map(([value, text]) => el("option", { value }, text)));
    const known = (name) => found.tables.some((one) => one.name === name);
    const table = known(wanted) ? wanted : known(shown) ? shown : (found.tables.find((one) => one.records) ?? found.tables[0])?.name;
    if (!table) return;
    tables.value = table;
    const page = await api.get(path`/state/${table}`, { limit: PAGE });
    if (!isLatest()) return;
    if (table !== shown) list.element.scrollTop = 0;
    shown = wanted = table;
    rows = keyed(page.records, 0);
    next = page.next ?? null;
    list.renew();
    draw(page.total);
  }

  async function more() {
    if (!next || isReading) return;
    isReading = true;
    try {
      const before = rows;
      const page = await api.get(path`/state/${shown}`, { limit: PAGE, after: next });
      if (before !== rows) return;
      rows = [...rows, ...keyed(page.records, rows.length)];
      next = page.next ?? null;
      draw();
    } finally {
      isReading = false;
    }
  }

  let total = 0;
  function draw(records = total) {
    total = records;
    const asked = words.value.toLowerCase().trim();
    const fits = asked ? rows.filter((one) => JSON.stringify(one.record).toLowerCase().includes(asked)) : rows;
    list.show(fits);
    told.textContent = asked ? `${fits.length.toLocaleString("en")} of ${count(total, "record")}` : count(total, "record");
    split.empty(fits.length === 0 && (rows.length ? "No record fits this filter." : "This table is empty."));
  }

  async function open(key) {
    list.choose(key ?? null);
    const isLatest = opening();
    if (!key) return split.close();
    // A record whose id is a secret can only be found in the list.
    const one = rows.find((row) => row.key === key && row.key !== row.id) ?? (await api.get(path`/state/${shown}/${key}`));
    if (!isLatest()) return;
    split.show(title(one), [el("p", { class: "soft" }, `${shown} `, el("code", {}, one.id)), body(one.record, "record"),
      el("p", { class: "soft" }, "Secrets are left out here. The control plane gives them for ", el("code", {}, "?includeSecrets=true"), ".")]);
  }

  async function exported() {
    const text = await dashboard.attempt(() => api.get("/state/export"));
    if (typeof text !== "string") return;
    const address = URL.createObjectURL(new Blob([text], { type: "application/yaml" }));
    el("a", { href: address, download: `${api.sandbox}.yaml` }).click();
    URL.revokeObjectURL(address);
    notices.toast(`Saved as ${api.sandbox}.yaml: mockserver serve --fixture ${api.sandbox}.yaml starts from it.`);
  }

  async function reset() {
    if (!(await notices.ask(`Reset ${api.sandbox}?`, "Its state goes back to where it began; journal, inbox, rules and scenarios are emptied. Snapshots stay.", "Reset it"))) return;
    await dashboard.attempt(() => api.post("/reset"), "The sandbox is as it began.");
    dashboard.go("state");
    dashboard.attempt(() => dashboard.entries.trim());
    await dashboard.attempt(load);
  }

  return {
    ...frame,
    async enter([table, id]) {
      wanted = table ?? wanted;
      await load();
      await open(id);
    },
    leave: () => clearTimeout(timer),
    heard(name) {
      if (!["state", "dropped", "tick"].includes(name)) return;
      clearTimeout(timer);
      timer = setTimeout(() => dashboard.attempt(load), 400);
    },
  };
}

/** Give each record a key: its id, and where that is redacted its place as well. */
function keyed(records, before) {
  return records.map((one, index) => ({ ...one, key: /^[\w:.@-]+$/.test(one.id) && !/redacted/i.test(one.id) ? one.id : `${one.id} ${before + index + 1}` }));
}

function title({ id, record }) {
  return NAMES.map((key) => record[key]).find((value) => typeof value === "string" && value) ?? id;
}

/** Return a line of what tells records apart: values before references to others. */
function gist(record) {
  return Object.entries(record)
    .filter(([key, value]) => key !== "id" && value !== null && typeof value !== "object" && value !== "")
    .sort(([one], [other]) => /Id$|Time$/.test(one) - /Id$|Time$/.test(other))
    .map(([key, value]) => `${key}: ${value}`)
    .join("  ·  ")
    .slice(0, 300);
}
