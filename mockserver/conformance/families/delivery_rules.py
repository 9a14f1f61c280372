"""What only destinations, topics and routes promise."""

from __future__ import annotations

from mockserver.conformance.calls import Call
from mockserver.conformance.expect import INVALID, same
from mockserver.conformance.families.destinations import DESTINATIONS
from mockserver.conformance.families.routes import (
    DESTINATION_ROUTES,
    EVENT_ROUTES,
    LATER_EVENT_TYPES,
)
from mockserver.conformance.families.topics import TOPICS, topic
from mockserver.conformance.family import Family, here
from mockserver.conformance.lab import Lab
from mockserver.conformance.laws.expect import HIDDEN, granted, refused
from mockserver.conformance.rules import Broken, Rule, Strength
from mockserver.conformance.things import Thing, attempt, make

_P = "/paths/~1projects~1{projectIdOrName}"
_DESTINATION = f"{_P}~1destinations~1{{destination}}/get"
_INCLUDES = f"{_DESTINATION}/parameters/2/description"
_ROTATES = f"{_DESTINATION}/parameters/3"
_EVENT_ROUTES = f"{_P}~1notification-event-topic-routes"
_DELIVERIES = f"{_P}~1topic-destination-routes"
_SECRETS = "/components/schemas/DestinationWithSecrets/properties/secrets"


def signing_key(thing: Thing, **query: str) -> str:
    """Return the signing key of a webhook.

    Raises:
        Broken: it is not shown.
    """
    exchange = granted(thing.shelf.get(thing.id, includeSecrets="true", **query))
    body = exchange.json
    secrets = body.get("secrets") if isinstance(body, dict) else None
    key = secrets.get("webhookSigningKey") if isinstance(secrets, dict) else None
    if not isinstance(key, str) or not key:
        raise Broken("no signing key is shown", pointer="/secrets/webhookSigningKey")
    return key


def _each_has_its_own(lab: Lab) -> None:
    """Hold that webhooks have keys of their own, which stay as they are."""
    first, second = make(lab, DESTINATIONS), make(lab, DESTINATIONS)
    keys = [signing_key(first), signing_key(second)]
    if keys[0] == keys[1]:
        raise Broken("two webhooks have one signing key", pointer="/secrets/webhookSigningKey")
    granted(first.change({"name": lab.name("Renamed")}))
    granted(first.shelf.get(first.id))
    granted(first.shelf.get(first.id, rotate="false"))
    if [signing_key(first), signing_key(second)] != keys:
        raise Broken("a signing key changed by itself", pointer="/secrets/webhookSigningKey")


def _rotates_one(lab: Lab) -> None:
    first, second = make(lab, DESTINATIONS), make(lab, DESTINATIONS)
    record, other = first.record(), second.record()
    old, stays = signing_key(first), signing_key(second)
    new = signing_key(first, rotate="true")
    if new == old:
        raise Broken("rotate=true does not change the key", pointer="/secrets/webhookSigningKey")
    if signing_key(first) != new:
        raise Broken("the new key is not kept", pointer="/secrets/webhookSigningKey")
    if signing_key(second) != stays:
        raise Broken("rotate=true changed the key of another destination")
    kept = {name: value for name, value in first.record().items() if name != "updateTime"}
    same({n: v for n, v in record.items() if n != "updateTime"}, kept, "a rotated destination")
    same(other, second.record(), "another destination")


def _rotates_silently(lab: Lab) -> None:
    """Rotate without asking for secrets: the key changes, and is not shown."""
    thing = make(lab, DESTINATIONS)
    old = signing_key(thing)
    body = granted(thing.shelf.get(thing.id, rotate="true")).json
    if isinstance(body, dict) and (body.get("secrets") or {}).get("webhookSigningKey"):
        raise Broken("rotate=true shows the key", pointer="/secrets/webhookSigningKey")
    if signing_key(thing) == old:
        raise Broken("rotate=true does not change the key", pointer="/secrets/webhookSigningKey")


def _kinesis_stays_secret(lab: Lab) -> None:
    thing = make(lab, DESTINATIONS, variant="kinesis")
    answers = [thing.shelf.get(thing.id, includeSecrets=flag) for flag in ("true", "false")]
    sent = thing.call.body["secrets"].values()
    for exchange in answers:
        body = granted(exchange).answer.content.decode(errors="replace")
        if any(secret in body for secret in sent):
            raise Broken(f"{exchange} shows AWS credentials", pointer="/secrets")


