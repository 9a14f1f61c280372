"""What one attempt does to the state: before it, what is sent; after it, what follows from it."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import orjson

from mockserver import __version__
from mockserver.events import inbox, signing
from mockserver.events.retries import retry
from mockserver.events.schedule import next_due
from mockserver.events.wire import Reply, Request
from mockserver.resources import destination_health
from mockserver.resources.destinations import DESTINATIONS
from mockserver.resources.urls import (
    address_rules,
    is_sink,
    is_this_machine,
    port_of,
    split_web_url,
)
from mockserver.rules.work import Work
from mockserver.settings import Settings
from mockserver.simulation.clock import SECOND
from mockserver.state.outbox import Message
from mockserver.state.tables import Record

SCHEDULE = "schedule"  # the first attempt, and those that follow when one fails
REDELIVER = "redeliver"  # somebody asked for it
DUPLICATE = "duplicate"  # a mode sends what was delivered already
#: Source: the vendor's webhooks come from Svix, whose requests say so.
USER_AGENT = f"Svix-Webhooks/1.0 (ampersand-mockserver/{__version__})"
#: What HTTP itself or the signature depends on. Assumed: a destination's own are left out.
_KEPT = signing.RESERVED | {
    "host",
    "content-length",
    "transfer-encoding",
    "connection",
    "keep-alive",
    "te",
    "trailer",
    "upgrade",
    "expect",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a message: one of the inbox's statuses."""

    status: str
    reason: str = ""
    due: int | None = None  # of the next attempt
    job_id: str | None = None  # the job that makes it
    evicted: Message | None = None  # had to go, for another that is kept


@dataclass(frozen=True, slots=True)
class Target:
    """Where a message goes at a moment, and the keys that sign it there."""

    destination: Record
    keys: tuple[str, ...]
    moment: int  # microseconds since 1970-01-01 UTC, by the sandbox's clock


def begin(work: Work, message: Message, trigger: str) -> Target | Verdict:
    """Return where a message goes now, or why it goes nowhere."""
    destination = work.tx.get(DESTINATIONS.name, message.destination_id)
    if destination is None:
        return Verdict(inbox.DROPPED, "the destination was deleted")
    if trigger == SCHEDULE and destination_health.is_disabled(work, destination["id"]):
        evicted = destination_health.miss(work, message)
        return Verdict(inbox.HELD, "the destination is disabled", evicted=evicted)
    unsent = _unsent(work.settings, destination)
    if unsent:
        return Verdict(inbox.RECORDED, unsent)
    webhook = destination["type"] == "webhook"
    keys = tuple(destination_health.signing_keys(work, destination)) if webhook else ()
    return Target(destination, keys, work.moment)


def _unsent(settings: Settings, destination: Record) -> str:
    """Return why nothing is really sent to a destination; nothing when it is."""
    url = url_of(destination)
    if url is None:
        return "the stream has no endpointUrl; the mock never calls AWS itself"
    parts = split_web_url(url)
    if settings.deliver_to == "all" or parts is None or is_sink(parts):
        return ""
    host, port = parts.hostname or "", port_of(parts)
    near = is_this_machine(host) or address_rules(settings).allows(host, port)
    if settings.deliver_to == "local" and near:
        return ""
    return f"deliver_to is {settings.deliver_to}"


def url_of(destination: Record) -> str | None:
    """Return the URL that a destination's messages are sent to."""
    name = "url" if destination["type"] == "webhook" else "endpointUrl"
    found: str | None = destination["metadata"].get(name)
    return found


def webhook_request(settings: Settings, target: Target, message: Message, wall: int) -> Request:
    """Return the signed request of an attempt.

    Args:
        settings: whose time signs, under which names.
        target: where it goes.
        message: what is sent.
        wall: the machine's time: microseconds since 1970-01-01 UTC.

    Raises:
        ValueError: a signing key of the destination is not base64.
    """
    moment = wall if settings.signature_time == "wall" else target.moment
    names, body = settings.signature_headers, message.content
    signed = signing.headers(target.keys, message.id, moment // SECOND, body, names=names)
    url = target.destination["metadata"]["url"]
    own = _own_headers(target.destination)
    given = {name.lower() for name, _ in own}
    usual = [("Content-Type", "application/json"), ("User-Agent", USER_AGENT), *_credentials(url)]
    plain = [(name, value) for name, value in usual if name.lower() not in given]
    return Request(url, [*plain, *signed, *own], body)


def _credentials(url: str) -> list[tuple[str, str]]:
    """Return the header for the user and password of a URL. Source: RFC 7617, section 2."""
    parts = split_web_url(url)
    if parts is None or parts.username is None:
        return []
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return [("Authorization", "Basic " + base64.b64encode(pair.encode()).decode())]


def _own_headers(destination: Record) -> list[tuple[str, str]]:
    headers = destination["metadata"].get("headers") or {}
    return [(name, value.strip()) for name, value in headers.items() if name.lower() not in _KEPT]


def conclude(
    work: Work, message: Message, trigger: str, reply: Reply, pending: str | None
) -> Verdict | None:
    """Draw the conclusions from an attempt; None when it changes nothing of what was.

    Args:
        work: the unit of work.
        message: what was sent.
        trigger: why it was sent.
        reply: what came back.
        pending: the job of an attempt that is to follow, when one was scheduled before.
    """
    if reply.succeeded:
        destination_health.succeeded(work, message.destination_id)
        destination_health.arrived(work, message.id)
        work.unschedule(pending)
        return Verdict(inbox.DELIVERED)
    destination = work.tx.get(DESTINATIONS.name, message.destination_id)
    if destination is None:
        return Verdict(inbox.DROPPED, "the destination was deleted")
    destination_health.failed(work, destination)
    if reply.gone:
        # Assumed: as Standard Webhooks asks of senders ("Webhook delivery", 410 Gone).
        destination_health.disable(work, destination)
    return _after_failure(work, message, reply) if trigger == SCHEDULE else None


def _after_failure(work: Work, message: Message, reply: Reply) -> Verdict:
    if reply.aborts:
        return Verdict(inbox.FAILED, "the endpoint wants no further attempt")
    if destination_health.is_disabled(work, message.destination_id):
        evicted = destination_health.miss(work, message)
        return Verdict(inbox.HELD, "the destination is disabled", evicted=evicted)
    due = next_due(message.attempt, work.moment, work.settings.webhook_retry_scale)
    if due is None:
        evicted = destination_health.miss(work, message)
        return Verdict(inbox.FAILED, "every attempt failed", evicted=evicted)
    return Verdict(inbox.WAITING, due=due, job_id=retry(work, message, due))


def is_about_its_own_end(message: Message) -> bool:
    """Tell whether a message tells a destination that it was disabled: others hear of that."""
    if message.event_type != destination_health.DISABLED_EVENT:
        return False
    body: Any = orjson.loads(message.body)
    data = body.get("data", body)
    return bool(data.get("destinationId") == message.destination_id)
