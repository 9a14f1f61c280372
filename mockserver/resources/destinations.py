"""Destinations: where events are delivered, by webhook or to a Kinesis stream."""

from __future__ import annotations

import re
from functools import partial
from typing import Any
from urllib.parse import SplitResult

from mockserver.resources import destination_health
from mockserver.resources.urls import (
    address_rules,
    is_sink,
    is_this_machine,
    port_of,
    split_web_url,
)
from mockserver.rules import records
from mockserver.rules.errors import Issue, Kind, Refused
from mockserver.rules.resource import Masks, Reference, Resource, Unique
from mockserver.rules.work import Work
from mockserver.settings import Settings
from mockserver.state.tables import Record

METADATA = ("url", "headers", "region", "streamName", "endpointUrl", "partitionKeyTemplate")
SECRETS = ("awsKeyId", "awsSecretKey", "awsSessionToken")
_NAME = re.compile(r"[A-Za-z0-9-]+", re.ASCII)
# Source: RFC 9110, section 5.6.2 (token) and 5.5 (field values).
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", re.ASCII)
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")

DESTINATIONS = Resource(
    name="destinations",
    noun="destination",
    component="Destination",
    scope="projectId",
    owner="projects",
    # Source: getDestination (name), updateDestination and deleteDestination (ID). Assumed: each
    # takes either.
    lookups=("name",),
    unique=(
        Unique(
            ("projectId", "name"),
            "a destination with this name already exists in this project",
            "choose a different name",
        ),
    ),
    references=(Reference("projectId", "projects", "project", on_delete="cascade"),),
    masks=Masks(
        "destination",
        (
            "name",
            *(f"metadata.{name}" for name in METADATA),
            *(f"secrets.{name}" for name in SECRETS),
        ),
        tolerated=("metadata",),
        nullable=("metadata.headers",),
    ),
    hidden=frozenset({"projectId", "secrets"}),
)


def create(work: Work, project_id: str, body: Record) -> Record:
    """Create a destination; a webhook gets a signing secret of its own.

    Source: createDestination.
    """
    fields = {
        "projectId": project_id,
        "name": body["name"],
        "type": body["type"],
        "metadata": _chosen(body["metadata"], METADATA),
        "secrets": _chosen(body.get("secrets", {}), SECRETS),
    }
    check(work.settings, fields, prefix="")
    return records.create(work, DESTINATIONS, with_signing_key(work, fields))


def change(work: Work, destination: Record, body: Record) -> Record:
    """Store what an update names; of the metadata only what a destination has.

    Source: updateDestination. Assumed: a webhook that was disabled is enabled by giving its URL,
    and gets what it missed.
    """
    values = dict(body["destination"])
    if "metadata" in values:
        values["metadata"] = _chosen(values["metadata"], METADATA)
    known = {**body, "destination": values}
    changed = records.patch(work, DESTINATIONS, destination, known, partial(check, work.settings))
    moved = {"metadata", "metadata.url"} & set(body["updateMask"])
    if moved and destination_health.is_disabled(work, destination["id"]):
        destination_health.recover(work, destination["id"])
    return changed


def with_signing_key(work: Work, destination: Record) -> dict[str, Any]:
    """Return a destination with a fresh signing secret, if it is a webhook."""
    if destination["type"] != "webhook":
        return dict(destination)
    key = work.new_signing_secret("webhookSigningKeys")
    return {**destination, "secrets": {**destination["secrets"], "webhookSigningKey": key}}


def rotate(work: Work, destination: Record) -> Record:
    """Replace the signing secret of a webhook; the old one signs beside it for a while.

    Source: getDestination (`rotate`). Assumed: others have nothing to rotate.
    """
    if destination["type"] != "webhook":
        return destination
    destination_health.retire_key(work, destination)
    return records.update(work, DESTINATIONS, destination, with_signing_key(work, destination))


def shown_secrets(destination: Record) -> dict[str, Any]:
    """Return the secrets that `includeSecrets=true` shows: never the AWS credentials.

    Source: DestinationWithSecrets.
    """
    return _chosen(destination["secrets"], ("webhookSigningKey",))


