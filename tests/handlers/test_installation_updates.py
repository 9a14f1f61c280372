"""Changing an installation by update mask, through the door users use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mockserver.app import Mock
from tests import worlds
from tests.client import Client
from tests.installing import LEAD, NOBODY, Place, content_of, everything, place
from tests.worlds import read_object, reading

READ = "read.objects"


@pytest.fixture
def here(client: Client, mock: Mock) -> Place:
    return place(client, mock)


def reads(**objects: Any) -> dict[str, Any]:
    return {"objects": objects}


def test_a_read_object_is_replaced_as_a_whole_and_completed(here: Place):
    made = here.installed()
    given = {"objectName": "contact", "schedule": "0 * * * *"}

    changed = here.configure(made, f"{READ}.contact", read=reads(contact=given)).json

    found = content_of(changed)["read"]["objects"]["contact"]
    assert found["schedule"] == "0 * * * *"
    assert found["selectedFields"] == {"email": True, "lastname": True}
    assert here.stored(made) == changed


def test_what_react_sends_for_the_next_object_adds_it(here: Place):
    made = here.installed()
    given = {
        **LEAD,
        "selectedFields": {},
        "dynamicMappingsInput": [],
        "selectedValueMappings": {},
    }

    changed = here.configure(made, f"{READ}.lead", read=reads(lead=given)).json

    found = content_of(changed)["read"]["objects"]
    assert found["contact"] == content_of(made)["read"]["objects"]["contact"]
    assert found["lead"]["selectedFields"] == {"lastname": True, "company": True}


@pytest.mark.parametrize("pause", [True, False])
def test_a_pause_is_merged_into_the_object(here: Place, pause: bool):
    made = here.installed()
    mask = f"{READ}.contact.disabled"

    changed = here.configure(made, mask, read=reads(contact={"disabled": pause}))

    before = content_of(made)["read"]["objects"]["contact"]
    assert changed.status == 200
    after = content_of(changed.json)["read"]["objects"]["contact"]
    assert after == {**before, "disabled": pause}


def test_a_paused_object_reads_on_when_it_is_told_to(here: Place):
    made = here.installed()
    mask = f"{READ}.contact.disabled"

    here.configure(made, mask, read=reads(contact={"disabled": True}))
    changed = here.configure(made, mask, read=reads(contact={"disabled": False})).json

    assert content_of(changed)["read"]["objects"]["contact"]["disabled"] is False


@pytest.mark.parametrize("mask", [r"interview\.leads", "interview.leads"])
def test_names_with_dots_are_found_escaped_and_as_they_are(client: Client, mock: Mock, mask: str):
    dotted = read_object("interview.leads", requiredFields=["id"])
    here = place(client, mock, reading(dotted, provider="github"))
    name = "interview.leads"
    made = here.installed(here.body({"read": {"objects": {}}}))

    changed = here.configure(made, f"{READ}.{mask}", read=reads(**{name: {"objectName": name}}))
    paused = here.configure(
        made, f"{READ}.{mask}.disabled", read=reads(**{name: {"disabled": True}})
    )

    assert list(content_of(changed.json)["read"]["objects"]) == [name]
    assert content_of(paused.json)["read"]["objects"][name]["disabled"] is True


def test_an_object_that_is_called_disabled_is_an_object(client: Client, mock: Mock):
    names = ("disabled", "a.disabled")
    objects = [read_object(name, requiredFields=["id"]) for name in names]
    here = place(client, mock, reading(*objects, provider="github"))
    made = here.installed(here.body({"read": {"objects": {}}}))

    for name in names:
        given = reads(**{name: {"objectName": name}})
        made = here.configure(made, f"{READ}.{name}", read=given).json

    assert list(content_of(made)["read"]["objects"]) == list(names)


@pytest.mark.parametrize("action", ["write", "subscribe"])
def test_a_whole_map_is_replaced_and_an_empty_one_clears(here: Place, action: str):
    name = "contact" if action == "write" else "account"
    made = here.installed()
    mask = f"{action}.objects"

    full = here.configure(made, mask, **{action: {"objects": {name: {"objectName": name}}}}).json
    empty = here.configure(made, mask, **{action: {"objects": {}}}).json

    assert list(content_of(full)[action]["objects"]) == [name]
    assert content_of(empty)[action] == {"objects": {}}


def test_one_write_object_is_added_beside_the_others(here: Place):
    made = here.installed(here.body({"write": {"objects": {"lead": {"objectName": "lead"}}}}))
    deleting = {"objectName": "contact", "deletionSettings": {"enabled": True}}

    changed = here.configure(made, "write.objects.contact", write=reads(contact=deleting)).json

    objects = {"lead": {"objectName": "lead"}, "contact": deleting}
    assert content_of(changed)["write"]["objects"] == objects


def test_one_subscription_is_replaced_and_completed(here: Place):
    made = here.installed()
    never = {"objectName": "account", "createEvent": {"enabled": "never"}}

    changed = here.configure(made, "subscribe.objects.account", subscribe=reads(account=never))

    found = content_of(changed.json)["subscribe"]["objects"]["account"]
    assert found["createEvent"] == {"enabled": "never"}
    assert found["inheritFieldsAndMappings"] is True


@pytest.mark.parametrize("enabled", [True, False])
def test_the_proxy_is_switched(here: Place, enabled: bool):
    changed = here.configure(here.installed(), "proxy.enabled", proxy={"enabled": enabled})

    assert content_of(changed.json)["proxy"] == {"enabled": enabled}


def test_the_proxy_cannot_be_switched_on_without_the_manifest(client: Client, mock: Mock):
    here = place(client, mock, everything(proxy={"enabled": False}))

    refused = here.configure(here.installed(), "proxy.enabled", proxy={"enabled": True})

    name = "installation.config.content.proxy.enabled"
    assert (refused.status, refused.issue_names) == (400, [name])


def test_several_masks_are_applied_together(here: Place):
    made = here.installed()
    masks = ["config.createdBy", f"config.content.{READ}.lead", "config.content.proxy.enabled"]
    content = {"read": reads(lead=LEAD), "proxy": {"enabled": True}}

    changed = here.patch(made, masks, config={"createdBy": "builder:1", "content": content}).json

    assert changed["config"]["createdBy"] == "builder:1"
    assert changed["createdBy"] == made["createdBy"]
    assert list(content_of(changed)["read"]["objects"]) == ["contact", "lead"]
    assert content_of(changed)["proxy"] == {"enabled": True}


def test_what_no_mask_names_is_ignored(here: Place):
    made = here.installed()
    content = {"proxy": {"enabled": True}, "read": reads(lead=LEAD)}
    config = {"createdBy": "somebody", "content": content}

    changed = here.patch(made, ["config.createdBy"], config=config, connectionId=NOBODY).json

    assert changed["config"]["createdBy"] == "somebody"
    assert content_of(changed) == content_of(made)
    assert changed["connection"] == made["connection"]


def test_an_empty_mask_changes_nothing(here: Place):
    made = here.installed()

    assert here.patch(made, [], config={"createdBy": "somebody"}).json == made


def test_each_success_makes_a_config_of_the_latest_revision(here: Place, mock: Mock):
    made = here.installed()
    first = here.patch(made, ["config.createdBy"], config={"createdBy": "a"}).json
    later = worlds.add_revision(mock, here.integration, everything())

    assert here.stored(made)["config"]["revisionId"] == made["config"]["revisionId"]
    second = here.patch(made, ["config.createdBy"], config={"createdBy": "a"}).json

    ids = [one["config"]["id"] for one in (made, first, second)]
    assert len(set(ids)) == len(ids)
    assert first["config"]["revisionId"] == made["config"]["revisionId"]
    assert second["config"]["revisionId"] == later["latestRevisionId"]


def test_a_new_revision_stands_in_nobodys_way_but_where_something_changes(here: Place, mock: Mock):
    made = here.installed()
    gone, asking = read_object("lead", requiredFields=["lastname"]), {"mapToName": "nickname"}
    contact = read_object("contact", requiredFields=["email", asking])
    worlds.add_revision(mock, here.integration, everything(read={"objects": [contact, gone]}))
    pause, resume = reads(contact={"disabled": True}), reads(contact={"disabled": False})
    mask = f"{READ}.contact.disabled"

    assert here.patch(made, ["config.createdBy"], config={"createdBy": "a"}).status == 200
    assert here.configure(made, mask, read=pause).status == 200
    refused = here.configure(made, mask, read=resume)
    assert refused.status == 400
    assert refused.issue_names[0].endswith("contact.selectedFieldMappings.nickname")


def test_an_object_that_left_the_manifest_can_be_paused_but_not_resumed(here: Place, mock: Mock):
    made = here.installed()
    lead = read_object("lead", requiredFields=["lastname"])
    worlds.add_revision(mock, here.integration, everything(read={"objects": [lead]}))
    mask = f"{READ}.contact.disabled"

    assert here.configure(made, f"{READ}.lead", read=reads(lead={})).status == 200
    assert here.configure(made, mask, read=reads(contact={"disabled": True})).status == 200
    assert here.configure(made, mask, read=reads(contact={"disabled": False})).status == 400


def test_the_connection_may_be_swapped_within_the_group_and_the_old_one_stays(
    here: Place, mock: Mock
):
    made = here.installed()
    second = worlds.add_connection(mock, consumer_ref="second")

    changed = here.patch(made, ["connectionId"], connectionId=second["id"]).json

    assert changed["connection"]["id"] == second["id"]
    old = f"/projects/my-project/connections/{here.connection['id']}"
    assert here.client.get(old).status == 200
    assert here.client.delete(old).status == 204


def test_a_change_moves_the_time_even_when_nothing_differs(
    here: Place, advance: Callable[[float], None]
):
    made = here.installed()
    advance(5)

    again = here.patch(made, ["config.createdBy"], config={"createdBy": made["createdBy"]}).json

    assert again["updateTime"] > made["createTime"]
