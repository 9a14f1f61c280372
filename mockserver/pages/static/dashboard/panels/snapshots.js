// Snapshots of the sandbox: take one, go back to it, compare with it.

import { path } from "../api.js";
import { button, el, field, panel, table, values } from "../dom.js";
import { when } from "../show.js";

export function snapshots(dashboard) {
  const { api, notices } = dashboard;
  const list = el("div");
  const name = el("input", { name: "name", required: true, maxlength: "63", placeholder: "before-the-migration", autocomplete: "off" });
  const form = el("form", { class: "inline", on: { submit: async (event) => {
    event.preventDefault();
    const taken = await dashboard.attempt(() => api.post("/snapshots", values(form)), `Snapshot ${name.value} is taken.`);
    if (taken === undefined) return;
    form.reset();
    await dashboard.attempt(load);
  } } }, field("Name", name), button("Take a snapshot", null, { kind: "first", type: "submit" }));
  const frame = panel("Snapshots", "A snapshot is the whole state of the sandbox at a moment. Taking one and going back cost nothing, however large the state is.");
  frame.element.append(el("div", { class: "card" }, form), list);

  async function load() {
    const { snapshots: found } = await api.get("/snapshots");
    list.replaceChildren(table("Snapshots", [
      { title: "Name", head: true, cell: (one) => one.name },
      { title: "Taken", cell: (one) => when(one.takenAt, { date: true }) },
      { title: "Records", number: true, cell: (one) => one.records.toLocaleString("en") },
      { title: "Do", cell: (one) => el("div", { class: "row" },
        button("Restore", () => restore(one.name), { kind: "small", label: `Restore ${one.name}` }),
        el("a", { class: "button small", href: `#changes/${encodeURIComponent(one.name)}/current`, "aria-label": `Compare ${one.name} with now` }, "Compare"),
        button("Delete", () => remove(one.name), { kind: "small danger", label: `Delete ${one.name}` })) },
    ], found, { empty: "No snapshot was taken yet." }));
  }

  async function restore(wanted) {
    if (!(await notices.ask(`Go back to ${wanted}?`, "What the state holds now is lost, unless you take a snapshot of it first.", "Restore it"))) return;
    await dashboard.attempt(() => api.post(path`/snapshots/${wanted}/restore`), `The state is that of ${wanted}.`);
  }

  async function remove(wanted) {
    if (!(await notices.ask(`Delete the snapshot ${wanted}?`, "The state itself stays as it is.", "Delete it"))) return;
    await dashboard.attempt(() => api.delete(path`/snapshots/${wanted}`), `Snapshot ${wanted} is deleted.`);
    await dashboard.attempt(load);
  }

  return { ...frame, enter: load, heard: (heard) => heard === "tick" && dashboard.attempt(load) };
}
