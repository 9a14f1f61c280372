"""Connections: right calls, and what makes one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mockserver.conformance import catalog, expect
from mockserver.conformance.calls import Call, RightCalls
from mockserver.conformance.catalog import API_KEY, TOKENS, Kind
from mockserver.conformance.family import Place, here, in_project
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
    place: Place | None = None,
    **changes: Any,
) -> Call:
    """Return a right call of generateConnection.

    Args:
        lab: makes what is needed first: tokens are only taken where there is a provider app.
        kind: how the account is connected.
        who: the customer; None for a new one.
        provider: one of that kind; empty for the best known.
        place: another project.
        changes: replace keys of the body; None leaves a key out.
    """
    name = provider or catalog.provider(lab, kind)
    if kind is TOKENS:
        provider_app(lab, name, place)
    body = {
        **(who or customer(lab)).refs(),
        "provider": name,
        **catalog.account(lab, name),
        **catalog.credentials(lab, kind, name),
        **changes,
    }
    kept = {key: value for key, value in body.items() if value is not None}
    return Call("generateConnection", in_project(lab, place or here(lab)), body=kept)


def provider_app(lab: Lab, provider: str, place: Place | None = None) -> dict[str, Any]:
    """Return a provider app of ours for a provider, made once in a lab and project.

    Tokens are only taken where there is one, and so is the way to a consent page.
    """
    where = place or here(lab)
    path = in_project(lab, where)
    for exchange in lab.trace:
        if exchange.operation_id != "createProviderApp" or not exchange.answer.is_success:
            continue
        shown = exchange.json
        if shown["provider"] == provider and f"/{where.project}/" in exchange.request.path:
            return dict(shown)
    body = {
        "provider": provider,
        "clientId": lab.name("client"),
        "clientSecret": lab.name("secret"),
        "scopes": ["oauth"],
    }
    made: dict[str, Any] = expect.need(
        lab, Call("createProviderApp", path, body=body), caller=where.caller
    )
    return made


def connection(
    lab: Lab,
    kind: Kind = API_KEY,
    who: Customer | None = None,
    *,
    provider: str = "",
    place: Place | None = None,
    **changes: Any,
) -> dict[str, Any]:
    """Make a connection and return it as its creation showed it."""
    call = generate(lab, kind, who, provider=provider, place=place, **changes)
    made: dict[str, Any] = expect.need(lab, call, caller=place.caller if place else None)
    return made


def at(
    lab: Lab, provider: str, who: Customer | None = None, place: Place | None = None
) -> dict[str, Any]:
    """Make a connection to a certain provider and return it."""
    kind = catalog.kind_of(lab, provider)
    return connection(lab, kind, who, provider=provider, place=place)


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
