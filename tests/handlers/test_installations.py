"""Installations: created, found and deleted, through the door users use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mockserver.app import Mock
from tests import worlds
from tests.client import Client
from tests.conftest import make_mock
from tests.connecting import customer
from tests.installing import CONTACT, NOBODY, PROJECT, Place, content_of, everything, place
from tests.worlds import GROUP

PROD = "/projects/mailmonkey-prod"
HUBSPOT_INSTALLATIONS = 2
OTHER = "other-group"


@pytest.fixture
def here(client: Client, mock: Mock) -> Place:
    return place(client, mock)


def test_what_is_installed_is_listed_once_and_found(here: Place):
    made = here.installed()

    assert here.stored(made) == made
    assert here.client.get(here.path).json == [made]
    assert here.client.get(f"{here.path}?groupRef={GROUP}").json == [made]
    assert here.client.get(f"{here.path}?groupRef=nobody").json == []
    assert here.client.get(f"{PROJECT}/installations?groupRef={GROUP}").json == [made]


def test_an_installation_shows_its_connection_and_group_and_no_secret(here: Place):
    made = here.installed()

    assert made["connection"]["id"] == here.connection["id"]
    assert made["group"]["groupRef"] == made["connection"]["group"]["groupRef"] == GROUP
    assert made["healthStatus"] == "healthy"
    assert made["config"]["revisionId"] == here.integration["latestRevisionId"]
    assert b"made-up" not in here.client.get(here.path).body
    assert not {"groupRef", "connectionId"} & set(made)


def test_without_a_backfill_there_is_no_operation_to_tell_of(here: Place):
    made = here.installed(here.body({"write": {"objects": {}}}))

    assert "lastOperationStatus" not in made


def test_lists_are_part_of_one_another(client: Client):
    prod = client.as_(key="mock-prod-key")
    every = prod.get(f"{PROD}/installations").json
    of_one = prod.get(f"{PROD}/integrations/hubspotIntegration/installations").json
    of_group = prod.get(f"{PROD}/integrations/hubspotIntegration/installations?groupRef=org_12345")

    assert len(every) > len(of_one) == HUBSPOT_INSTALLATIONS
    assert all(one in every for one in of_one)
    assert of_group.json == [one for one in of_one if one["group"]["groupRef"] == "org_12345"]
    assert prod.get(f"{PROD}/installations?groupRef=group-123").json == [
        one for one in every if one["group"]["groupRef"] == "group-123"
    ]


def test_the_name_of_the_integration_works_like_its_id(here: Place):
    made = here.installed()
    path = f"{PROJECT}/integrations/{here.integration['name']}/installations"

    assert here.client.get(path).json == [made]
    assert here.client.get(f"{path}/{made['id']}").json == made


@pytest.mark.parametrize("given", [None, "consumer:user-1", "ai-sdk:create-installation", "Jane"])
def test_who_installs_is_whoever_they_say(here: Place, given: str | None):
    body = here.reading(contact=CONTACT)
    if given is not None:
        body["config"]["createdBy"] = given

    made = here.installed(body)

    expected = given or "api:create-installation"
    assert made["createdBy"] == made["config"]["createdBy"] == expected


def test_a_revision_that_is_asked_for_is_not_taken(here: Place):
    body = here.reading(contact=CONTACT)
    body["config"]["revisionId"] = NOBODY

    assert here.installed(body)["config"]["revisionId"] == here.integration["latestRevisionId"]


def test_without_a_connection_the_oldest_of_the_group_is_taken(here: Place, mock: Mock):
    worlds.add_connection(mock, consumer_ref="second")
    worlds.add_connection(mock, group_ref=OTHER)

    assert here.installed()["connection"]["id"] == here.connection["id"]


def test_another_connection_may_be_chosen(here: Place, mock: Mock):
    second = worlds.add_connection(mock, consumer_ref="second")

    made = here.installed({**here.reading(contact=CONTACT), "connectionId": second["id"]})

    assert made["connection"]["id"] == second["id"]


def test_a_group_without_a_connection_is_told_so(here: Place):
    refused = here.create(here.reading(contact=CONTACT) | {"groupRef": "nobody"})

    assert (refused.status, refused.issue_names) == (400, ["groupRef"])
    assert refused.json["detail"] == "no connection found for group"


@pytest.mark.parametrize("case", ["absent", "other group", "other provider", "other project"])
def test_a_connection_that_does_not_fit_is_refused(here: Place, mock: Mock, case: str):
    foreign = {
        "absent": {"id": NOBODY},
        "other group": worlds.add_connection(mock, group_ref=OTHER),
        "other provider": worlds.add_connection(mock, "hubspot"),
        "other project": worlds.add_connection(mock, project="mailmonkey-staging"),
    }[case]

    refused = here.create(here.reading(contact=CONTACT) | {"connectionId": foreign["id"]})

    assert (refused.status, refused.issue_names) == (400, ["connectionId"])


def test_a_group_installs_an_integration_once(here: Place):
    here.installed()

    refused = here.create(here.reading(contact=CONTACT))

    assert (refused.status, refused.issue_names) == (400, ["groupRef"])
    assert len(here.client.get(here.path).json) == 1


@pytest.mark.parametrize("status", [409, 418, 422, 451])
def test_the_status_of_a_second_installation_is_a_setting(status: int):
    mock = make_mock(duplicate_installation_status=status)
    own = place(Client(mock), mock)
    own.installed()

    assert own.create(own.reading(contact=CONTACT)).status == status


def test_another_group_and_another_integration_are_no_second_installation(here: Place, mock: Mock):
    worlds.add_connection(mock, group_ref=OTHER)
    second = worlds.add_integration(mock, everything() | {"name": "second"})
    made = here.installed()

    here.installed(here.reading(contact=CONTACT) | {"groupRef": OTHER})
    sharing = Place(here.client, second, here.connection).installed()

    assert sharing["connection"]["id"] == made["connection"]["id"]


def test_a_connection_goes_with_the_last_installation_that_uses_it(here: Place, mock: Mock):
    second = worlds.add_integration(mock, everything() | {"name": "second"})
    made = here.installed()
    other = Place(here.client, second, here.connection)
    sharing = other.installed()
    connection = f"{PROJECT}/connections/{here.connection['id']}"

    assert here.client.delete(connection).status == 400
    assert here.client.delete(f"{here.path}/{made['id']}").status == 204
    assert here.client.get(connection).status == 200
    assert here.client.delete(connection).status == 400
    assert here.client.delete(f"{other.path}/{sharing['id']}").status == 204
    assert here.client.get(connection).status == 404


def test_what_is_deleted_is_gone_with_its_backfill_and_can_be_installed_again(
    here: Place, mock: Mock
):
    made = here.installed()
    path = f"{here.path}/{made['id']}"

    assert here.client.delete(path).body == b""
    assert here.client.get(path).status == here.client.delete(path).status == 404
    assert here.client.get(here.path).json == []
    assert here.client.get(f"{path}/objects/contact/backfill-progress").status == 404
    worlds.add_connection(mock)
    assert here.installed()["id"] != made["id"]


def test_deleting_an_integration_takes_its_installations_and_their_connections(
    here: Place, mock: Mock
):
    second = worlds.add_integration(mock, everything() | {"name": "second"})
    apart = worlds.add_connection(mock, group_ref=OTHER)
    made = here.installed()
    lonely = here.installed(here.reading(contact=CONTACT) | {"groupRef": OTHER})
    kept = Place(here.client, second, here.connection).installed()

    assert here.client.delete(f"{PROJECT}/integrations/{here.integration['id']}").status == 204
    ids = [one["id"] for one in here.client.get(f"{PROJECT}/installations").json]
    assert kept["id"] in ids
    assert not {made["id"], lonely["id"]} & set(ids)
    assert here.client.get(f"{PROJECT}/connections/{apart['id']}").status == 404
    assert here.client.get(f"{PROJECT}/connections/{here.connection['id']}").status == 200


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_an_installation_belongs_to_its_integration(here: Place, method: str):
    made = here.installed()
    body: Any = {"updateMask": [], "installation": {}}
    other = f"{PROJECT}/integrations/my-integration/installations"
    options = (body,) if method == "PATCH" else ()

    for path in (f"{here.path}/{NOBODY}", f"{other}/{made['id']}"):
        assert here.client.call(method, path, *options).status == 404
    absent = f"{PROJECT}/integrations/{NOBODY}/installations/{made['id']}"
    assert here.client.call(method, absent, *options).status == 404


def test_an_absent_integration_has_no_list_and_takes_no_installation(here: Place):
    path = f"{PROJECT}/integrations/nobody/installations"

    assert here.client.get(path).status == 404
    assert here.client.post(path, here.reading(contact=CONTACT)).status == 404


def test_a_frontend_key_may_install_change_and_remove(here: Place):
    here.client = here.client.as_(key="mock-frontend-key")
    made = here.installed()

    assert here.client.get(here.path).json == [made]
    assert here.patch(made, ["config.createdBy"], config={"createdBy": "x"}).status == 200
    change = {"op": "add", "path": "/selectedFields/phone", "value": True}
    assert here.json_patch("contact", change).status == 200
    assert here.client.delete(f"{here.path}/{made['id']}").status == 204


def test_a_customer_reaches_the_installation_of_their_group_only(here: Place, mock: Mock):
    theirs = worlds.add_connection(mock, group_ref=OTHER)
    made = here.installed()
    strange = here.installed(here.reading(contact=CONTACT) | {"groupRef": OTHER})
    everybody = here.client
    here.client = customer(everybody, GROUP)
    remove = {"op": "remove", "path": "/selectedFields/phone"}

    assert here.client.get(here.path).json == [made]
    assert here.client.get(f"{here.path}?groupRef={GROUP}").json == [made]
    assert here.client.get(f"{here.path}?groupRef={OTHER}").status == 403
    for method in ("GET", "DELETE"):
        assert here.client.call(method, f"{here.path}/{strange['id']}").status == 403
    assert here.patch(strange, ["config.createdBy"], config={"createdBy": "x"}).status == 403
    assert here.create(here.reading(contact=CONTACT) | {"groupRef": OTHER}).status == 403
    assert here.json_patch("contact", remove, groupRef=OTHER).status == 403
    assert here.json_patch("contact", remove, groupRef="nobody").status == 403
    assert here.json_patch("contact", remove, installationId=strange["id"]).status == 403
    assert here.patch(made, ["connectionId"], connectionId=theirs["id"]).status == 400
    assert here.json_patch("contact", remove).status == 200
    assert here.client.delete(f"{here.path}/{made['id']}").status == 204
    assert everybody.get(f"{here.path}/{strange['id']}").json == strange


def test_bad_credentials_make_an_installation_unhealthy(client: Client):
    prod = client.as_(key="mock-prod-key")
    found = prod.get(f"{PROD}/installations?groupRef=org_12345").json

    assert [one["healthStatus"] for one in found] == ["unhealthy"]


def test_an_update_moves_the_time_of_the_last_update_and_no_other(
    here: Place, advance: Callable[[float], None]
):
    made = here.installed()
    advance(60)

    changed = here.patch(made, ["config.createdBy"], config={"createdBy": "x"}).json

    assert changed["createTime"] == made["createTime"] < changed["updateTime"]
    assert changed["config"]["createTime"] == changed["updateTime"]
    assert content_of(changed) == content_of(made)
