"""Signed URLs: they say what may be done, where and until when, to whoever holds them.

Source: Google Cloud Storage, "Signed URLs" (the parameters). Assumed: an address is good for 15
minutes; any signature will do, as long as nobody can make one up without the secret.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from mockserver.resources.urls import DEFAULT, PARAMETER
from mockserver.rules.errors import Kind, Refused
from mockserver.rules.work import Work
from mockserver.simulation.clock import SECOND, moment

PREFIX = "/_storage/"  # what the path of a signed URL begins with
LIFETIME = 15 * 60  # seconds
GET = "GET"
PUT = "PUT"
_NAMES = ("X-Goog-Date", "X-Goog-Expires", "X-Goog-Signature")


@dataclass(frozen=True, slots=True)
class Signature:
    """What a signed URL says besides its address, as it was sent."""

    date: str
    expires: str
    value: str

    @classmethod
    def of_query(cls, query: Mapping[str, str]) -> Signature:
        """Read the parameters of a signed URL; what is absent is empty."""
        return cls(*(query.get(name, "") for name in _NAMES))


def build(work: Work, origin: str, method: str, address: str) -> str:
    """Return the URL under which `method` is allowed at an address from now on.

    Args:
        work: the unit of work.
        origin: scheme and authority, without a slash at the end.
        method: GET or PUT.
        address: bucket and path.
    """
    date, expires = _basic(work.now), str(LIFETIME)
    query = dict(
        zip(_NAMES, (date, expires, _sign(work, method, address, date, expires)), strict=True)
    )
    if work.sandbox != DEFAULT:
        query[PARAMETER] = work.sandbox
    return f"{origin}{PREFIX}{address}?{urlencode(query)}"


def check(work: Work, method: str, address: str, signature: Signature) -> None:
    """Check what a signed URL says.

    Raises:
        Refused: FORBIDDEN for a wrong signature, INVALID for one that has expired.
    """
    expected = _sign(work, method, address, signature.date, signature.expires)
    if not hmac.compare_digest(expected.encode(), signature.value.encode("utf-8", "replace")):
        raise Refused(Kind.FORBIDDEN, "the signature does not match the URL")
    # What we signed, we wrote: date and number can be read.
    if work.moment >= moment(signature.date) + int(signature.expires) * SECOND:
        raise Refused(Kind.INVALID, "the signed URL has expired")


def _sign(work: Work, method: str, address: str, date: str, expires: str) -> str:
    secret = work.identity.hexadecimal("storage", 0)
    # Sandboxes of one seed have one secret: a URL is good in its own alone.
    world = () if work.sandbox == DEFAULT else (work.sandbox,)
    text = "\n".join((method, address, date, expires, *world))
    return hmac.new(secret.encode(), text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def _basic(time: str) -> str:
    """Write an RFC 3339 time as signed URLs do: `20260201T120000Z`."""
    return time.partition(".")[0].replace("-", "").replace(":", "") + "Z"
