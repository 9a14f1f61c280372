// Making the mock misbehave: rules and scenarios; what befalls every operation is beside it.

import { path } from "../api.js";
import { button, el, field, fill, panel, select, table, values } from "../dom.js";
import { status } from "../show.js";
import { everywhere } from "./everywhere.js";

const SOCKET = ["CONNECTION_RESET_BY_PEER", "EMPTY_RESPONSE", "MALFORMED_RESPONSE_CHUNK", "RANDOM_DATA_THEN_CLOSE"];
const ALWAYS = ["429", "502", "503", "504"]; // what stands between client and API says these

export function faults(dashboard) {
  const { api, notices } = dashboard;
  let timer = null;
  const rules = el("div");
  const scenarios = el("div");

  const known = el("datalist", { id: "operation-ids" });
  const operation = el("input", { name: "operationId", list: "operation-ids", required: true, placeholder: "listTopics", autocomplete: "off", on: { input: () => offer() } });
  const answer = select([["", "as it would be"]], { name: "status" });
  const form = el("form", { class: "grid-form", on: { submit: arm } },
    field("Operation", operation, { hint: "operationId" }),
    field("Answer", answer, { hint: "a declared status, or a transport's" }),
    field("Socket fault", select([["", "none"], ...SOCKET], { name: "fault" })),
    field("Delay", el("input", { name: "delay", type: "number", min: "0", step: "1", placeholder: "0" }), { hint: "milliseconds" }),
    field("Times", el("input", { name: "times", type: "number", min: "1", step: "1", placeholder: "always" })),
    field("Name", el("input", { name: "name", placeholder: "topics are down", autocomplete: "off" })),
    el("details", { class: "wide" }, el("summary", {}, "Scenario"),
      el("div", { class: "grid-form" },
        field("Scenario", el("input", { name: "scenarioName", autocomplete: "off" })),
        field("Only in state", el("input", { name: "requiredScenarioState", placeholder: "Started", autocomplete: "off" })),
        field("Then state", el("input", { name: "newScenarioState", autocomplete: "off" })))),
    el("div", { class: "row end wide" }, button("Arm", null, { kind: "first", type: "submit" })));

  const others = everywhere(dashboard, { operations: known.id, sockets: SOCKET });

  const frame = panel("Faults and scenarios", "What is armed here answers before the mock does, in this sandbox only. Clients stay as they are.",
    button("Disarm everything…", disarmAll, { kind: "danger" }));
  frame.element.append(known,
    el("div", { class: "card" }, el("h2", {}, "Arm a rule"), form),
    el("h2", {}, "Rules"), rules,
    el("h2", {}, "Scenarios"), scenarios,
    el("h2", {}, "For every operation"), others.element);

  async function offer() {
    const operations = await dashboard.contract();
    if (!known.options.length) fill(known, operations.map((one) => el("option", { value: one.id }, `${one.method} ${one.path}`)));
    const chosen = operations.find((one) => one.id === operation.value);
    const declared = (chosen?.statuses ?? []).filter((code) => code !== "default");
    const kept = answer.value;
    const codes = [...new Set([...declared, ...ALWAYS])];
    fill(answer, el("option", { value: "" }, "as it would be"), codes.map((code) =>
      el("option", { value: code }, declared.includes(code) ? code : `${code} (transport)`)));
    answer.value = codes.includes(kept) ? kept : "";
  }

  async function arm(event) {
    event.preventDefault();
    const made = await dashboard.attempt(() => api.post("/mappings", mapping(values(form))), "The rule is armed.");
    if (made === undefined) return;
    form.reset();
    await dashboard.attempt(load);
  }

  async function load() {
    await offer();
    const [mappings, states] = await Promise.all([api.get("/mappings"), api.get("/scenarios"), others.load()]);
    fill(rules, ruleTable(mappings.mappings, mappings.hits));
    fill(scenarios, scenarioTable(states.scenarios));
  }

  function ruleTable(found, hits) {
    return table("Rules", [
      { title: "Rule", head: true, cell: (one) => one.name || el("code", { class: "soft", title: one.id }, one.id.slice(0, 8)) },
      { title: "Requests", wrap: true, cell: (one) => asked(one.request) },
      { title: "Answer", wrap: true, cell: (one) => answered(one.response) },
      { title: "Scenario", wrap: true, cell: (one) => (one.scenarioName ? `${one.scenarioName}: ${one.requiredScenarioState ?? "any"} → ${one.newScenarioState ?? "same"}` : "–") },
      { title: "Hits", number: true, cell: (one) => (one.times ? `${hits[one.id]} of ${one.times}` : String(hits[one.id])) },
      { title: "Do", cell: (one) => el("div", { class: "row" },
        button("Delete", async () => {
          await dashboard.attempt(() => api.delete(path`/mappings/${one.id}`), "The rule is gone.");
          await dashboard.attempt(load);
        }, { kind: "small danger", label: `Delete the rule ${one.name || one.id}` })) },
    ], found, { empty: "No rule is armed." });
  }

  function scenarioTable(found) {
    return table("Scenarios", [
      { title: "Scenario", head: true, cell: (one) => one.name },
      { title: "State", cell: (one) => el("span", { class: "pill" }, one.state) },
      { title: "Do", cell: (one) => {
        const states = [...new Set(["Started", ...(one.possibleStates ?? []), one.state])];
        const next = select(states, { "aria-label": `State of ${one.name}` });
        next.value = one.state;
        next.addEventListener("change", async () => {
          await dashboard.attempt(() => api.put(path`/scenarios/${one.name}/state`, { state: next.value }), `It is in the state ${next.value}.`);
          await dashboard.attempt(load);
        });
        return next;
      } },
    ], found, { empty: "No rule names a scenario." });
  }

  function refreshed() {
    clearTimeout(timer);
    timer = setTimeout(() => dashboard.attempt(load), 500); // the hits have changed
  }

  async function disarmAll() {
    if (!(await notices.ask("Disarm everything?", "Rules, scenarios, rates, the rate limit and drills of this sandbox go.", "Disarm everything"))) return;
    await dashboard.attempt(async () => {
      for (const address of ["/mappings", "/chaos", "/rate-limit", "/drills"]) await api.delete(address);
      await api.post("/scenarios/reset");
      await api.put("/settings", { fixedDelay: null, delayDistribution: null });
    }, "Nothing is armed.");
    await dashboard.attempt(load);
  }

  return {
    ...frame,
    heard: (name) => name === "request" && refreshed(),
    leave: () => clearTimeout(timer),
    async enter([operationId]) {
      await load();
      if (!operationId) return;
      operation.value = operationId;
      await offer();
      answer.focus();
    },
  };
}

