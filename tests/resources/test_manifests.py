"""The rules of manifests: what each refuses, and where it says so."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from mockserver.app import Mock
from mockserver.contract.documents import spec_directory
from mockserver.http.shapes import ContractShapes
from mockserver.resources import manifests
from mockserver.resources.providers import Catalog, load_catalog
from mockserver.resources.tables import RESOURCES
from mockserver.rules.errors import Kind, Refused
from mockserver.rules.work import Work
from mockserver.simulation.identity import Identity
from mockserver.state.transactions import RootTransaction
from tests.manifests import hubspot, integration, manifest, read_object

READ = "integrations[0].read.objects[0]"
SUBSCRIBED = "integrations[0].subscribe.objects[0]"


@pytest.fixture
def work(mock: Mock) -> Work:
    shapes = ContractShapes(mock.contract.request_schemas)
    transaction = RootTransaction(mock.sandbox.root)
    return Work(transaction, 0, Identity(0), mock.settings, RESOURCES, False, shapes)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog(spec_directory() / "catalog" / "providers.tsv")


def issues(work: Work, catalog: Catalog, given: Any) -> dict[str, str]:
    """Return what is wrong with a manifest, by place."""
    before = copy.deepcopy(given)
    try:
        manifests.check(work, catalog, given)
    except Refused as refusal:
        assert refusal.kind == Kind.UNPROCESSABLE
        assert refusal.detail
        assert refusal.remedy
        return {issue.name: issue.detail for issue in refusal.issues}
    finally:
        assert given == before, "the manifest was changed in place"
    return {}


def reading(**fields: Any) -> Any:
    return integration(read={"objects": [read_object(**fields)]})


def subscribing(*objects: Any, read: tuple[str, ...] = ("contact",)) -> Any:
    return integration(
        read={"objects": [read_object(name) for name in read]},
        subscribe={"objects": list(objects)},
    )


def subscribed(name: str = "contact", **fields: Any) -> dict[str, Any]:
    return {
        "objectName": name,
        "destination": "defaultWebhook",
        "inheritFieldsAndMapping": True,
        **fields,
    }


WATCH = {"destination": "defaultWebhook", "allObjects": {"fieldCreated": {"enabled": "always"}}}
ALWAYS = {"enabled": "always"}
ON_REQUEST = {"mode": "onRequest", "pageSize": 50}
NESTED = "$['billingaddress']['city']"
WRITE = {"objects": [{"objectName": "lead"}]}

RIGHT = {
    "reads": integration(),
    "two integrations": hubspot(write={"objects": [{"objectName": "contacts"}]}),
    "writes": integration(write={"objects": [{"objectName": "lead", "inheritMapping": True}]}),
    "proxies": integration(proxy={"enabled": True, "useModule": False}),
    "proxy off": integration(proxy={"enabled": False}, write=WRITE),
    "no schedule": integration(
        read={"objects": [{"objectName": "contact", "destination": "defaultWebhook"}]}
    ),
    "empty schedule": reading(schedule=""),
    "days": reading(backfill={"defaultPeriod": {"days": 30}}),
    "no days": reading(backfill={"defaultPeriod": {"days": 0}}),
    "full history": reading(backfill={"defaultPeriod": {"fullHistory": True}}),
    "days, said twice": reading(backfill={"defaultPeriod": {"days": 1, "fullHistory": False}}),
    "on request": reading(delivery=ON_REQUEST),
    "auto": reading(delivery={"mode": "auto"}),
    "delivery by default": reading(delivery={}),
    "always": reading(**ALWAYS),
    "predefined mapping": reading(requiredFields=[{"fieldName": "a", "mapToName": "b"}]),
    "asked mapping": reading(optionalFields=[{"mapToName": "b", "prompt": "Which?"}]),
    "nested field": reading(requiredFields=[{"fieldName": NESTED}]),
    "same field twice": reading(requiredFields=[{"fieldName": "a"}, {"fieldName": "a"}]),
    "every optional": reading(optionalFieldsAuto="all"),
    "events": subscribing(
        subscribed(createEvent=ALWAYS, updateEvent={**ALWAYS, "watchFieldsAuto": "all"})
    ),
    "watched fields": subscribing(
        subscribed(updateEvent={**ALWAYS, "requiredWatchFields": ["phone"]})
    ),
    "other events alone": integration(
        subscribe={
            "objects": [
                {"objectName": "x", "destination": "defaultWebhook", "otherEvents": ["UNDELETE"]}
            ]
        }
    ),
    "five objects": subscribing(
        *(subscribed(name, deleteEvent=ALWAYS) for name in "abcde"), read=tuple("abcde")
    ),
    "watch schema": integration(write=WRITE, watchSchema=WATCH),
    "hourly watch": integration(write=WRITE, watchSchema={**WATCH, "schedule": "0 * * * *"}),
    "module": integration(module="crm", write=WRITE),
    "calendar": integration(
        "cal",
        "google",
        module="calendar",
        read={
            "objects": [read_object("events", backfill={"defaultPeriod": {"days": 28}})],
        },
    ),
    "mail": integration(
        "mail",
        "google",
        module="gmail",
        read={
            "objects": [read_object("events", backfill={"defaultPeriod": {"fullHistory": True}})],
        },
    ),
    "snowflake": integration(
        "snow",
        "snowflake",
        read={
            "objects": [read_object("t", backfill={"defaultPeriod": {"fullHistory": True}})],
        },
    ),
    "unusual name": integration("Mail Monkey / Ünïcode"),
    "unknown keys": {**integration(), "color": "blue", "subscribes": 5},
    "empty keys": {**integration(), "displayName": None, "write": None, "proxy": None},
    "unknown destination": reading(destination="nowhere"),
}


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_manifest_is_taken(work: Work, catalog: Catalog, name: str):
    assert issues(work, catalog, manifest(RIGHT[name])) == {}


WRONG: dict[str, tuple[Any, set[str]]] = {
    # The shape that the contract declares.
    "no mapping": (manifest("salesforce"), {"integrations[0]"}),
    "a number": (manifest(integration(5)), {"integrations[0].name"}),
    "no name": (
        manifest({"provider": "salesforce", "proxy": {"enabled": True}}),
        {"integrations[0].name"},
    ),
    "null name": (manifest(integration(None)), {"integrations[0].name"}),
    "objects of another type": (
        manifest(integration(read={"objects": {"contact": {}}})),
        {"integrations[0].read.objects"},
    ),
    "object of another type": (
        manifest(integration(read={"objects": [None, "contact"]})),
        {"integrations[0].read.objects[0]", "integrations[0].read.objects[1]"},
    ),
    "no destination": (
        manifest(integration(read={"objects": [{"objectName": "contact", "schedule": ""}]})),
        {f"{READ}.destination"},
    ),
    "a word of its own": (manifest(reading(enabled="never")), {f"{READ}.enabled"}),
    "no field at all": (manifest(reading(requiredFields=[{}])), {f"{READ}.requiredFields[0].fieldName"}),
    "negative days": (
        manifest(reading(backfill={"defaultPeriod": {"days": -1}})),
        {f"{READ}.backfill.defaultPeriod.days"},
    ),
    "page too small": (
        manifest(reading(delivery={"mode": "onRequest", "pageSize": 49})),
        {f"{READ}.delivery.pageSize"},
    ),
    "page too large": (
        manifest(reading(delivery={"mode": "onRequest", "pageSize": 501})),
        {f"{READ}.delivery.pageSize"},
    ),
    "no watched objects": (
        manifest(integration(write=WRITE, watchSchema={"destination": "d"})),
        {"integrations[0].watchSchema.allObjects"},
    ),
    # The manifest as a whole.
    "no version": ({"integrations": [integration()]}, {"specVersion"}),
    "another version": ({**manifest(), "specVersion": "2.0.0"}, {"specVersion"}),
    "a number as version": ({**manifest(), "specVersion": 1.0}, {"specVersion"}),
    "no integrations": ({"specVersion": "1.0.0"}, {"integrations"}),
    "empty integrations": ({"specVersion": "1.0.0", "integrations": []}, {"integrations"}),
    "integrations of another type": (
        {"specVersion": "1.0.0", "integrations": {"a": 1}},
        {"integrations"},
    ),
    "empty": ({}, {"specVersion", "integrations"}),
    "one name twice": (manifest(integration(), integration()), {"integrations[1].name"}),
    # An integration.
    "empty name": (manifest(integration(" ")), {"integrations[0].name"}),
    "unknown provider": (manifest(integration("a", "nobody")), {"integrations[0].provider"}),
    "wrong case": (manifest(integration("a", "Salesforce")), {"integrations[0].provider"}),
    "empty provider": (manifest(integration("a", "")), {"integrations[0].provider"}),
    "unknown module": (manifest(integration(module="hr", write=WRITE)), {"integrations[0].module"}),
    "does nothing": (manifest({"name": "a", "provider": "salesforce"}), {"integrations[0]"}),
    "only watches": (manifest(integration(watchSchema=WATCH)), {"integrations[0]"}),
    "cannot write": (
        manifest(integration("a", "snowflake", write=WRITE)),
        {"integrations[0].write"},
    ),
    "cannot read": (
        manifest(integration("a", "notion", read={"objects": [read_object()]})),
        {"integrations[0].read"},
    ),
    "cannot subscribe": (
        manifest(
            integration(
                "a",
                "intercom",
                subscribe={"objects": [subscribed(createEvent=None, otherEvents=["x"])]},
            )
        ),
        {"integrations[0].subscribe"},
    ),
    "cannot proxy": (
        manifest(integration("a", "xero", proxy={"enabled": True})),
        {"integrations[0].proxy"},
    ),
    # Blocks and objects.
    "empty read": (manifest(integration(read={})), {"integrations[0].read.objects"}),
    "empty write": (manifest(integration(write={"objects": []})), {"integrations[0].write.objects"}),
    "empty subscribe": (
        manifest(integration(subscribe={"objects": []})),
        {"integrations[0].subscribe.objects"},
    ),
    "proxy without a word": (manifest(integration(proxy={})), {"integrations[0].proxy.enabled"}),
    "object twice": (
        manifest(integration(read={"objects": [read_object(), read_object()]})),
        {"integrations[0].read.objects[1].objectName"},
    ),
    "written twice": (
        manifest(integration(write={"objects": [{"objectName": "a"}, {"objectName": "a"}]})),
        {"integrations[0].write.objects[1].objectName"},
    ),
    "empty names": (
        manifest(reading(objectName="", destination="")),
        {f"{READ}.objectName", f"{READ}.destination"},
    ),
    "written without a name": (
        manifest(integration(write={"objects": [{"objectName": ""}]})),
        {"integrations[0].write.objects[0].objectName"},
    ),
    # Read objects.
    "no cron": (manifest(reading(schedule="hourly")), {f"{READ}.schedule"}),
    "every minute": (manifest(reading(schedule="* * * * *")), {f"{READ}.schedule"}),
    "every five minutes": (manifest(reading(schedule="*/5 * * * *")), {f"{READ}.schedule"}),
    "the second object": (
        manifest(integration(read={"objects": [read_object(), read_object("b", schedule="x")]})),
        {"integrations[0].read.objects[1].schedule"},
    ),
    "mapped twice": (
        manifest(
            reading(requiredFields=[{"mapToName": "a"}], optionalFields=[{"mapToName": "a"}])
        ),
        {f"{READ}.optionalFields[0].mapToName"},
    ),
    "a field without a name": (
        manifest(reading(requiredFields=[{"fieldName": ""}])),
        {f"{READ}.requiredFields[0]"},
    ),
    "days and full history": (
        manifest(reading(backfill={"defaultPeriod": {"days": 5, "fullHistory": True}})),
        {f"{READ}.backfill.defaultPeriod"},
    ),
    "neither days nor full history": (
        manifest(reading(backfill={"defaultPeriod": {}})),
        {f"{READ}.backfill.defaultPeriod"},
    ),
    "no full history": (
        manifest(reading(backfill={"defaultPeriod": {"fullHistory": False}})),
        {f"{READ}.backfill.defaultPeriod"},
    ),
    "on request without a page": (
        manifest(reading(delivery={"mode": "onRequest"})),
        {f"{READ}.delivery.pageSize"},
    ),
    "auto with a page": (
        manifest(reading(delivery={"mode": "auto", "pageSize": 100})),
        {f"{READ}.delivery.pageSize"},
    ),
    "a page by default": (
        manifest(reading(delivery={"pageSize": 100})),
        {f"{READ}.delivery.pageSize"},
    ),
    "always without a schedule": (
        manifest(reading(enabled="always", schedule="")),
        {f"{READ}.schedule"},
    ),
    "always without fields": (
        manifest(reading(enabled="always", requiredFields=[])),
        {f"{READ}.requiredFields"},
    ),
    "always with a question": (
        manifest(reading(enabled="always", requiredFields=[{"mapToName": "a"}])),
        {f"{READ}.requiredFields[0]"},
    ),
    # Subscribe objects.
    "events without a read object": (
        manifest(subscribing(subscribed("lead", createEvent=ALWAYS))),
        {f"{SUBSCRIBED}.objectName"},
    ),
    "events without reading": (
        manifest(integration(subscribe={"objects": [subscribed(deleteEvent=ALWAYS)]})),
        {f"{SUBSCRIBED}.objectName"},
    ),
    "events without fields": (
        manifest(
            subscribing(
                subscribed(inheritFieldsAndMapping=False, associationChangeEvent=ALWAYS)
            )
        ),
        {f"{SUBSCRIBED}.inheritFieldsAndMapping"},
    ),
    "an update of nothing": (
        manifest(subscribing(subscribed(updateEvent=ALWAYS))),
        {f"{SUBSCRIBED}.updateEvent"},
    ),
    "an update of no fields": (
        manifest(subscribing(subscribed(updateEvent={"requiredWatchFields": []}))),
        {f"{SUBSCRIBED}.updateEvent"},
    ),
    "an update said twice": (
        manifest(
            subscribing(
                subscribed(updateEvent={"watchFieldsAuto": "all", "requiredWatchFields": ["a"]})
            )
        ),
        {f"{SUBSCRIBED}.updateEvent"},
    ),
    "a nested update": (
        manifest(subscribing(subscribed(updateEvent={"requiredWatchFields": ["a", NESTED]}))),
        {f"{SUBSCRIBED}.updateEvent.requiredWatchFields[1]"},
    ),
    "six objects": (
        manifest(
            subscribing(
                *(subscribed(name, deleteEvent=ALWAYS) for name in "abcdef"), read=tuple("abcdef")
            )
        ),
        {"integrations[0].subscribe.objects"},
    ),
    "subscribed twice": (
        manifest(
            subscribing(subscribed(deleteEvent=ALWAYS), subscribed(createEvent=ALWAYS))
        ),
        {"integrations[0].subscribe.objects[1].objectName"},
    ),
    # Watching the schema.
    "watched too often": (
        manifest(integration(write=WRITE, watchSchema={**WATCH, "schedule": "*/30 * * * *"})),
        {"integrations[0].watchSchema.schedule"},
    ),
    "watched never": (
        manifest(integration(write=WRITE, watchSchema={**WATCH, "schedule": ""})),
        {"integrations[0].watchSchema.schedule"},
    ),
    "reported nowhere": (
        manifest(integration(write=WRITE, watchSchema={**WATCH, "destination": ""})),
        {"integrations[0].watchSchema.destination"},
    ),
    # What providers ask for.
    "a calendar of a month": (
        manifest(
            integration(
                "a",
                "google",
                read={"objects": [read_object("events", backfill={"defaultPeriod": {"days": 29}})]},
            )
        ),
        {f"{READ}.backfill.defaultPeriod.days"},
    ),
    "a calendar of all times": (
        manifest(
            integration(
                "a",
                "google",
                read={
                    "objects": [
                        read_object("events", backfill={"defaultPeriod": {"fullHistory": True}})
                    ]
                },
            )
        ),
        {f"{READ}.backfill.defaultPeriod.fullHistory"},
    ),
    "a part of snowflake": (
        manifest(
            integration(
                "a",
                "snowflake",
                read={"objects": [read_object("t", backfill={"defaultPeriod": {"days": 5}})]},
            )
        ),
        {f"{READ}.backfill.defaultPeriod.days"},
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_manifest_is_refused_where_it_is_wrong(work: Work, catalog: Catalog, name: str):
    given, places = WRONG[name]

    assert issues(work, catalog, given).keys() == places


def test_every_mistake_is_named_at_once(work: Work, catalog: Catalog):
    wrong = manifest(reading(schedule="x", delivery={"pageSize": 60}), integration("b", "nobody"))

    assert issues(work, catalog, wrong).keys() == {
        f"{READ}.schedule",
        f"{READ}.delivery.pageSize",
        "integrations[1].provider",
    }


def test_no_more_than_a_hundred_mistakes_are_named(work: Work, catalog: Catalog):
    assert len(issues(work, catalog, manifest(*range(5000)))) == 100


def test_an_unknown_provider_comes_with_the_nearest_one(work: Work, catalog: Catalog):
    with pytest.raises(Refused) as caught:
        manifests.check(work, catalog, manifest(integration("a", "salesfroce")))

    assert "did you mean salesforce?" in (caught.value.remedy or "")


def test_what_a_module_supports_counts_before_what_its_provider_supports(work: Work):
    full = {"read": True, "write": True, "subscribe": True, "proxy": True}
    info = {
        "name": "suite",
        "defaultModule": "",
        "support": {**full, "write": False},
        "modules": {"all": {"support": full}, "none": {"support": {**full, "read": False}}},
    }
    suite = Catalog({"suite": info})

    def found(**parts: Any) -> set[str]:
        return set(issues(work, suite, manifest(integration("a", "suite", **parts))))

    assert found(module="all", write=WRITE) == set()
    assert found(module="none", read={"objects": [read_object()]}) == {"integrations[0].read"}
    assert found(write=WRITE) == {"integrations[0].module"}


def test_unknown_keys_are_dropped_and_a_missing_schedule_is_empty(work: Work, catalog: Catalog):
    declared = {
        "objectName": "contact",
        "destination": "defaultWebhook",
        "sort": "up",
        "requiredFields": [{"fieldName": "id", "mapToName": "key", "default": "x", "size": 5}],
    }
    given = {**integration(read={"objects": [declared], "speed": 9}), "color": "blue"}

    (stored,) = manifests.check(work, catalog, {**manifest(given), "author": "me"})

    assert stored == {
        "name": "salesforceSync",
        "provider": "salesforce",
        "read": {
            "objects": [
                {
                    "objectName": "contact",
                    "destination": "defaultWebhook",
                    "schedule": "",
                    "requiredFields": [{"fieldName": "id", "mapToName": "key", "default": "x"}],
                }
            ]
        },
    }


def test_objects_are_found_by_their_names(work: Work, catalog: Catalog):
    given = subscribing(subscribed(createEvent=ALWAYS))
    (stored,) = manifests.check(work, catalog, manifest({**given, "write": WRITE}))

    assert manifests.read_objects(stored) == {"contact": read_object()}
    assert manifests.write_objects(stored) == {"lead": {"objectName": "lead"}}
    assert manifests.subscribe_objects(stored)["contact"]["createEvent"] == ALWAYS
    assert manifests.read_objects({"name": "a", "provider": "b"}) == {}
