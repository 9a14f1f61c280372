"""Destinations: right calls, and what only destinations promise."""

from __future__ import annotations

from typing import Any

from mockserver.conformance.calls import Call, RightCalls
from mockserver.conformance.family import (
    NOT_A_NAME,
    Bound,
    Cascade,
    Echo,
    Family,
    Flag,
    Mask,
    Place,
    Spelling,
    Unique,
    Variant,
    in_project,
    just,
    marked,
)
from mockserver.conformance.lab import Lab
from mockserver.conformance.right import right_calls
from mockserver.conformance.rules import Strength
from mockserver.conformance.things import make

_HIDDEN = Echo(None)


def url(lab: Lab) -> str:
    """Return a webhook URL that nobody listens at. Source: RFC 6761 (`.example` is reserved)."""
    return f"https://hooks.example/{lab.name('Hook')}?a=1&b=%20#end"


def secret(lab: Lab) -> str:
    """Return a secret value that stands nowhere else."""
    return f"s3cr3t/{lab.name('secret')}+/="


def _webhook(lab: Lab, place: Place) -> Call:
    return _create(lab, place, type="webhook", metadata={"url": url(lab)})


def _webhook_with_headers(lab: Lab, place: Place) -> Call:
    headers = {"X-One": lab.name("one"), "x-two": 'a, b; c="d" ', "Authorization": "Bearer 1234"}
    return _create(lab, place, type="webhook", metadata={"url": url(lab), "headers": headers})


def _kinesis(lab: Lab, place: Place) -> Call:
    metadata = {
        "region": "eu-central-1",
        "streamName": lab.name("Stream"),
        "endpointUrl": "https://kinesis.eu-central-1.amazonaws.com",
        "partitionKeyTemplate": "data.user_id",
    }
    secrets = {
        "awsKeyId": secret(lab),
        "awsSecretKey": secret(lab),
        "awsSessionToken": secret(lab),
    }
    return _create(lab, place, type="kinesis", metadata=metadata, secrets=secrets)


def _create(lab: Lab, place: Place, **body: Any) -> Call:
    name = lab.name("Destination")
    return Call("createDestination", in_project(lab, place), body={"name": name, **body})


def _headers(lab: Lab) -> dict[str, str]:
    return {"X-Changed": lab.name("value")}


DESTINATIONS = Family(
    noun="destination",
    variants=(
        Variant("webhook", _webhook),
        Variant("webhook-with-headers", _webhook_with_headers),
        Variant("kinesis", _kinesis),
    ),
    create="createDestination",
    lists=("listDestinations",),
    get="getDestination",
    update="updateDestination",
    delete="deleteDestination",
    values="destination",
    masks=(
        Mask("name", lambda lab: lab.name("Renamed")),
        Mask("metadata.url", url),
        Mask("metadata.headers", _headers, falsy=({}, None)),
        Mask("metadata.headers", _headers, variant="webhook-with-headers", falsy=({},)),
        Mask("metadata.url", url, variant="webhook-with-headers"),
        Mask("name", lambda lab: lab.name("Renamed"), variant="kinesis"),
        Mask("metadata.region", just("us-west-2"), variant="kinesis"),
        Mask("metadata.streamName", lambda lab: lab.name("Other-stream"), variant="kinesis"),
        Mask(
            "metadata.endpointUrl",
            just("https://kinesis.us-west-2.amazonaws.com"),
            variant="kinesis",
            echo=_HIDDEN,  # no answer of the contract has it
        ),
        Mask("metadata.partitionKeyTemplate", just("data.account.id"), variant="kinesis"),
        Mask("secrets.awsKeyId", secret, variant="kinesis", echo=_HIDDEN),
        Mask("secrets.awsSecretKey", secret, variant="kinesis", echo=_HIDDEN),
        Mask("secrets.awsSessionToken", secret, variant="kinesis", echo=_HIDDEN),
    ),
    shorthands=("metadata",),  # Source: the command-line client, which replaces it whole
    echo={"secrets": _HIDDEN},
    secrets=("secrets.awsKeyId", "secrets.awsSecretKey", "secrets.awsSessionToken"),
    secret_names=("awsKeyId", "awsSecretKey", "awsSessionToken", "webhookSigningKey"),
    flags=(Flag("getDestination", "includeSecrets", "secrets.webhookSigningKey"),),
    unique=(Unique("name"),),
    spellings=(
        Spelling(
            "name",
            {
                "getDestination": Strength.PROMISED,
                "updateDestination": Strength.INFERRED,
                "deleteDestination": Strength.INFERRED,
            },
        ),
    ),
    bounds=(
        Bound(
            "name",
            taken=(lambda lab: lab.name("UPPER-lower-0-9"), lambda lab: lab.name("x" * 40)),
            refused=(*(marked(text) for text in NOT_A_NAME),),
            on_update=Strength.INFERRED,
        ),
        Bound(
            "metadata.url",
            taken=(
                url,
                lambda lab: f"https://hooks.example:8443/{lab.name('p')}/%C3%BC?q={'x' * 900}",
            ),
            refused=(
                just("http://hooks.example/plain"),
                just("ftp://hooks.example/x"),
                just("hooks.example/x"),
                just(""),
            ),
            on_update=Strength.INFERRED,
        ),
        Bound(
            "metadata.headers",
            taken=(
                just({}),
                just({f"X-Header-{number}": str(number) for number in range(40)}),
            ),
        ),
    ),
    cascades=(Cascade("topic-destination route", "destinationId"),),
)


def destination(lab: Lab, place: Place | None = None) -> str:
    """Make a webhook and return its id."""
    return make(lab, DESTINATIONS, place).id


FAMILIES: tuple[Family, ...] = (DESTINATIONS,)
RIGHT: RightCalls = right_calls(DESTINATIONS)
