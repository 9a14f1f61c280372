"""The headers of a request by name: made once, by the first layer that looks, for all of them."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.types import Scope

_HEADERS = "mockserver.headers"  # key of the mapping in the ASGI scope


def headers_of(scope: Scope) -> Mapping[bytes, bytes]:
    """Return the headers of a request by name, in lower case; of one sent twice the last counts."""
    found: Mapping[bytes, bytes] | None = scope.get(_HEADERS)
    if found is None:
        found = scope[_HEADERS] = dict(scope["headers"])
    return found