def check(settings: Settings, destination: Record, *, prefix: str) -> None:
    """Check a destination as a whole.

    Source: createDestination (name, https), the vendor's Kinesis guide (what a stream needs).

    Raises:
        Refused: UNPROCESSABLE, naming each wrong field.
    """
    issues = [*_name_issues(destination), *_url_issues(settings, destination)]
    issues += _header_issues(destination["metadata"].get("headers"))
    if destination["type"] == "kinesis":
        issues += _kinesis_issues(destination)
    if issues:
        named = [Issue("body", prefix + i.name, i.detail, i.value, i.remedy) for i in issues]
        raise Refused(Kind.UNPROCESSABLE, named[0].detail, remedy=named[0].remedy, issues=named)


def _name_issues(destination: Record) -> list[Issue]:
    name = destination["name"]
    if _NAME.fullmatch(name):
        return []
    remedy = "use letters, numbers and dashes"
    return [Issue("body", "name", "invalid destination name", name, remedy)]


def _url_issues(settings: Settings, destination: Record) -> list[Issue]:
    metadata = destination["metadata"]
    issues = []
    if destination["type"] == "webhook":
        issues += _webhook_url_issues(settings, metadata.get("url"))
    endpoint = metadata.get("endpointUrl")
    if endpoint is not None:
        issues += _endpoint_issues(settings, endpoint)
    return issues


def _webhook_url_issues(settings: Settings, url: str | None) -> list[Issue]:
    remedy = 'use a URL that starts with "https://"'
    if settings.allow_http_destinations:
        remedy += ', or "http://localhost" for this machine'
    if url is None:
        return [Issue("body", "metadata.url", "a webhook needs a URL", remedy=remedy)]
    parts = split_web_url(url)
    if parts is None or not (parts.scheme == "https" or _may_be_plain(settings, parts)):
        return [Issue("body", "metadata.url", "invalid webhook URL", url, remedy)]
    return _address_issues(settings, parts, "metadata.url")


def _may_be_plain(settings: Settings, parts: SplitResult) -> bool:
    """Tell whether a URL may be http: nothing leaves the machine, or somebody allowed it."""
    host = parts.hostname or ""
    return (
        is_sink(parts)
        or (settings.allow_http_destinations and is_this_machine(host))
        or address_rules(settings).allows(host, port_of(parts))
    )


def _endpoint_issues(settings: Settings, url: str) -> list[Issue]:
    parts = split_web_url(url)
    if parts is None:
        remedy = "use an http:// or https:// URL"
        return [Issue("body", "metadata.endpointUrl", "not a web address", url, remedy)]
    return _address_issues(settings, parts, "metadata.endpointUrl")


def _address_issues(settings: Settings, parts: SplitResult, name: str) -> list[Issue]:
    """Refuse what the mock would not connect to. Assumed: the platform refuses it likewise."""
    if is_sink(parts):
        return []
    objection = address_rules(settings).objection(parts.hostname or "", port_of(parts))
    if objection is None:
        return []
    detail, _, remedy = objection.partition("; ")
    return [Issue("body", name, detail, parts.geturl(), remedy or "use a public address")]


def _header_issues(headers: Record | None) -> list[Issue]:
    return [
        Issue("body", f"metadata.headers.{name}", "invalid HTTP header", remedy="see RFC 9110, 5.5")
        for name, value in (headers or {}).items()
        if not (_HEADER_NAME.fullmatch(name) and _HEADER_VALUE.fullmatch(value))
    ]


def _kinesis_issues(destination: Record) -> list[Issue]:
    needed = [("metadata", "region"), ("metadata", "streamName")]
    needed += [("secrets", "awsKeyId"), ("secrets", "awsSecretKey")]
    return [
        Issue("body", f"{part}.{name}", f"a Kinesis destination needs {name}", remedy="give it")
        for part, name in needed
        if not destination[part].get(name)
    ]


def _chosen(values: Record, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: values[name] for name in names if name in values}
