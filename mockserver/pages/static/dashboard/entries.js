// The journal's entries as the list needs them: without bodies, newest first, of any number.

const PAGE = 200; // entries, bodies and all, that are asked for at once where nothing is heard
const SOON = 200; // milliseconds between two changes, however much comes in

/** Return what the list shows of an entry of the journal, or of an event about one. */
export function brief(entry) {
  const { method, url } = entry.request ?? entry;
  const status = entry.response?.status ?? entry.status ?? 0;
  const rule = entry.rule?.name || entry.rule?.id || "";
  return {
    id: entry.id,
    at: entry.loggedDateString,
    method,
    url,
    status,
    isFault: Boolean(entry.transportFault),
    operationId: entry.operationId ?? "",
    rule,
    problems: entry.violations?.length ?? entry.violations ?? 0,
    micros: entry.timing?.totalMicroseconds ?? entry.totalMicroseconds,
    words: [method, url, status, entry.operationId, rule].join(" ").toLowerCase(),
  };
}

/** Dispatches `change` when the rows have changed (detail: how many are new at the top). */
export class Entries extends EventTarget {
  constructor(api) {
    super();
    this.api = api;
    this.clear();
  }

  clear() {
    clearTimeout(this.timer);
    this.timer = null;
    this.come = [];
    this.rows = [];
    this.known = new Set();
    this.next = null; // where older entries begin that are not here yet
    this.evicted = 0;
    this.round = (this.round ?? 0) + 1;
  }

  /** The id after which the stream of events is to begin. */
  get last() {
    return this.come.at(-1)?.id ?? this.rows[0]?.id ?? 0;
  }

  /** Take in what the stream told of a request. */
  hear(told) {
    if (!told?.id) return; // the journal is switched off
    this.come.push(brief(told));
    this.timer ??= setTimeout(() => this.flush(), SOON);
  }

  flush() {
    this.timer = null;
    const come = this.come.reverse();
    this.come = [];
    this.changed(this.add(come));
  }

  /** Take in new entries, newest first; return how many were new. */
  add(found) {
    const fresh = found.filter((row) => !this.known.has(row.id));
    if (!fresh.length) return 0;
    for (const row of fresh) this.known.add(row.id);
    const isNewer = !this.rows.length || fresh.at(-1).id - this.rows[0].id > 0;
    this.rows = [...fresh, ...this.rows];
    if (isNewer) return fresh.length;
    this.rows.sort((one, other) => other.id - one.id); // ids count up
    if (this.next && this.rows.at(-1).id - this.next < 0) this.next = null;
    return 0;
  }

  /** Ask for what is newer than what is known, where no stream tells it. */
  async refresh() {
    const round = this.round;
    const fresh = [];
    for (let after; ; after = fresh.at(-1).id) {
      const answer = await this.page(after);
      if (round !== this.round) return;
      fresh.push(...answer.requests.map(brief));
      if (!this.rows.length) this.next = answer.next ?? null;
      if (!this.rows.length || !answer.next || fresh.some((row) => this.known.has(row.id))) break;
    }
    this.changed(this.add(fresh));
  }

  /** Ask for older entries. Return whether there were some. */
  async older() {
    if (!this.next || this.isReading) return false;
    this.isReading = true;
    try {
      const round = this.round;
      const answer = await this.page(this.next);
      if (round !== this.round) return false;
      const found = answer.requests.map(brief).filter((row) => !this.known.has(row.id));
      for (const row of found) this.known.add(row.id);
      this.rows = [...this.rows, ...found];
      this.next = answer.next ?? null;
      this.changed(0);
      return true;
    } finally {
      this.isReading = false;
    }
  }

  /** Let go of what the journal itself has let go of: the oldest, or all when it was emptied. */
  async trim() {
    const round = this.round;
    const { meta } = await this.api.get("/requests", { limit: 1 });
    if (round !== this.round) return;
    this.evicted = meta.evicted;
    if (meta.kept >= this.rows.length) return;
    for (const row of this.rows.slice(meta.kept)) this.known.delete(row.id);
    this.rows = this.rows.slice(0, meta.kept);
    this.next = null;
    this.changed(0);
  }

  /** Forget everything when the journal is another one: the mock was started again, or emptied. */
  async check() {
    if (!this.rows.length) return;
    const [{ id, at }] = this.rows;
    const newest = (await this.api.get("/requests", { limit: 1 })).requests[0];
    const same = newest?.id - id > 0 ? await this.under(Number(id) + 1) : newest;
    if (same?.id === id && same.loggedDateString === at) return;
    this.clear();
    this.changed(0);
  }

  /** Return the entry before the one with an id; undefined when the journal has let go of that. */
  async under(id) {
    try {
      return (await this.api.get("/requests", { limit: 1, after: id })).requests[0];
    } catch (error) {
      if (error.status === 400) return undefined;
      throw error;
    }
  }

  page(after) {
    return this.api.get("/requests", { limit: PAGE, after });
  }

  changed(added) {
    this.dispatchEvent(new CustomEvent("change", { detail: added }));
  }
}
