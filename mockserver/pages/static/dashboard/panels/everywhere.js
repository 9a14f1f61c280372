// What befalls every operation: a delay, chances of failure, a rate limit, and the failure drills.

import { path } from "../api.js";
import { button, el, field, fill, select, table, values } from "../dom.js";
import { status } from "../show.js";

/** Return {element, load, operations}: the parts of the panel of faults that no rule is about. */
export function everywhere(dashboard, { operations, sockets }) {
  const { api } = dashboard;
  const chances = el("div");
  const drills = el("div");
  const limitNow = el("p", { class: "soft" });
  let armed = [];

  const delay = el("input", { name: "fixedDelay", type: "number", min: "0", step: "1", placeholder: "0" });
  const delayForm = form([field("Milliseconds", delay), button("Set", null, { type: "submit" })],
    () => api.put("/settings", { fixedDelay: delay.value ? Number(delay.value) : null }), "The delay is set.");

  const capacity = el("input", { name: "capacity", type: "number", min: "1", step: "1", required: true, placeholder: "10" });
  const refill = el("input", { name: "refillPerSecond", type: "number", min: "0.001", step: "any", required: true, placeholder: "1" });
  const limitForm = form([field("At once", capacity), field("More per second", refill), button("Set", null, { type: "submit" })],
    () => api.put("/rate-limit", { capacity: Number(capacity.value), refillPerSecond: Number(refill.value) }), "The rate is limited.");

  const chanceForm = form([
    field("Operation", el("input", { name: "operationId", list: operations, placeholder: "every one", autocomplete: "off" })),
    field("Chance", el("input", { name: "probability", type: "number", min: "0.001", max: "1", step: "any", placeholder: "1" })),
    field("Fails with", select([...["503", "502", "504", "429"], ...sockets], { name: "how" })),
    field("At most", el("input", { name: "budget", type: "number", min: "1", step: "1", placeholder: "always" })),
    button("Add", null, { type: "submit" }),
  ], () => api.put("/chaos", [...armed, chance(values(chanceForm))]), "It is armed.");

  const element = el("div", { class: "stack" },
    el("div", { class: "cards" },
      el("div", { class: "card" }, el("h3", {}, "Delay of every answer"), delayForm),
      el("div", { class: "card" }, el("h3", {}, "Rate limit"), limitForm, limitNow,
        el("div", { class: "row" }, button("Remove the limit", () => act(() => api.delete("/rate-limit"), "The rate is not limited."), { kind: "small" })))),
    el("div", { class: "card" }, el("h3", {}, "Chances of failure"), chanceForm, chances),
    el("h2", {}, "Failure drills"), drills);

  function form(parts, send, done) {
    const made = el("form", { class: "inline", on: { submit: async (event) => {
      event.preventDefault();
      if (await act(send, done)) made.reset();
      await dashboard.attempt(load);
    } } }, parts);
    return made;
  }

  async function act(send, done) {
    const isDone = (await dashboard.attempt(send, done)) !== undefined;
    await dashboard.attempt(load);
    return isDone;
  }

  async function load() {
    const [settings, chaos, limit, listed] = await Promise.all([api.get("/settings"), api.get("/chaos"), api.get("/rate-limit"), api.get("/drills")]);
    armed = chaos.map(({ id, tries, hits, ...rest }) => rest);
    delay.placeholder = String(settings.fixedDelay ?? 0);
    limitNow.textContent = limit.isLimited
      ? `${limit.tokens} of ${limit.capacity} requests may come now, ${limit.refillPerSecond} more each second.`
      : "Not limited.";
    fill(chances, chanceTable(chaos));
    fill(drills, drillTable(listed.drills));
  }

  function chanceTable(found) {
    return table("Chances of failure", [
      { title: "Operation", head: true, cell: (one) => one.operationId ?? "every one" },
      { title: "Chance", number: true, cell: (one) => `${Math.round((one.probability ?? 1) * 1000) / 10} %` },
      { title: "Fails with", cell: (one) => (one.status ? status(one.status) : el("code", {}, one.fault ?? "a delay")) },
      { title: "Hit", number: true, cell: (one) => `${one.hits} of ${one.tries}${one.budget ? `, at most ${one.budget}` : ""}` },
      { title: "Do", cell: (one) => button("Delete", () => act(() => api.put("/chaos", armed.filter((_, index) => index !== found.indexOf(one))), "It is gone."),
        { kind: "small danger", label: `Delete the chance for ${one.operationId ?? "every operation"}` }) },
    ], found, { empty: "Nothing fails by chance." });
  }

  function drillTable(found) {
    return table("Failure drills", [
      { title: "Drill", head: true, cell: (one) => one.name },
      { title: "What goes wrong", wrap: true, cell: (one) => one.description },
      { title: "Armed", cell: (one) => (one.armed ? el("span", { class: "pill failed" }, one.arming?.times ? `${one.arming.times} times` : "armed") : "no") },
      { title: "Do", cell: (one) => button(one.armed ? "Disarm" : "Arm", () => act(
        () => (one.armed ? api.delete(path`/drills/${one.name}`) : api.put(path`/drills/${one.name}`, {})),
        one.armed ? "The drill is over." : "The drill is armed."), { kind: "small", label: `${one.armed ? "Disarm" : "Arm"} ${one.name}` }) },
    ], found);
  }

  return { element, load };
}

function chance({ operationId, probability, how, budget }) {
  const made = { probability: Number(probability ?? 1) };
  if (operationId) made.operationId = operationId;
  if (/^\d+$/.test(how)) made.status = Number(how);
  else made.fault = how;
  if (budget) made.budget = Number(budget);
  return made;
}
