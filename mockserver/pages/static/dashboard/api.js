// Calls the control plane for one sandbox.

/** A refusal of the control plane, in its own words. */
export class Refusal extends Error {
  constructor(status, problem) {
    super(words(status, problem));
    this.status = status;
    this.problem = problem;
  }
}

function words(status, problem) {
  if (!problem) return `The mock answered ${status}.`;
  const issues = (problem.issues ?? []).map((issue) => issue.detail).filter((text) => text && !problem.detail?.includes(text));
  return [problem.detail ?? problem.title ?? `The mock answered ${status}`, ...issues, problem.remedy].filter(Boolean).join("; ");
}

export class Api {
  constructor(base, sandbox) {
    this.base = base;
    this.sandbox = sandbox;
    this.locked = () => {}; // called when the control plane asks for its token
  }

  get headers() {
    return { "X-Mock-Sandbox": this.sandbox };
  }

  get(path, query) {
    return this.call("GET", path, { query });
  }

  post(path, body, query) {
    return this.call("POST", path, { body, query });
  }

  put(path, body) {
    return this.call("PUT", path, { body });
  }

  delete(path, query) {
    return this.call("DELETE", path, { query });
  }

  /** Send a request; return its body, read as JSON where it is JSON. Throws Refusal. */
  async call(method, path, { query, body, headers = {} } = {}) {
    const asked = new URLSearchParams(Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== ""));
    const sent = { ...this.headers, ...headers };
    if (body !== undefined) sent["Content-Type"] = "application/json";
    const answer = await this.open(method, path + (asked.size ? `?${asked}` : ""), {
      headers: sent,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (answer.status === 204) return null;
    return isJson(answer) ? answer.json() : answer.text();
  }

  /** Send a request; return the answer itself. Throws Refusal. */
  async open(method, path, options) {
    const answer = await fetch(this.base + path, { method, cache: "no-store", ...options });
    if (answer.ok) return answer;
    const problem = isJson(answer) ? await answer.json() : null;
    if (answer.status === 401) this.locked();
    throw new Refusal(answer.status, problem);
  }
}

function isJson(answer) {
  return /[/+]json\b/.test(answer.headers.get("Content-Type") ?? "");
}

/** Return a path whose values are encoded: path`/state/${table}`. */
export function path(parts, ...given) {
  return String.raw({ raw: parts }, ...given.map((value) => encodeURIComponent(value)));
}
