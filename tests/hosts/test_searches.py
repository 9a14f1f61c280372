"""Searches: the records that meet every condition, as the installation gets them."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.contract.documents import read_yaml, spec_directory
from mockserver.contract.schemas import Schemas
from tests.client import Client
from tests.hosting import Hosted, mapped, plain
from tests.worlds import GROUP


@pytest.fixture
def here() -> Hosted:
    return plain()


def test_every_condition_must_hold(here: Hosted):
    for first in ("Ada", "Ben"):
        here.created(firstname=first, lastname="Uncommon")

    assert len(here.found(lastname="Uncommon")) == 2
    assert len(here.found(lastname="Uncommon", firstname="Ada")) == 1
    assert here.found(lastname="Uncommon", firstname="Cem") == []


def test_the_result_stands_under_both_names_that_it_goes_by(here: Hosted):
    here.created(lastname="Uncommon")

    answer = here.search(lastname="Uncommon").json

    assert answer["result"] == answer["results"] != []


def test_an_entry_is_what_a_read_delivers(here: Hosted):
    schemas = Schemas(read_yaml(spec_directory() / "webhook" / "webhook.yaml"))
    here.created(lastname="Uncommon", email="u@x.example")

    [entry] = here.found(email="u@x.example")

    assert schemas.violations("/components/schemas/ResultEntry", entry) == []
    assert set(entry) == {"fields", "mappedFields", "raw"}


@pytest.mark.parametrize("name", ["person", "contact"])
@pytest.mark.parametrize("field", ["familyName", "lastname", "LastName"])
def test_objects_and_fields_may_go_by_their_mapped_names(name: str, field: str):
    here = mapped()
    here.created("person", familyName="Uncommon")

    assert len(here.found(name, **{field: "Uncommon"})) == 1


@pytest.mark.parametrize("value", ["urgent", "High"])
def test_a_mapped_value_is_found_either_way(value: str):
    here = mapped()
    here.created("person", familyName="Uncommon", priority="urgent")

    assert len(here.found("person", lastname="Uncommon", priority=value)) == 1


def test_records_of_the_seed_are_found_too(here: Hosted):
    everything = {"objectName": "contact", "fieldFilters": []}
    page = here.post("search", f"{here.path}?groupRef={GROUP}", everything).json["result"]
    email = page[0]["fields"]["email"]

    assert 40 <= len(page) <= 100
    assert here.found(email=email)[0] == page[0]


def test_there_is_one_page(here: Hosted):
    batch = [{"record": {"lastname": "Many"}} for _ in range(100)]
    for _ in range(2):
        here.write(batch=batch)

    assert len(here.found(lastname="Many")) == 100


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"fieldFilters": []}, "objectName"),
        ({"objectName": "contact"}, "fieldFilters"),
        ({"objectName": "contact", "fieldFilters": [{}]}, "fieldFilters[0].fieldName"),
        (
            {
                "objectName": "contact",
                "fieldFilters": [{"fieldName": "shoe", "operator": "eq", "value": 1}],
            },
            "fieldFilters[0].fieldName",
        ),
        (
            {
                "objectName": "contact",
                "fieldFilters": [{"fieldName": "email", "operator": "gt", "value": 1}],
            },
            "fieldFilters[0].operator",
        ),
        ({"objectName": "lead", "fieldFilters": []}, "objectName"),
    ],
)
def test_a_search_that_makes_no_sense_is_refused(here: Hosted, body: Any, place: str):
    refused = here.post("search", f"{here.path}?groupRef={GROUP}", body)

    assert refused.status == 400
    assert refused.media_type == "application/json"
    assert place in refused.issue_names


def test_the_group_must_be_named(here: Hosted):
    refused = here.post("search", here.path, {"objectName": "contact", "fieldFilters": []})

    assert refused.status == 400
    assert refused.issue_names == ["groupRef"]


def test_bad_credentials_fail_a_search_and_stay(here: Hosted):
    here.drill("bad_credentials", times=1)
    search = {"objectName": "contact", "fieldFilters": []}
    path = f"/search/v1{here.path}?groupRef={GROUP}"

    for _ in range(2):
        refused = Client(here.mock).call("POST", path, search, root=True)
        assert refused.status == 400
        assert "connect again" in refused.json["remedy"]
    assert here.place.stored(here.made)["connection"]["status"] == "bad_credentials"
