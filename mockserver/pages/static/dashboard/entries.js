// The journal's entries as the list needs them: without bodies, newest first, of any number.

const PAGE = 500;

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
    fault: entry.response?.fault,
    operationId: entry.operationId ?? "",
    rule,
    problems: entry.violations?.length ?? entry.violations ?? 0,
    micros: entry.timing?.totalMicroseconds ?? entry.totalMicroseconds,
    words: [method, url, status, entry.operationId, rule].join(" ").toLowerCase(),
  };
}

export class Entries {
  constructor(api) {
    this.api = api;
    this.clear();
  }

  clear() {
    this.rows = [];
    this.known = new Set();
    this.isWhole = false;
    this.evicted = 0;
    this.total = 0;
    this.round = (this.round ?? 0) + 1;
  }

  /** Take in new entries, newest first; return how many were new. */
  add(found) {
    const fresh = found.filter((row) => !this.known.has(row.id));
    for (const row of fresh) this.known.add(row.id);
    if (fresh.length) this.rows = [...fresh, ...this.rows];
    return fresh.length;
  }

  /** Read what is newer than what is known. Return how many entries were added. */
  async refresh() {
    const round = this.round;
    const fresh = [];
    let answer = await this.page();
    if (round !== this.round) return 0;
    const oldest = answer.requests.at(-1);
    if (this.rows.length && answer.meta.total < this.rows.length && !(oldest && this.known.has(oldest.id))) this.clear();
    this.total = answer.meta.total;
    this.evicted = answer.meta.evicted ?? 0;
    if (!this.rows.length) {
      this.isWhole = !next(answer);
      this.next = next(answer);
      return this.add(answer.requests.map(brief));
    }
    for (;;) {
      fresh.push(...answer.requests.map(brief));
      if (!next(answer) || fresh.some((row) => this.known.has(row.id))) break;
      answer = await this.page(next(answer));
    }
    return this.add(fresh);
  }

  /** Read the next older page. Return whether there was one. */
  async older() {
    if (this.isWhole || this.reading || !this.next) return false;
    this.reading = true;
    try {
      const round = this.round;
      const answer = await this.page(this.next);
      if (round !== this.round) return false;
      const found = answer.requests.map(brief).filter((row) => !this.known.has(row.id));
      for (const row of found) this.known.add(row.id);
      this.rows = [...this.rows, ...found];
      this.next = next(answer);
      this.isWhole = !this.next;
      return true;
    } finally {
      this.reading = false;
    }
  }

  page(after) {
    return this.api.get("/requests", { limit: PAGE, after });
  }
}

function next(answer) {
  return answer.meta.nextAfter ?? answer.meta.after ?? null;
}
