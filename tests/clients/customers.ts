// What a customer's way needs: a deployed integration, a connection, an installation and what it
// does. The manifest is hubspot's: my-project has a provider app for it.

import type { components } from "./schema.js";
import { check, data, done, project, server } from "./typed.js";

type Schemas = components["schemas"];

const GROUP = "generated-group";
const whose = { groupRef: GROUP, consumerRef: "generated-consumer" };
const integrations = "/projects/{projectIdOrName}/integrations" as const;
const integration = "/projects/{projectIdOrName}/integrations/{integrationId}" as const;

const MANIFEST = `
specVersion: 1.0.0
integrations:
  - name: generated-sync
    provider: hubspot
    read:
      objects:
        - objectName: contacts
          destination: defaultWebhook
          schedule: "*/10 * * * *"
          requiredFields:
            - fieldName: email
          optionalFields:
            - fieldName: phone
            - fieldName: city
          backfill:
            defaultPeriod:
              fullHistory: true
    write:
      objects:
        - objectName: contacts
    proxy:
      enabled: true
`;

async function deploy(): Promise<Schemas["Integration"]> {
  const upload = data(await server.GET("/generate-upload-url"));
  check(upload.url.startsWith("http"), "there is an address for uploads");
  const body = { sourceYaml: MANIFEST };
  const deployed = data(
    await server.PUT("/projects/{projectIdOrName}/integrations:batch", {
      params: { path: project, query: { destructive: false } },
      body,
    }),
  );
  const sync = deployed[0];
  if (sync === undefined) throw new Error("nothing was deployed");
  const path = { ...project, integrationId: sync.id };
  done(await server.POST(`${integration}/revisions`, { params: { path }, body }));
  return sync;
}

async function createIntegration(): Promise<void> {
  const content: Schemas["ManifestIntegration"] = {
    name: "generated-proxy",
    provider: "apollo",
    proxy: { enabled: true },
  };
  const latestRevision = { specVersion: "1.0.0", content };
  done(
    await server.POST(integrations, {
      params: { path: project },
      body: { name: "generated-proxy", provider: "apollo", latestRevision },
    }),
  );
  const listed = data(await server.GET(integrations, { params: { path: project } }));
  const made = listed.find((one) => one.name === "generated-proxy");
  check(made?.latestRevision?.content.proxy?.enabled === true, "a new integration is listed");
}

async function connect(): Promise<Schemas["Connection"]> {
  const made = data(
    await server.POST("/projects/{projectIdOrName}/connections:generate", {
      params: { path: project },
      body: {
        ...whose,
        provider: "hubspot",
        oauth2AuthorizationCode: {
          accessToken: { token: "access" },
          refreshToken: { token: "refresh" },
        },
      },
    }),
  );
  const query = { provider: "hubspot", ...whose };
  const found = data(
    await server.GET("/projects/{projectIdOrName}/connections", {
      params: { path: project, query },
    }),
  );
  check(found.length === 1 && found[0]?.id === made.id, "a connection is found by whose it is");
  const shown = data(
    await server.GET("/projects/{projectIdOrName}/connections/{connectionId}", {
      params: { path: { ...project, connectionId: made.id }, query: { includeCreds: true } },
    }),
  );
  check(shown.oauth2AuthorizationCode?.accessToken?.token === "access", "tokens on demand");
  return made;
}

async function changeConnection(): Promise<void> {
  const single = "/projects/{projectIdOrName}/connections/{connectionId}" as const;
  const made = data(
    await server.POST("/projects/{projectIdOrName}/connections:generate", {
      params: { path: project },
      body: { ...whose, provider: "apollo", apiKey: "secret" },
    }),
  );
  const path = { ...project, connectionId: made.id };
  const changed = data(
    await server.PATCH(single, {
      params: { path },
      body: { updateMask: ["apiKey"], connection: { apiKey: "other" } },
    }),
  );
  check(changed.id === made.id && changed.status === "created", "a key can be rotated");
  done(await server.DELETE(single, { params: { path } }));
}

async function consent(connectionId: string): Promise<void> {
  const begun: string = data(
    await server.POST("/oauth-connect", {
      body: { ...whose, projectId: "my-project", provider: "hubspot" },
      parseAs: "text",
    }),
  );
  check(new URL(begun).searchParams.has("state"), "oauth-connect answers a URL as text");
  const renewed: string = data(
    await server.PATCH("/projects/{projectIdOrName}/connections/{connectionId}:oauth-update", {
      params: { path: { ...project, connectionId } },
      parseAs: "text",
    }),
  );
  check(new URL(renewed).searchParams.has("state"), "oauth-update answers a URL as text");
}

