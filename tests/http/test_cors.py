"""What browsers of any origin may do, and what they may not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.client import Client, Response

PROJECT = "/projects/my-project"
ORIGIN = {"origin": "https://app.example"}
#: Source: what the published React library sends, and the mock's own switches.
NEEDED = [
    "authorization",
    "content-type",
    "x-api-key",
    "x-amp-client",
    "x-amp-client-version",
    "x-mock-sandbox",
    "prefer",
]


def preflight(client: Client, path: str = f"{PROJECT}/topics", **headers: str) -> Response:
    asked = {"access-control-request-method": "POST", **ORIGIN}
    asked |= {name.replace("_", "-"): value for name, value in headers.items()}
    return client.call("OPTIONS", path, headers=asked)


def allowed_headers(answer: Response) -> list[str]:
    return answer.headers["access-control-allow-headers"].split(", ")


# ---------------------------------------------------------------- preflights


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/projects",
        PROJECT,
        f"{PROJECT}/integrations:batch",
        f"{PROJECT}/jwt-keys",
        "/providers",
        "/my-info",
        "/nothing/here",
        "/projects//x/",
        "/projects/%FF",
        "/x" * 3000,
    ],
)
def test_a_preflight_is_granted_on_every_path_without_a_credential(
    anonymous: Client, is_unchanged: Callable[[], bool], path: str
):
    answer = preflight(anonymous, path)

    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert set(NEEDED) <= set(allowed_headers(answer))
    assert answer.headers["access-control-max-age"] == "600"
    assert is_unchanged()


def test_a_preflight_allows_every_method_of_the_contract(anonymous: Client):
    methods = preflight(anonymous).headers["access-control-allow-methods"].split(", ")

    assert {"GET", "POST", "PUT", "PATCH", "DELETE"} <= set(methods)


def test_an_options_request_that_is_no_preflight_is_answered_too(anonymous: Client):
    assert anonymous.call("OPTIONS", "/providers").status == 204


def test_headers_that_are_asked_for_are_allowed(anonymous: Client):
    answer = preflight(
        anonymous, access_control_request_headers="X-My-Header,content-type, ,x_other ,X-MY-HEADER"
    )

    assert allowed_headers(answer) == [*NEEDED, "x-my-header", "x_other"]
    assert answer.headers["vary"] == "Access-Control-Request-Headers"


@pytest.mark.parametrize(
    "asked",
    [
        "x: y",
        "x\r\nset-cookie: a=b",
        "<script>",
        "*",
        "x y",
        'x"y',
        "\xe4",
        "\x00",
        ";",
        "---",
        ",,,",
        "",
    ],
)
def test_what_is_no_header_name_is_not_reflected(anonymous: Client, asked: str):
    answer = preflight(anonymous, access_control_request_headers=asked)

    assert allowed_headers(answer) == NEEDED
    assert "set-cookie" not in answer.headers


def test_a_page_on_the_internet_may_reach_this_machine_when_it_asks(anonymous: Client):
    asked = preflight(anonymous, access_control_request_private_network="true")
    unasked = preflight(anonymous)
    denied = preflight(anonymous, access_control_request_private_network="false")

    assert asked.headers["access-control-allow-private-network"] == "true"
    assert "access-control-allow-private-network" not in unasked.headers
    assert "access-control-allow-private-network" not in denied.headers


# ---------------------------------------------------------------- answers


def answers(client: Client) -> dict[str, Response]:
    topic = client.post(f"{PROJECT}/topics", {"name": "made-here"}, headers=ORIGIN)
    found = {
        "created": topic,
        "read": client.get(PROJECT, headers=ORIGIN),
        "public": client.as_().get("/providers", headers=ORIGIN),
        "deleted": client.delete(f"{PROJECT}/topics/{topic.json['id']}", headers=ORIGIN),
        "malformed": client.post(f"{PROJECT}/topics", raw=b"{", headers=ORIGIN),
        "no credential": client.as_().get(PROJECT, headers=ORIGIN),
        "forbidden": client.get("/projects/globex-project", headers=ORIGIN),
        "absent": client.get("/projects/nothing", headers=ORIGIN),
        "no path": client.get("/nothing", headers=ORIGIN),
        "bare prefix": client.get("", headers=ORIGIN),
        "no method": client.put(PROJECT, headers=ORIGIN),
        "no text": client.get("/projects/%FF", headers=ORIGIN),
        "not built": client.get(f"{PROJECT}/connections", headers=ORIGIN),
        "without origin": client.get(PROJECT),
    }
    assert found["deleted"].status == 204
    return found


def test_every_answer_of_the_api_may_be_read_by_any_origin(client: Client):
    for what, answer in answers(client).items():
        assert answer.headers["access-control-allow-origin"] == "*", what
        exposed = answer.headers["access-control-expose-headers"].split(", ")
        assert set(exposed) == {
            "Preference-Applied",
            "Retry-After",
            "X-Request-Id",
            "Location",
            "X-Mock-Sandbox-Created",
        }


def test_no_answer_ever_allows_cookies(client: Client):
    found = [*answers(client).values(), preflight(client)]

    assert all("access-control-allow-credentials" not in answer.headers for answer in found)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/ui",
        "/openapi.json",
        "/__admin/health",
        "/__admin/nothing",
        "/_provider/billing/x",
        "/v1x/projects",
        "/nothing",
        "/callbacks/v1/oauth",
    ],
)
@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_outside_the_api_nothing_is_open_to_other_origins(
    anonymous: Client, method: str, path: str
):
    headers = {**ORIGIN, "access-control-request-method": "GET"}

    answer = anonymous.call(method, path, headers=headers, root=True)

    assert not [name for name in answer.headers if name.startswith("access-control-")]
