"""The pretend provider's consent page, and the page that customers come back to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import flask

from mockserver.pages.protection import FormKeys, guarded, new_nonce
from mockserver.pages.world import World
from mockserver.resources import oauth, pretend_provider
from mockserver.resources.consent import CONSENT_PATH
from mockserver.resources.oauth import RETURN_PATH, Outcome
from mockserver.resources.pretend_provider import BadRequestError
from mockserver.rules.work import Work
from mockserver.state.tables import Record

#: What the consent page passes on from its address to its form.
_PASSED_ON = (
    "client_id",
    "redirect_uri",
    "response_type",
    "state",
    "code_challenge",
    "code_challenge_method",
)
_PURPOSE = "consent"
_DENIED = "The customer did not allow access."


def add_oauth(site: flask.Flask, world: World) -> None:
    """Add the pages of the OAuth round trip to the site."""
    keys = FormKeys()
    site.register_error_handler(BadRequestError, _refused)

    @site.get(CONSENT_PATH)
    def consent() -> flask.Response:
        asked = flask.request.args.to_dict()
        if world.settings.oauth == "auto" and flask.request.method == "GET":
            return _approved(world, asked, 302)
        return _consent(world, keys, asked)

    @site.post(CONSENT_PATH)
    def answer() -> flask.Response:
        asked = flask.request.form.to_dict()
        if not keys.fits(_PURPOSE, asked.get("state", ""), asked.get("csrf", "")):
            raise BadRequestError("This form has expired. Open the sign-in link again.")
        if asked.get("decision") == "approve":
            return _approved(world, asked, 303)
        session, _ = _checked(world.read(), asked)
        parameters = {"error": "access_denied", "error_description": _DENIED}
        return _back(session, parameters, 303)

    @site.get(RETURN_PATH)
    def callback() -> flask.Response:
        if flask.request.method == "HEAD":  # whoever only looks must not use the state up
            return flask.Response(status=405, headers={"Allow": "GET"})
        return _callback(world, flask.request.args)


def _checked(work: Work, asked: Mapping[str, str]) -> tuple[Record, Record]:
    """Return the session and the provider app that a browser comes for.

    Raises:
        BadRequestError: there is none, or the address was changed on its way.
    """
    session = oauth.find(work, asked.get("state", ""))
    app = work.tx.get("providerApps", session["providerAppId"]) if session else None
    return pretend_provider.check(session, app, asked)


def _approved(world: World, asked: Mapping[str, str], status: int) -> flask.Response:
    def approve(work: Work) -> tuple[Record, str]:
        session, app = _checked(work, asked)
        return session, pretend_provider.approve(work, session, app, asked)

    session, code = world.change(approve)
    return _back(session, {"code": code}, status)


def _back(session: Record, parameters: dict[str, str], status: int) -> flask.Response:
    query = urlencode({**parameters, "state": session["state"]})
    answer = flask.redirect(f"{session['redirectUri']}?{query}", status)
    answer.headers["Cache-Control"] = "no-store"
    return flask.make_response(answer)


def _consent(world: World, keys: FormKeys, asked: Mapping[str, str]) -> flask.Response:
    work = world.read()
    session, app = _checked(work, asked)
    provider: Mapping[str, Any] = world.catalog.get(session["provider"]) or {}
    page = flask.render_template(
        "consent.html",
        action=world.prefix + CONSENT_PATH,
        passed_on={name: asked[name] for name in _PASSED_ON if name in asked},
        csrf=keys.make(_PURPOSE, session["state"]),
        provider=provider.get("displayName") or session["provider"],
        app=(work.tx.get("projects", session["projectId"]) or {}).get("appName", ""),
        scopes=app.get("scopes", []),
        group=_named(work, session, "groups", "group"),
        consumer=_named(work, session, "consumers", "consumer"),
        workspace=session.get("providerWorkspaceRef", ""),
        renews="connectionId" in session,
    )
    return guarded(page, 200, forms="'self'")


def _named(work: Work, session: Record, table: str, noun: str) -> str:
    """Return the name of a session's group or consumer: given, known, or its ref."""
    if f"{noun}Name" in session:
        return str(session[f"{noun}Name"])
    ref = session[f"{noun}Ref"]
    known = work.tx.first(table, f"projectId+{noun}Ref", (session["projectId"], ref))
    return str(known[f"{noun}Name"] if known else ref)


def _refused(error: BadRequestError) -> flask.Response:
    page = flask.render_template("consent_refused.html", reason=str(error))
    return guarded(page, 400)


def _callback(world: World, given: Mapping[str, str]) -> flask.Response:
    def complete(work: Work) -> tuple[Outcome, str]:
        session = oauth.find(work, given.get("state", "")) or {}
        provider = world.catalog.get(session.get("provider", "")) or {}
        outcome = oauth.complete(
            work,
            world.catalog,
            state=given.get("state", ""),
            code=given.get("code", ""),
            error=given.get("error", ""),
            description=given.get("error_description", ""),
        )
        return outcome, str(provider.get("displayName") or session.get("provider", ""))

    outcome, provider = world.change(complete)
    nonce = new_nonce()
    page = flask.render_template(
        "callback.html",
        nonce=nonce,
        message=_message(outcome),
        error=outcome.error,
        provider=provider,
    )
    return guarded(page, 400 if outcome.connection_id is None else 200, nonce=nonce)


def _message(outcome: Outcome) -> dict[str, Any]:
    """Return what the opener is told.

    Source: the published React library, whose older window reads `message` at the top.
    """
    if outcome.connection_id is not None:
        data = {"connection": outcome.connection_id}
        return {"eventType": "AUTHORIZATION_SUCCEEDED", "data": data}
    data = {"error": outcome.error}
    return {"eventType": "AUTHORIZATION_FAILED", "data": data, "message": outcome.error}
