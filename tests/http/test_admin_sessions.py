"""The dashboard's way in: the token is exchanged once, for a cookie that scripts cannot read."""

from __future__ import annotations

from http.cookies import SimpleCookie

import pytest

from mockserver.http.sessions import Sessions
from tests.client import Client, Response
from tests.conftest import make_mock

TOKEN = "let-me-in-please"
HOST = "mock.internal:4010"
SAME = {"sec-fetch-site": "same-origin"}


@pytest.fixture(scope="module")
def control() -> Client:
    mock = make_mock(host="0.0.0.0", admin_token=TOKEN)
    return Client(mock, key=None, prefix="/__admin", headers={"host": HOST})


def cookie_of(answer: Response) -> str:
    """Return what a browser sends back."""
    (morsel,) = SimpleCookie(answer.headers["set-cookie"]).values()
    return f"{morsel.key}={morsel.value}"


@pytest.fixture(scope="module")
def cookie(control: Client) -> str:
    answer = control.post("/session", headers={"x-mock-admin-token": TOKEN})
    assert answer.status == 204
    return cookie_of(answer)


def test_the_cookie_is_kept_from_scripts_and_other_sites(control: Client):
    answer = control.post("/session", headers={"authorization": f"Bearer {TOKEN}"})
    (morsel,) = SimpleCookie(answer.headers["set-cookie"]).values()
    assert (morsel.key, morsel["httponly"], morsel["samesite"], morsel["path"]) == (
        "mockserver-admin-4010",
        True,
        "Strict",
        "/",
    )
    assert not morsel["domain"]
    assert not morsel["expires"]
    assert not morsel["secure"]
    assert TOKEN not in morsel.value
    assert len(morsel.value) >= 40


def test_over_tls_the_cookie_goes_no_other_way():
    assert Sessions(4010).begin(secure=True).endswith(b"; Secure")


def test_a_browser_with_the_cookie_may_look_and_change(control: Client, cookie: str):
    assert control.get("/clock", headers={"cookie": f"theme=dark; {cookie}"}).status == 200
    assert control.delete("/progressions", headers={"cookie": cookie, **SAME}).status == 204
    origin = {"origin": f"http://{HOST}"}
    assert control.delete("/progressions", headers={"cookie": cookie, **origin}).status == 204


@pytest.mark.parametrize(
    "headers",
    [
        {},  # nothing says which page it was
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://mock.internal:9999"},
        {"origin": "https://evil.example", **SAME},
    ],
)
def test_the_cookie_alone_changes_nothing(control: Client, cookie: str, headers: dict[str, str]):
    answer = control.delete("/progressions", headers={"cookie": cookie, **headers})
    assert answer.status == 403
    assert "origin" in answer.json["detail"] or "which page" in answer.json["detail"]


def test_the_cookie_does_not_make_a_form_acceptable(control: Client, cookie: str):
    form = {"content-type": "text/plain", "cookie": cookie, **SAME}
    assert control.delete("/progressions", headers=form).status == 415


def test_the_session_is_not_given_without_the_token(control: Client):
    answer = control.post("/session", {"token": TOKEN})
    assert answer.status == 401
    assert "set-cookie" not in answer.headers
    assert control.post("/session", headers={"x-mock-admin-token": "wrong"}).status == 401


@pytest.mark.parametrize("prefix", ["", "/__sandbox/other"])
def test_the_printed_address_is_exchanged_for_a_cookie_and_left(control: Client, prefix: str):
    path = f"{prefix}/__admin/ui?sandbox=a%20b&token={TOKEN}&x="
    answer = control.call("GET", path, root=True, headers={"sec-fetch-site": "none"})
    assert answer.status == 303
    assert answer.headers["location"] == f"{prefix}/__admin/ui?sandbox=a+b"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert control.get("/clock", headers={"cookie": cookie_of(answer)}).status == 200


def test_the_printed_address_without_anything_else_leads_to_the_page(control: Client):
    answer = control.get(f"/ui/deliveries?token={TOKEN}")
    assert (answer.status, answer.headers["location"]) == (303, "/__admin/ui/deliveries")


def test_no_other_token_in_the_address_is_taken(control: Client):
    answer = control.get("/ui?token=wrong")
    assert answer.status == 401
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/ui", "/ui?token=", "/ui/app.js"])
def test_the_page_that_asks_for_the_token_is_open_and_opens_nothing(control: Client, path: str):
    answer = control.get(path)
    assert answer.status == 200
    assert "set-cookie" not in answer.headers
    assert TOKEN not in answer.body.decode()


def test_the_token_counts_in_the_address_of_pages_only(control: Client):
    assert control.get(f"/clock?token={TOKEN}").status == 401
    assert control.post(f"/ui?token={TOKEN}").status == 401


def test_where_there_is_no_token_there_is_no_cookie():
    local = Client(make_mock(), key=None, prefix="/__admin")
    answer = local.post("/session")
    assert answer.status == 204
    assert "set-cookie" not in answer.headers


def test_sessions_are_those_of_one_server_and_bounded():
    sessions, other = Sessions(4010), Sessions(4010)
    first = sessions.begin(secure=False).partition(b";")[0]
    assert sessions.knows([first])
    assert not other.knows([first])
    assert not Sessions(4011).knows([first])
    for _ in range(256):
        last = sessions.begin(secure=False).partition(b";")[0]
    assert not sessions.knows([first])
    assert sessions.knows([b"a=b", b"c=d; " + last])
