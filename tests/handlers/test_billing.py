"""Billing accounts and the pretend billing portal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests import calls
from tests.client import Client
from tests.conftest import make_mock

ACCOUNT = f"/orgs/{calls.ACME}/billingAccount"
SESSION = f"/billingAccounts/{calls.BILLING_ACCOUNT}/portalSession"
ASK = {"redirectUrl": "https://app.mailmonkey.com/billing"}
HOST = "http://127.0.0.1:4010"


def open_page(client: Client, url: str) -> Any:
    assert url.startswith(f"{HOST}/_provider/billing/")
    return client.get(url.removeprefix(HOST), root=True)


@pytest.mark.parametrize("caller", [{"key": "mock-full-key"}, {"bearer": calls.MEMBER}])
def test_an_organization_has_a_billing_account(client: Client, caller: dict[str, str]):
    account = client.as_(**caller).get(ACCOUNT)

    assert (account.status, account.json["id"]) == (200, calls.BILLING_ACCOUNT)
    assert "orgId" not in account.json


def test_an_organization_without_an_account_is_404(client: Client):
    refused = client.as_(bearer=calls.OUTSIDER).get(f"/orgs/{calls.GLOBEX}/billingAccount")

    assert (refused.status, refused.issue_names) == (404, ["orgId"])


def test_a_session_opens_a_page_that_leads_back(client: Client):
    session = client.post(SESSION, ASK)

    assert session.status == 200
    assert session.json.keys() == {"url"}
    page = open_page(client, session.json["url"])
    assert page.status == 200
    assert b"Acme Inc" in page.body
    assert b"https://app.mailmonkey.com/billing" in page.body


def test_every_session_has_a_page_of_its_own(client: Client):
    assert len({client.post(SESSION, ASK).json["url"] for _ in range(3)}) == 3


@pytest.mark.parametrize(("asked", "seconds"), [({}, 3600), ({"timeout": 90}, 90)])
def test_a_page_expires_by_the_clock(
    client: Client, advance: Callable[[float], None], asked: dict[str, int], seconds: int
):
    url = client.post(SESSION, {**ASK, **asked}).json["url"]

    advance(seconds - 1)
    in_time = open_page(client, url)
    advance(1)
    too_late = open_page(client, url)

    assert (in_time.status, too_late.status) == (200, 404)


@pytest.mark.parametrize("timeout", [0, -1, 86_401, 2**62])
def test_a_timeout_is_of_one_second_to_a_day(client: Client, timeout: int):
    refused = client.post(SESSION, {**ASK, "timeout": timeout})

    assert (refused.status, refused.issue_names) == (422, ["timeout"])


@pytest.mark.parametrize("url", ["", "javascript:alert(1)", "app.mailmonkey.com", "ftp://a.b"])
def test_the_way_back_is_a_web_address(client: Client, url: str):
    refused = client.post(SESSION, {"redirectUrl": url})

    assert (refused.status, refused.issue_names) == (422, ["redirectUrl"])


def test_the_account_of_another_organization_is_403(client: Client):
    assert client.as_(bearer=calls.OUTSIDER).post(SESSION, ASK).status == 403
    assert client.as_(key="mock-globex-key").post(SESSION, ASK).status == 403


def test_an_unknown_account_is_404(client: Client):
    assert client.post(f"/billingAccounts/{calls.NOTHING}/portalSession", ASK).status == 404


def test_the_public_url_is_where_the_page_is_said_to_be():
    client = Client(make_mock(public_url="https://mock.example.com/"))

    url = client.post(SESSION, ASK).json["url"]

    assert url.startswith("https://mock.example.com/_provider/billing/")
