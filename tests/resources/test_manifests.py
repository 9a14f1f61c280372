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
from tests.manifests import integration, manifest, read_object
from tests.resources.manifest_cases import ALWAYS, RIGHT, WRITE, reading, subscribed, subscribing
from tests.resources.wrong_manifests import READ, WRONG


@pytest.fixture
def work(mock: Mock) -> Work:
    shapes = ContractShapes(mock.contract.request_schemas)
    transaction = RootTransaction(mock.sandbox.root)
    return Work(transaction, 0, Identity(0), mock.settings, RESOURCES, False, shapes)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog(spec_directory() / "catalog" / "providers.tsv")


def refusal_of(work: Work, catalog: Catalog, given: Any) -> Refused | None:
    try:
        manifests.check(work, catalog, given)
    except Refused as refusal:
        return refusal
    return None


def issues(work: Work, catalog: Catalog, given: Any) -> dict[str, str]:
    """Return what is wrong with a manifest, by place."""
    before = copy.deepcopy(given)

    refusal = refusal_of(work, catalog, given)

    assert given == before, "the manifest was changed in place"
    if refusal is None:
        return {}
    assert refusal.kind == Kind.UNPROCESSABLE
    assert refusal.detail
    assert refusal.remedy
    return {issue.name: issue.detail for issue in refusal.issues}


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_manifest_is_taken(work: Work, catalog: Catalog, name: str):
    assert issues(work, catalog, manifest(RIGHT[name])) == {}


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
