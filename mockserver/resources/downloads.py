"""Results that are too large for a message: they wait in the storage for their receiver."""

from __future__ import annotations

from mockserver.resources import signed_urls, urls
from mockserver.resources.signed_urls import LIFETIME, Signature
from mockserver.rules import records
from mockserver.rules.errors import Kind, Refused
from mockserver.rules.resource import Resource
from mockserver.rules.work import Work
from mockserver.simulation.clock import SECOND, moment, stamp

BUCKET = "ampersand-mock-results"
#: Keyed by `bucket/path`. `content` is JSON, as it is downloaded.
DOWNLOADS = Resource(name="downloads", noun="download", key="address")


def offer(work: Work, content: str) -> str:
    """Keep a JSON text for 15 minutes of the sandbox's clock; return the URL to get it from.

    Source: the vendor's guide to webhooks (`downloadUrl`, a plain GET).
    """
    _forget_expired(work)
    address = f"{BUCKET}/results/{work.new_id('downloads')}.json"
    fields = {
        "address": address,
        "content": content,
        "expireTime": stamp(work.moment + LIFETIME * SECOND),
    }
    records.create(work, DOWNLOADS, fields)
    return signed_urls.build(
        work, urls.own_origin(work.settings, work.sandbox), signed_urls.GET, address
    )


def fetch(work: Work, address: str, signature: Signature) -> str:
    """Return what an address holds, as JSON.

    Raises:
        Refused: FORBIDDEN for a wrong signature, INVALID for one that has expired, NOT_FOUND.
    """
    signed_urls.check(work, signed_urls.GET, address, signature)
    found = work.tx.get(DOWNLOADS.name, address)
    if found is None:
        raise Refused(Kind.NOT_FOUND, "nothing is kept here any more")
    return str(found["content"])


def _forget_expired(work: Work) -> None:
    for download in list(work.tx.all(DOWNLOADS.name)):
        if work.moment >= moment(download["expireTime"]):
            records.delete(work, DOWNLOADS, download)
