"""The storage that signed URLs lead to. It answers as Google Cloud Storage does."""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import escape

import flask

from mockserver.pages.world import World
from mockserver.resources import downloads, uploads
from mockserver.resources.signed_urls import PREFIX, Signature
from mockserver.rules.errors import Kind, Refused

_CHUNK = 64 * 1024
#: Source: the XML API of Google Cloud Storage, "HTTP status and error codes".
_ERRORS: Mapping[Kind, tuple[int, str]] = {
    Kind.INVALID: (400, "InvalidArgument"),
    Kind.FORBIDDEN: (403, "SignatureDoesNotMatch"),
    Kind.NOT_FOUND: (404, "NoSuchKey"),
    Kind.TOO_LARGE: (400, "EntityTooLarge"),
}


def add_storage(site: flask.Flask, world: World) -> None:
    """Serve the addresses of uploads and downloads."""

    @site.put(f"{PREFIX}<path:address>")
    def put(address: str) -> flask.Response:
        request = flask.request
        signature = Signature.of_query(request.args)
        md5 = request.headers.get("Content-MD5")
        try:
            content = _read()
            world.change(lambda work: uploads.receive(work, address, signature, md5, content))
        except Refused as refusal:
            return _error(refusal)
        return flask.Response(status=200)

    @site.get(f"{PREFIX}<path:address>")
    def get(address: str) -> flask.Response:
        signature = Signature.of_query(flask.request.args)
        try:
            content = downloads.fetch(world.read(), address, signature)
        except Refused as refusal:
            return _error(refusal)
        return flask.Response(content, mimetype="application/json")


def _read() -> bytes | None:
    """Return the body; None when it is too large, in which case the rest is drained.

    Flask's own stream gives nothing for a chunked body, because the bridge below it does not say
    that its input ends by itself. It does.

    Raises:
        Refused: INVALID when the client went away before it had sent everything.
    """
    stream = flask.request.environ["wsgi.input"]
    chunks, size = [], 0
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        if size <= uploads.LARGEST:
            chunks.append(chunk)
    if flask.request.content_length not in {None, size}:
        raise Refused(Kind.INVALID, "the body ended before its Content-Length")
    return b"".join(chunks) if size <= uploads.LARGEST else None


def _error(refusal: Refused) -> flask.Response:
    status, code = _ERRORS[refusal.kind]
    body = (
        "<?xml version='1.0' encoding='UTF-8'?>"
        f"<Error><Code>{code}</Code><Message>{escape(refusal.detail)}</Message></Error>"
    )
    return flask.Response(body, status, content_type="application/xml; charset=UTF-8")
