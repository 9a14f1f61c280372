// Which operations and statuses of the contract were exercised.

import { button, el, field, fill, panel, select } from "../dom.js";
import { count } from "../show.js";

const SHADES = [1, 3, 10, 50]; // requests from which on a cell is darker

export function coverage(dashboard) {
  const { api, notices } = dashboard;
  let found = null;
  let timer = null;
  const kind = select([["", "All operations"], ["missing", "With something missing"], ["untouched", "Never called"]], { on: { change: draw } });
  const words = el("input", { type: "search", placeholder: "installation", on: { input: draw } });
  const summary = el("div", { class: "tiles" });
  const map = el("div");
  const frame = panel("Coverage", "How often each status of each operation was answered. A hollow cell is declared by the contract and was never reached.",
    button("Begin anew", async () => {
      if (!(await notices.ask("Begin anew?", "What was counted so far is forgotten.", "Begin anew"))) return;
      await dashboard.attempt(() => api.delete("/coverage"), "Nothing is counted yet.");
      await dashboard.attempt(load);
    }));
  frame.element.append(summary, el("div", { class: "filters" }, field("Show", kind), field("Filter", words)), map);

  async function load() {
    found = await api.get("/coverage");
    draw();
  }

  function draw() {
    if (!found) return;
    const rows = found.operations.map(cells);
    const all = rows.flatMap((row) => row.cells.filter((cell) => cell.declared));
    const hit = all.filter((cell) => cell.count);
    fill(summary,
      tile("Operations", rows.filter((row) => row.total).length, rows.length),
      tile("Statuses", hit.length, all.length),
      tile("Requests", rows.reduce((sum, row) => sum + row.total, 0)));
    const asked = words.value.toLowerCase().trim();
    const shown = rows.filter((row) => `${row.id} ${row.path}`.toLowerCase().includes(asked)
      && (kind.value !== "missing" || row.cells.some((cell) => cell.declared && !cell.count))
      && (kind.value !== "untouched" || !row.total));
    const statuses = [...new Set(rows.flatMap((row) => row.cells.map((cell) => cell.status)))].sort(inOrder);
    fill(map, shown.length ? heat(shown, statuses) : el("p", { class: "empty" }, "No operation fits."));
  }

  function heat(rows, statuses) {
    return el("div", { class: "scroll heat", tabindex: "0", role: "region", "aria-label": "Coverage by operation and status" },
      el("table", {},
        el("caption", { class: "hidden" }, "Requests by operation and status"),
        el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Operation"), statuses.map((code) => el("th", { scope: "col", class: "number" }, code)))),
        el("tbody", {}, rows.map((row) => el("tr", {},
          el("th", { scope: "row" }, el("span", { class: "op" }, row.id), el("small", { class: "soft" }, `${row.method} ${row.path}`)),
          statuses.map((code) => cellOf(row, code)))))));
  }

  function cellOf(row, code) {
    const cell = row.cells.find((one) => one.status === code);
    if (!cell) return el("td", { class: "none" }, el("span", { class: "hidden" }, "not declared"));
    const shade = SHADES.filter((least) => cell.count >= least).length;
    const text = cell.count ? `${count(cell.count, "request")}${cell.declared ? "" : ", not declared"}` : "declared, never reached";
    return el("td", { class: `heat-${shade} ${cell.declared ? "" : "stray"} ${/^[45d]/.test(code) ? "refusal" : ""}`, title: `${row.id} ${code}: ${text}` },
      cell.count ? short(cell.count) : el("span", { class: "hidden" }, "never"));
  }

  return {
    ...frame,
    enter: load,
    leave: () => clearTimeout(timer),
    heard(name) {
      if (!["request", "tick"].includes(name)) return;
      clearTimeout(timer);
      timer = setTimeout(() => dashboard.attempt(load), 500);
    },
  };
}

/** Return a row of the map: {id, method, path, total, cells: [{status, declared, count}]}. */
function cells(operation) {
  const made = operation.statuses.map((one) => ({ status: String(one.status), declared: one.declared !== false, count: one.count ?? 0 }));
  return {
    id: operation.operationId,
    method: operation.method,
    path: operation.path,
    total: made.reduce((sum, cell) => sum + cell.count, 0),
    cells: made,
  };
}

function tile(title, number, of) {
  const share = of ? Math.round((number / of) * 100) : null;
  const bar = share === null ? null : el("div", { class: "bar", "aria-hidden": "true" }, el("div"));
  if (bar) bar.firstChild.style.width = `${share}%`;
  return el("div", { class: "tile" }, el("div", { class: "soft" }, title),
    el("div", { class: "figure" }, number.toLocaleString("en"), of ? el("small", {}, ` of ${of} · ${share} %`) : null), bar);
}

function short(number) {
  return number < 1000 ? String(number) : `${(number / 1000).toFixed(number < 10_000 ? 1 : 0)}k`;
}

function inOrder(one, other) {
  return one === "default" ? 1 : other === "default" ? -1 : one.localeCompare(other);
}
