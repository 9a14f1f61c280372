"""Signatures of webhooks, as Svix makes them.

Source: Svix, "Verifying payloads manually"; Standard Webhooks, "Signature scheme". The content
that is signed is `{id}.{timestamp}.{body}`, with HMAC-SHA256; the key is what follows `whsec_`,
in base64. Several keys give several signatures, separated by spaces.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping, Sequence

_PREFIX = "whsec_"
#: The names of the three headers, by who is asked for. Source: the vendor's webhook guide names
#: `svix-signature`; Standard Webhooks names the others.
_BRANDS: Mapping[str, tuple[str, ...]] = {
    "svix": ("svix",),
    "webhook": ("webhook",),
    "both": ("svix", "webhook"),
}
_PARTS = ("id", "timestamp", "signature")
#: What no custom header of a destination may replace.
RESERVED = frozenset(f"{brand}-{part}" for brand in _BRANDS["both"] for part in _PARTS)


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """Return one signature, e.g. `v1,SNdB…`.

    Args:
        secret: `whsec_` and the key in base64.
        message_id: `msg_…`.
        timestamp: seconds since 1970-01-01 UTC.
        body: as it is sent.

    Raises:
        ValueError: the secret is not base64.
    """
    key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    content = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, content, "sha256")).decode()


def headers(
    secrets: Sequence[str], message_id: str, timestamp: int, body: bytes, *, names: str = "svix"
) -> list[tuple[str, str]]:
    """Return the headers that carry a message's id, time and signatures.

    Args:
        secrets: one signature each, in this order: the key that is valid longest comes first.
        message_id: the same in every attempt.
        timestamp: of this attempt, in seconds since 1970-01-01 UTC.
        body: as it is sent.
        names: "svix", "webhook" or "both".
    """
    signatures = " ".join(signature(secret, message_id, timestamp, body) for secret in secrets)
    values = (message_id, str(timestamp), signatures)
    return [
        (f"{brand}-{part}", value)
        for brand in _BRANDS[names]
        for part, value in zip(_PARTS, values, strict=True)
    ]
