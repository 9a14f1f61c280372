// Calls every operation of a running mock with openapi-fetch, typed by what
// openapi-typescript made of the bundle. Prints what it called, one `METHOD /template` a line.
//
//   node driver.js http://127.0.0.1:4010

import { customers } from "./customers.js";
import type { components } from "./schema.js";
import { builder, called, check, data, done, project, server } from "./typed.js";

const ORG = "9f7c3e2a-61b8-4f5c-8d1a-eb24f3b05d79";
const NEWCOMER = "2f4e6a80-9c1b-4d3e-8f50-a1b2c3d4e504";

async function providers(): Promise<void> {
  const catalog = data(await server.GET("/providers"));
  const salesforce: components["schemas"]["ProviderInfo"] | undefined = catalog["salesforce"];
  check(salesforce?.authType === "oauth2", "the catalog has salesforce");
  const one = data(
    await server.GET("/providers/{provider}", { params: { path: { provider: "hubspot" } } }),
  );
  check(one.name === "hubspot", "a provider can be fetched");
}

async function projects(): Promise<void> {
  const body = { name: "generated", appName: "Generated", orgId: ORG };
  const made = data(await builder.POST("/projects", { body }));
  const listed = data(await builder.GET("/projects"));
  check(listed.some((one) => one.id === made.id), "a new project is listed");
  const path = { projectIdOrName: made.id };
  const changed = data(
    await builder.PATCH("/projects/{projectIdOrName}", {
      params: { path },
      body: { updateMask: ["appName"], project: { appName: "Renamed" } },
    }),
  );
  check(changed.appName === "Renamed", "a project can be changed");
  const shown = data(
    await builder.GET("/projects/{projectIdOrName}", {
      params: { path, query: { includeEntitlements: true } },
    }),
  );
  check(shown.entitlements?.brandingRemoval?.value === false, "entitlements are shown on demand");
}

async function providerApps(): Promise<void> {
  const all = "/projects/{projectIdOrName}/provider-apps" as const;
  const single = "/projects/{projectIdOrName}/provider-apps/{providerAppId}" as const;
  const made = data(
    await server.POST(all, {
      params: { path: project },
      body: { provider: "salesforce", clientId: "id", clientSecret: "s", scopes: ["api"] },
    }),
  );
  const path = { ...project, providerAppId: made.id };
  const changed = data(
    await server.PATCH(single, {
      params: { path },
      body: { updateMask: ["clientId"], providerApp: { clientId: "new" } },
    }),
  );
  check(changed.clientId === "new", "a provider app can be changed");
  const listed = data(await server.GET(all, { params: { path: project } }));
  check(listed.some((one) => one.id === made.id), "a new provider app is listed");
  done(await server.DELETE(single, { params: { path } }));
}

async function apiKeys(): Promise<void> {
  const all = "/projects/{projectIdOrName}/api-keys" as const;
  const single = "/projects/{projectIdOrName}/api-keys/{apiKey}" as const;
  const body = { label: "generated", scopes: ["full"] };
  const made = data(await server.POST(all, { params: { path: project }, body }));
  const path = { ...project, apiKey: made.key };
  check(data(await server.GET(single, { params: { path } })).active === true, "a key is active");
  done(
    await server.PATCH(single, {
      params: { path },
      body: { updateMask: ["active"], apiKey: { active: false } },
    }),
  );
  const query = { active: true };
  const active = data(await server.GET(all, { params: { path: project, query } }));
  check(!active.some((one) => one.key === made.key), "an inactive key is filtered out");
  done(await server.DELETE(single, { params: { path } }));
}

async function jwtKeys(): Promise<void> {
  const all = "/projects/{projectIdOrName}/jwt-keys" as const;
  const single = "/projects/{projectIdOrName}/jwt-keys/{keyId}" as const;
  const made = data(
    await server.POST(all, {
      params: { path: project },
      body: {
        label: "generated",
        algorithm: "RS256",
        publicKeyPem: "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n",
      },
    }),
  );
  const path = { ...project, keyId: made.kid };
  check(data(await server.GET(single, { params: { path } })).algorithm === "RSA", "an RSA key");
  const changed = data(
    await server.PATCH(single, {
      params: { path },
      body: { updateMask: ["label"], jwtKey: { label: "renamed" } },
    }),
  );
  check(changed.label === "renamed", "a JWT key can be renamed");
  const listed = data(await server.GET(all, { params: { path: project } }));
  check(listed.some((one) => one.id === made.kid), "a new JWT key is listed");
  done(await server.DELETE(single, { params: { path } }));
}

async function destination(): Promise<string> {
  const all = "/projects/{projectIdOrName}/destinations" as const;
  const single = "/projects/{projectIdOrName}/destinations/{destination}" as const;
  const made = data(
    await server.POST(all, {
      params: { path: project },
      body: { name: "generated", type: "webhook", metadata: { url: "https://example.com/hook" } },
    }),
  );
  const path = { ...project, destination: made.id };
  const changed = data(
    await server.PATCH(single, {
      params: { path },
      body: { updateMask: ["name"], destination: { name: "renamed" } },
    }),
  );
  check(changed.name === "renamed", "a destination can be renamed");
  const listed = data(await server.GET(all, { params: { path: project } }));
  check(listed.some((one) => one.id === made.id), "a new destination is listed");
  const query = { includeSecrets: true };
  const shown = data(await server.GET(single, { params: { path, query } }));
  check(shown.secrets?.webhookSigningKey?.startsWith("whsec_") === true, "secrets on demand");
  return made.id;
}

