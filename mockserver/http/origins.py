"""The one place that builds absolute URLs: from `--public-url`, else from the request."""

from __future__ import annotations

import re

from starlette.types import Scope

from mockserver.http.sandboxes import PREFIX
from mockserver.settings import Settings

# Source: RFC 3986, section 3.2.2. What a client puts into Host must not end up in a page or log.
_AUTHORITY = re.compile(rb"[A-Za-z0-9._~-]+(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]+\](:[0-9]{1,5})?")


def origin(settings: Settings, scope: Scope) -> str:
    """Return scheme and authority for absolute URLs, without a slash at the end."""
    prefix: str = scope.get(PREFIX, "")  # who found its world by the path finds it again
    if settings.public_url:
        return settings.public_url.rstrip("/") + prefix
    host = next((value for name, value in scope["headers"] if name == b"host"), b"")
    if not _AUTHORITY.fullmatch(host):
        server, port = scope.get("server") or (settings.host, settings.port)
        host = (f"[{server}]:{port}" if ":" in server else f"{server}:{port}").encode()
    return f"{scope['scheme']}://{host.decode('ascii')}{prefix}"
