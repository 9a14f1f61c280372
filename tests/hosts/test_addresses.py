"""Where the APIs with hosts of their own are found, and who may call them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.client import BUILDER, Client
from tests.connecting import customer
from tests.hosting import Hosted, plain
from tests.worlds import GROUP

CREATE = {"groupRef": GROUP, "type": "create", "record": {"lastname": "Park"}}
READ = {"groupRef": GROUP, "mode": "async"}
SEARCH = {
    "objectName": "contact",
    "fieldFilters": [{"fieldName": "lastname", "operator": "eq", "value": "Nobody"}],
}


@pytest.fixture(scope="module")
def shared() -> Hosted:
    return plain()


@pytest.fixture
def here(shared: Hosted) -> Iterator[Hosted]:
    """Give the shared installation back as it was."""
    before = shared.mock.sandbox.snapshot()
    yield shared
    shared.mock.sandbox.restore(before)


def calls(here: Hosted) -> dict[str, tuple[str, object, int]]:
    """Return a call that succeeds of each API: path, body, status."""
    return {
        "read": (f"{here.path}/objects/contact", READ, 201),
        "write": (f"{here.path}/objects/contact", CREATE, 200),
        "search": (f"{here.path}?groupRef={GROUP}", SEARCH, 200),
    }


EACH = pytest.mark.parametrize("api", ["read", "write", "search"])


@EACH
@pytest.mark.parametrize("domain", ["withampersand.com", "localhost:4010", "LOCALHOST"])
def test_a_host_names_its_api(here: Hosted, api: str, domain: str):
    path, body, status = calls(here)[api]

    answer = here.client.post(path, body, headers={"host": f"{api}.{domain}"})

    assert answer.status == status, answer.body


@EACH
def test_a_prefix_names_it_at_any_host(here: Hosted, api: str):
    path, body, status = calls(here)[api]

    assert here.post(api, path, body).status == status


def test_the_same_path_means_another_call_at_another_host(here: Hosted):
    path = f"{here.path}/objects/contact"

    assert here.client.post(path, READ, headers={"host": "read.localhost"}).status == 201
    assert here.client.post(path, READ, headers={"host": "write.localhost"}).status == 400
    assert here.client.post(path, READ, headers={"host": "elsewhere.localhost"}).status == 404


@pytest.mark.parametrize("host", ["api.withampersand.com", "read.example.com", "readers.localhost"])
def test_other_hosts_mean_the_platform(here: Hosted, host: str):
    assert here.client.get("/projects/my-project", headers={"host": host}).status == 200


@pytest.mark.parametrize("host", ["read.localhost", "proxy.localhost"])
def test_the_mocks_own_places_are_at_every_host(here: Hosted, host: str):
    answer = here.client.call("GET", "/__admin/health", root=True, headers={"host": host})

    assert answer.json == {"status": "healthy"}


@EACH
def test_what_is_no_operation_is_told_like_everywhere(here: Hosted, api: str):
    lost = here.client.get("/projects/x/nothing", headers={"host": f"{api}.localhost"})
    wrong = here.client.call("GET", f"/{api}/v1{calls(here)[api][0]}", root=True)

    assert (lost.status, wrong.status) == (404, 405)
    assert f"/{api}/v1/projects" in lost.json["remedy"]
    assert "POST" in wrong.headers["allow"]


@EACH
def test_a_host_takes_api_keys_only(here: Hosted, api: str):
    path, body, _ = calls(here)[api]
    bearers = [BUILDER, customer(here.client, GROUP).bearer]

    for bearer in bearers:
        client = Client(here.mock, None, bearer, f"/{api}/v1")
        refused = client.post(path, body)
        assert refused.status == 401
        assert refused.json["detail"] == "this host takes API keys only"


@EACH
@pytest.mark.parametrize(
    ("key", "status"),
    [(None, 401), ("wrong", 401), ("mock-frontend-key", 403), ("mock-staging-key", 403)],
)
def test_a_key_must_be_a_full_one_of_the_project(
    here: Hosted, api: str, key: str | None, status: int
):
    path, body, _ = calls(here)[api]

    refused = Client(here.mock, key, None, f"/{api}/v1").post(path, body)

    assert refused.status == status
    assert refused.media_type == "application/problem+json"


@EACH
def test_a_browser_of_any_origin_may_call(here: Hosted, api: str):
    path, body, _ = calls(here)[api]
    origin = {"origin": "https://app.example"}

    asked = here.client.call("OPTIONS", f"/{api}/v1{path}", root=True, headers=origin)
    answer = here.post(api, path, body, headers=origin)

    assert asked.status == 204
    assert asked.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-allow-origin"] == "*"


def test_a_host_in_a_sandboxs_path_goes_behind_the_sandbox():
    from mockserver.http.hosts import addressed

    assert addressed("read", "/__sandbox/blue/v1/x") == "/__sandbox/blue/read/v1/x"
    assert addressed("proxy", "/__sandbox/blue/x") == "/__sandbox/blue/proxy/x"
    assert addressed("read", "/v1x") == "/v1x"


@EACH
def test_an_unknown_project_or_integration_is_not_found(here: Hosted, api: str):
    path, body, _ = calls(here)[api]

    for wrong in (path.replace("my-project", "nowhere"), path.replace("-in-orbit", "-lost")):
        assert here.post(api, wrong, body).status == 404


@EACH
def test_a_group_without_an_installation_is_refused_with_400(here: Hosted, api: str):
    path, body, _ = calls(here)[api]
    given = body if api == "search" else {**dict(body), "groupRef": "nobody"}  # type: ignore[call-overload] # a dict

    refused = here.post(api, path.replace(GROUP, "nobody"), given)

    assert refused.status == 400
    assert b"group nobody has no installation" in refused.body


@EACH
def test_a_body_that_is_too_large_or_no_json_is_refused(here: Hosted, api: str):
    path, _, _ = calls(here)[api]
    url = f"/{api}/v1{path}"

    broken = here.client.call("POST", url, raw=b"{", root=True)
    text = here.client.call("POST", url, raw=b"x", root=True, headers={"content-type": "text/csv"})
    large = here.client.call("POST", url, raw=b" " * (10 * 1024 * 1024 + 1), root=True)

    assert (broken.status, text.status, large.status) == (400, 415, 413)
