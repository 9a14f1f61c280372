"""What the ways to a consent page promise: a URL, and nothing else until somebody consents."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit

from mockserver.conformance import catalog, expect
from mockserver.conformance.calls import Call
from mockserver.conformance.catalog import API_KEY, KINDS, TOKENS, Kind
from mockserver.conformance.families import citing
from mockserver.conformance.families.connection_creation import get, listed
from mockserver.conformance.families.connections import connection, customer, provider_app
from mockserver.conformance.families.oauth import connect
from mockserver.conformance.lab import Lab
from mockserver.conformance.rules import Broken, Rule, Strength, Unreached

_CONNECT = f"{citing.OAUTH_CONNECT}/description"
_UPDATE = f"{citing.OAUTH_UPDATE}/description"
_APP = citing.body(citing.OAUTH_CONNECT, "providerAppId")
_PROJECT = citing.body(citing.OAUTH_CONNECT, "projectId")
_PROVIDER = citing.body(citing.OAUTH_CONNECT, "provider")


def _url(lab: Lab, call: Call, what: str = "a right request") -> str:
    """Return the URL that an answer is."""
    exchange = lab.make(call)
    expect.granted(exchange, what)
    text = exchange.answer.content.decode("utf-8", "replace")
    parts = urlsplit(text.strip())
    if text[:1] in {'"', "{"} or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Broken(f"{call.operation_id} answers no URL: {text[:60]!r}")
    return text.strip()


def _query(url: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(url).query)


def _is_a_url(lab: Lab) -> None:
    _url(lab, connect(lab))


def _has_a_state(lab: Lab) -> None:
    call = connect(lab)
    states = [_query(_url(lab, call)).get("state", [""])[0] for _ in range(2)]
    if not all(states):
        raise Broken("the URL has no state")
    if states[0] == states[1]:
        raise Broken("two URLs have one state")


def _creates_nothing(lab: Lab) -> None:
    call = connect(lab)
    refs = {name: call.body[name] for name in ("groupRef", "consumerRef")}
    with expect.unmoved(lab, listed(**refs), listed(groupRef=refs["groupRef"])):
        _url(lab, call)
    if expect.read(lab, listed(**refs)):
        raise Broken("a connection is listed before anybody has consented")


def _uses_the_app(lab: Lab) -> None:
    provider = catalog.provider(lab, TOKENS)
    app = provider_app(lab, provider)
    url = _url(lab, connect(lab, providerAppId=app["id"]), "naming a provider app")
    expect.same([app["clientId"]], _query(url).get("client_id"), "the client_id of the URL")


def _refuses_unfit_apps(lab: Lab) -> None:
    other = catalog.provider(lab, TOKENS, besides=catalog.provider(lab, TOKENS))
    stranger = provider_app(lab, other)
    for what, identifier in (
        ("a provider app that never was", lab.absent()),
        ("the app of another provider", stranger["id"]),
    ):
        answer = lab.make(connect(lab, providerAppId=identifier))
        expect.refused(answer, what, expect.UNFIT)


def _wants_an_app(lab: Lab) -> None:
    having = {app["provider"] for app in expect.need(lab, Call("listProviderApps"))}
    fitting = [
        name
        for name, info in sorted(catalog.providers(lab).items())
        if TOKENS.fits(info) and name not in having
    ]
    if not fitting:
        raise Unreached("needs a provider without a provider app")
    body = {**connect(lab).body, "provider": fitting[0], **catalog.account(lab, fitting[0])}
    answer = lab.make(Call("oauthConnect", body=body))
    expect.refused(answer, "a provider without a provider app", expect.UNFIT)


def _refuses_unknown(lab: Lab) -> None:
    answer = lab.make(connect(lab, provider=lab.name("provider")))
    expect.refused(answer, "an unknown provider", expect.UNFIT)
    name = catalog.provider(lab, API_KEY)
    answer = lab.make(connect(lab, provider=name))
    expect.refused(answer, "a provider without a consent page", expect.UNFIT)


def _refuses_unknown_project(lab: Lab) -> None:
    for project in (lab.absent(), lab.name("project")):
        answer = lab.make(connect(lab, projectId=project))
        expect.refused(answer, "a project that never was", expect.UNFIT)


def _takes_id_and_name(lab: Lab) -> None:
    project = expect.need(lab, Call("getProject"))
    for field in ("id", "name"):
        _url(lab, connect(lab, projectId=project[field]), f"the {field} of the project")


def _leads_to_consent(lab: Lab) -> None:
    made = connection(lab, TOKENS)
    with expect.unmoved(lab, get(made["id"], includeRefreshToken="true")):
        first, second = (_url(lab, again(made["id"])) for _ in range(2))
    if _query(first).get("state") == _query(second).get("state"):
        raise Broken("two URLs have one state", strength=Strength.INFERRED)


def again(identifier: str) -> Call:
    """Return the call that leads to the consent page of a connection."""
    return Call("oauthUpdate", {"connectionId": identifier})


def _has_no_consent_page(kind: Kind, lab: Lab) -> None:
    made = connection(lab, kind)
    with expect.unmoved(lab, get(made["id"])):
        what = f"consent for a connection with {kind.block or 'nothing'}"
        expect.refused(lab.make(again(made["id"])), what)


def _absent_is_refused(lab: Lab) -> None:
    made = connection(lab, TOKENS, customer(lab))
    expect.need(lab, Call("deleteConnection", {"connectionId": made["id"]}))
    for identifier in (lab.absent(), made["id"]):
        expect.gone(lab.make(again(identifier)), "the consent page of no connection")


def _connects(name: str, cites: str, run: Any, *, is_inferred: bool = False) -> Rule:
    strength = Strength.INFERRED if is_inferred else Strength.PROMISED
    return Rule("oauthConnect", name, cites, run, strength)


RULES: tuple[Rule, ...] = (
    _connects("is-a-url", _CONNECT, _is_a_url),
    _connects("has-a-state", _CONNECT, _has_a_state, is_inferred=True),
    _connects("creates-nothing", _CONNECT, _creates_nothing),
    _connects("uses-the-provider-app", _APP, _uses_the_app, is_inferred=True),
    _connects("unfit-apps-are-refused", _APP, _refuses_unfit_apps, is_inferred=True),
    _connects("a-provider-app-is-needed", _APP, _wants_an_app, is_inferred=True),
    _connects("unknown-providers-are-refused", _PROVIDER, _refuses_unknown, is_inferred=True),
    _connects("unknown-project-is-refused", _PROJECT, _refuses_unknown_project),
    _connects("project-by-id-and-name", _PROJECT, _takes_id_and_name, is_inferred=True),
    Rule("oauthUpdate", "is-a-url-and-changes-nothing", _UPDATE, _leads_to_consent),
    *(
        Rule(
            "oauthUpdate",
            f"is-refused-with-{kind.block or 'nothing'}",
            _UPDATE,
            partial(_has_no_consent_page, kind),
            Strength.INFERRED,
        )
        for kind in KINDS
        if kind is not TOKENS
    ),
    Rule(
        "oauthUpdate",
        "absent-is-refused",
        citing.parameter(citing.OAUTH_UPDATE, 1),
        _absent_is_refused,
    ),
)
