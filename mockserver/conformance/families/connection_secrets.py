"""What connections show of their credentials, and when: only what was asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from mockserver.conformance import catalog, expect
from mockserver.conformance.calls import Call
from mockserver.conformance.catalog import API_KEY, KINDS, TOKENS, Kind
from mockserver.conformance.exchange import Exchange
from mockserver.conformance.families import citing, connections, crms, integrations
from mockserver.conformance.families.connection_creation import get, listed
from mockserver.conformance.families.connections import connection, customer, generate
from mockserver.conformance.lab import Lab
from mockserver.conformance.rules import Broken, Rule, Strength, Unreached

BLOCK = "oauth2AuthorizationCode"
INCLUDE_CREDS = citing.parameter(f"{citing.CONNECTION}/get", 2)
INCLUDE_REFRESH_TOKEN = citing.parameter(f"{citing.CONNECTION}/get", 3)
REFRESH = citing.parameter(f"{citing.CONNECTION}/get", 4)

#: Query of getConnection -> which tokens it shows.
FLAGS: tuple[tuple[Mapping[str, str], tuple[str, ...]], ...] = (
    ({}, ()),
    ({"includeCreds": "false"}, ()),
    ({"includeRefreshToken": "false"}, ()),
    ({"includeCreds": "false", "includeRefreshToken": "false"}, ()),
    ({"includeCreds": "true"}, ("accessToken",)),
    ({"includeCreds": "true", "includeRefreshToken": "false"}, ("accessToken",)),
    ({"includeRefreshToken": "true"}, ("accessToken", "refreshToken")),
    ({"includeCreds": "false", "includeRefreshToken": "true"}, ("accessToken", "refreshToken")),
    ({"includeCreds": "true", "includeRefreshToken": "true"}, ("accessToken", "refreshToken")),
)


def _shows_what_is_asked(lab: Lab) -> None:
    call = generate(lab, TOKENS)
    made = expect.need(lab, call)
    given = call.body[BLOCK]
    for query, names in (*FLAGS, FLAGS[0]):
        asked = ", ".join(f"{name}={value}" for name, value in query.items()) or "no flag"
        seen = expect.read(lab, get(made["id"], **query))
        if not names:
            expect.lacks(BLOCK, seen, f"getConnection with {asked}")
            continue
        tokens = seen.get(BLOCK)
        if not isinstance(tokens, dict):
            raise Broken(f"with {asked}: {BLOCK} is missing", pointer=f"/{BLOCK}")
        shown = {name for name in ("accessToken", "refreshToken", "scopes") if name in tokens}
        if shown != {*names, "scopes"}:
            wanted = ", ".join((*names, "scopes"))
            raise Broken(
                f"with {asked}: shows {', '.join(sorted(shown))}, not {wanted}", pointer=f"/{BLOCK}"
            )
        for name in names:
            expect.same(given[name]["token"], tokens[name].get("token"), f"the {name}")


def secrets(value: Any) -> Iterator[str]:
    """Yield the texts of a block of credentials that nobody should see again."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            if name not in {"username", "clientId", "scopes", "expiresAt", "issuedAt"}:
                yield from secrets(inner)


def hides(exchange: Exchange, hidden: list[str], what: str) -> None:
    """Hold that an answer shows none of some secrets."""
    text = exchange.answer.content.decode("utf-8", "replace")
    for secret in hidden:
        if secret in text:
            raise Broken(f"{what} shows a secret of the connection: {exchange}")


def _never_leaks(kind: Kind, lab: Lab) -> None:
    who = customer(lab)
    call = generate(lab, kind, who)
    hidden = list(secrets(call.body.get(kind.block)))
    made = lab.make(call)
    identifier = str(expect.granted(made)["id"])
    hides(made, hidden, "creating a connection")
    hides(lab.make(listed(groupRef=who.group)), hidden, "the list of connections")
    hides(lab.make(get(identifier)), hidden, "reading a connection")
    lists = {"includeCreds": "true", "includeRefreshToken": "true"}
    hides(lab.make(listed(groupRef=who.group, **lists)), hidden, "the list of connections")
    if kind not in (API_KEY, TOKENS):
        # These may be asked for; no property of a connection holds the others.
        hides(lab.make(get(identifier, **lists)), hidden, "a connection with its credentials")


def _embedded_never_leaks(lab: Lab) -> None:
    who = customer(lab)
    of = crms.crm(lab)
    kind = catalog.kind_of(lab, of.provider)
    call = generate(lab, kind, who, provider=of.provider)
    hidden = list(secrets(call.body.get(kind.block)))
    connected = expect.need(lab, call)
    path = {"integrationId": integrations.integration(lab, crms.manifest(lab, of))["id"]}
    body = {
        "groupRef": who.group,
        "connectionId": connected["id"],
        "config": {"content": crms.content(of)},
    }
    made = lab.make(Call("createInstallation", path, body=body))
    expect.granted(made)
    hides(made, hidden, "creating an installation")
    below = {**path, "installationId": made.json["id"]}
    hides(lab.make(Call("getInstallation", below)), hidden, "reading an installation")
    for name, where in (("listInstallations", path), ("listInstallationsForProject", {})):
        answer = lab.make(Call(name, where, {"groupRef": who.group, "includeCreds": "true"}))
        hides(answer, hidden, name)


