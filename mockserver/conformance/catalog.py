"""Which providers the target lists, and what it takes to connect an account at one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.conformance.calls import Call
from mockserver.conformance.lab import Lab
from mockserver.conformance.rules import Unreached

Info = Mapping[str, Any]  # a ProviderInfo

_WORKSPACE = "workspace"


@dataclass(frozen=True, slots=True)
class Kind:
    """A way to connect, by what the catalog says of the provider."""

    auth_type: str
    grants: tuple[str, ...] = ()
    block: str = ""  # of a ConnectionRequest; empty: no credentials are asked for
    schemes: tuple[str, ...] = ()  # of the connection; empty: the contract names none
    known: tuple[str, ...] = ()  # widely known providers, tried before the others

    def fits(self, info: Info) -> bool:
        """Tell whether a provider is connected like this."""
        if info.get("authType") != self.auth_type:
            return False
        grant = info.get("oauth2Opts", {}).get("grantType")
        return not self.grants or grant in self.grants


API_KEY = Kind("apiKey", (), "apiKey", ("apiKey",), ("apollo", "instantly", "lemlist", "klaviyo"))
BASIC = Kind("basic", (), "basicAuth", ("basic",), ("ashby", "gong", "freshdesk", "chorus"))
CLIENT = Kind(
    "oauth2",
    ("clientCredentials",),
    "oauth2ClientCredentials",
    ("oauth2/clientCredentials",),
    ("adobe", "domo", "marketo"),
)
PASSWORD = Kind(
    "oauth2",
    ("password",),
    "oauth2PasswordCredentials",
    ("oauth2/password",),
    ("sugarCRM",),
)
TOKENS = Kind(
    "oauth2",
    ("authorizationCode", "authorizationCodePKCE"),
    "oauth2AuthorizationCode",
    ("oauth2/authorizationCode", "oauth2/authorizationCodePKCE"),
    ("hubspot", "salesforce", "intercom", "notion"),
)
CUSTOM = Kind("custom", (), "customAuth", (), ("gitlab",))
NOTHING = Kind("none", (), "", ("none",), ("mock",))
#: Every way to connect that the contract knows.
KINDS = (API_KEY, BASIC, CLIENT, PASSWORD, TOKENS, CUSTOM, NOTHING)


def providers(lab: Lab) -> Mapping[str, Info]:
    """Return the target's providers. They are read once in a run.

    Raises:
        Unreached: the target does not list them.
    """
    return lab.shared("providers", _read)


def _read(lab: Lab) -> Mapping[str, Info]:
    listed = lab.need(Call("listProviders"))
    if not isinstance(listed, dict):
        raise Unreached("needs the list of providers")
    return {name: info for name, info in listed.items() if isinstance(info, dict)}


def provider(lab: Lab, kind: Kind, *, besides: str = "") -> str:
    """Return a provider that is connected in a certain way: the best known one.

    Raises:
        Unreached: the target lists none, but for `besides`.
    """
    listed = providers(lab)
    fitting = [name for name, info in listed.items() if kind.fits(info) and name != besides]
    for name in kind.known:
        if name in fitting:
            return name
    # The fewer facts a provider asks for, the less can stand in the way of connecting to it.
    fitting.sort(key=lambda name: (len(list(_inputs(listed[name]))), name))
    if not fitting:
        raise Unreached(f"needs a provider that is connected with {kind.block or 'nothing'}")
    return fitting[0]


def kind_of(lab: Lab, name: str) -> Kind:
    """Return the way in which a listed provider is connected.

    Raises:
        Unreached: it is none that the contract knows.
    """
    info = providers(lab).get(name, {})
    for kind in KINDS:
        if kind.fits(info):
            return kind
    raise Unreached(f"needs to know how {name} is connected")


def credentials(lab: Lab, kind: Kind, name: str) -> dict[str, Any]:
    """Return a block of credentials that nobody else has, as a ConnectionRequest takes it."""
    if not kind.block:
        return {}
    return {kind.block: block(lab, kind.block, providers(lab).get(name, {}))}


def block(lab: Lab, name: str, info: Info) -> Any:
    """Return a new value of one block of credentials."""
    user, secret = lab.name("user"), lab.name("secret")
    client = {"clientId": lab.name("client"), "clientSecret": secret}
    if name == "apiKey":
        return secret
    if name == "oauth2AuthorizationCode":
        return {
            "accessToken": {"token": lab.name("access"), "expiresAt": "2099-01-05T10:00:00Z"},
            "refreshToken": {"token": lab.name("refresh")},
            "scopes": ["oauth"],
        }
    if name == "customAuth":
        inputs = info.get("customOpts", {}).get("inputs", [])
        return {one["name"]: lab.name("secret") for one in inputs} or {"token": secret}
    signed_in = {"username": user, "password": lab.name("password")}
    return {
        "basicAuth": signed_in,
        "oauth2ClientCredentials": {**client, "scopes": ["read"]},
        "oauth2PasswordCredentials": {**signed_in, **client},
    }[name]


def account(lab: Lab, name: str) -> dict[str, Any]:
    """Return the facts about the customer's account that a provider asks for.

    A workspace is told in both places, as the vendor's own forms do.
    """
    info = providers(lab).get(name, {})
    facts: dict[str, Any] = {}
    if _needs_workspace(info):
        facts["providerWorkspaceRef"] = "ct-workspace"
    metadata = {one: {"value": f"ct-{one}", "source": "input"} for one in _inputs(info)}
    if metadata:
        facts["providerMetadata"] = metadata
    return facts


def _needs_workspace(info: Info) -> bool:
    return bool(
        _WORKSPACE in _inputs(info)
        or info.get("oauth2Opts", {}).get("explicitWorkspaceRequired")
        or "{{.workspace}}" in info.get("baseURL", "")
    )


def _inputs(info: Info) -> Iterator[str]:
    for one in info.get("metadata", {}).get("input", []):
        if not one.get("defaultValue"):
            yield one["name"]
