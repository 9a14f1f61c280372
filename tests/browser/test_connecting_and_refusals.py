"""The published React library connects without installing, with a JWT, and meets refusals."""

from __future__ import annotations

import subprocess
import sys

from tests.browser.backend import Backend
from tests.browser.visits import Visit

#: What the browser and the library log of a problem with status 400.
_BAD_REQUEST = ("status of 400 (Bad Request)", "Bad Request (400)", "[Error Message]", "[Remedy]")


def test_a_connection_is_made_and_removed_without_an_integration(visit: Visit, backend: Backend):
    visit.open(component="connect", provider="apollo")
    visit.connect_with_key("apollo-key-1")
    visit.sees("You have successfully connected your Apollo account to MailMonkey.")
    connection = backend.connection()
    assert connection["apiKey"] == "apollo-key-1"

    visit.button("Update connection").click()
    visit.button("Remove connection").click()
    visit.hears("disconnected", connection["id"])
    visit.page.get_by_placeholder("Paste your API key here").wait_for()
    assert backend.connections() == []


def test_a_provider_with_a_consent_page_is_connected_without_an_integration(
    visit: Visit, backend: Backend
):
    visit.open(component="connect", provider="hubspot")
    visit.consent("Approve")
    visit.sees("You have successfully connected your HubSpot account to MailMonkey.")

    assert backend.connection()["provider"] == "hubspot"


def test_a_connection_in_use_is_not_removed(visit: Visit, backend: Backend):
    visit.expects(*_BAD_REQUEST, "Error deleting connection")
    visit.open(component="connect", provider="apollo")
    visit.connect_with_key()
    visit.button("Update connection").click()
    _install(backend)

    with visit.page.expect_response(lambda answer: answer.request.method == "DELETE"):
        visit.button("Remove connection").click()

    assert len(backend.connections()) == 1


def test_a_customer_token_connects_and_installs(visit: Visit, backend: Backend):
    visit.open(integration="my-integration", token=_token(visit.group))
    visit.connect_with_key("apollo-key-1")
    visit.button("Install").click()
    visit.sees("installed ")

    assert len(backend.connections()) == 1
    assert len(backend.installations("my-integration")) == 1


def test_a_wrong_key_is_told_to_the_page_in_words(visit: Visit):
    visit.expects(
        "status of 401 (Unauthorized) [/v1/projects/my-project]",
        "status of 401 (Unauthorized) [/v1/projects/my-project/integrations]",
        "Error (401): Unauthorized",
        "[Error Message] unknown API key",
        "[Remedy] use a key of",
    )
    visit.open(integration="my-integration", key="wrong")

    visit.sees("Error loading project my-project")  # all that this version shows


def test_a_refusal_is_shown_with_its_remedy(visit: Visit, backend: Backend):
    visit.expects(*_BAD_REQUEST, "Error creating installation")
    visit.open(integration="my-integration")
    visit.connect_with_key()
    visit.button("Install").wait_for()
    _install(backend)  # in another window, meanwhile

    visit.button("Install").click()

    visit.sees("already")
    visit.sees("[Remedy]")
    assert len(backend.installations("my-integration")) == 1


def _install(backend: Backend) -> None:
    content = {"provider": "apollo", "read": {"objects": {"contacts": {"objectName": "contacts"}}}}
    (connection,) = backend.connections()
    body = {"groupRef": backend.group, "connectionId": connection["id"]}
    backend.post(
        "/integrations/my-integration/installations", {**body, "config": {"content": content}}
    )


def _token(group: str) -> str:
    """Mint a customer token as users do."""
    command = [sys.executable, "-m", "mockserver", "token", "customer", "--fixture", "frontend"]
    command += ["--group", group, "--consumer", "user-1"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
