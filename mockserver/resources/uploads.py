"""Uploads: signed addresses that a zip of manifests is put to, and what was put there."""

from __future__ import annotations

import base64
import binascii
import hashlib
from urllib.parse import parse_qs, unquote, urlsplit

from mockserver.resources import signed_urls
from mockserver.resources.signed_urls import LIFETIME, PREFIX, Signature
from mockserver.rules import records
from mockserver.rules.errors import Issue, Kind, Refused
from mockserver.rules.resource import Resource
from mockserver.rules.work import Work
from mockserver.simulation.clock import SECOND, moment, stamp
from mockserver.state.tables import Record

BUCKET = "ampersand-mock-uploads"
LARGEST = 10 * 1024 * 1024  # bytes
_MD5_SIZE = 16
#: Assumed: what a bucket's objects are called on the web, so that such a URL is known again.
_REAL_STORAGE = "storage.googleapis.com"

#: Keyed by `bucket/path`. The content is stored as base64: records hold JSON types only.
UPLOADS = Resource(name="uploads", noun="upload", key="address")


def requested_md5(query: bytes) -> str | None:
    """Return the checksum that a client announces for its upload, or None.

    Source: the vendor's CLI, which sends `?md5=`; the contract does not declare it, but declares
    422. Assumed: that is the answer to what is no MD5. A plus sign may come as a space.

    Raises:
        Refused: UNPROCESSABLE.
    """
    values = parse_qs(query.decode("latin-1"), keep_blank_values=True).get("md5")
    if not values:
        return None
    text = values[-1].replace(" ", "+")
    if _digest(text) is None:
        detail, remedy = "md5 is no MD5 checksum", "send 16 bytes in base64"
        issue = Issue("query", "md5", detail, values[-1], remedy)
        raise Refused(Kind.UNPROCESSABLE, detail, remedy=remedy, issues=[issue])
    return text


def generate(work: Work, origin: str, md5: str | None) -> dict[str, str]:
    """Make an address to put one zip to, and return it as the contract's SignedUrl.

    Source: generateUploadUrl. The path is the call's own, without a slash in front.
    """
    _forget_expired(work)
    path = f"deployments/{work.new_id('uploads')}.zip"
    address = f"{BUCKET}/{path}"
    expires = work.moment // SECOND * SECOND + LIFETIME * SECOND
    fields = {"address": address, "bucket": BUCKET, "path": path, "expireTime": stamp(expires)}
    records.create(work, UPLOADS, fields if md5 is None else {**fields, "md5": md5})
    url = signed_urls.build(work, origin, signed_urls.PUT, address)
    return {"url": url, "bucket": BUCKET, "path": path}


def receive(
    work: Work, address: str, signature: Signature, md5: str | None, content: bytes | None
) -> None:
    """Store what was put to an address; it may be put again until the address expires.

    Source: the vendor's CLI. Assumed: errors are those of Google Cloud Storage.

    Args:
        work: the unit of work.
        address: bucket and path.
        signature: what the URL says.
        md5: the Content-MD5 header, if any.
        content: the body; None for one that is too large.

    Raises:
        Refused: FORBIDDEN, INVALID, NOT_FOUND or TOO_LARGE.
    """
    signed_urls.check(work, signed_urls.PUT, address, signature)
    upload = work.tx.get("uploads", address)
    if upload is None:
        raise Refused(Kind.NOT_FOUND, "nothing can be put here any more")
    if content is None:
        raise Refused(Kind.TOO_LARGE, f"the upload is larger than {LARGEST} bytes")
    _check_digests(upload, md5, content)
    encoded = base64.b64encode(content).decode("ascii")
    records.update(work, UPLOADS, upload, {**upload, "content": encoded})


def fetch(work: Work, url: str) -> bytes:
    """Return what was put to the address that a URL names; nothing is fetched from elsewhere.

    Source: batchUpsertIntegrations (`sourceZipUrl`); the vendor's CLI sends `gs://bucket/path`.
    Assumed: our own signed URL, and the one Google Cloud Storage would have, are known as well.

    Raises:
        Refused: UNPROCESSABLE when nothing is there, or not any more.
    """
    address = _address(url)
    upload = work.tx.get("uploads", address) if address is not None else None
    if upload is None or _is_expired(work, upload):
        raise _unknown_url(url, "no upload has this address, or it has expired")
    if "content" not in upload:
        raise _unknown_url(url, "nothing was uploaded to this address yet")
    return base64.b64decode(upload["content"])


def _address(url: str) -> str | None:
    """Return bucket and path of a URL, or None for one that cannot be an upload's."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    path = unquote(parts.path)
    if parts.scheme == "gs":
        return f"{parts.netloc}/{path.lstrip('/')}"
    if parts.scheme not in {"http", "https"}:
        return None
    if parts.netloc == _REAL_STORAGE:
        return path.lstrip("/")
    return path.partition(PREFIX)[2] or None


def _unknown_url(url: str, detail: str) -> Refused:
    remedy = "GET /generate-upload-url, PUT the zip to its url, then send gs://bucket/path"
    issue = Issue("body", "sourceZipUrl", detail, url, remedy)
    return Refused(Kind.UNPROCESSABLE, detail, remedy=remedy, issues=[issue])


def _forget_expired(work: Work) -> None:
    for upload in list(work.tx.all("uploads")):
        if _is_expired(work, upload):
            records.delete(work, UPLOADS, upload)


def _is_expired(work: Work, upload: Record) -> bool:
    return work.moment >= moment(upload["expireTime"])


def _check_digests(upload: Record, md5: str | None, content: bytes) -> None:
    found = hashlib.md5(content, usedforsecurity=False).digest()
    if md5 is not None:
        sent = _digest(md5.strip())
        if sent is None:
            raise Refused(Kind.INVALID, "the Content-MD5 header is no MD5 checksum in base64")
        if sent != found:
            raise Refused(Kind.INVALID, "the Content-MD5 header does not match what was received")
    if "md5" in upload and _digest(upload["md5"]) != found:
        raise Refused(Kind.INVALID, "the md5 that was asked for does not match what was received")


def _digest(text: str) -> bytes | None:
    try:
        found = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return found if len(found) == _MD5_SIZE else None
