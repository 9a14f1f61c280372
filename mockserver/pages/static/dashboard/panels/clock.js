// The clock of the sandbox: what it shows, how it is set and turned, and what happened on the way.

import { button, el, field, fill, panel, table, values } from "../dom.js";
import { count, facts, time, when } from "../show.js";

const MODES = { real: "follows this machine", frozen: "stands still", offset: "runs at another time" };
const TURNS = [["+1 min", 60], ["+1 h", 3600], ["+1 day", 86400], ["+7 days", 604800]];

export function clock(dashboard) {
  const { api, notices } = dashboard;
  const shown = el("p", { class: "big-time", "aria-live": "off" });
  const about = el("div");
  const report = el("div", { role: "region", "aria-label": "What happened", "aria-live": "polite" });
  let now = null;

  const instant = el("input", { name: "instant", placeholder: "2026-02-01T12:00:00Z", autocomplete: "off" });
  const seconds = el("input", { name: "seconds", type: "number", min: "0", step: "any", value: "3600", required: true });
  const until = el("input", { name: "to", placeholder: "2026-02-01T13:00:00Z", autocomplete: "off", required: true });
  const next = button("To the next job", () => advance({ to: now.nextDue }), { disabled: true });

  const frame = panel("Clock", "Every timestamp, expiry, schedule and retry of this sandbox reads this clock.");
  frame.element.append(
    el("div", { class: "cards" },
      el("div", { class: "card" }, el("h2", {}, "Now"), shown, about,
        el("div", { class: "row" },
          button("Freeze here", () => set({ mode: "frozen" }, "The clock stands still.")),
          button("Follow this machine", () => set({ mode: "real" }, "The clock follows this machine."))),
        el("form", { class: "inline", on: { submit: (event) => {
          event.preventDefault();
          set({ mode: "frozen", instant: instant.value }, "The clock stands still.");
        } } }, field("Freeze at", instant), button("Freeze", null, { type: "submit" }))),
      el("div", { class: "card" }, el("h2", {}, "Turn it forward"),
        el("p", { class: "soft" }, "Everything that falls due on the way is done, in order: schedules, retries, backfills."),
        el("div", { class: "row" }, TURNS.map(([text, by]) => button(text, () => advance({ seconds: by }))), next),
        el("form", { class: "inline", on: { submit: (event) => {
          event.preventDefault();
          advance({ seconds: Number(seconds.value) });
        } } }, field("Seconds", seconds), button("Advance", null, { kind: "first", type: "submit" })),
        el("form", { class: "inline", on: { submit: (event) => {
          event.preventDefault();
          advance(values(event.target));
        } } }, field("Up to", until), button("Advance", null, { type: "submit" })))),
    report,
  );

  function show(found) {
    now = found;
    shown.textContent = time(found.now, { date: true });
    shown.title = found.now;
    next.disabled = !found.nextDue;
    fill(about, facts([
      ["Mode", `${found.mode}: ${MODES[found.mode] ?? ""}`],
      ["Offset", found.offsetSeconds === undefined ? null : `${found.offsetSeconds} s`],
      ["Jobs waiting", found.jobs === undefined ? null : String(found.jobs)],
      ["Next due", found.nextDue && when(found.nextDue, { date: true })],
    ]));
  }

  async function set(body, done) {
    const found = await dashboard.attempt(() => api.put("/clock", body), done);
    if (found) show(found);
  }

  async function advance(body) {
    frame.element.setAttribute("aria-busy", "true");
    const fired = await dashboard.attempt(() => api.post("/clock", body));
    frame.element.removeAttribute("aria-busy");
    if (!fired) return;
    const names = await destinations();
    fill(report,
      el("h2", {}, `From ${time(fired.from, { date: true })} to ${time(fired.to, { date: true })}`),
      el("p", {}, `${count(fired.jobsRun, "job")} done, ${count(fired.messagesSent, "message")} sent.`,
        !fired.complete && el("strong", {}, " It stopped on the way: turn it again.")),
      fired.jobs.length > 0 && el("h3", {}, "Jobs"),
      fired.jobs.length > 0 && table("Jobs", [
        { title: "Due", cell: (job) => when(job.due, { date: true }) },
        { title: "Kind", head: true, cell: (job) => el("code", {}, job.kind) },
        { title: "Trouble", wrap: true, cell: (job) => job.error ?? "–" },
      ], fired.jobs),
      fired.messages.length > 0 && el("h3", {}, "Messages"),
      fired.messages.length > 0 && table("Messages", [
        { title: "At", cell: (message) => when(message.at, { date: true }) },
        { title: "Event", head: true, cell: (message) => el("a", { href: `#deliveries/${encodeURIComponent(message.id)}` }, message.eventType) },
        { title: "Destination", cell: (message) => names.get(message.destinationId) ?? message.destinationId },
        { title: "Attempt", number: true, cell: (message) => String(message.attempt) },
      ], fired.messages));
    await load();
  }

  async function destinations() {
    try {
      const { deliveries } = await api.get("/deliveries", { limit: 1000 });
      return new Map(deliveries.map((one) => [one.destinationId, one.destinationName]));
    } catch {
      notices.announce("The names of the destinations could not be read.");
      return new Map();
    }
  }

  async function load() {
    show(await api.get("/clock"));
  }

  return {
    ...frame,
    enter: load,
    heard: (name) => (name === "clock" || name === "tick") && dashboard.attempt(load),
  };
}

/** Let the head of the page show the time of the sandbox, running where its clock runs. */
export function keepTime(dashboard, place, chip) {
  let found = null;
  let asked = 0;
  const show = () => {
    if (!found) return;
    const passed = found.mode === "frozen" ? 0 : performance.now() - asked;
    const [date, clock] = new Date(Date.parse(found.now) + passed).toISOString().slice(0, 19).split("T");
    fill(place, el("span", { class: "date" }, `${date} `), clock);
    chip.classList.toggle("frozen", found.mode === "frozen");
    chip.title = `The clock of this sandbox ${MODES[found.mode]}.`;
  };
  const ask = async () => {
    try {
      found = await dashboard.api.get("/clock");
      asked = performance.now();
      show();
    } catch {
      place.textContent = "–";
    }
  };
  for (const name of ["tick", "clock"]) dashboard.live.addEventListener(name, ask);
  setInterval(show, 1000);
}
