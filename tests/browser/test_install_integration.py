"""The published React library installs integrations, in a browser, against a running mock.

Everything is done with the frontend key; what became of it is asked with the full one.
"""

from __future__ import annotations

from tests.browser.backend import Backend
from tests.browser.visits import Visit

#: The fields of contacts that the manifest demands: the library sends only the optional ones.
_REQUIRED = {"email", "first_name"}


def test_an_api_key_connects_and_a_click_installs(visit: Visit, backend: Backend):
    visit.open(integration="my-integration")
    visit.connect_with_key("apollo-key-1")
    visit.box("Phone").click()

    connection = backend.connection()
    assert (connection["authScheme"], connection["apiKey"]) == ("apiKey", "apollo-key-1")
    assert connection["group"]["groupName"] == "Test Group"
    assert connection["consumer"]["consumerName"] == "Test User"
    assert backend.installations("my-integration") == []

    visit.button("Install").click()
    visit.sees("installed ")

    (installation,) = backend.installations("my-integration")
    visit.hears("installed", installation["id"])
    contacts = installation["config"]["content"]["read"]["objects"]["contacts"]
    assert backend.chosen("my-integration") == {*_REQUIRED, "phone"}
    assert contacts["schedule"] == "*/30 * * * *"
    assert contacts["destination"] == "defaultWebhook"
    assert installation["connection"]["id"] == connection["id"]


def test_fields_and_written_objects_of_an_installation_are_edited(visit: Visit, backend: Backend):
    installed = _install(visit, backend)

    visit.tab("Contacts").click()
    visit.box("Title").click()
    visit.button("Save").click()
    visit.hears("updated", installed)
    assert backend.chosen("my-integration") == {*_REQUIRED, "title"}

    visit.tab("Write").click()
    visit.box("Contacts").click()
    visit.button("Save").click()
    visit.hears("updated", installed, times=2)

    (installation,) = backend.installations("my-integration")
    content = installation["config"]["content"]
    assert content["write"] == {"objects": {"contacts": {"objectName": "contacts"}}}
    assert backend.chosen("my-integration") == {*_REQUIRED, "title"}

    visit.open(integration="my-integration")

    visit.sees("Reading from Contacts is enabled.")
    visit.sees_ticked("Title")
    visit.sees_ticked("Phone", False)


def test_reading_an_object_is_paused_and_taken_up_again(visit: Visit, backend: Backend):
    _install(visit, backend)
    before = backend.contacts("my-integration")
    visit.tab("Contacts").click()

    visit.button("Stop reading from Contacts").click()
    visit.button("Stop reading").click()
    visit.sees("Reading is currently disabled")
    assert backend.contacts("my-integration") == {**before, "disabled": True}

    visit.button("Re-enable reading from Contacts").click()
    visit.sees("Reading from Contacts is enabled.")
    assert backend.contacts("my-integration") == {**before, "disabled": False}


def test_an_api_key_is_replaced_on_the_manage_tab(visit: Visit, backend: Backend):
    _install(visit, backend)
    before = backend.connection()

    visit.tab("Manage").click()
    visit.connect_with_key("apollo-key-2")
    visit.sees("Connection updated successfully")

    after = backend.connection()
    assert (before["apiKey"], after["apiKey"]) == ("apollo-key-1", "apollo-key-2")
    assert after["id"] == before["id"]


def test_uninstalling_takes_the_unused_connection_with_it_and_one_can_begin_again(
    visit: Visit, backend: Backend
):
    installed = _install(visit, backend)

    visit.tab("Manage").click()
    visit.button("Yes, uninstall").click()
    visit.sees("Integration successfully uninstalled.")
    visit.hears("uninstalled", installed)
    assert backend.installations("my-integration") == []
    assert backend.connections() == []

    visit.button("Reinstall Integration").click()
    visit.connect_with_key("apollo-key-2")
    visit.button("Install").click()
    visit.sees("Allow MailMonkey to write to these objects")
    (installation,) = backend.installations("my-integration")
    assert installation["id"] != installed
    assert backend.connection()["apiKey"] == "apollo-key-2"


def test_a_username_and_a_password_connect(visit: Visit, backend: Backend):
    visit.open(integration="basic-integration")
    visit.page.get_by_placeholder("Username").fill("jane")
    visit.page.get_by_placeholder("Password").fill("hunter2")
    visit.button("Next").click()
    visit.button("Install").click()
    visit.sees("installed ")

    (installation,) = backend.installations("basic-integration")
    connection = backend.connection()
    assert (connection["provider"], connection["authScheme"]) == ("gong", "basic")
    assert installation["connection"]["id"] == connection["id"]


def test_a_group_sees_nothing_of_another_groups_connection(visit: Visit, backend: Backend):
    stranger = {"groupRef": "another-group", "consumerRef": "user-2", "provider": "apollo"}
    backend.post("/connections:generate", {**stranger, "apiKey": "their-key"})

    visit.open(integration="my-integration")
    visit.sees("Set up Apollo integration")

    assert backend.connections() == []


def _install(visit: Visit, backend: Backend) -> str:
    """Connect and install with nothing ticked; return the installation's id."""
    visit.open(integration="my-integration")
    visit.connect_with_key("apollo-key-1")
    visit.button("Install").click()
    visit.sees("installed ")
    (installation,) = backend.installations("my-integration")
    return str(installation["id"])
