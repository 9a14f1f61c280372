// The sandboxes: worlds beside each other on one server.

import { path } from "../api.js";
import { button, el, field, fill, panel, select, table, values } from "../dom.js";
import { when } from "../show.js";

export function sandboxes(dashboard) {
  const { api, notices } = dashboard;
  const list = el("div");
  const name = el("input", { name: "name", required: true, maxlength: "63", pattern: "[a-z0-9]([a-z0-9\\-]{0,61}[a-z0-9])?", placeholder: "my-test", autocomplete: "off" });
  const from = select([["", "the mock's fixture"]], { name: "from" });
  const seed = el("input", { name: "seed", type: "number", step: "1", placeholder: "as it is" });
  const form = el("form", { class: "inline", on: { submit: create } },
    field("Name", name, { hint: "a-z, 0-9 and -" }), field("Begins as", from), field("Seed", seed), button("Create", null, { kind: "first", type: "submit" }));
  const told = el("p", { class: "soft" });
  const frame = panel("Sandboxes", "Each has its own state, clock, seed, rules, journal and inbox.");
  frame.element.append(
    el("div", { class: "card" }, el("h2", {}, "New sandbox"), form),
    list, told,
    el("div", { class: "card" }, el("h2", {}, "Reach this sandbox"), el("dl", { class: "facts", id: "reach" })));

  async function create(event) {
    event.preventDefault();
    const given = values(form);
    const [kind, ...rest] = (given.from ?? "").split(":");
    const body = { name: given.name };
    if (kind) body.from = { [kind]: rest.join(":") };
    if (given.seed) body.seed = Number(given.seed);
    const made = await dashboard.attempt(() => api.post("/sandboxes", body), `Sandbox ${body.name} is there.`);
    if (made === undefined) return;
    form.reset();
    dashboard.listSandboxes();
    await dashboard.attempt(load);
  }

  async function load() {
    const [{ sandboxes: found, limit }, fixtures, snapshots] = await Promise.all([api.get("/sandboxes"), api.get("/fixtures"), api.get("/snapshots")]);
    const options = [
      ["", "the mock's fixture"],
      ...found.map((one) => [`sandbox:${one.name}`, `a fork of ${one.name}`]),
      ...snapshots.snapshots.map((one) => [`snapshot:${one.name}`, `snapshot ${one.name} of ${api.sandbox}`]),
      ...fixtures.fixtures.map((one) => [`fixture:${one.name}`, `fixture ${one.name}`]),
    ];
    const kept = from.value;
    fill(from, options.map(([value, text]) => el("option", { value }, text)));
    from.value = options.some(([value]) => value === kept) ? kept : "";
    fill(list, table("Sandboxes", [
      { title: "Name", head: true, cell: (one) => [one.name, one.name === api.sandbox && el("span", { class: "badge" }, "selected")] },
      { title: "Clock", cell: (one) => [when(one.clock.now, { date: true }), ` ${one.clock.mode}`] },
      { title: "Seed", number: true, cell: (one) => String(one.seed) },
      { title: "Requests", number: true, cell: (one) => one.requests.toLocaleString("en") },
      { title: "Last used", cell: (one) => when(one.lastUsed, { date: true }) },
      { title: "Do", cell: (one) => el("div", { class: "row" },
        button("Select", () => dashboard.select(one.name), { kind: "small", label: `Select ${one.name}`, disabled: one.name === api.sandbox }),
        !one.isDefault && button("Drop", () => drop(one.name), { kind: "small danger", label: `Drop ${one.name}` })) },
    ], found));
    told.textContent = `${found.length} of at most ${limit}. A sandbox is also made when it is first named in a request.`;
    fill(frame.element.querySelector("#reach"), ways(api.sandbox).flatMap(([term, text]) => [el("dt", {}, term), el("dd", {}, el("code", {}, text))]));
  }

  async function drop(wanted) {
    if (!(await notices.ask(`Drop ${wanted}?`, "Its state, journal and inbox go with it.", "Drop it"))) return;
    // Left before it is dropped: whatever is asked of it afterwards would make it again.
    const isLeft = wanted === api.sandbox;
    if (isLeft) dashboard.select("default");
    await dashboard.attempt(() => api.delete(path`/sandboxes/${wanted}`), `Sandbox ${wanted} is gone.`);
    await dashboard.listSandboxes();
    if (!isLeft) await dashboard.attempt(load);
  }

  return { ...frame, enter: load, heard: (heard) => heard === "tick" && dashboard.attempt(load) };
}

/** Return how clients select a sandbox, as pairs of a way and what to write. */
function ways(sandbox) {
  const { origin, protocol, port } = location;
  if (sandbox === "default") return [["Base URL", `${origin}/v1`], ["Selected by", "naming none"]];
  return [
    ["By path", `${origin}/__sandbox/${sandbox}/v1`],
    ["By header", `X-Mock-Sandbox: ${sandbox}`],
    ["By host, in browsers", `${protocol}//${sandbox}.localhost${port && `:${port}`}/v1`],
  ];
}
