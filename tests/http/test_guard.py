"""Who may use the control plane: this machine, or whoever has the token; never another site."""

from __future__ import annotations

from typing import Any

import pytest

from tests.client import Client, Response
from tests.conftest import make_mock

TOKEN = "let-me-in-please"
FORM = "application/x-www-form-urlencoded"
SITE = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
HOME = {"host": "127.0.0.1:4010", "origin": "http://127.0.0.1:4010"}


@pytest.fixture(scope="module")
def local() -> Client:
    """Call a mock that only this machine reaches."""
    return Client(make_mock(), key=None, prefix="/__admin")


@pytest.fixture(scope="module")
def guarded() -> Client:
    """Call a mock that others reach too, without the token."""
    mock = make_mock(host="0.0.0.0", admin_token=TOKEN)
    return Client(mock, key=None, prefix="/__admin")


def ask(client: Client, method: str = "GET", path: str = "/clock", **headers: str) -> Response:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.call(method, path, headers=sent)


def refused(answer: Response, status: int) -> str:
    assert answer.status == status, answer.body
    assert answer.media_type == "application/problem+json"
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert answer.json["remedy"]
    detail: str = answer.json["detail"]
    return detail


# ---------------------------------------------------------------------------- without a token


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1:4010",
        "127.0.0.1",
        "127.8.9.10:80",
        "localhost:4010",
        "LocalHost",
        "localhost.",
        "localhost.:4010",
        "team.localhost:4010",
        "[::1]:4010",
        "[::1]",
        "[::ffff:127.0.0.1]:4010",
    ],
)
def test_names_of_this_machine_may_call(local: Client, host: str):
    assert ask(local, host=host).status == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:4010",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "evillocalhost",
        "mailmonkey.withampersand.com",
        "0.0.0.0:4010",
        "192.168.1.5:4010",
        "[::]:4010",
        "[2001:db8::1]:4010",
        "127.0.0.1:4010@evil.example",
        "127.0.0.1:port",
        "127.0.0.1 evil.example",
        "[::1",
        "",
    ],
)
def test_a_name_that_was_pointed_here_is_refused(local: Client, host: str):
    # DNS rebinding: the page of evil.example, whose name leads to 127.0.0.1 by now.
    assert "names of this machine" in refused(ask(local, host=host), 403)


def test_a_request_without_a_host_or_with_two_is_refused(local: Client):
    answer = local.call("GET", "/clock", headers={"host": None})
    assert "0 names" in refused(answer, 403)


@pytest.mark.parametrize("path", ["/health", "/version"])
def test_health_and_version_are_open_to_everybody(local: Client, guarded: Client, path: str):
    for client in (local, guarded):
        answer = ask(client, path=path, host="evil.example", **SITE)
        assert answer.status == 200
        assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("GET", {"origin": "https://evil.example"}),
        ("GET", {"origin": "null"}),
        ("GET", {"origin": "http://127.0.0.1:3000"}),
        ("GET", {"origin": "http://localhost:4010"}),
        ("GET", {"sec-fetch-site": "cross-site"}),
        ("GET", {"sec-fetch-site": "same-site"}),
        ("GET", {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}),
        ("DELETE", SITE),
        ("OPTIONS", {**SITE, "access-control-request-method": "DELETE"}),
        ("POST", {**SITE, "content-type": "application/json"}),
    ],
)
def test_pages_of_other_origins_are_refused(local: Client, method: str, headers: dict[str, str]):
    answer = ask(local, method, "/progressions", host="127.0.0.1:4010", **headers)
    assert "pages of other origins" in refused(answer, 403)


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_pages_of_its_own_may_call(local: Client, site: str):
    sent = {**HOME, "sec-fetch-site": site}
    assert local.delete("/progressions", headers=sent).status == 204


def test_only_a_page_may_be_opened_by_a_link_from_elsewhere(local: Client):
    link = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    opened = {**link, "sec-fetch-dest": "document"}
    assert ask(local, "GET", "/ui", **opened).status != 403
    for other in ({**link, "sec-fetch-dest": "iframe"}, {"sec-fetch-site": "cross-site"}):
        assert ask(local, "GET", "/ui", **other).status == 403
    assert ask(local, "GET", "/clock", **opened).status == 403
    assert ask(local, "POST", "/ui", **opened).status == 403


def test_a_token_that_is_not_asked_for_does_no_harm(local: Client):
    assert ask(local, authorization="Bearer whatever").status == 200


# ---------------------------------------------------------------------------- forms


@pytest.mark.parametrize(
    "kind", [FORM, "multipart/form-data; boundary=x", "text/plain", "Text/Plain;charset=UTF-8"]
)
def test_what_a_form_can_send_changes_nothing(local: Client, guarded: Client, kind: str):
    for client, key in ((local, {}), (guarded, {"x-mock-admin-token": TOKEN})):
        sent = {"content-type": kind, **key}
        answer = client.call("DELETE", "/progressions", headers=sent)
        assert "what forms send" in refused(answer, 415)


