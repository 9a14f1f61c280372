// Which operations and statuses of the contract were exercised.

import { button, el, field, fill, panel, select } from "../dom.js";
import { count } from "../show.js";
import { turns } from "../turns.js";

const SHADES = [1, 3, 10, 50]; // requests from which on a cell is darker

export function coverage(dashboard) {
  const { api, notices } = dashboard;
  let found = null;
  let timer = null;
  const loading = turns();
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
  frame.element.append(summary, el("div", { class: "filters" }, field("Show", kind), field("Filter", words), legend()), map);

  async function load() {
    const isLatest = loading();
    const answer = await api.get("/coverage");
    if (!isLatest()) return;
    found = answer;
    draw();
  }

  function draw() {
    if (!found) return;
    const rows = found.operations.map(cells);
    fill(summary,
      share("Operations", found.summary.operations),
      share("Answers", found.summary.answers),
      share("Query parameters", found.summary.parameters),
      tile("Requests", found.requests));
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
  return {
    id: operation.operationId,
    method: operation.method,
    path: operation.path,
    total: operation.requests,
    cells: [
      ...operation.answers.map((one) => ({ status: one.status, declared: true, count: one.requests })),
      // What is counted under default is shown there.
      ...(operation.answers.some((one) => one.status === "default") ? [] : operation.otherStatuses.map((one) => ({ status: String(one.status), declared: false, count: one.requests }))),
    ],
  };
}

function legend() {
  const shades = SHADES.map((least, index) => el("span", { class: `heat-${index + 1}` }, `${least}+`));
  return el("div", { class: "legend" }, el("span", { class: "heat-0" }, "0"), shades, "requests");
}

function share(title, { covered, total, percent }) {
  const bar = el("div", { class: "bar", "aria-hidden": "true" }, el("div"));
  bar.firstChild.style.width = `${percent}%`;
  return tile(title, covered, ` of ${total} · ${percent} %`, bar);
}

function tile(title, number, note, below) {
  return el("div", { class: "tile" }, el("div", { class: "soft" }, title),
    el("div", { class: "figure" }, number.toLocaleString("en"), note && el("small", {}, note)), below);
}

function short(number) {
  return number < 1000 ? String(number) : `${(number / 1000).toFixed(number < 10_000 ? 1 : 0)}k`;
}

function inOrder(one, other) {
  return one === "default" ? 1 : other === "default" ? -1 : one.localeCompare(other);
}
