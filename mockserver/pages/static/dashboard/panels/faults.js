// Making the mock misbehave: rules, scenarios, delays, rates, and the drills of slow processes.

import { path } from "../api.js";
import { button, el, field, fill, panel, select, table, values } from "../dom.js";
import { body, status } from "../show.js";

const SOCKET = ["CONNECTION_RESET_BY_PEER", "EMPTY_RESPONSE", "MALFORMED_RESPONSE_CHUNK", "RANDOM_DATA_THEN_CLOSE"];
const ALWAYS = ["429", "502", "503", "504"]; // what stands between client and API says these

export function faults(dashboard) {
  const { api, notices } = dashboard;
  const rules = el("div");
  const scenarios = el("div");
  const chaos = el("div");
  const drills = el("div");

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

  const frame = panel("Faults and scenarios", "What is armed here answers before the mock does, in this sandbox only. Clients stay as they are.",
    button("Disarm everything…", disarmAll, { kind: "danger" }));
  frame.element.append(known,
    el("div", { class: "card" }, el("h2", {}, "Arm a rule"), form),
    el("h2", {}, "Rules"), rules,
    el("h2", {}, "Scenarios"), scenarios,
    el("h2", {}, "For every operation"), chaos,
    el("h2", {}, "Failure drills"), drills);

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
    const [mappings, states, settings, rates, limit, listed] = await Promise.all([
      api.get("/mappings"), api.get("/scenarios"), api.get("/settings"), api.get("/chaos"), api.get("/rate-limit"), api.get("/drills"),
    ]);
    fill(rules, ruleTable(mappings.mappings));
    fill(scenarios, scenarioTable(states.scenarios));
    fill(chaos, everyOperation(settings, rates, limit));
    fill(drills, drillTable(listed.drills));
  }

  function ruleTable(found) {
    return table("Rules", [
      { title: "Rule", head: true, cell: (one) => one.name || one.id },
      { title: "Requests", wrap: true, cell: (one) => asked(one.request) },
      { title: "Answer", wrap: true, cell: (one) => answered(one.response) },
      { title: "Scenario", wrap: true, cell: (one) => (one.scenarioName ? `${one.scenarioName}: ${one.requiredScenarioState ?? "any"} → ${one.newScenarioState ?? "same"}` : "–") },
      { title: "Left", number: true, cell: (one) => left(one) },
      { title: "Do", cell: (one) => el("div", { class: "row" },
        button("Delete", async () => {
          await dashboard.attempt(() => api.delete(path`/mappings/${one.id}`), "The rule is gone.");
          await dashboard.attempt(load);
        }, { kind: "small danger", label: `Delete the rule ${one.name || one.id}` })) },
    ], found, { empty: "No rule is armed." });
  }

  function scenarioTable(found) {
    return table("Scenarios", [
      { title: "Scenario", head: true, cell: (one) => one.name ?? one.id },
      { title: "State", cell: (one) => el("span", { class: "pill" }, one.state) },
      { title: "Do", cell: (one) => {
        const states = [...new Set(["Started", ...(one.possibleStates ?? []), one.state])];
        const next = select(states, { "aria-label": `State of ${one.name ?? one.id}` });
        next.value = one.state;
        next.addEventListener("change", async () => {
          await dashboard.attempt(() => api.put(path`/scenarios/${one.name ?? one.id}/state`, { state: next.value }), `It is in the state ${next.value}.`);
          await dashboard.attempt(load);
        });
        return next;
      } },
    ], found, { empty: "No rule names a scenario." });
  }

  function everyOperation(settings, rates, limit) {
    const delay = el("input", { name: "fixedDelay", type: "number", min: "0", step: "1", placeholder: "0", value: settings.fixedDelay ?? settings.sandbox?.fixedDelay ?? "" });
    const change = async (event) => {
      event.preventDefault();
      await dashboard.attempt(() => api.put("/settings", { fixedDelay: Number(delay.value || 0) }), "The delay is set.");
      await dashboard.attempt(load);
    };
    return el("div", { class: "cards" },
      el("div", { class: "card" }, el("h3", {}, "Delay"), el("form", { class: "inline", on: { submit: change } }, field("Milliseconds", delay), button("Set", null, { type: "submit" }))),
      editable("Rates", rates, "/chaos", '[{"operationId": "listTopics", "probability": 0.1, "status": 503}]'),
      editable("Rate limit", limit, "/rate-limit", '{"capacity": 10, "refillPerSecond": 1}'));
  }

  function editable(title, shown, address, example) {
    const text = el("textarea", { rows: "4", spellcheck: "false", placeholder: example });
    return el("div", { class: "card" }, el("h3", {}, title),
      shown && (Array.isArray(shown) ? shown.length : Object.keys(shown).length) ? body(shown, title) : el("p", { class: "empty" }, "None."),
      el("details", {}, el("summary", {}, "Change"),
        field("JSON", text, { wide: true }),
        el("div", { class: "row end" },
          button("Remove", async () => {
            await dashboard.attempt(() => api.delete(address), "It is removed.");
            await dashboard.attempt(load);
          }, { kind: "small" }),
          button("Set", async () => {
            const done = await dashboard.attempt(() => api.put(address, read(text.value)), "It is set.");
            if (done !== undefined) await dashboard.attempt(load);
          }, { kind: "small first" }))));
  }

  function drillTable(found) {
    return table("Failure drills", [
      { title: "Drill", head: true, cell: (one) => one.name },
      { title: "What goes wrong", wrap: true, cell: (one) => one.description },
      { title: "Armed", cell: (one) => (one.armed ? el("span", { class: "pill failed" }, one.arming?.times ? `${one.arming.times} times` : "armed") : "no") },
      { title: "Do", cell: (one) => button(one.armed ? "Disarm" : "Arm", async () => {
        await dashboard.attempt(() => (one.armed ? api.delete(path`/drills/${one.name}`) : api.put(path`/drills/${one.name}`, {})), one.armed ? "The drill is over." : "The drill is armed.");
        await dashboard.attempt(load);
      }, { kind: "small", label: `${one.armed ? "Disarm" : "Arm"} ${one.name}` }) },
    ], found);
  }

  async function disarmAll() {
    if (!(await notices.ask("Disarm everything?", "Rules, scenarios, rates, the rate limit and drills of this sandbox go.", "Disarm everything"))) return;
    await dashboard.attempt(async () => {
      for (const address of ["/mappings", "/chaos", "/rate-limit", "/drills"]) await api.delete(address);
      await api.post("/scenarios/reset");
      await api.put("/settings", { fixedDelay: 0 });
    }, "Nothing is armed.");
    await dashboard.attempt(load);
  }

  return {
    ...frame,
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

function left(one) {
  const number = one.remaining ?? one.timesLeft ?? one.times;
  return number === undefined || number === null ? "always" : String(number);
}

function read(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`This is not JSON: ${error.message}`);
  }
}
