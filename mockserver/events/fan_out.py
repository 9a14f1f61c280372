"""From what a transaction let leave to messages: one for each destination that it leads to.

Source: createEventTopicRoute and createTopicDestinationRoute (event, topic, destination); the
vendor's notification guide (webhooks get type and data, Kinesis streams the data alone).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from mockserver.events.catalogue import CATALOGUE
from mockserver.rules.work import Work
from mockserver.state.outbox import Direct, Event, Message, Outgoing
from mockserver.state.sandbox import Sandbox
from mockserver.state.tables import Record

_STREAM = "messages"


def messages_of(work: Work, outgoing: Outgoing, sandbox: Sandbox) -> list[Message]:
    """Return the messages that something becomes, by the routes as they are in `work`."""
    match outgoing:
        case Event():
            return _of_event(work, outgoing)
        case Direct():
            return _of_direct(work, outgoing, sandbox)
        case _:
            return [outgoing]


def _of_event(work: Work, event: Event) -> list[Message]:
    """Return one message per destination, however many topics lead to it.

    Raises:
        LookupError: the catalogue has no such event.
    """
    kind = CATALOGUE[event.type]
    if kind.component is None and not work.settings.emit_post_contract_events:
        return []
    key = (event.project_id, kind.routed_as or kind.name)
    topics: dict[str, list[str]] = {}
    for route in work.tx.find("eventTopicRoutes", _BY_TYPE, key):
        leads = work.tx.find("topicDestinationRoutes", "topicId", (route["topicId"],))
        for lead in leads:
            topics.setdefault(lead["destinationId"], []).append(route["topicId"])
    found = []
    for destination_id, topic_ids in topics.items():
        destination = work.tx.get("destinations", destination_id)
        if destination is not None:
            body = _notification(destination, event)
            found.append(_message(work, destination, event.type, body, tuple(topic_ids)))
    return found


_BY_TYPE = "projectId+eventType"


def _notification(destination: Record, event: Event) -> Mapping[str, Any]:
    if destination["type"] == "kinesis":
        return event.data
    return {"notificationType": event.type, "data": event.data}


def _of_direct(work: Work, direct: Direct, sandbox: Sandbox) -> list[Message]:
    key = (direct.project_id, direct.destination)
    destination = work.tx.first("destinations", "projectId+name", key)
    if destination is None:
        reason = f"the project has no destination {direct.destination!r}"
        sandbox.drop("message", "", direct.kind, reason)
        return []
    # Source: the vendor's Kinesis guide, which wraps results.
    wrapped = destination["type"] == "kinesis"
    body = {"data": direct.body} if wrapped else direct.body
    return [_message(work, destination, direct.kind, body, ())]


def _message(
    work: Work,
    destination: Record,
    event_type: str,
    body: Mapping[str, Any],
    topic_ids: tuple[str, ...],
) -> Message:
    return Message(
        id=work.identity.message_id(_STREAM, work.tx.count(_STREAM)),
        project_id=destination["projectId"],
        destination_id=destination["id"],
        event_type=event_type,
        body=orjson.dumps(body).decode(),
        created=work.moment,
        topic_ids=topic_ids,
    )
