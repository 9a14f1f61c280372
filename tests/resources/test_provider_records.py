"""The records that a pretend provider holds."""

from __future__ import annotations

import re
from typing import Any

import pytest

from mockserver.app import Mock
from mockserver.resources import provider_records
from tests.conftest import make_mock
from tests.worlds import GROUP, catalog, change

OWNER = "3b1f6f0e-4c8d-4a7b-9e2f-5d6c7b8a9f01"


def listed(
    mock: Mock,
    provider: str = "salesforce",
    name: str = "contact",
    *,
    group: str = GROUP,
    project: str = OWNER,
    start: int = 0,
    stop: int = 10,
    **options: Any,
) -> list[dict[str, Any]]:
    with change(mock) as work:
        return provider_records.listed(
            work, catalog(), project, provider, group, name, start, stop, **options
        )


def count(mock: Mock, provider: str = "salesforce", name: str = "contact") -> int:
    with change(mock) as work:
        return provider_records.count(work, catalog(), OWNER, provider, GROUP, name)


def test_the_same_read_gives_the_same_records(mock: Mock):
    assert listed(mock) == listed(make_mock())


def test_a_record_does_not_depend_on_where_the_read_starts(mock: Mock):
    assert listed(mock, start=4, stop=6) == listed(mock)[4:6]


def test_records_differ_by_seed_project_group_object_and_number(mock: Mock):
    emails = [
        listed(mock)[0]["email"],
        listed(make_mock(seed=1))[0]["email"],
        listed(mock, project="another")[0]["email"],
        listed(mock, group="another")[0]["email"],
        listed(mock, name="lead")[0]["email"],
        listed(mock)[1]["email"],
    ]
    ids = [
        listed(mock)[0]["id"],
        listed(make_mock(seed=1))[0]["id"],
        listed(mock, project="another")[0]["id"],
        listed(mock, group="another")[0]["id"],
        listed(mock)[1]["id"],
    ]

    assert len(set(ids)) == len(ids)
    assert len(set(emails)) > 1


def test_a_read_ends_where_the_records_end(mock: Mock):
    total = count(mock)

    assert len(listed(mock, stop=10_000)) == total
    assert 40 <= total < 200
    assert listed(mock, start=total, stop=total + 5) == []
    assert len(listed(mock, start=-3, stop=2)) == 2


def test_ids_do_not_clash(mock: Mock):
    ids = [record["id"] for record in listed(mock, stop=1000)]

    assert len(set(ids)) == len(ids) == count(mock)


def test_an_unknown_object_has_no_records(mock: Mock):
    assert count(mock, name="spaceship") == 0
    assert listed(mock, name="spaceship") == []


@pytest.mark.parametrize(
    ("provider", "name", "field", "pattern"),
    [
        ("salesforce", "account", "id", r"001[0-9A-Za-z]{12}[A-Z0-5]{3}"),
        ("salesforce", "contact", "id", r"003[0-9A-Za-z]{12}[A-Z0-5]{3}"),
        ("salesforce", "lead", "id", r"00Q[0-9A-Za-z]{12}[A-Z0-5]{3}"),
        ("salesforce", "contact", "accountid", r"001[0-9A-Za-z]{12}[A-Z0-5]{3}"),
        ("hubspot", "contacts", "hs_object_id", r"[1-9][0-9]{10}"),
        ("apollo", "contacts", "id", r"[0-9a-f]{24}"),
        ("gong", "calls", "id", r"[1-9][0-9]{17}"),
        ("notion", "pages", "id", r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
        ("github", "issues", "id", r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    ],
)
def test_ids_look_like_the_providers(
    mock: Mock, provider: str, name: str, field: str, pattern: str
):
    for record in listed(mock, provider, name):
        assert re.fullmatch(pattern, record[field])


def test_the_end_of_a_salesforce_id_tells_the_case_of_the_rest(mock: Mock):
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
    for record in listed(mock):
        bits = [
            "".join("1" if c.isupper() else "0" for c in record["id"][:15])[i : i + 5]
            for i in (0, 5, 10)
        ]
        assert record["id"][15:] == "".join(letters[int(group[::-1], 2)] for group in bits)


def test_a_number_stays_a_number_as_an_id(mock: Mock):
    ticket = listed(mock, "zendeskSupport", "tickets")[0]
    users = {record["id"] for record in listed(mock, "zendeskSupport", "users", stop=1000)}

    assert isinstance(ticket["id"], int)
    assert ticket["requester_id"] in users


def test_a_reference_points_to_a_record_that_exists(mock: Mock):
    accounts = {record["id"] for record in listed(mock, name="account", stop=1000)}

    assert {record["accountid"] for record in listed(mock)} <= accounts


def test_a_nested_field_lies_in_its_parent_and_agrees_with_the_flat_one(mock: Mock):
    record = listed(mock, name="account")[0]

    assert record["billingaddress"]["city"] == record["billingcity"]
    assert provider_records.value(record, "$['billingaddress']['city']") == record["billingcity"]
    assert provider_records.value(record, "$['billingcity']['city']") is None
    assert provider_records.value(record, "nothing") is None


def test_a_person_is_one_person(mock: Mock):
    for record in listed(mock):
        assert record["name"] == f"{record['firstname']} {record['lastname']}"
        assert record["email"].startswith(f"{record['firstname']}.{record['lastname']}".lower())
        assert record["email"].endswith("@example.com")


def test_a_record_changed_last_after_it_was_made(mock: Mock):
    for record in listed(mock, stop=100):
        assert record["createddate"] <= record["lastmodifieddate"] < "2026"


def test_a_generic_object_has_what_it_is_asked_for(mock: Mock):
    plain = listed(mock, "github", "issues")[0]
    asked = listed(mock, "github", "issues", also=["assignee", "title"])[0]

    assert isinstance(asked.pop("assignee"), str)
    assert asked == plain


def test_other_objects_have_only_what_they_have(mock: Mock):
    assert "assignee" not in listed(mock, also=["assignee"])[0]
