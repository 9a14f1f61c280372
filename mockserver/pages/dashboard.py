"""The dashboard: one page and its parts. What it shows it asks of the control plane."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources as package_resources
from pathlib import PurePosixPath

import flask

from mockserver import __version__
from mockserver.pages.world import World

PATH = "/__admin/ui"
#: Told here, because the types that a system knows for these endings differ.
_MEDIA_TYPES: Mapping[str, str] = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
}
# Trusted Types make the browser itself refuse to read any text as markup: the page shows what
# callers sent.
_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
    " require-trusted-types-for 'script'; trusted-types 'none'"
)


def add_dashboard(site: flask.Flask, world: World) -> None:
    """Add the dashboard to the site. Nothing in the page is secret: it needs no token."""
    folder = str(package_resources.files("mockserver.pages") / "static" / "dashboard")

    @site.get(f"{PATH}/")
    @site.get(PATH)
    def dashboard() -> flask.Response:
        info = world.contract.document["info"]
        page = flask.render_template("dashboard.html", info=info, version=__version__, path=PATH)
        return _guarded(flask.Response(page))

    @site.get(f"{PATH}/<path:asset>")
    def dashboard_asset(asset: str) -> flask.Response:
        media_type = _MEDIA_TYPES.get(PurePosixPath(asset).suffix)
        if media_type is None:
            flask.abort(404)
        return _guarded(flask.send_from_directory(folder, asset, mimetype=media_type))


def _guarded(answer: flask.Response) -> flask.Response:
    answer.headers["Content-Security-Policy"] = _POLICY
    answer.headers["Cache-Control"] = "no-cache"  # a newer mock brings a newer page
    return answer
