import { AmpersandProvider, ConnectProvider, InstallIntegration } from "@amp-labs/react";
import "@amp-labs/react/styles";
import { createElement as h, useState } from "react";
import { createRoot } from "react-dom/client";

const query = new URLSearchParams(location.search);
const customer = {
  consumerRef: query.get("consumer") ?? "user-1",
  consumerName: "Test User",
  groupRef: query.get("group") ?? "group-1",
  groupName: "Test Group",
};
const options = { project: query.get("project") ?? "my-project", apiKey: query.get("key") };

function Page() {
  const [events, setEvents] = useState([]);
  const note = (name) => (...facts) => setEvents((all) => [...all, `${name} ${facts[0] ?? ""}`]);
  const component =
    query.get("component") === "connect"
      ? h(ConnectProvider, {
          ...customer,
          provider: query.get("provider"),
          onConnectSuccess: note("connected"),
          onDisconnectSuccess: note("disconnected"),
        })
      : h(InstallIntegration, {
          ...customer,
          integration: query.get("integration"),
          onInstallSuccess: note("installed"),
          onUpdateSuccess: note("updated"),
          onUninstallSuccess: note("uninstalled"),
        });
  return h(
    AmpersandProvider,
    { options },
    component,
    h("ol", { id: "events" }, ...events.map((event, number) => h("li", { key: number }, event))),
  );
}

createRoot(document.getElementById("root")).render(h(Page));