def test_a_call_without_a_body_needs_no_type(local: Client):
    assert local.delete("/progressions").status == 204


# ---------------------------------------------------------------------------- with a token


@pytest.mark.parametrize(
    "key",
    [
        {"x-mock-admin-token": TOKEN},
        {"authorization": f"Bearer {TOKEN}"},
        {"authorization": f"bearer  {TOKEN}"},
    ],
)
def test_whoever_has_the_token_may_call_from_wherever(guarded: Client, key: dict[str, str]):
    assert ask(guarded, **key, host="mock.ci.internal:4010", **SITE).status == 200
    sent = {**key, **SITE, "host": "10.0.0.7"}
    assert guarded.delete("/progressions", headers=sent).status == 204


@pytest.mark.parametrize(
    "key",
    [
        {},
        {"x-mock-admin-token": ""},
        {"x-mock-admin-token": TOKEN[:-1]},
        {"x-mock-admin-token": TOKEN + "x"},
        {"x-mock-admin-token": "ümlaut"},
        {"authorization": TOKEN},
        {"authorization": f"Basic {TOKEN}"},
        {"authorization": "Bearer mock-builder-token"},
        {"x-api-key": "mock-full-key"},
        {"cookie": f"mockserver-admin-4010={TOKEN}"},
        {"cookie": "mockserver-admin-4010="},
    ],
)
def test_nobody_else_may_not_even_from_this_machine(guarded: Client, key: dict[str, str]):
    answer = ask(guarded, **key)
    assert refused(answer, 401)
    assert answer.headers["www-authenticate"].startswith("Bearer ")
    assert TOKEN not in answer.body.decode()


def test_the_mocked_api_needs_no_token(guarded: Client):
    answer = Client(guarded.mock).get("/projects/my-project", headers={"host": "mock.internal"})
    assert answer.status == 200


def test_an_address_that_others_reach_gets_a_token_of_its_own():
    one, other = (make_mock(host=host) for host in ("0.0.0.0", "::"))
    assert len(one.admin_token) >= 32
    assert one.admin_token != other.admin_token
    assert ask(Client(one, key=None, prefix="/__admin")).status == 401
    mine = {"x-mock-admin-token": one.admin_token}
    assert ask(Client(one, key=None, prefix="/__admin"), **mine).status == 200


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.0.0.9"])
def test_an_address_of_this_machine_needs_none(host: str):
    assert make_mock(host=host).admin_token == ""


# ---------------------------------------------------------------------------- every way there


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/__admin/clock", {"x-mock-sandbox": "other"}),
        ("/__sandbox/other/__admin/clock", {}),
        ("/__sandbox/default/__admin/clock", {}),
        ("/__admin/clock", {"host": "other.localhost:4010"}),
        ("/__admin/clock", {"host": "read.localhost:4010"}),
        ("/__sandbox/other/__admin/clock", {"host": "proxy.localhost:4010"}),
        ("/__admin/%63lock", {}),
        ("/__admin/cl%6Fck?x=1", {}),
        ("/__admin", {}),
        ("/__admin/", {}),
        ("/__admin//clock", {}),
        ("/__admin/health/", {}),
        ("/__admin/health%2F..%2Fclock", {}),
        ("/__admin/health/../clock", {}),
        ("/__admin/%68ealth", {}),
        ("/%5F_admin/clock", {}),
        ("/__%61dmin/clock", {}),
        ("/%5F%5Fadmin%2Fclock", {}),
    ],
)
def test_no_way_leads_around_the_guard(guarded: Client, path: str, headers: dict[str, str]):
    answer = guarded.call("GET", path, headers=headers, root=True)
    assert refused(answer, 401)


@pytest.mark.parametrize(
    "path", ["//__admin/clock", "/v1/../__admin/clock", "/__admin;x/clock", "/__ADMIN/clock"]
)
def test_what_the_router_does_not_take_for_the_control_plane_is_nowhere(guarded: Client, path: str):
    answer = guarded.call("GET", path, root=True)
    assert answer.status == 404
    assert "clock" not in answer.json.get("remedy", "").lower()


def test_a_path_that_is_only_the_control_plane_once_decoded_is_nowhere_either(guarded: Client):
    key = {"x-mock-admin-token": TOKEN}
    assert guarded.call("GET", "/__%61dmin/clock", headers=key, root=True).status == 404


def test_a_refused_call_changes_nothing(guarded: Client):
    before: Any = guarded.mock.sandbox.root.tables
    answer = guarded.call("PUT", "/clock", {"mode": "real"})
    assert refused(answer, 401)
    assert guarded.mock.sandbox.root.tables is before
    assert guarded.mock.sandbox.root.clock.mode == "frozen"