async function describe(sync: Schemas["Integration"], connectionId: string): Promise<void> {
  const named = data(
    await server.GET("/projects/{projectIdOrName}/integrations/{integrationIdOrName}", {
      params: { path: { ...project, integrationIdOrName: sync.name } },
    }),
  );
  const revisionId = named.latestRevision.id;
  check(revisionId !== sync.latestRevision.id, "a new revision is the latest");
  const hydrated = data(
    await server.GET(`${integration}/revisions/{revisionId}:hydrate`, {
      params: { path: { ...project, integrationId: sync.id, revisionId }, query: { connectionId } },
    }),
  );
  const contacts = hydrated.content.read?.objects?.[0];
  check(contacts?.allFieldsMetadata?.["email"] !== undefined, "the provider's fields are there");
  const object = "/projects/{projectIdOrName}/providers/{provider}/objects/{objectName}" as const;
  const metadata = data(
    await server.GET(`${object}/metadata`, {
      params: {
        path: { ...project, provider: "hubspot", objectName: "contacts" },
        query: { groupRef: GROUP },
      },
    }),
  );
  check(metadata.fields["email"]?.valueType === "string", "so are those of one object");
}

const FIELDS: Schemas["UpsertMetadataRequest"] = {
  groupRef: GROUP,
  fields: {
    contacts: [{ fieldName: "deal_size", displayName: "Deal size", valueType: "int" }],
  },
};

async function customFields(integrationId: string): Promise<void> {
  const made = data(
    await server.PUT("/projects/{projectIdOrName}/providers/{provider}/object-metadata", {
      params: { path: { ...project, provider: "hubspot" } },
      body: FIELDS,
    }),
  );
  check(made.fields?.["contacts"]?.["deal_size"]?.action === "create", "a field can be made");
  const path = { ...project, integrationId };
  const again = data(
    await server.PUT(`${integration}/object-metadata`, { params: { path }, body: FIELDS }),
  );
  check(again.fields?.["contacts"]?.["deal_size"]?.action === "none", "once");
  const metadata = data(
    await server.GET(`${integration}/objects/{objectName}/metadata`, {
      params: {
        path: { ...path, objectName: "contacts" },
        query: { groupRef: GROUP, excludeReadOnly: true },
      },
    }),
  );
  check(metadata.fields["deal_size"]?.isCustom === true, "and is described from then on");
}

async function install(integrationId: string, connectionId: string): Promise<string> {
  const path = { ...project, integrationId };
  const contacts = {
    objectName: "contacts",
    selectedFields: { phone: true },
    selectedFieldMappings: {},
  };
  const content = { provider: "hubspot", read: { objects: { contacts } } };
  const made = data(
    await server.POST(`${integration}/installations`, {
      params: { path },
      body: { groupRef: GROUP, connectionId, config: { content } },
    }),
  );
  const query = { groupRef: GROUP };
  const all = "/projects/{projectIdOrName}/installations" as const;
  const mine = data(await server.GET(all, { params: { path: project, query } }));
  const here = data(await server.GET(`${integration}/installations`, { params: { path, query } }));
  check([...mine, ...here].every((one) => one.id === made.id), "a group's installation is listed");
  return made.id;
}

async function configure(integrationId: string, installationId: string): Promise<void> {
  const path = { ...project, integrationId, installationId };
  const single = `${integration}/installations/{installationId}` as const;
  const changed = data(
    await server.PATCH(single, {
      params: { path },
      body: {
        updateMask: ["config.content.proxy.enabled"],
        installation: { config: { content: { proxy: { enabled: true } } } },
      },
    }),
  );
  check(changed.config.content.proxy?.enabled === true, "an installation can be changed");
  for (const which of [{ groupRef: GROUP }, { installationId }]) {
    const value = "installationId" in which;
    data(
      await server.PATCH(`${integration}/objects/{objectName}/config-content`, {
        params: { path: { ...project, integrationId, objectName: "contacts" } },
        body: {
          ...which,
          action: "read",
          changes: [{ op: "add", path: "/selectedFields/city", value }],
        },
      }),
    );
    const shown = data(await server.GET(single, { params: { path } }));
    const selected = shown.config.content.read?.objects["contacts"]?.selectedFields;
    check(selected?.["city"] === value, "and patched");
  }
}

async function operations(integrationId: string, installationId: string): Promise<void> {
  const path = { ...project, integrationId, installationId };
  const single = `${integration}/installations/{installationId}` as const;
  const query = { pageSize: 1 };
  const page = data(await server.GET(`${single}/operations`, { params: { path, query } }));
  const operationId = page.results[0]?.id ?? "";
  const one = { params: { path: { ...project, operationId } } };
  const operation = "/projects/{projectIdOrName}/operations/{operationId}" as const;
  check(data(await server.GET(operation, one)).actionType === "read", "a backfill is a read");
  check(data(await server.GET(`${operation}/logs`, one)).length > 0, "it is logged");
  const progress = data(
    await server.GET(`${single}/objects/{objectName}/backfill-progress`, {
      params: { path: { ...path, objectName: "contacts" } },
    }),
  );
  check(progress.operationId === operationId, "its progress is known");
}

export async function customers(): Promise<void> {
  const sync = await deploy();
  await createIntegration();
  const connection = await connect();
  await changeConnection();
  await consent(connection.id);
  await describe(sync, connection.id);
  const installationId = await install(sync.id, connection.id);
  await customFields(sync.id);
  await configure(sync.id, installationId);
  await operations(sync.id, installationId);
  const path = { ...project, integrationId: sync.id };
  done(
    await server.DELETE(`${integration}/installations/{installationId}`, {
      params: { path: { ...path, installationId } },
    }),
  );
  done(await server.DELETE(integration, { params: { path } }));
}
