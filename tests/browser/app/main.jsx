import { AmpersandProvider, ConnectProvider, InstallIntegration } from "@amp-labs/react";
import "@amp-labs/react/styles";
import { createElement as h } from "react";
import { createRoot } from "react-dom/client";

const query = new URLSearchParams(location.search);
const token = query.get("token");
const customer = {
  consumerRef: query.get("consumer") ?? "user-1",
  consumerName: "Test User",
  groupRef: query.get("group") ?? "group-1",
  groupName: "Test Group",
};
const options = {
  project: query.get("project") ?? "my-project",
  ...(token ? { getToken: async () => token } : { apiKey: query.get("key") }),
};

// Each callback that the library makes becomes a line that the tests wait for. Made once: the
// library calls onConnectSuccess again whenever it is given another function.
const note = (event) => (subject) => {
  const line = document.createElement("li");
  line.textContent = `${event} ${subject?.id ?? subject}`;
  document.getElementById("events").append(line);
};
const install = {
  ...customer,
  integration: query.get("integration"),
  onInstallSuccess: note("installed"),
  onUpdateSuccess: note("updated"),
  onUninstallSuccess: note("uninstalled"),
};
const connect = {
  ...customer,
  provider: query.get("provider"),
  onConnectSuccess: note("connected"),
  onDisconnectSuccess: note("disconnected"),
};

const component =
  query.get("component") === "connect"
    ? h(ConnectProvider, connect)
    : h(InstallIntegration, install);

createRoot(document.getElementById("root")).render(h(AmpersandProvider, { options }, component));