def _api_key_is_asked_for(lab: Lab) -> None:
    call = generate(lab, API_KEY)
    made = expect.need(lab, call)
    expect.lacks("apiKey", expect.read(lab, get(made["id"])), "getConnection without flags")
    seen = expect.read(lab, get(made["id"], includeCreds="true"))
    expect.holds({"apiKey": call.body["apiKey"]}, seen)


def _tokens(lab: Lab, identifier: str, **query: str) -> dict[str, Any]:
    seen = expect.read(lab, get(identifier, includeRefreshToken="true", **query))
    found: dict[str, Any] = seen.get(BLOCK) or {}
    if "token" not in found.get("accessToken", {}):
        raise Unreached("needs to see the access token")
    return found


def _refreshed(lab: Lab, identifier: str, how: str) -> dict[str, Any]:
    """Return the tokens after a refresh. Tokens of ours mean nothing to a real provider."""
    exchange = lab.make(get(identifier, refresh=how))
    if not exchange.answer.is_success:
        raise Unreached(f"{exchange}: the provider refreshed nothing")
    if exchange.json.get("status") != "created":
        got = exchange.json.get("status")
        raise Broken(f"a connection just refreshed is {got!r}, not created", pointer="/status")
    return _tokens(lab, identifier)


def _force_refreshes(lab: Lab) -> None:
    made = connection(lab, TOKENS)
    before = _tokens(lab, made["id"])
    after = _refreshed(lab, made["id"], "force")
    if before["accessToken"]["token"] == after["accessToken"]["token"]:
        raise Broken("refresh=force leaves the access token as it was")
    expect.same(after, _tokens(lab, made["id"]), "the tokens when read again")


def _fresh_stays(lab: Lab) -> None:
    made = connection(lab, TOKENS)
    before = _tokens(lab, made["id"])
    expect.done(lab, get(made["id"], refresh="ifExpired"), "refresh=ifExpired")
    after = _tokens(lab, made["id"])
    expect.same(before["accessToken"], after["accessToken"], "a token that has not expired")


def _expired_is_refreshed(lab: Lab) -> None:
    block = {
        "accessToken": {"token": lab.name("access"), "expiresAt": "2020-01-05T10:00:00Z"},
        "refreshToken": {"token": lab.name("refresh")},
    }
    made = connection(lab, TOKENS, oauth2AuthorizationCode=block)
    after = _refreshed(lab, made["id"], "ifExpired")
    if after["accessToken"]["token"] == block["accessToken"]["token"]:
        raise Broken("refresh=ifExpired leaves an expired access token as it was")


def _others_stay(lab: Lab) -> None:
    first, second = connection(lab, TOKENS), connection(lab, TOKENS)
    before = _tokens(lab, second["id"])
    _refreshed(lab, first["id"], "force")
    expect.same(before, _tokens(lab, second["id"]), "the tokens of another connection")


def _reads_move_nothing(lab: Lab) -> None:
    made = connections.connection(lab, TOKENS)
    before = _tokens(lab, made["id"])
    with expect.unmoved(lab, get(made["id"])):
        for query, _ in FLAGS:
            lab.make(get(made["id"], **query))
    expect.same(before, _tokens(lab, made["id"]), "the tokens after reading")


_LEAKS = tuple(
    Rule(
        "generateConnection",
        f"credentials-are-not-shown-with-{kind.block}",
        INCLUDE_CREDS,
        partial(_never_leaks, kind),
        # Nothing says that the key, which a connection has a property for, has to be asked for.
        Strength.INFERRED if kind is API_KEY else Strength.PROMISED,
    )
    for kind in KINDS
    if kind.block
)

RULES: tuple[Rule, ...] = (
    *_LEAKS,
    Rule("getConnection", "shows-what-is-asked", INCLUDE_REFRESH_TOKEN, _shows_what_is_asked),
    Rule(
        "createInstallation",
        "embedded-connection-shows-no-credentials",
        INCLUDE_CREDS,
        _embedded_never_leaks,
    ),
    Rule(
        "getConnection",
        "api-key-is-asked-for",
        citing.described("Connection", "apiKey"),
        _api_key_is_asked_for,
        Strength.INFERRED,
    ),
    Rule("getConnection", "force-refreshes", REFRESH, _force_refreshes),
    Rule("getConnection", "fresh-token-stays", REFRESH, _fresh_stays),
    Rule("getConnection", "expired-token-is-refreshed", REFRESH, _expired_is_refreshed),
    Rule("getConnection", "refresh-is-of-one-connection", REFRESH, _others_stay),
    Rule("getConnection", "reading-moves-nothing", REFRESH, _reads_move_nothing),
)
