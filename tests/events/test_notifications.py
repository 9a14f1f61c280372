"""Every event of the contract comes from the calls and jobs that cause it, in its shape."""

from __future__ import annotations

from urllib.parse import urlsplit

from mockserver.resources import notifications
from mockserver.resources.webhook_messages import LARGEST
from tests import worlds
from tests.connecting import CONNECTIONS, GENERATE, TOKENS, by_block, generate, request
from tests.consenting import begin, consented
from tests.deploying import deploy, deployed
from tests.installing import CONTACT, LEAD, Place, place
from tests.listening import PROJECT, Ear, ear
from tests.worlds import GROUP, change, read_object, reading

SHORT = 60  # seconds: enough for a backfill, too short for a scheduled read
HOUR = 3600


def test_a_connection_that_is_generated_is_told_once(here: Ear):
    made = generate(here.client)

    assert here.told() == [
        {
            "notificationType": "connection.created",
            "data": {
                "projectId": made["projectId"],
                "connectionId": made["id"],
                "provider": "apollo",
                "groupRef": "group-1",
                "consumerRef": "user-1",
                "consumerName": "User One",
            },
        }
    ]


def test_connecting_again_is_no_new_connection(here: Ear):
    generate(here.client)
    here.forget()

    generate(here.client)

    assert here.types == []


def test_a_consent_makes_a_connection_and_only_the_callback_tells_of_it(here: Ear):
    url = begin(here.client)
    assert here.types == []

    consented(here.client, url)

    assert here.types == ["connection.created"]


def test_a_refresh_is_told(here: Ear):
    body = by_block("hubspot", "oauth2AuthorizationCode", TOKENS)
    made = here.client.post(GENERATE, body).json
    here.forget()

    here.client.get(f"{CONNECTIONS}/{made['id']}?refresh=ifExpired")
    assert here.types == []
    here.client.get(f"{CONNECTIONS}/{made['id']}?refresh=force")

    assert here.types == ["connection.refreshed"]


def test_a_refresh_that_fails_is_told_with_its_reason_twice(here: Ear):
    expiring = {"token": "refresh-1", "expiresAt": "2026-02-01T12:30:00Z"}
    tokens = {**TOKENS, "refreshToken": expiring}
    made = here.client.post(GENERATE, by_block("hubspot", "oauth2AuthorizationCode", tokens)).json
    here.advance(HOUR)
    here.forget()

    assert here.client.get(f"{CONNECTIONS}/{made['id']}?refresh=force").status == 400

    [told] = here.told()
    assert told["notificationType"] == "connection.error"
    assert "expired" in told["data"]["errors"][0]
    assert told["data"]["error"] == told["data"]["errors"]
    assert here.client.get(f"{CONNECTIONS}/{made['id']}").json["status"] == "bad_credentials"


def test_an_expired_token_is_refreshed_when_it_is_used(here: Ear):
    here.client.post(GENERATE, by_block("hubspot", "oauth2AuthorizationCode", TOKENS))
    here.advance(HOUR + 1)
    here.forget()

    path = f"{PROJECT}/providers/hubspot/objects/contacts/metadata?groupRef=group-1"
    assert here.client.get(path).status == 200

    assert here.types == ["connection.refreshed"]


def test_a_deleted_connection_is_told(here: Ear):
    made = generate(here.client)
    here.forget()

    here.client.delete(f"{CONNECTIONS}/{made['id']}")

    assert here.types == ["connection.deleted"]
    assert here.told()[0]["data"]["connectionId"] == made["id"]


def test_the_life_of_an_installation_is_told_in_order(here: Ear, spot: Place):
    made = spot.installed()
    here.advance(SHORT)
    lead = {"read": {"objects": {"lead": LEAD}}}
    assert spot.configure(made, "read.objects.lead", **lead).status == 200
    here.client.delete(f"{spot.path}/{made['id']}")

    created, done, updated, deleted, gone = here.told()

    assert [one["notificationType"] for one in (created, done, updated, deleted, gone)] == [
        "installation.created",
        "read.backfill.done",
        "installation.updated",
        "installation.deleted",
        "connection.deleted",
    ]
    assert created["data"]["config"] == made["config"]["content"]
    assert created["data"]["integrationName"] == spot.integration["name"]
    assert (created["data"]["groupRef"], created["data"]["groupName"]) == (GROUP, GROUP)
    assert done["data"]["objectName"] == "contact"
    assert updated["data"]["lastConfig"] == created["data"]["config"]
    assert updated["data"]["config"] == deleted["data"]["config"] != created["data"]["config"]
    assert gone["data"]["connectionId"] == spot.connection["id"]


