"""The published React library connects by OAuth: popup, consent page, message, all in a browser."""

from __future__ import annotations

from tests.browser.backend import Backend
from tests.browser.visits import Visit

_DENIED = "The customer did not allow access."
#: The page that tells of a failure is answered with 400, and the library logs what it was told.
_OF_DENIAL = ("status of 400 (Bad Request) [/callbacks/v1/oauth]", "OAuth failed:")

#: Next on the Manage tab is a submit button inside the form of the fields: once in a while the
#: library then tries to save them as well, finds none, and says so.
_SUBMITTED_TOO = "onSaveRead missing required props"


def test_approving_connects_and_the_integration_can_be_installed(visit: Visit, backend: Backend):
    visit.open(integration="oauth-integration")
    visit.consent("Approve")
    visit.box("Job Title").click()

    connection = backend.connection()
    assert connection["authScheme"] == "oauth2/authorizationCode"
    assert connection["providerApp"]["provider"] == "hubspot"
    assert connection["consumer"]["consumerRef"] == "user-1"

    visit.button("Install").click()
    visit.sees("installed ")

    (installation,) = backend.installations("oauth-integration")
    assert installation["connection"]["id"] == connection["id"]
    assert backend.chosen("oauth-integration") == {"email", "firstname", "jobtitle"}


def test_the_consent_page_says_who_asks_for_what(visit: Visit, backend: Backend):
    visit.open(integration="oauth-integration")
    popup = visit.asked_by_popup()

    text = popup.locator("main").inner_text()
    assert "MailMonkey wants to use your HubSpot account" in text
    assert "Test User" in text
    assert "Test Group" in text
    assert "crm.objects.contacts.read" in text
    assert popup.url.startswith(f"{visit.server}/_provider/oauth/authorize?")
    assert backend.connections() == []


def test_denying_shows_why_and_one_can_try_again(visit: Visit, backend: Backend):
    visit.expects(*_OF_DENIAL)
    visit.open(integration="oauth-integration")
    visit.consent("Deny")
    visit.sees(_DENIED)
    assert backend.connections() == []

    visit.open(integration="oauth-integration")  # the library asks for a new page after a failure
    visit.consent("Approve")
    visit.button("Install").wait_for()
    assert len(backend.connections()) == 1


def test_signing_in_again_renews_the_tokens(visit: Visit, backend: Backend):
    visit.forgives(_SUBMITTED_TOO)
    _install(visit)
    before = backend.connection()

    visit.tab("Manage").click()
    visit.consent("Approve")
    visit.sees("Connection updated successfully")

    after = backend.connection()
    assert after["id"] == before["id"]
    assert _access_token(after) != _access_token(before)


def test_denying_to_sign_in_again_leaves_the_connection_as_it_was(visit: Visit, backend: Backend):
    visit.expects(*_OF_DENIAL)
    visit.forgives(_SUBMITTED_TOO)
    _install(visit)
    before = backend.connection()

    visit.tab("Manage").click()
    visit.consent("Deny")
    visit.sees(_DENIED)

    assert backend.connection() == before


def test_uninstalling_takes_the_connection_with_it(visit: Visit, backend: Backend):
    _install(visit)

    visit.tab("Manage").click()
    visit.button("Yes, uninstall").click()
    visit.sees("Integration successfully uninstalled.")

    assert backend.installations("oauth-integration") == []
    assert backend.connections() == []


def _install(visit: Visit) -> None:
    visit.open(integration="oauth-integration")
    visit.consent("Approve")
    visit.button("Install").click()
    visit.sees("installed ")


def _access_token(connection: dict[str, dict[str, dict[str, str]]]) -> str:
    return connection["oauth2AuthorizationCode"]["accessToken"]["token"]
