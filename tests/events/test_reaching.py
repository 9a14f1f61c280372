"""Where deliveries may go: judged when a URL is written, and again by what it resolves to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from mockserver.addresses import Resolve
from mockserver.app import create
from mockserver.settings import read_settings
from tests.client import Client
from tests.conftest import START, make_mock
from tests.listening import PROJECT
from tests.posting import Post, post
from tests.sinks import Answer, sink


def resolving(*answers: Sequence[str]) -> Resolve:
    """Return a resolver that gives one answer after another, then the last one always."""
    waiting = list(answers)

    async def resolve(host: str, port: int) -> Sequence[str]:
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]

    return resolve


def created(url: str, **settings: Any) -> Any:
    body = {"name": "newHook", "type": "webhook", "metadata": {"url": url}}
    return Client(make_mock(**settings)).post(f"{PROJECT}/destinations", body)


@pytest.mark.parametrize(
    "host",
    [
        "10.0.0.1",
        "169.254.169.254",
        "192.168.1.1",
        "0.0.0.0",
        "224.0.0.1",
        "[fd00::1]",
        "[::ffff:10.0.0.1]",
        "[::]",
        "[fe80::1]",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
    ],
)
def test_a_private_address_is_refused_when_it_is_written(host: str):
    url = f"https://{host}/hook"
    refused = created(url)

    assert (refused.status, refused.issue_names) == (422, ["metadata.url"])
    client = Client(make_mock())
    body = {"updateMask": ["metadata.url"], "destination": {"metadata": {"url": url}}}
    changed = client.patch(f"{PROJECT}/destinations/defaultWebhook", body)
    assert (changed.status, changed.issue_names) == (422, ["destination.metadata.url"])


def test_the_refusal_says_what_would_open_the_address():
    (issue,) = created("https://10.0.0.1:8443/hook").issues

    assert issue["detail"] == "10.0.0.1 is a private address"
    assert issue["remedy"] == "--allow-destination 10.0.0.1:8443 opens it"


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://10.0.0.1:8443/hook", "10.0.0.1:8443"),
        ("http://10.0.0.1:8080/hook", "10.0.0.1:8080"),
        ("http://sink:3000/hook", "sink:3000"),
        ("https://10.0.0.1/hook", "10.0.0.1:443"),
        ("http://[fd00::1]:80/hook", "[fd00::1]:80"),
    ],
)
def test_what_is_allowed_is_taken_at_that_port_only(url: str, allowed: str):
    assert created(url, allow_destination=(allowed,)).status == 201
    assert created(url, allow_destination=(allowed.rpartition(":")[0] + ":9",)).status == 422
    if "sink" not in url or url.startswith("http:"):
        assert created(url).status == 422


def test_this_machine_is_refused_over_https_too_while_the_setting_is_off():
    assert created("https://localhost:8443/", allow_http_destinations=False).status == 422
    assert created("https://127.0.0.1/", allow_http_destinations=False).status == 422
    assert created("https://localhost:8443/").status == 201


def test_an_endpoint_of_a_stream_keeps_to_the_same_rules():
    body = {
        "name": "stream",
        "type": "kinesis",
        "metadata": {"region": "r", "streamName": "s", "endpointUrl": "http://169.254.169.254/"},
        "secrets": {"awsKeyId": "a", "awsSecretKey": "b"},
    }
    refused = Client(make_mock()).post(f"{PROJECT}/destinations", body)
    assert (refused.status, refused.issue_names) == (422, ["metadata.endpointUrl"])


def with_resolver(resolver: Resolve, **settings: Any) -> Post:
    """Return a post whose names resolve as told."""
    mock = create(read_settings({"clock": START, **settings}), resolver=resolver)
    return post(mock=mock)


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("127.0.0.1", "loopback"),
        ("::1", "loopback"),
        ("10.0.0.1", "private"),
        ("169.254.169.254", "link-local"),
        ("::ffff:127.0.0.1", "loopback"),
        ("0.0.0.0", "unspecified"),
        ("224.0.0.1", "multicast"),
        ("fe80::1", "link-local"),
    ],
)
def test_a_name_that_resolves_to_a_special_address_is_not_connected_to(address: str, kind: str):
    here = with_resolver(resolving([address]), allow_http_destinations=False)
    here.hook("first", "https://innocent.example/hook")
    here.emit()
    here.turn()

    (attempt,) = here.delivery()["attempts"]
    assert attempt["error"].startswith(
        f"not sent: innocent.example ({address}) is a {kind} address"
    )
    assert here.delivery()["status"] == "waiting"  # a name may resolve to something else later


def test_a_name_is_judged_again_at_every_attempt():
    with sink(500) as there:
        place = f"rebinding.example:{there.port}"
        here = with_resolver(resolving(["10.9.9.9"], ["127.0.0.1"]))
        here.hook("first", f"https://{place}/")
        here.emit()
        here.turn(5)

        first, second = here.delivery()["attempts"]
    assert first["error"].startswith("not sent: rebinding.example (10.9.9.9) is a private")
    # Loopback is open here, so the second attempt got as far as TLS, which this sink lacks.
    assert not second["error"].startswith("not sent")
    assert there.received == []


def test_the_connection_goes_to_the_judged_address_and_names_the_host():
    with sink() as there:
        place = f"sink.internal:{there.port}"
        here = with_resolver(resolving(["127.0.0.1"]), allow_destination=(place,))
        here.hook("first", f"http://{place}/hook")
        here.emit()
        here.turn()

        (got,) = there.received
    assert got.headers["host"] == place


def test_the_next_address_is_tried_when_nobody_listens_at_the_first():
    with sink() as there:
        place = f"sink.internal:{there.port}"
        addresses = ["::1", "127.0.0.2", "127.0.0.1"]
        here = with_resolver(resolving(addresses), allow_destination=(place,))
        here.hook("first", f"http://{place}/")
        here.emit()
        here.turn()

        assert len(there.received) == 1


def test_a_name_that_does_not_resolve_is_a_failed_attempt():
    async def nowhere(host: str, port: int) -> Sequence[str]:
        raise OSError(-2, "Name or service not known")

    here = with_resolver(nowhere)
    here.hook("first", "https://nowhere.example/")
    here.emit()
    here.turn()

    assert here.delivery()["attempts"][0]["error"] == "Name or service not known"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(status: int):
    with sink() as secret, sink(Answer(status, {"Location": f"{secret.url}/"})) as there:
        here = post()
        here.hook("first", there.url)
        here.emit()
        here.turn()

        assert (len(there.received), secret.received) == (1, [])
    assert here.delivery()["responseStatus"] == status


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch):
    with sink() as proxy, sink() as there:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        here = post()
        here.hook("first", there.url)
        here.emit()
        here.turn()

        assert (proxy.received, len(there.received)) == ([], 1)


def test_credentials_in_a_url_are_sent_as_such_and_masked_in_the_inbox():
    with sink() as there:
        here = post()
        here.hook("first", there.url.replace("//", "//user:p%40ss@"))
        here.emit()
        here.turn()

        (got,) = there.received
    assert got.headers["authorization"] == "Basic dXNlcjpwQHNz"
    assert "p%40ss" not in str(here.delivery())


@pytest.mark.parametrize(("setting", "near", "far"), [("local", 1, 0), ("none", 0, 0)])
def test_deliveries_can_be_kept_from_leaving(setting: str, near: int, far: int):
    asked = []

    async def resolve(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["10.0.0.1"]

    with sink() as there:
        here = with_resolver(resolve, deliver_to=setting)
        here.hook("near", there.url)
        here.hook("far", "https://far.example/")
        here.hook("own", "https://sink.localhost/")
        here.emit()
        here.turn()

        assert len(there.received) == near
    assert len(asked) == far
    found = {d["destinationName"]: d for d in here.deliveries()}
    assert found["far"]["status"] == "recorded"
    assert found["far"]["reason"] == f"deliver_to is {setting}"
    assert found["own"]["status"] == "delivered"
