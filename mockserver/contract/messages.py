"""Recorded exchanges as openapi-core wants them. Needs the extra `check`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import blake2b
from urllib.parse import parse_qsl, quote, unquote_to_bytes

from openapi_core.testing import MockRequest, MockResponse

from mockserver.contract.recordings import Exchange

_UUID = rb"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?:#[0-9]+)?"
_TIME = rb"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z"
_NAMELESS = re.compile(rb'"(?:(' + _UUID + rb")|(" + _TIME + rb'))"')


def normal(path: str) -> str:
    """Write each segment in one way. Source: RFC 3986, section 6.2.2.2."""
    return "/".join(quote(unquote_to_bytes(part), safe=":") for part in path.split("/"))


def request_of(
    exchange: Exchange, server: str, below: str, template: str, values: Mapping[str, str]
) -> MockRequest:
    """Return the request of an exchange, as if it had been sent to `server`.

    Args:
        exchange: what was recorded.
        server: the address that the contract names.
        below: the path below that address, in any spelling.
        template: the path that was found for it, so that openapi-core need not search again.
        values: of the template's parameters.
    """
    scheme, _, base = server.partition("://")
    authority, _, prefix = base.partition("/")
    return MockRequest(
        host_url=f"{scheme}://{authority}",
        method=exchange.method,
        path=f"/{prefix}{normal(below)}",
        path_pattern=f"/{prefix}{template}",
        view_args=dict(values),
        args=_grouped(parse_qsl(exchange.query, keep_blank_values=True)),
        headers=_grouped(exchange.request_headers),
        data=exchange.plain_request_body,
        content_type=exchange.request_type.partition(";")[0].strip().lower(),
    )


def response_of(exchange: Exchange, *, media_type: str | None = None) -> MockResponse:
    """Return the answer of an exchange, with another media type if one is given."""
    return MockResponse(
        data=exchange.response_body,
        status_code=exchange.status,
        headers=_grouped(exchange.response_headers),
        content_type=exchange.response_type if media_type is None else media_type,
    )


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Return each name with all of its values, which is how Werkzeug takes what repeats."""
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def shape(body: bytes) -> bytes:
    """Return a hash that bodies share when they differ only in ids and times.

    No schema of the contracts tells one UUID or one moment from another, so one judgement holds
    for all; a time that is none is left as it is.
    """
    return blake2b(_NAMELESS.sub(_nameless, body), digest_size=16).digest()


def _nameless(match: re.Match[bytes]) -> bytes:
    if match[1]:
        return b'"<uuid>"'
    try:
        datetime.fromisoformat(match[2].decode())
    except ValueError:
        return match[0]
    return b'"<time>"'


def explain(error: BaseException) -> str:
    """Write an error of openapi-core with its cause and the place in the body, in one line."""
    places = [
        f"at /{'/'.join(str(part) for part in one.absolute_path)}: {one.message}"
        for one in getattr(error.__cause__, "schema_errors", ())
    ]
    causes = places or ([_text(error.__cause__)] if error.__cause__ is not None else [])
    return " ".join(": ".join([type(error).__name__, _text(error), *causes]).split())[:600]


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except UnicodeDecodeError:  # openapi-core quotes the body as UTF-8, which this one is not
        return f"{type(error).__name__}: not UTF-8"
