"""Connections: right calls, and what makes one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mockserver.conformance import catalog
from mockserver.conformance.calls import Call, RightCalls
from mockserver.conformance.catalog import API_KEY, TOKENS, Kind
from mockserver.conformance.lab import Lab


@dataclass(frozen=True, slots=True)
class Customer:
    """A group, and the consumer who connects for it."""

    group: str
    consumer: str

    def refs(self) -> dict[str, str]:
        """Return both with display names, as requests name them."""
        return {
            "groupRef": self.group,
            "groupName": f"Group {self.group}",
            "consumerRef": self.consumer,
            "consumerName": f"Consumer {self.consumer}",
        }


def customer(lab: Lab, *, group: str = "", consumer: str = "") -> Customer:
    """Return a customer whom the target does not know yet."""
    return Customer(group or lab.name("group"), consumer or lab.name("consumer"))


def generate(
    lab: Lab,
    kind: Kind = API_KEY,
    who: Customer | None = None,
    *,
    provider: str = "",
    path: dict[str, str] | None = None,
    **changes: Any,
) -> Call:
    """Return a right call of generateConnection.

    Args:
        lab: makes what is needed first: tokens are only taken where there is a provider app.
        kind: how the account is connected.
        who: the customer; None for a new one.
        provider: one of that kind; empty for the best known.
        path: parameters of the path, for another project.
        changes: replace keys of the body; None leaves a key out.
    """
    name = provider or catalog.provider(lab, kind)
    if kind is TOKENS:
        provider_app(lab, name)
    body = {
        **(who or customer(lab)).refs(),
        "provider": name,
        **catalog.account(lab, name),
        **catalog.credentials(lab, kind, name),
        **changes,
    }
    kept = {key: value for key, value in body.items() if value is not None}
    return Call("generateConnection", path or {}, body=kept)


def provider_app(lab: Lab, provider: str) -> None:
    """Make sure that the project has a provider app for a provider: make one, once in a lab."""
    for exchange in lab.trace:
        body = exchange.request.body
        made = exchange.operation_id == "createProviderApp" and exchange.answer.is_success
        if made and body["provider"] == provider:
            return
    body = {
        "provider": provider,
        "clientId": lab.name("client"),
        "clientSecret": lab.name("secret"),
        "scopes": ["oauth"],
    }
    lab.need(Call("createProviderApp", body=body))


def connection(
    lab: Lab,
    kind: Kind = API_KEY,
    who: Customer | None = None,
    *,
    provider: str = "",
    **changes: Any,
) -> dict[str, Any]:
    """Make a connection and return it as its creation showed it."""
    made: dict[str, Any] = lab.need(generate(lab, kind, who, provider=provider, **changes))
    return made


def at(lab: Lab, provider: str, who: Customer | None = None) -> dict[str, Any]:
    """Make a connection to a certain provider and return it."""
    return connection(lab, catalog.kind_of(lab, provider), who, provider=provider)


def _update(lab: Lab) -> Call:
    made = connection(lab)
    body = {"updateMask": ["apiKey"], "connection": {"apiKey": lab.name("rotated")}}
    return Call("updateConnection", {"connectionId": made["id"]}, body=body)


RIGHT: RightCalls = {
    "generateConnection": generate,
    "listConnections": lambda _: Call("listConnections"),
    "getConnection": lambda lab: Call("getConnection", {"connectionId": connection(lab)["id"]}),
    "updateConnection": _update,
    "deleteConnection": lambda lab: Call(
        "deleteConnection", {"connectionId": connection(lab)["id"]}
    ),
}
