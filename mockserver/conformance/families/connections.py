"""Connections: right calls, and what makes one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mockserver.conformance import catalog, expect
from mockserver.conformance.calls import Call, RightCalls
from mockserver.conformance.catalog import (
    API_KEY,
    BASIC,
    CLIENT,
    KINDS,
    PASSWORD,
    TOKENS,
    Kind,
)
from mockserver.conformance.family import (
    Bound,
    Echo,
    Family,
    Filter,
    Flag,
    Mask,
    Place,
    Variant,
    here,
    in_project,
)
from mockserver.conformance.lab import Lab
from mockserver.conformance.right import right_calls
from mockserver.conformance.texts import free_text, padded


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
    """Return a provider app of ours for a provider, the same for all rules.

    Tokens are only taken where there is one, and so is the way to a consent page.
    """
    where = place or here(lab)

    def make(first: Lab) -> dict[str, Any]:
        body = {
            "provider": provider,
            "clientId": first.name("client"),
            "clientSecret": first.name("secret"),
            "scopes": ["oauth"],
            "metadata": {"providerParams": {"ctParam": "ct"}},
        }
        call = Call("createProviderApp", in_project(first, where), body=body)
        made: dict[str, Any] = expect.need(first, call, caller=where.caller)
        return made

    return lab.shared(f"provider app of {provider} {where.name}", make)


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


def _metadata(lab: Lab) -> dict[str, Any]:
    return {"ctChanged": {"value": lab.name("value"), "source": "input", "displayName": "Changed"}}


def _rotated(kind: Kind) -> Mask:
    """Return the mask of the credentials of a kind; no record shows them."""
    return Mask(
        kind.block,
        lambda lab: catalog.block(lab, kind.block, {}),
        variant=kind.block,
        echo=Echo(None),
    )


def _variant(kind: Kind) -> Variant:
    def call(lab: Lab, place: Place) -> Call:
        return generate(lab, kind, place=place)

    return Variant(kind.block or "nothing", call)


CONNECTIONS = Family(
    noun="connection",
    variants=tuple(map(_variant, KINDS)),
    create="generateConnection",
    lists=("listConnections",),
    get="getConnection",
    update="updateConnection",
    delete="deleteConnection",
    values="connection",
    drifts=("status",),
    masks=(
        Mask("providerWorkspaceRef", lambda lab: lab.name("workspace")),
        Mask("providerMetadata", _metadata),
        *(_rotated(kind) for kind in (API_KEY, BASIC, CLIENT, PASSWORD)),
    ),
    echo={
        "groupRef": Echo("group.groupRef"),
        "groupName": Echo("group.groupName"),
        "consumerRef": Echo("consumer.consumerRef"),
        "consumerName": Echo("consumer.consumerName"),
        **{kind.block: Echo(None) for kind in KINDS if kind.block},
    },
    secrets=(
        "apiKey",
        "basicAuth.password",
        "oauth2ClientCredentials.clientSecret",
        "oauth2PasswordCredentials.password",
        "oauth2PasswordCredentials.clientSecret",
        "oauth2AuthorizationCode.accessToken.token",
        "oauth2AuthorizationCode.refreshToken.token",
    ),
    secret_names=("password", "clientSecret"),
    filters=(
        Filter("provider", "provider", is_free=False),
        Filter("groupRef", "group.groupRef"),
        Filter("consumerRef", "consumer.consumerRef"),
    ),
    flags=(
        Flag(
            "getConnection",
            "includeCreds",
            "oauth2AuthorizationCode.accessToken",
            TOKENS.block,
        ),
        Flag(
            "getConnection",
            "includeRefreshToken",
            "oauth2AuthorizationCode.refreshToken",
            TOKENS.block,
        ),
    ),
    bounds=(
        Bound("groupName", taken=(free_text, padded)),
        Bound("consumerName", taken=(free_text, padded)),
    ),
    # Nobody says what a second connection of the same customer at a provider comes to.
    may_repeat=False,
)

FAMILIES: tuple[Family, ...] = (CONNECTIONS,)
RIGHT: RightCalls = right_calls(CONNECTIONS)
