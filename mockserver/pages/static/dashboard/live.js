// Tells what happens in a sandbox: by the stream of events, and by asking again where it fails.

const ASK_EVERY = 2000; // milliseconds
const TRY_AGAIN_AFTER = 10000;

/** Reads the events of a stream of text. Source: the HTML standard, "Server-sent events". */
export class EventReader {
  constructor(heard) {
    this.heard = heard;
    this.rest = "";
    this.name = "";
    this.data = [];
  }

  read(text) {
    const lines = (this.rest + text).split(/\r\n|\n|\r/);
    this.rest = lines.pop();
    for (const line of lines) this.line(line);
  }

  line(line) {
    if (line === "") {
      if (this.data.length) this.heard(this.name || "message", this.data.join("\n"));
      this.name = "";
      this.data = [];
      return;
    }
    const colon = line.indexOf(":");
    if (colon === 0) return; // a comment: the heartbeat
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.name = value;
    if (field === "data") this.data.push(value);
  }
}

/**
 * Listens to one sandbox while the page is seen.
 * Dispatches `connection` (detail: "live", "polling", "refused", "locked" or "offline"), `tick` when it is time to ask
 * again, and the events of the stream by their names (detail: what came with them).
 */
export class Live extends EventTarget {
  constructor(api) {
    super();
    this.api = api;
    this.since = () => 0; // the request after which the stream is to begin
    this.before = async () => {}; // awaited before each stream
    this.state = "";
    this.stopping = null;
    document.addEventListener("visibilitychange", () => this.restart());
  }

  /** Begin anew: for another sandbox, or after the page was out of sight. */
  restart() {
    this.stopping?.abort();
    clearTimeout(this.asking);
    clearTimeout(this.retrying);
    this.stopping = null;
    // A stream takes one of the six connections that a browser opens: hidden pages have none.
    if (document.hidden) return;
    this.tell("tick");
    this.listen();
  }

  async listen() {
    clearTimeout(this.retrying);
    const stopping = (this.stopping = new AbortController());
    try {
      await this.before();
      if (stopping.signal.aborted) return;
      const answer = await this.api.open("GET", `/events?since=${this.since()}`, { headers: { ...this.api.headers, Accept: "text/event-stream" }, signal: stopping.signal });
      clearTimeout(this.asking);
      this.be("live");
      this.tell("tick"); // what happened before the stream began
      const reader = new EventReader((name, data) => this.tell(name, parsed(data)));
      const decoder = new TextDecoder();
      const body = answer.body.getReader();
      for (let part = await body.read(); !part.done; part = await body.read()) {
        reader.read(decoder.decode(part.value, { stream: true }));
      }
    } catch (error) {
      if (stopping.signal.aborted) return;
      if (error.status === 401) return this.be("locked");
    }
    if (stopping.signal.aborted) return;
    this.retrying = setTimeout(() => this.listen(), TRY_AGAIN_AFTER);
    this.poll();
  }

  async poll() {
    const stopping = this.stopping;
    try {
      await this.api.get("/health");
      if (this.stopping !== stopping) return;
      if (this.state === "offline" || this.state === "refused") return this.restart(); // the mock is back
      this.be("polling");
      this.tell("tick");
    } catch (error) {
      if (this.stopping !== stopping) return;
      this.be(error.status ? "refused" : "offline");
    }
    clearTimeout(this.asking);
    this.asking = setTimeout(() => this.poll(), ASK_EVERY);
  }

  be(state) {
    if (this.state === state) return;
    this.state = state;
    this.tell("connection", state);
  }

  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
