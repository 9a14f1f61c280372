// The dashboard: which sandbox, which panel, and whether the mock is heard.

import { Api, path } from "./api.js";
import { contractOf } from "./contract.js";
import { el, fill } from "./dom.js";
import { Entries } from "./entries.js";
import { Live } from "./live.js";
import { Notices } from "./notices.js";
import { unlock } from "./unlock.js";
import { changes } from "./panels/changes.js";
import { clock, keepTime } from "./panels/clock.js";
import { coverage } from "./panels/coverage.js";
import { deliveries } from "./panels/deliveries.js";
import { faults } from "./panels/faults.js";
import { journal } from "./panels/journal.js";
import { sandboxes } from "./panels/sandboxes.js";
import { snapshots } from "./panels/snapshots.js";
import { state } from "./panels/state.js";

const PANELS = [
  ["journal", "Journal", journal],
  ["state", "State", state],
  ["changes", "Changes", changes],
  ["snapshots", "Snapshots", snapshots],
  ["clock", "Clock", clock],
  ["deliveries", "Deliveries", deliveries],
  ["faults", "Faults", faults],
  ["coverage", "Coverage", coverage],
  ["sandboxes", "Sandboxes", sandboxes],
];
const HEARD = { live: "Live", polling: "Polling", refused: "Refused", offline: "Offline", locked: "Locked" };

const byId = (id) => document.getElementById(id);

/** Return the sandbox that the address selects, as any request would. */
function selected() {
  const asked = new URLSearchParams(location.search).get("sandbox");
  const prefix = /^\/__sandbox\/([^/]+)/.exec(location.pathname);
  const host = /^([^.]+)\.localhost$/.exec(location.hostname);
  const hosted = host && !["read", "write", "search", "proxy", "api"].includes(host[1]) ? host[1] : null;
  return asked || prefix?.[1] || hosted || "default";
}

class Dashboard {
  constructor() {
    this.api = new Api("/__admin", selected());
    this.entries = new Entries(this.api);
    this.live = new Live(this.api);
    this.live.since = () => this.entries.last;
    this.live.before = () => this.entries.check();
    this.notices = new Notices();
    this.contract = contractOf();
    this.panels = new Map();
    this.panel = null;
    this.api.locked = () => unlock(this.api, () => location.reload());
  }

  start() {
    fill(byId("panels"), PANELS.map(([id, title]) => el("li", {}, el("a", { href: `#${id}` }, title))));
    for (const name of ["request", "delivery", "clock", "state", "dropped", "tick"]) {
      this.live.addEventListener(name, (event) => this.panel?.heard?.(name, event.detail));
    }
    this.live.addEventListener("request", ({ detail }) => this.entries.hear(detail));
    this.live.addEventListener("dropped", () => {
      // At first it only tells what the journal has let go of.
      if (this.entries.last) this.attempt(() => this.entries.refresh());
    });
    this.entries.addEventListener("change", ({ detail }) => this.panel?.heard?.("entries", detail));
    this.live.addEventListener("connection", ({ detail }) => this.heard(detail));
    this.live.addEventListener("tick", () => this.listSandboxes());
    keepTime(this, byId("clock-now"), byId("clock-chip"));
    byId("sandbox").addEventListener("change", (event) => this.select(event.target.value));
    document.querySelector(".skip").addEventListener("click", (event) => {
      event.preventDefault();
      byId("main").focus();
    });
    window.addEventListener("hashchange", () => this.route(true));
    this.route(false);
    this.live.restart();
  }

  /** Show the panel that the address names. */
  route(moved) {
    const [id, ...rest] = location.hash.slice(1).split("/").map(decoded);
    const found = PANELS.find(([known]) => known === id);
    const [name, title, create] = found ?? PANELS[0];
    const before = this.panel;
    if (!this.panels.has(name)) this.panels.set(name, create(this));
    const panel = (this.panel = this.panels.get(name));
    if (before !== panel) {
      before?.leave?.();
      byId("main").replaceChildren(panel.element);
      if (moved) panel.heading.focus();
    }
    document.title = `${title} · ${this.api.sandbox} · mock server`;
    for (const link of byId("panels").querySelectorAll("a")) {
      if (link.hash === `#${name}`) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    const current = byId("panels").querySelector("[aria-current]");
    byId("panels").scrollTo?.({ left: current.offsetLeft - 60 });
    this.attempt(() => panel.enter(found ? rest : []));
  }

  /** Turn to another sandbox: every panel begins anew. */
  select(name) {
    this.api.sandbox = name;
    this.entries.clear();
    const address = new URL(location.href);
    address.searchParams.set("sandbox", name);
    if (/^#(journal|state|deliveries)\//.test(address.hash)) address.hash = address.hash.split("/")[0];
    history.replaceState(null, "", address);
    for (const panel of this.panels.values()) panel.leave?.();
    this.panels.clear();
    this.panel = null;
    this.showSandboxes();
    this.route(false);
    this.live.restart();
    this.notices.announce(`Sandbox ${name}`);
  }

  async listSandboxes() {
    try {
      const { sandboxes: found } = await this.api.get("/sandboxes");
      this.names = found.map((one) => one.name);
      this.showSandboxes();
    } catch {
      // The panel in sight says what is wrong; the list stays as it is.
    }
  }

  showSandboxes() {
    const names = [...new Set(["default", ...(this.names ?? []), this.api.sandbox])];
    const picker = byId("sandbox");
    if (names.join() !== [...picker.options].map((option) => option.value).join()) {
      fill(picker, names.map((name) => el("option", { value: name }, name)));
    }
    picker.value = this.api.sandbox;
    const prefix = this.api.sandbox === "default" ? "" : path`/__sandbox/${this.api.sandbox}`;
    for (const link of document.querySelectorAll("a[data-path]")) link.href = prefix + link.dataset.path;
  }

  heard(state) {
    const chip = byId("connection");
    chip.className = `chip ${state}`;
    chip.textContent = HEARD[state];
  }

  /** Run what may be refused; a refusal is shown and gives undefined. */
  async attempt(act, done) {
    try {
      const result = await act();
      if (done) this.notices.toast(typeof done === "function" ? done(result) : done);
      return result === undefined ? null : result;
    } catch (error) {
      if (error.status !== 401) this.notices.toast(error.message, "bad");
      return undefined;
    }
  }

  go(...parts) {
    location.hash = parts.map(encodeURIComponent).join("/");
  }
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

new Dashboard().start();