def test_a_json_patch_is_an_update(here: Ear, spot: Place):
    made = spot.installed()
    here.forget()

    change = {"op": "replace", "path": "/disabled", "value": True}
    assert spot.json_patch("contact", {**change, "op": "add"}).status == 200

    assert here.types == ["installation.updated"]
    assert "disabled" not in here.told()[0]["data"]["lastConfig"]["read"]["objects"]["contact"]
    assert made["config"]["content"] == here.told()[0]["data"]["lastConfig"]


def test_a_destructive_deployment_updates_what_it_pauses(here: Ear):
    content = worlds.reading(
        worlds.read_object("contact", requiredFields=["email"]),
        worlds.read_object("lead", requiredFields=["lastname"]),
    )
    integration = deployed(here.client, content)
    spot = Place(here.client, integration, worlds.add_connection(here.mock, "salesforce"))
    spot.installed(spot.reading(contact=CONTACT))
    spot_content = worlds.reading(worlds.read_object("lead", requiredFields=["lastname"]))
    here.forget()

    assert deploy(here.client, spot_content, query="?destructive=true").status == 200

    [told] = here.told()
    assert told["notificationType"] == "installation.updated"
    assert told["data"]["config"]["read"]["objects"]["contact"]["disabled"] is True


def test_deleting_an_integration_tells_of_each_installation(here: Ear, spot: Place):
    worlds.add_connection(here.mock, group_ref="other-group")
    spot.installed()
    spot.installed(spot.body(groupRef="other-group"))
    here.forget()

    here.client.delete(f"{PROJECT}/integrations/{spot.integration['id']}")

    pair = ["installation.deleted", "connection.deleted"]
    assert here.types == pair * 2


def test_a_refused_call_tells_nothing(here: Ear, spot: Place):
    spot.installed()
    here.forget()

    assert spot.create(spot.reading(contact=CONTACT)).status == 400
    assert here.client.post(GENERATE, request(provider="nobody")).status == 422

    assert here.types == []


def test_a_disabled_webhook_is_told(here: Ear):
    with change(here.mock) as work:
        made = next(iter(work.tx.all("destinations")))
        notifications.webhook_disabled(work, {**made, "projectId": project_id(here)})

    [told] = here.told()
    assert told["notificationType"] == "destination.webhook.disabled"
    assert told["data"]["destinationId"] == made["id"]


def project_id(here: Ear) -> str:
    return worlds.project_id(here.mock)


def test_post_contract_events_are_sent_only_when_they_are_asked_for():
    for asked in (False, True):
        here = ear(emit_post_contract_events=asked)
        made = generate(here.client)
        body = {"updateMask": ["apiKey"], "connection": {"apiKey": "key-2"}}
        assert here.client.patch(f"{CONNECTIONS}/{made['id']}", body).status == 200

        wanted = ["connection.created", *(["connection.updated"] if asked else [])]
        assert here.types == wanted


def test_a_config_that_would_make_a_message_too_large_is_downloaded(here: Ear):
    names = {f"mapped{number:05d}": "phone" for number in range(6000)}
    spot = place(here.client, here.mock, reading(read_object("contact", requiredFields=["email"])))
    contact = {"objectName": "contact", "selectedFieldMappings": names}
    made = spot.installed(spot.reading(contact=contact))
    spot.configure(made, "read.objects.contact", read={"objects": {"contact": CONTACT}})

    created, updated = here.told()
    url = created["data"]["configURL"]
    assert "config" not in created["data"]
    parts = urlsplit(url)
    got = here.client.as_().call("GET", f"{parts.path}?{parts.query}", root=True)
    assert got.json == made["config"]["content"]
    assert "phone" in updated["data"]["config"]["read"]["objects"]["contact"]["selectedFields"]
    assert "lastConfigURL" in updated["data"]
    assert max(len(message.content) for message in here.messages) < LARGEST
