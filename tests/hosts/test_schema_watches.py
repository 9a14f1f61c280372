"""Integrations that watch the schema hear how the fields of a customer's objects change."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.resources.webhook_messages import LARGEST
from tests import worlds
from tests.describing import FIELD, PROJECT
from tests.hosting import Hosted, install
from tests.worlds import GROUP, read_object, reading

HOUR, DAY = 3600, 86_400
ALL = {name: {"enabled": "always"} for name in ("fieldCreated", "fieldDeleted", "fieldChanged")}


def watching(
    schedule: str | None = "0 * * * *", reports: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Return an integration that reads accounts as companies and contacts, and watches both."""
    watch = {"destination": "contactWebhook", "allObjects": ALL if reports is None else reports}
    return reading(
        read_object("account", mapToName="companies", requiredFields=["name"]),
        read_object("contact", requiredFields=["email"]),
        watchSchema={**watch, **({"schedule": schedule} if schedule else {})},
    )


def installed(manifest: dict[str, Any] | None = None) -> Hosted:
    return install(manifest or watching(), read={"account": {}})


def define(here: Hosted, name: str = "account", group: str = GROUP, **changes: Any) -> None:
    """Create a field, or change it."""
    body = {"groupRef": group, "fields": {name: [{**FIELD, **changes}]}}
    answer = here.client.put(f"{PROJECT}/providers/salesforce/object-metadata", body)
    assert answer.status == 200, answer.body


def reports(here: Hosted) -> list[dict[str, Any]]:
    return here.heard("schema.watch")


def test_a_new_field_is_reported_with_the_next_tick_and_only_then():
    here = installed()
    define(here)
    assert reports(here) == []

    here.ear.advance(HOUR)
    here.ear.advance(DAY)

    (told,) = reports(here)
    (field,) = told["result"]["createdFields"]
    assert (field["fieldName"], field["displayName"]) == ("deal_score__c", "Deal Score")
    assert field["isCustom"] is True
    assert (told["result"]["changedFields"], told["result"]["deletedFields"]) == ([], [])
    assert told["action"] == "schema.watch"
    assert (told["objectName"], told["rawObjectName"]) == ("companies", "account")
    assert (told["groupRef"], told["installationId"]) == (GROUP, here.made["id"])
    assert told["operationTime"] == "2026-02-01T13:00:00.000000Z"


def test_a_changed_field_is_reported_as_it_was_and_as_it_is():
    here = installed()
    define(here)
    here.ear.advance(HOUR)
    define(here, displayName="Score of the deal")
    here.ear.advance(HOUR)

    (changed,) = reports(here)[1]["result"]["changedFields"]
    assert changed["oldSchema"]["displayName"] == "Deal Score"
    assert changed["newSchema"]["displayName"] == "Score of the deal"


def test_each_object_has_a_report_of_its_own():
    here = installed()
    define(here, "contact")
    define(here, "account")
    here.ear.advance(HOUR)

    assert [told["rawObjectName"] for told in reports(here)] == ["account", "contact"]


def test_only_the_reports_that_the_manifest_turns_on_are_sent():
    here = installed(watching(reports={"fieldChanged": {"enabled": "always"}}))
    define(here)
    here.ear.advance(HOUR)
    assert reports(here) == []
    define(here, displayName="Score of the deal")
    here.ear.advance(HOUR)

    assert [len(told["result"]["changedFields"]) for told in reports(here)] == [1]


def test_fields_of_other_groups_and_other_objects_are_not_reported():
    here = installed()
    worlds.add_connection(here.mock, group_ref="others", consumer_ref="other")
    define(here, group="others")
    define(here, "lead")
    here.ear.advance(HOUR)

    assert reports(here) == []


@pytest.mark.parametrize(("after", "count"), [(11 * HOUR, 0), (12 * HOUR, 1)])
def test_without_a_schedule_it_is_looked_once_a_day_at_midnight(after: int, count: int):
    here = installed(watching(schedule=None))  # at noon
    define(here)
    here.ear.advance(after)

    assert len(reports(here)) == count


def test_a_provider_that_does_not_answer_is_asked_again_with_the_next_tick():
    here = installed()
    define(here)
    here.drill("provider_throttled", groupRef=GROUP)
    here.ear.advance(HOUR)
    assert reports(here) == []
    assert here.ear.control().delete("/drills/provider_throttled").status == 204
    here.ear.advance(HOUR)

    assert len(reports(here)) == 1


def test_a_deleted_installation_watches_nothing_any_more():
    here = installed()
    worlds.add_connection(here.mock, group_ref=GROUP, consumer_ref="another")
    define(here)
    assert here.client.delete(f"{here.place.path}/{here.made['id']}").status == 204
    here.ear.advance(HOUR)

    assert reports(here) == []


def test_an_installation_follows_the_manifest_that_it_is_updated_to():
    here = installed(watching(schedule="0 0 * * *"))
    account = {"account": {"objectName": "account"}}

    def update(manifest: dict[str, Any]) -> None:
        worlds.add_revision(here.mock, here.place.integration, manifest)
        answer = here.place.configure(here.made, "read.objects.account", read={"objects": account})
        assert answer.status == 200, answer.body

    define(here)
    update(watching(schedule="0 * * * *"))
    here.ear.advance(HOUR)
    assert len(reports(here)) == 1

    define(here, fieldName="Other_Score")
    update(reading(read_object("account", requiredFields=["name"])))
    here.ear.advance(DAY)
    assert len(reports(here)) == 1


def test_a_report_stays_below_the_size_of_a_message_and_loses_nothing():
    here = installed()
    names = [f"Score{number}" for number in range(1500)]
    fields = [{**FIELD, "fieldName": name, "displayName": "x" * 200} for name in names]
    body = {"groupRef": GROUP, "fields": {"account": fields}}
    path = f"{PROJECT}/providers/salesforce/object-metadata"
    assert here.client.put(path, body).status == 200
    here.ear.advance(HOUR)

    sent = here.sent("schema.watch")
    assert len(sent) > 1
    assert max(map(len, sent)) <= LARGEST
    told = [field for one in reports(here) for field in one["result"]["createdFields"]]
    assert [field["fieldName"] for field in told] == [f"{name.lower()}__c" for name in names]
