"""The documentation of the mocked API and of the control plane, and their documents."""

from __future__ import annotations

from importlib import resources as package_resources
from typing import Any

import flask
import orjson
import swagger_ui_bundle

from mockserver.pages.world import World

_ASSETS = frozenset({"swagger-ui.css", "swagger-ui-bundle.js"})
#: What starts Swagger UI on the document that a page names.
_STARTER = "documentation.js"
CONTROL_PATH = "/__admin"


def add_documentation(site: flask.Flask, world: World) -> None:
    """Add both documentations, and what they load, to the site."""
    documents = {
        "/openapi.json": world.contract.document,
        "/ui/openapi.json": world.contract.document,
        f"{CONTROL_PATH}/openapi.json": world.control.document,
    }
    bases = {"/ui/openapi.json": world.api_path, f"{CONTROL_PATH}/openapi.json": CONTROL_PATH}

    def document() -> flask.Response:
        path = flask.request.path
        if path not in bases:
            return _json(documents[path])
        # Who reads it here calls this server, in this sandbox.
        servers = [{"url": world.prefix + bases[path]}]
        return _json({**documents[path], "servers": servers})

    for path in documents:
        site.add_url_rule(path, view_func=document)

    @site.get("/ui/")
    @site.get("/ui")
    def documentation() -> str:
        return _documentation(world, world.contract.document, "/ui/openapi.json")

    @site.get(f"{CONTROL_PATH}/docs/")
    @site.get(f"{CONTROL_PATH}/docs")
    def control_documentation() -> str:
        return _documentation(world, world.control.document, f"{CONTROL_PATH}/openapi.json")

    site.add_url_rule("/ui/<asset>", view_func=_asset)


def _asset(asset: str) -> flask.Response:
    if asset == _STARTER:
        folder = str(package_resources.files("mockserver.pages") / "static")
        return flask.send_from_directory(folder, asset, mimetype="text/javascript")
    if asset not in _ASSETS:
        flask.abort(404)
    return flask.send_from_directory(swagger_ui_bundle.swagger_ui_path, asset, max_age=3600)


def _documentation(world: World, document: dict[str, Any], address: str) -> str:
    return flask.render_template(
        "ui.html", info=document["info"], document=address, prefix=world.prefix
    )


def _json(document: dict[str, Any]) -> flask.Response:
    # Flask's own encoder sorts keys; a contract is read in the order it was written.
    return flask.Response(orjson.dumps(document), mimetype="application/json")
