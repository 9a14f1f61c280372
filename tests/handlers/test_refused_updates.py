"""Changes of an installation that are refused, through the door users use."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.app import Mock
from tests import worlds
from tests.client import Client
from tests.installing import CONTACT, NOBODY, Place, place

READ = "read.objects"


@pytest.fixture
def here(client: Client, mock: Mock) -> Place:
    return place(client, mock)


def reads(**objects: Any) -> dict[str, Any]:
    return {"objects": objects}


@pytest.mark.parametrize("case", ["absent", "group", "provider", "project"])
def test_a_connection_that_does_not_fit_is_refused(here: Place, mock: Mock, case: str):
    made = here.installed()
    other = {
        "absent": {"id": NOBODY},
        "group": worlds.add_connection(mock, group_ref="other-group"),
        "provider": worlds.add_connection(mock, "hubspot"),
        "project": worlds.add_connection(mock, project="mailmonkey-staging"),
    }[case]

    refused = here.patch(made, ["connectionId"], connectionId=other["id"])

    assert (refused.status, refused.issue_names) == (400, ["installation.connectionId"])


@pytest.mark.parametrize(
    "mask",
    [
        "",
        "healthStatus",
        "config",
        "config.content",
        "config.content.provider",
        "config.content.read",
        "config.content.read.objects",
        "config.content.read.objects.",
        "config.content.proxy",
        "config.content.*",
        "Config.createdBy",
        "connectionId ",
    ],
)
def test_an_unknown_mask_is_400_with_the_allowed_ones(here: Place, mask: str):
    refused = here.patch(here.installed(), ["connectionId", mask], connectionId=NOBODY)

    assert (refused.status, refused.issue_names) == (400, ["updateMask[1]"])
    assert refused.json["detail"] == "Invalid update mask"
    assert "'config.content.write.objects'" in refused.json["remedy"]
    assert refused.json["remedy"].endswith("'config.content.proxy.enabled'")


@pytest.mark.parametrize(
    ("mask", "installation"),
    [
        ("connectionId", {}),
        ("config.createdBy", {}),
        ("config.createdBy", {"config": {}}),
        ("config.content.proxy.enabled", {"config": {"content": {"proxy": {}}}}),
        ("config.content.read.objects.lead", {"config": {"content": {"read": {}}}}),
        ("config.content.read.objects.contact.disabled", {"config": {"content": {}}}),
        ("config.content.write.objects", {"config": {"content": {"write": {}}}}),
        ("config.content.subscribe.objects", {"config": {}}),
    ],
)
def test_a_mask_without_a_value_is_400(here: Place, mask: str, installation: dict[str, Any]):
    refused = here.patch(here.installed(), [mask], **installation)

    assert (refused.status, refused.issue_names) == (400, [f"installation.{mask}"])
    assert refused.json["detail"] == "value not found for mask"


@pytest.mark.parametrize("action", ["read", "write", "subscribe"])
def test_an_object_that_the_manifest_lacks_is_refused(here: Place, action: str):
    given = {action: reads(task={"objectName": "task"})}

    refused = here.configure(here.installed(), f"{action}.objects.task", **given)

    name = f"installation.config.content.{action}.objects.task"
    assert (refused.status, refused.issue_names) == (400, [name])


def test_a_config_that_is_not_allowed_is_400_here(here: Place):
    given = reads(contact={**CONTACT, "schedule": "* * * * *"})

    refused = here.configure(here.installed(), f"{READ}.contact", read=given)

    name = "installation.config.content.read.objects.contact.schedule"
    assert (refused.status, refused.issue_names) == (400, [name])
