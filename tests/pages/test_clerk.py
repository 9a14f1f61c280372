"""The login of the CLI."""

from __future__ import annotations

import base64
import json
from typing import Any

import jwt
import pytest

from mockserver.resources import tokens
from mockserver.state.root import Root
from mockserver.state.transactions import RootTransaction
from tests.calls import JANE, NOTHING, OLIVIA
from tests.client import BUILDER, Client, Response
from tests.conftest import make_mock
from tests.consenting import form_of, query, submit

LOGIN = "/_clerk/login"
CLIENT = "/_clerk/v1/client?_clerk_js_version=4.50.1"
DONE = "http://localhost:3535/done"


@pytest.fixture
def browser(anonymous: Client) -> Client:
    return anonymous


def choose(browser: Client, builder: str, path: str = LOGIN, **changes: str) -> Response:
    page = browser.get(path, root=True)
    assert page.status == 200
    cookie = page.headers["set-cookie"].partition(";")[0]
    fields = {**form_of(page), "builder": builder, **changes}
    return submit(browser, LOGIN, fields, headers={"cookie": cookie})


def payload(answer: Response) -> dict[str, Any]:
    assert answer.status == 303
    found: dict[str, Any] = json.loads(base64.b64decode(query(answer.headers["location"])["p"]))
    return found


def session(browser: Client, **headers: str) -> list[Any]:
    answer = browser.get(CLIENT, root=True, headers=headers)
    assert answer.status == 200
    found: list[Any] = answer.json["response"]["sessions"]
    return found


def test_the_login_page_lists_the_builders_of_the_world(browser):
    text = browser.get(LOGIN, root=True).body.decode()
    for name in ("Jane Smith", "jane@mailmonkey.com", "Olivia Marsh", "Nora Quinn"):
        assert name in text


def test_the_front_door_leads_to_the_login_page(browser):
    for path in ("/_clerk", "/_clerk/"):
        answer = browser.get(path, root=True)
        assert (answer.status, answer.headers["location"]) == (302, LOGIN)


def test_a_login_goes_back_to_the_waiting_cli(browser):
    answer = choose(browser, JANE)
    assert answer.headers["location"].startswith(f"{DONE}?p=")
    found = payload(answer)
    assert found.keys() == {"userId", "sessionId", "token", "cookies"}
    assert found["userId"] == "user_jane"
    assert found["sessionId"].startswith("sess_")
    assert found["cookies"] == {"__client": found["token"]}


def test_the_cli_gets_a_token_that_the_api_takes(browser):
    cookies = payload(choose(browser, OLIVIA))["cookies"]
    sent = "; ".join(f"{name}={value}" for name, value in cookies.items())
    [only] = session(browser, cookie=sent)
    token = only["last_active_token"]["jwt"]
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims["email"] == "olivia@globex.example"
    info = browser.as_(bearer=token).get("/my-info")
    assert info.json["builder"]["id"] == OLIVIA


def test_other_stages_send_their_token_in_the_query(browser):
    token = payload(choose(browser, JANE))["token"]
    answer = browser.get(f"{CLIENT}&__dev_session={token}", root=True)
    [only] = answer.json["response"]["sessions"]
    assert browser.as_(bearer=only["last_active_token"]["jwt"]).get("/my-info").status == 200


def test_a_session_outlives_the_tokens_it_gives(browser, advance):
    cookie = f"__client={payload(choose(browser, JANE))['token']}"
    [first] = session(browser, cookie=cookie)
    advance(86_400)
    old = browser.as_(bearer=first["last_active_token"]["jwt"])
    assert old.get("/my-info").status == 401
    [second] = session(browser, cookie=cookie)
    fresh = browser.as_(bearer=second["last_active_token"]["jwt"])
    assert fresh.get("/my-info").status == 200
    advance(29 * 86_400)
    assert session(browser, cookie=cookie) == []


@pytest.mark.parametrize("cookie", ["", "__client=", "__client=forged", "__client=a.b.c", "x"])
def test_strangers_have_no_session(browser, cookie):
    assert session(browser, cookie=cookie) == []


def test_a_token_of_the_fixture_is_a_session_too(browser):
    [only] = session(browser, cookie="__client=mock-builder-token")
    claims = jwt.decode(only["last_active_token"]["jwt"], options={"verify_signature": False})
    assert claims["email"] == "jane@mailmonkey.com"


@pytest.mark.parametrize("target", [DONE, "http://127.0.0.1:3535/done"])
def test_both_names_of_this_machine_may_be_returned_to(browser, target):
    answer = choose(browser, JANE, f"{LOGIN}?redirect_url={target}")
    assert answer.headers["location"].startswith(f"{target}?p=")


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example.com/done",
        "http://localhost:3535.evil.example.com/done",
        "http://localhost:3535@evil.example.com/done",
        "//evil.example.com",
        "javascript:alert(1)",
        "",
    ],
)
def test_nothing_else_is_returned_to(browser, target):
    page = browser.get(f"{LOGIN}?redirect_url={target}", root=True)
    assert page.status == 400
    assert "<form" not in page.body.decode()
    answer = choose(browser, JANE, redirect_url=target)
    assert answer.status == 400
    assert "location" not in answer.headers


def test_an_unknown_builder_is_not_logged_in(browser):
    for builder in (NOTHING, ""):
        answer = choose(browser, builder)
        assert answer.status == 400
        assert "not known" in answer.body.decode()


def test_a_form_of_somebody_else_is_refused(browser):
    page = browser.get(LOGIN, root=True)
    fields = {**form_of(page), "builder": JANE}
    cookie = page.headers["set-cookie"].partition(";")[0]
    assert submit(browser, LOGIN, fields).status == 400
    assert submit(browser, LOGIN, fields, headers={"cookie": f"{cookie}x"}).status == 400
    forged = {**fields, "csrf": "0" * 64}
    assert submit(browser, LOGIN, forged, headers={"cookie": cookie}).status == 400


def test_the_login_page_is_protected(browser):
    headers = browser.get(LOGIN, root=True).headers
    assert (
        "form-action 'self' http://localhost:3535 http://127.0.0.1:3535"
        in (headers["content-security-policy"])
    )
    assert "HttpOnly" in headers["set-cookie"]
    assert "SameSite=Strict" in headers["set-cookie"]


def test_names_cannot_break_out_of_the_login_page(client, browser):
    token = "mock-newcomer-token"
    hostile = '"><script>alert(1)</script>@evil.example.com'
    minted = tokens.builder(
        client.mock.settings.token_secret,
        email=hostile,
        subject=token,
        issued=1_769_947_200,
        lifetime=600,
    )
    assert browser.as_(bearer=minted).get("/my-info").status == 200
    text = browser.get(LOGIN, root=True).body.decode()
    assert "<script" not in text
    assert "evil.example.com" in text


def test_a_builder_without_an_address_has_no_session():
    mock = make_mock()
    mock.sandbox.root = _without_address(mock.sandbox.root)

    answer = Client(mock, key=None).get(f"{CLIENT}&__dev_session={BUILDER}", root=True)

    assert (answer.status, answer.json["response"]["sessions"]) == (200, [])


def _without_address(root: Root) -> Root:
    transaction = RootTransaction(root)
    jane = dict(transaction.get("builders", JANE) or {})
    del jane["primaryEmail"]
    transaction.put("builders", JANE, jane)
    return transaction.committed()
