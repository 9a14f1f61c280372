"""Events about changes at a provider, for the installations that subscribe to them.

Source: webhook.yaml, the vendor's guide to subscribe actions. Assumed: an event is sent as soon as
the change is made; several changes of one write come in one message.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mockserver.resources import manifests, selections, webhook_messages
from mockserver.resources.associations import linked
from mockserver.resources.provider_writes import CREATE, DELETE, UPDATE, Change
from mockserver.resources.providers import Catalog
from mockserver.resources.record_stores import Held, RecordStore
from mockserver.resources.selections import Selection
from mockserver.rules.work import Work
from mockserver.state.tables import Record

_KIND = "subscribe"
_EVENTS: Mapping[str, str] = {CREATE: "createEvent", UPDATE: "updateEvent", DELETE: "deleteEvent"}
#: Source: Salesforce, "Change Event Header"; HubSpot, "Webhooks API" (subscription types).
#: Assumed: other providers say it in plain words.
_SALESFORCE: Mapping[str, str] = {CREATE: "CREATE", UPDATE: "UPDATE", DELETE: "DELETE"}
_HUBSPOT: Mapping[str, str] = {
    CREATE: "creation",
    UPDATE: "propertyChange",
    DELETE: "deletion",
}


@dataclass(frozen=True, slots=True)
class _Subscription:
    """An object that an installation subscribes to."""

    installation: Record
    name: str  # the provider's name, as the manifest has it
    config: Record
    declared: Record  # in the manifest
    selection: Selection | None  # what is read of the same object

    @property
    def inherited(self) -> Selection | None:
        """The fields that events come with. Source: `inheritFieldsAndMappings`."""
        return self.selection if self.config.get("inheritFieldsAndMappings", False) else None

    def wants(self, change: Change, updated: Sequence[str]) -> bool:
        """Tell whether an event is sent about a change."""
        event = self.config.get(_EVENTS[change.kind])
        if event is None or event.get("enabled") != "always":
            return False
        return change.kind != UPDATE or bool(_watched(event, updated, self.selection))


def notify(work: Work, catalog: Catalog, store: RecordStore, changes: Sequence[Change]) -> None:
    """Tell every installation of an account's group that subscribes to an object's changes."""
    for subscription in _subscriptions(work, catalog, store):
        installation, name = subscription.installation, subscription.name
        selection = subscription.selection
        entries = [entry for change in changes for entry in _entries(subscription, store, change)]
        told = selection.name if selection is not None else name
        envelope = webhook_messages.of_event(
            work, installation, objectName=told, rawObjectName=name
        )
        for message in webhook_messages.split(work, envelope, entries):
            destination = subscription.config["destination"]
            work.send(installation["projectId"], destination, message, _KIND)


def _subscriptions(work: Work, catalog: Catalog, store: RecordStore) -> Iterator[_Subscription]:
    account = store.account
    objects = catalog.objects.of(account.provider)
    key = (account.project_id, account.group_ref)
    for installation in work.tx.find("installations", "projectId+groupRef", key):
        content = installation["config"]["content"]
        if content["provider"] != account.provider:
            continue
        for name, config in content.get("subscribe", {}).get("objects", {}).items():
            kind = objects.find(name)
            if kind is not None and kind.name == store.kind.name:
                manifest = selections.manifest_of(work, installation)
                declared = manifests.subscribe_objects(manifest).get(name, {})
                selection = selections.of_object(work, catalog, installation, name)
                yield _Subscription(installation, name, config, declared, selection)


def _entries(
    subscription: _Subscription, store: RecordStore, change: Change
) -> Iterator[dict[str, Any]]:
    updated = _updated(store, change)
    if subscription.wants(change, updated):
        record = _record(store, change, subscription.inherited)
        yield {**_event(store, change, updated), **record}
    wanted = subscription.declared.get("associationChangeEvent", {})
    if wanted.get("enabled") == "always":
        full = bool(wanted.get("includeFullRecords", False))
        yield from _association_events(store, subscription.name, change, full=full)


def _watched(event: Record, updated: Sequence[str], selection: Selection | None) -> list[str]:
    """Return the changed fields that an update event watches.

    Source: ConfigUpdateEvent. Assumed: without a list and without `all`, those that are read.
    """
    if event.get("watchFieldsAuto") == "all":
        return list(updated)
    wanted = set(event.get("requiredWatchFields", ()))
    if not wanted and selection is not None:
        wanted = {*selection.fields.values(), *selection.mapped.values()}
    folded = {name.lower() for name in wanted}
    return [name for name in updated if name.lower() in folded]


def _updated(store: RecordStore, change: Change) -> list[str]:
    """Return the fields that an update changed; what the provider keeps by itself is left out."""
    if change.kind != UPDATE or change.before is None or change.after is None:
        return []
    before, after = change.before.fields, change.after.fields
    kept = {name for name, fake in store.kind.fakes.items() if fake in {"modified", "created"}}
    return [name for name in after if name not in kept and after[name] != before.get(name)]


def _event(store: RecordStore, change: Change, updated: Sequence[str]) -> dict[str, Any]:
    provider, kind = store.account.provider, store.kind.name
    entry: dict[str, Any] = {
        "subscribeEventType": change.kind,
        "providerEventType": _provider_type(provider, kind, change.kind),
        "rawEvent": _raw_event(store, change, updated),
        "id": change.held.identifier,
    }
    if change.kind == UPDATE:
        entry["fieldsUpdated"] = list(updated)
    return entry


def _provider_type(provider: str, object_name: str, kind: str) -> str:
    if provider == "salesforce":
        return _SALESFORCE[kind]
    if provider == "hubspot":
        return f"{_singular(object_name)}.{_HUBSPOT[kind]}"
    return f"{object_name}.{kind}"


def _singular(name: str) -> str:
    return f"{name[:-3]}y" if name.endswith("ies") else name.removesuffix("s")


def _raw_event(store: RecordStore, change: Change, updated: Sequence[str]) -> dict[str, Any]:
    """Return an event as the provider might send it."""
    provider, identifier, work = store.account.provider, change.held.identifier, store.account.work
    name = _provider_type(provider, store.kind.name, change.kind)
    if provider == "salesforce":
        header = {
            "entityName": store.kind.display_name,
            "changeType": name,
            "recordIds": [identifier],
            "changedFields": list(updated),
            "commitTimestamp": work.moment // 1000,
        }
        return {"ChangeEventHeader": header}
    event = {"subscriptionType": name, "objectId": identifier, "occurredAt": work.moment // 1000}
    return {**event, "propertyNames": list(updated)} if change.kind == UPDATE else event


def _record(store: RecordStore, change: Change, chosen: Selection | None) -> dict[str, Any]:
    """Return the fields that come with an event; a deleted record has none any more."""
    if change.after is None:
        return {}
    if chosen is None:
        return {"raw": dict(change.after.fields)}
    return chosen.entry(change.after.fields, store.kind.id_field)


def _association_events(
    store: RecordStore, name: str, change: Change, *, full: bool
) -> Iterator[dict[str, Any]]:
    for link in change.associations:
        other = linked(store, link) if isinstance(link, Mapping) else None
        if other is None:
            continue
        yield {
            "subscribeEventType": "associationUpdate",
            "providerEventType": f"{_singular(store.kind.name)}.associationChange",
            "rawEvent": {"link": dict(link), "objectId": change.held.identifier},
            "fromRecord": _side(name, change.held, full=full),
            "toRecord": _side(*other, full=full),
        }


def _side(name: str, held: Held, *, full: bool) -> dict[str, Any]:
    side = {"id": held.identifier, "objectName": name, "rawObjectName": name}
    return {**side, "raw": dict(held.fields)} if full else side
