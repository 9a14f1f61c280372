"""The Flask application: front page, documentation of both APIs, the pretend billing portal."""

from __future__ import annotations

from importlib import resources as package_resources
from typing import Any

import flask

from mockserver import __version__
from mockserver.pages.dashboard import add_dashboard
from mockserver.pages.documentation import add_documentation
from mockserver.pages.oauth import add_oauth
from mockserver.pages.sign_in import add_sign_in
from mockserver.pages.storage import add_storage
from mockserver.pages.world import World
from mockserver.simulation import clock
from mockserver.state.sandbox import Sandbox

# Swagger UI makes elements with styles; nothing is loaded from elsewhere.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'"
)


def create(world: World) -> flask.Flask:
    """Build the site."""
    contract = world.contract
    folder = str(package_resources.files("mockserver.pages") / "templates")
    site = flask.Flask("mockserver.pages", template_folder=folder, static_folder=None)
    site.after_request(_protect)
    add_documentation(site, world)
    add_dashboard(site, world)
    add_storage(site, world)
    add_oauth(site, world)
    add_sign_in(site, world)

    @site.get("/")
    def front() -> str:
        return flask.render_template(
            "front.html",
            version=__version__,
            info=contract.document["info"],
            prefix=world.prefix,
            sandbox=world.sandbox.name,
            api=_api(world),
            operations=len(contract.operations),
            projects=[
                (project, _keys(world.sandbox, project["id"]))
                for project in world.sandbox.root.tables["projects"]
            ],
            tokens=_tokens(world.sandbox),
        )

    @site.get("/_provider/billing/<session_id>")
    def billing_portal(session_id: str) -> tuple[str, int]:
        return _billing_portal(world, session_id)

    return site


def _protect(response: flask.Response) -> flask.Response:
    response.headers.setdefault("Content-Security-Policy", _POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _api(world: World) -> str:
    origin = (world.settings.public_url or flask.request.host_url).rstrip("/")
    return origin + world.prefix + world.api_path


def _keys(sandbox: Sandbox, project_id: str) -> list[dict[str, Any]]:
    keys = sandbox.root.tables["apiKeys"]
    found = (keys[key] for key in keys.found("projectId", (project_id,)))
    return [dict(key) for key in found if key["active"]]


def _tokens(sandbox: Sandbox) -> list[tuple[dict[str, Any], str]]:
    tables = sandbox.root.tables
    builders = tables["builders"]
    return [
        (dict(builders[token["builderId"]]), token["token"]) for token in tables["builderTokens"]
    ]


def _billing_portal(world: World, session_id: str) -> tuple[str, int]:
    work = world.read()
    session = work.tx.get("billingSessions", session_id)
    if session is None or work.moment >= clock.moment(session["expireTime"]):
        return flask.render_template("expired.html"), 404
    account = work.tx.get("billingAccounts", session["billingAccountId"])
    return flask.render_template("billing.html", session=session, account=account), 200
