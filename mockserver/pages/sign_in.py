"""The stand-in for the identity provider that the CLI logs in with."""

from __future__ import annotations

import base64
import json
import secrets
from urllib.parse import urlencode

import flask

from mockserver.pages.protection import FormKeys, guarded
from mockserver.pages.world import World
from mockserver.resources import credentials, tokens
from mockserver.resources.tokens import BUILDER_LIFETIME
from mockserver.rules.errors import Refused
from mockserver.rules.work import Work
from mockserver.simulation.clock import SECOND
from mockserver.state.tables import Record

#: Where the CLI waits for its user to come back, the usual one first.
TARGETS = ("http://localhost:3535/done", "http://127.0.0.1:3535/done")
LOGIN_PATH = "/_clerk/login"
#: Assumed: who logged in stays so for thirty days, in seconds.
_SESSION_LIFETIME = 30 * 86_400
_COOKIE = "mockserver_login"
_PURPOSE = "login"
_FORMS = "'self' http://localhost:3535 http://127.0.0.1:3535"


def add_sign_in(site: flask.Flask, world: World) -> None:
    """Add the login page and the session endpoint to the site."""
    keys = FormKeys()

    @site.get("/_clerk")
    @site.get("/_clerk/")
    def sign_in() -> flask.Response:
        return flask.make_response(flask.redirect(world.prefix + LOGIN_PATH))

    @site.get(LOGIN_PATH)
    def login() -> flask.Response:
        target = flask.request.args.get("redirect_url", TARGETS[0])
        return _login(world, keys, target)

    @site.post(LOGIN_PATH)
    def logged_in() -> flask.Response:
        return _logged_in(world, keys)

    @site.get("/_clerk/v1/client")
    def client() -> flask.Response:
        answer = flask.jsonify({"response": {"sessions": _sessions(world.read())}})
        answer.headers["Cache-Control"] = "no-store"
        return answer


def _login(world: World, keys: FormKeys, target: str, problem: str = "") -> flask.Response:
    if target not in TARGETS:
        page = flask.render_template("login_refused.html", targets=TARGETS)
        return guarded(page, 400)
    visitor = flask.request.cookies.get(_COOKIE) or secrets.token_urlsafe(16)
    page = flask.render_template(
        "login.html",
        action=world.prefix + LOGIN_PATH,
        csrf=keys.make(_PURPOSE, visitor),
        target=target,
        builders=[b for b in world.read().tx.all("builders") if b.get("primaryEmail")],
        problem=problem,
    )
    answer = guarded(page, 400 if problem else 200, forms=_FORMS)
    path = f"{world.prefix}/_clerk"  # a browser may visit several sandboxes of one host
    answer.set_cookie(_COOKIE, visitor, path=path, httponly=True, samesite="Strict")
    return answer


def _logged_in(world: World, keys: FormKeys) -> flask.Response:
    form = flask.request.form
    target = form.get("redirect_url", "")
    visitor = flask.request.cookies.get(_COOKIE, "")
    if not visitor or not keys.fits(_PURPOSE, visitor, form.get("csrf", "")):
        return _login(world, keys, target, "This form has expired. Choose again.")
    work = world.read()
    builder = work.tx.get("builders", form.get("builder", ""))
    if builder is None or "primaryEmail" not in builder or target not in TARGETS:
        return _login(world, keys, target, "This builder is not known. Choose again.")
    answer = flask.redirect(f"{target}?{urlencode({'p': _payload(work, builder)})}", 303)
    answer.headers["Cache-Control"] = "no-store"
    return flask.make_response(answer)


def _payload(work: Work, builder: Record) -> str:
    """Return what the CLI stores. Source: its login, which reads base64 of JSON."""
    token = _token(work, builder, _SESSION_LIFETIME)
    login = {
        "userId": builder.get("idpRef", builder["id"]),
        "sessionId": f"sess_{builder['id'].replace('-', '')}",
        "token": token,
        "cookies": {"__client": token},
    }
    return base64.b64encode(json.dumps(login).encode()).decode()


def _sessions(work: Work) -> list[dict[str, object]]:
    """Return the session of whoever asks, with a fresh token; none for strangers.

    Source: the CLI, which sends the token of its login as `__dev_session`, and its cookies.
    """
    request = flask.request
    for token in (request.args.get("__dev_session", ""), *request.cookies.values()):
        try:
            builder = credentials.of_bearer(work, token).builder
        except Refused:
            continue
        if builder is not None and "primaryEmail" in builder:  # by which tokens find them
            return [{"last_active_token": {"jwt": _token(work, builder, BUILDER_LIFETIME)}}]
    return []


def _token(work: Work, builder: Record, lifetime: int) -> str:
    return tokens.builder(
        work.settings.token_secret,
        email=builder["primaryEmail"],
        subject=builder.get("idpRef", ""),
        issued=work.moment // SECOND,
        lifetime=lifetime,
    )
