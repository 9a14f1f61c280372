// The typed clients of a running mock, and how their answers are read.

import createClient, { type Middleware } from "openapi-fetch";
import type { paths } from "./schema.js";

declare const process: { argv: string[] };

const baseUrl = `${process.argv[2]}/v1`;

export const called: string[] = [];
const noting: Middleware = {
  onRequest({ request, schemaPath }) {
    called.push(`${request.method} ${schemaPath}`);
  },
};
export const server = createClient<paths>({ baseUrl, headers: { "X-Api-Key": "mock-full-key" } });
export const builder = createClient<paths>({
  baseUrl,
  headers: { Authorization: "Bearer mock-builder-token" },
});
server.use(noting);
builder.use(noting);

/** What an operation answered, in its type; throws when it refused. */
export function data<T>(answer: { data?: T; error?: unknown; response: Response }): NonNullable<T> {
  if (!answer.response.ok || answer.data === undefined || answer.data === null) {
    throw new Error(`${answer.response.url}: ${JSON.stringify(answer)}`);
  }
  return answer.data;
}

/** For operations that answer nothing. */
export function done(answer: { error?: unknown; response: Response }): void {
  if (!answer.response.ok || answer.error !== undefined) {
    throw new Error(`${answer.response.url}: ${JSON.stringify(answer)}`);
  }
}

export function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

export const project = { projectIdOrName: "my-project" };
