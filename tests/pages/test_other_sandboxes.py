"""What browsers visit and what signed URLs lead to, in a sandbox that is not the default one."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from mockserver.app import Mock
from mockserver.resources import downloads
from mockserver.rules.work import Work
from tests.calls import JANE
from tests.client import Client, Response
from tests.conftest import make_mock
from tests.connecting import CONNECTIONS
from tests.consenting import begin, query
from tests.following import follow, submit
from tests.uploading import GENERATE, ZIP, deploy, gs

WITH_HEADER: dict[str, Any] = {"prefix": "/v1", "headers": {"x-mock-sandbox": "other"}}
WITH_PATH: dict[str, Any] = {"prefix": "/__sandbox/other/v1"}
WITH_HOST: dict[str, Any] = {"prefix": "/v1", "headers": {"host": "other.localhost:4010"}}
SELECTORS = {"header": WITH_HEADER, "path": WITH_PATH, "host": WITH_HOST}


@pytest.fixture
def mock() -> Mock:
    return make_mock()


@pytest.fixture(params=SELECTORS)
def there(request: pytest.FixtureRequest, mock: Mock) -> Client:
    """Call in the sandbox `other`, selected in each of the three ways."""
    return Client(mock, **SELECTORS[request.param])


def alone(url: str) -> str:
    """Return a URL with nothing in host or path that selects a sandbox."""
    parts = urlsplit(url)
    path = parts.path.removeprefix("/__sandbox/other")
    return parts._replace(netloc="127.0.0.1:4010", path=path).geturl()


def consented(mock: Mock, url: str) -> str:
    """Approve at the consent page that a URL leads to; return where the browser is sent."""
    page = follow(mock, url)
    assert page.status == 200, page.body
    answer = submit(mock, url, page, decision="approve")
    assert answer.status == 303, answer.body
    return answer.headers["location"]


def connected(there: Client, page: Response) -> None:
    assert page.status == 200, page.body
    [made] = there.get(CONNECTIONS).json
    assert made["id"] in page.body.decode()
    assert Client(there.mock).get(CONNECTIONS).json == []


def test_consent_connects_in_the_sandbox_that_began_it(there: Client, mock: Mock):
    back = consented(mock, begin(there))

    connected(there, follow(mock, back))


def test_the_provider_may_come_back_without_anything_but_the_state(there: Client, mock: Mock):
    back = consented(mock, begin(there))

    assert query(back)["state"].startswith("other.")
    connected(there, follow(mock, alone(back)))


def test_the_consent_page_is_found_by_its_state_too(there: Client, mock: Mock):
    back = consented(mock, alone(begin(there)))

    connected(there, follow(mock, back))


def test_a_mock_that_consents_by_itself_does_so_in_every_sandbox():
    mock = make_mock(oauth="auto")
    there = Client(mock, **WITH_HEADER)

    answer = follow(mock, begin(there))

    assert answer.status == 302
    connected(there, follow(mock, answer.headers["location"]))


def test_a_state_names_no_sandbox_that_is_gone(mock: Mock):
    there = Client(mock, **WITH_HEADER)
    back = alone(consented(mock, begin(there)))
    mock.worlds.drop("other")

    page = follow(mock, back)

    assert page.status == 400
    assert "x-mock-sandbox-created" not in page.headers
    assert mock.worlds.get("other") is None


def test_the_state_of_the_default_sandbox_says_nothing_of_it(mock: Mock):
    assert "." not in query(begin(Client(mock)))["state"]


def test_a_state_is_known_in_its_own_sandbox_alone(mock: Mock):
    back = consented(mock, begin(Client(mock, **WITH_HEADER)))

    page = follow(mock, alone(back), headers={"x-mock-sandbox": "third"})

    assert page.status == 400
    assert Client(mock, headers={"x-mock-sandbox": "third"}).get(CONNECTIONS).json == []


def test_an_upload_is_deployed_in_the_sandbox_that_asked_for_it(there: Client, mock: Mock):
    address = there.get(GENERATE).json

    assert follow(mock, address["url"], "PUT", raw=ZIP).status == 200
    assert deploy(Client(mock), gs(address)).status == 422
    assert deploy(there, gs(address)).status < 300


def test_a_signed_url_is_enough_to_find_its_sandbox(there: Client, mock: Mock):
    address = there.get(GENERATE).json

    assert parse_qs(urlsplit(address["url"]).query)["X-Mock-Sandbox"] == ["other"]
    assert follow(mock, alone(address["url"]), "PUT", raw=ZIP).status == 200
    assert deploy(there, gs(address)).status < 300


def test_a_signed_url_is_refused_in_another_sandbox(mock: Mock):
    url = Client(mock, **WITH_HEADER).get(GENERATE).json["url"]
    renamed = alone(url).replace("X-Mock-Sandbox=other", "X-Mock-Sandbox=default")

    answer = follow(mock, renamed, "PUT", raw=ZIP)

    assert (answer.status, b"SignatureDoesNotMatch" in answer.body) == (403, True)


@pytest.mark.parametrize("public_url", ["", "https://mock.example"])
def test_a_download_leads_to_the_sandbox_that_offered_it(public_url: str):
    mock = make_mock(public_url=public_url)
    Client(mock, **WITH_HEADER).get("/projects")
    other = mock.worlds.get("other")
    assert other is not None

    def offer(work: Work) -> str:
        return downloads.offer(work, '{"large": true}')

    url = mock.scheduler.change(other, offer)

    assert url is not None
    assert url.startswith(public_url or "http://127.0.0.1:4010")
    assert urlsplit(url).path.startswith("/__sandbox/other/_storage/")
    assert follow(mock, url).json == {"large": True}
    assert follow(mock, alone(url)).json == {"large": True}


def test_behind_a_public_url_the_path_names_the_sandbox(mock: Mock):
    public = make_mock(public_url="https://mock.example/base")
    for selector in (WITH_HEADER, WITH_PATH, WITH_HOST):
        url = begin(Client(public, **selector), groupRef=str(selector))
        assert url.startswith("https://mock.example/base/__sandbox/other/_provider/")


def test_the_header_counts_before_the_path(mock: Mock):
    both = Client(mock, prefix="/__sandbox/third/v1", headers={"x-mock-sandbox": "other"})

    assert "/__sandbox/other/_provider/" in begin(both)
    assert mock.worlds.get("third") is None


@pytest.mark.parametrize(
    ("root", "prefix"),
    [
        ("http://127.0.0.1:4010/__sandbox/other", "/__sandbox/other"),
        ("http://other.localhost:4010", ""),
    ],
)
def test_the_cli_signs_in_in_a_sandbox(mock: Mock, root: str, prefix: str):
    moved = follow(mock, f"{root}/_clerk")
    assert moved.headers["location"] == f"{prefix}/_clerk/login"

    page = follow(mock, f"{root}/_clerk/login")
    answer = submit(mock, f"{root}/_clerk/login", page, builder=JANE)

    assert answer.status == 303
    # A browser that visits two sandboxes of one host has a cookie for each.
    assert f"Path={prefix}/_clerk" in page.headers["set-cookie"].split("; ")


def test_the_front_page_and_the_documentation_are_of_their_sandbox(mock: Mock):
    root = "http://127.0.0.1:4010/__sandbox/other"

    assert f"{root}/v1" in follow(mock, f"{root}/").body.decode()
    assert "/__sandbox/other/ui/openapi.json" in follow(mock, f"{root}/ui").body.decode()
    servers = follow(mock, f"{root}/ui/openapi.json").json["servers"]
    assert servers == [{"url": "/__sandbox/other/v1"}]