async function topics(destinationId: string): Promise<void> {
  const all = "/projects/{projectIdOrName}/topics" as const;
  const single = "/projects/{projectIdOrName}/topics/{topicId}" as const;
  const body = { name: "generated" };
  const topic = data(await server.POST(all, { params: { path: project }, body }));
  const path = { ...project, topicId: topic.id };
  const renaming = { params: { path }, body: { name: "renamed" } };
  const renamed = data(await server.PATCH(single, renaming));
  const listed = data(await server.GET(all, { params: { path: project } }));
  check(listed.some((one) => one.name === renamed.name), "a renamed topic is listed");
  await eventRoutes(topic.id);
  await destinationRoutes(topic.id, destinationId);
  done(await server.DELETE(single, { params: { path } }));
}

async function eventRoutes(topicId: string): Promise<void> {
  const all = "/projects/{projectIdOrName}/notification-event-topic-routes" as const;
  const single = "/projects/{projectIdOrName}/notification-event-topic-routes/{routeId}" as const;
  const made = data(
    await server.POST(all, {
      params: { path: project },
      body: { eventType: "connection.created", topicId },
    }),
  );
  const found = data(
    await server.GET(all, {
      params: { path: project, query: { topicId, eventType: "connection.created" } },
    }),
  );
  check(found.length === 1 && found[0]?.id === made.id, "an event route is found by its topic");
  done(await server.DELETE(single, { params: { path: { ...project, routeId: made.id } } }));
}

async function destinationRoutes(topicId: string, destinationId: string): Promise<void> {
  const all = "/projects/{projectIdOrName}/topic-destination-routes" as const;
  const single = "/projects/{projectIdOrName}/topic-destination-routes/{routeId}" as const;
  const body = { topicId, destinationId };
  const made = data(await server.POST(all, { params: { path: project }, body }));
  const params = { path: project, query: { topicId, destinationId } };
  const found = data(await server.GET(all, { params }));
  check(found.length === 1 && found[0]?.id === made.id, "a route is found by both its ends");
  done(await server.DELETE(single, { params: { path: { ...project, routeId: made.id } } }));
}

async function organizations(): Promise<void> {
  const params = { path: { orgId: ORG } };
  const made = data(await builder.POST("/orgs", { body: { label: "Generated" } }));
  check(made.label === "Generated", "an organization can be made");
  const changed = data(
    await server.PATCH("/orgs/{orgId}", {
      params,
      body: { updateMask: ["label"], org: { label: "Acme Ltd" } },
    }),
  );
  check(changed.label === "Acme Ltd", "an organization can be renamed");
  check(data(await server.GET("/orgs/{orgId}", { params })).id === ORG, "and fetched");
  const body = { builderId: NEWCOMER };
  done(await builder.POST("/orgs/{orgId}/memberships", { params, body }));
  const builders = data(await server.GET("/orgs/{orgId}/builders", { params }));
  check(builders.some((one) => one.id === NEWCOMER), "a new member is listed");
}

async function invites(): Promise<void> {
  const all = "/orgs/{orgId}/invites" as const;
  const single = "/orgs/{orgId}/invites/{inviteId}" as const;
  const params = { path: { orgId: ORG } };
  const made = data(await server.POST(all, { params, body: { email: "new@company.com" } }));
  const path = { orgId: ORG, inviteId: made.id };
  done(await server.DELETE(single, { params: { path } }));
  const shown = data(await server.GET(single, { params: { path } }));
  check(shown.status === "revoked", "a revoked invite stays readable");
  check(data(await server.GET(all, { params })).length > 1, "invites are listed");
  const body = { invitedEmail: "alice@company.com" };
  const me = data(await builder.POST("/invites:accept", { body }));
  const { builder: caller } = data(await builder.GET("/my-info"));
  check(caller.id === me.builder.id, "whoever accepts is who calls");
}

async function domainsAndBilling(): Promise<void> {
  const params = { path: { orgId: ORG } };
  const domain = "company.com";
  const body = { domain, parentId: ORG, parentType: "org" };
  done(await builder.POST("/claimed-domains", { body }));
  const claim = data(await builder.GET("/claimed-domains", { params: { query: { domain } } }));
  check(claim.parentId === ORG, "a claimed domain is found");
  const claims = data(await server.GET("/orgs/{orgId}/claimed-domains", { params }));
  check(claims.some((one) => one.domain === domain), "a claimed domain is listed");
  const account = data(await server.GET("/orgs/{orgId}/billingAccount", { params }));
  const session = data(
    await server.POST("/billingAccounts/{billingAccountId}/portalSession", {
      params: { path: { billingAccountId: account.id } },
      body: { redirectUrl: "https://example.com/back" },
    }),
  );
  check(session.url?.startsWith("http") === true, "a billing session has an address");
}

async function refusals(): Promise<void> {
  const { data: nothing, error } = await server.POST("/projects/{projectIdOrName}/topics", {
    params: { path: project },
    body: { name: "no spaces please" },
  });
  check(nothing === undefined && error !== undefined, "a wrong name is refused");
  const detail: string | undefined = error?.detail;
  check(typeof detail === "string" && detail !== "", "a problem says what is wrong");
  // @ts-expect-error a topic needs a name: the types would not let this pass
  const unnamed = await server.POST("/projects/{projectIdOrName}/topics", { params: { path: project }, body: {} });
  check(unnamed.response.status === 400, "nor does the mock");
}

await providers();
await projects();
await providerApps();
await apiKeys();
await jwtKeys();
const destinationId = await destination();
await topics(destinationId);
done(
  await server.DELETE("/projects/{projectIdOrName}/destinations/{destination}", {
    params: { path: { ...project, destination: destinationId } },
  }),
);
await organizations();
await invites();
await domainsAndBilling();
await customers();
await refusals();
console.log(called.join("\n"));