def _takes_later_types(lab: Lab) -> None:
    """Take the types that only the answers name: readings of the body's enum differ."""
    for event_type in LATER_EVENT_TYPES:
        body = {"eventType": event_type, "topicId": topic(lab)}
        granted(lab.make(Call("createEventTopicRoute", body=body)), f"a route for {event_type}")


def _filter_takes_its_types(lab: Lab) -> None:
    for event_type in LATER_EVENT_TYPES:
        granted(lab.make(Call("listEventTopicRoutes", query={"eventType": event_type})))
    exchange = lab.make(Call("listEventTopicRoutes", query={"eventType": "nothing.happened"}))
    refused(exchange, INVALID, "a filter by an unknown event type")


def _twice(family: Family, lab: Lab) -> None:
    """Ask for the same route twice: refused, or one route and not two."""
    first = make(lab, family)
    again, exchange = attempt(lab, family, here(lab), first.call)
    if again is None:
        refused(exchange, INVALID | {409}, "the same route twice")
    elif again.id != first.id:
        raise Broken("the same route twice makes two: each event would be delivered twice")


def _event_route_twice(lab: Lab) -> None:
    _twice(EVENT_ROUTES, lab)


def _delivery_twice(lab: Lab) -> None:
    _twice(DESTINATION_ROUTES, lab)


def _unknown_is_not_found(lab: Lab) -> None:
    """Hold that a route of unknown ends is answered as declared: 404."""
    body = make(lab, DESTINATION_ROUTES).call.body
    for field in ("topicId", "destinationId"):
        call = Call("createTopicDestinationRoute", body={**body, field: lab.absent()})
        refused(lab.make(call), HIDDEN | INVALID, f"a route with an unknown {field}")


def _routes_survive_updates(lab: Lab) -> None:
    """Rename a topic: what is routed stays routed."""
    thing = make(lab, TOPICS)
    routes = [
        make(lab, family, fields={"topicId": thing.id})
        for family in (EVENT_ROUTES, DESTINATION_ROUTES)
    ]
    before = [route.record() for route in routes]
    granted(thing.change({"name": lab.name("Renamed")}))
    for route, record in zip(routes, before, strict=True):
        same(record, route.record(), f"a {route.family.noun} of a renamed topic")


RULES: tuple[Rule, ...] = (
    Rule("getDestination", "signing-keys-are-own-and-stay", _INCLUDES, _each_has_its_own),
    Rule("getDestination", "rotate-changes-one-key", f"{_ROTATES}/description", _rotates_one),
    Rule("getDestination", "rotate-shows-nothing", f"{_SECRETS}/description", _rotates_silently),
    Rule(
        "getDestination",
        "aws-credentials-are-never-shown",
        f"{_SECRETS}/properties/webhookSigningKey/description",
        _kinesis_stays_secret,
    ),
    Rule(
        "createEventTopicRoute",
        "takes-the-types-of-answers",
        "/components/schemas/NotificationEventType/description",
        _takes_later_types,
        Strength.INFERRED,
    ),
    Rule(
        "listEventTopicRoutes",
        "eventType-is-one-of-its-types",
        f"{_EVENT_ROUTES}/get/parameters/2/description",
        _filter_takes_its_types,
    ),
    Rule(
        "createEventTopicRoute",
        "is-made-once",
        f"{_EVENT_ROUTES}/post/summary",
        _event_route_twice,
        Strength.INFERRED,
    ),
    Rule(
        "createTopicDestinationRoute",
        "is-made-once",
        f"{_DELIVERIES}/post/summary",
        _delivery_twice,
        Strength.INFERRED,
    ),
    Rule(
        "createTopicDestinationRoute",
        "unknown-ends-are-not-found",
        f"{_DELIVERIES}/post/responses/404/description",
        _unknown_is_not_found,
    ),
    Rule(
        "updateTopic",
        "keeps-its-routes",
        f"{_P}~1topics~1{{topicId}}/patch/summary",
        _routes_survive_updates,
    ),
)
