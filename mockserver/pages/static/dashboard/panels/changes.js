// What is different between two moments of a sandbox.

import { button, el, field, fill, panel, select, table } from "../dom.js";
import { body, count } from "../show.js";
import { turns } from "../turns.js";

export function changes(dashboard) {
  const { api } = dashboard;
  let timer = null;
  const comparing = turns();
  const from = select([], { on: { change: () => dashboard.attempt(compare) } });
  const to = select([], { on: { change: () => dashboard.attempt(compare) } });
  const summary = el("p", { class: "summary", role: "status" });
  const result = el("div", { class: "stack" });
  const frame = panel("Changes", "What was created, changed and deleted between two moments: the last reset, a snapshot, now.",
    button("Compare again", () => dashboard.attempt(load)));
  frame.element.append(el("div", { class: "filters" }, field("From", from), field("To", to)), summary, result);

  async function load(wantedFrom, wantedTo) {
    const { snapshots } = await api.get("/snapshots");
    const names = snapshots.map((one) => [one.name, `snapshot ${one.name}`]);
    const options = [["baseline", "the last reset"], ...names, ["current", "now"]];
    const keep = [wantedFrom ?? (from.value || "baseline"), wantedTo ?? (to.value || "current")];
    for (const [picker, wanted] of [[from, keep[0]], [to, keep[1]]]) {
      fill(picker, options.map(([value, text]) => el("option", { value }, text)));
      picker.value = options.some(([value]) => value === wanted) ? wanted : picker === from ? "baseline" : "current";
    }
    await compare();
  }

  async function compare() {
    const isLatest = comparing();
    const diff = await api.get("/state/diff", { from: from.value, to: to.value });
    if (!isLatest()) return;
    summary.textContent = diff.isEmpty
      ? "Nothing is different."
      : `${count(diff.created.length, "record")} created, ${diff.changed.length} changed, ${diff.deleted.length} deleted.`;
    fill(result,
      section("Created", "plus", diff.created, (one) => body(one.record, "created record")),
      section("Changed", "tilde", diff.changed, fields),
      section("Deleted", "minus", diff.deleted, (one) => body(one.record, "deleted record")));
  }

  function section(title, kind, found, inside) {
    if (!found.length) return null;
    return el("section", { class: `diff ${kind}` }, el("h2", {}, `${title} (${found.length})`), found.slice(0, 200).map((one) => {
      const made = el("details", {}, el("summary", {}, el("strong", {}, one.table), " ", named(one), el("code", {}, one.id)));
      if (kind === "tilde" || found.length === 1) made.open = true;
      const put = () => made.children.length === 1 && made.append(inside(one));
      if (made.open) put();
      made.addEventListener("toggle", put);
      return made;
    }), found.length > 200 && el("p", { class: "soft" }, `… and ${count(found.length - 200, "more", "more")}`));
  }

  return {
    ...frame,
    enter: ([wantedFrom, wantedTo]) => load(wantedFrom, wantedTo),
    leave: () => clearTimeout(timer),
    heard(name) {
      if (!["state", "dropped", "tick"].includes(name)) return;
      clearTimeout(timer);
      timer = setTimeout(() => dashboard.attempt(compare), 400);
    },
  };
}

function named(one) {
  const name = one.record?.name ?? one.record?.label ?? "";
  return typeof name === "string" && name ? `${name} ` : "";
}

function fields(one) {
  return table(`Fields of ${one.table} ${one.id}`, [
    { title: "Field", head: true, cell: (field) => el("code", {}, [].concat(field.path).join("/")) },
    { title: "Before", wrap: true, cell: (field) => written("del", field.before) },
    { title: "After", wrap: true, cell: (field) => written("ins", field.after) },
  ], one.fields);
}

function written(tag, value) {
  return value === undefined ? el("em", { class: "soft" }, "absent") : el(tag, {}, JSON.stringify(value));
}