/** Return the rule that a form describes. */
function mapping({ operationId, status: code, fault, delay, times, name, ...scenario }) {
  const response = {};
  if (code) response.status = Number(code);
  if (fault) response.fault = fault;
  if (!code && !fault) response.proceed = true;
  if (delay) response.fixedDelayMilliseconds = Number(delay);
  const made = { request: { operationId }, response, ...scenario };
  if (times) made.times = Number(times);
  if (name) made.name = name;
  return made;
}

function asked(request = {}) {
  const { operationId, method, urlPathTemplate, urlPath, urlPathPattern, urlPattern, url, ...rest } = request;
  const where = operationId ?? [method, urlPathTemplate ?? urlPath ?? urlPathPattern ?? urlPattern ?? url].filter(Boolean).join(" ");
  return [el("code", {}, where || "any"), Object.keys(rest).length > 0 && el("small", { class: "soft" }, ` ${JSON.stringify(rest)}`)];
}

function answered(response = {}) {
  const parts = [];
  if (response.status) parts.push(status(response.status));
  if (response.fault) parts.push(el("code", {}, response.fault));
  if (response.fixedDelayMilliseconds) parts.push(`after ${response.fixedDelayMilliseconds} ms`);
  if (response.delayDistribution) parts.push(`after a ${response.delayDistribution.type} delay`);
  return parts.length ? parts.flatMap((part, index) => (index ? [" ", part] : [part])) : "as it would be";
}
