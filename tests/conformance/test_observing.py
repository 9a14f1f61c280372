"""What reading alone can tell of records that others made."""

from __future__ import annotations

import httpx
import pytest

from mockserver.app import Mock
from mockserver.conformance.observing import observations
from mockserver.conformance.profiles import OBSERVE, load_profile
from tests.conformance.checking import CONTRACT, Twist, Twisted, changed, check


@pytest.fixture
def busy(mock: Mock) -> Mock:
    """Put two topics with a route each into the world."""
    with httpx.Client(
        transport=Twisted(mock),
        base_url="http://127.0.0.1:4010/v1/projects/my-project",
        headers={"X-Api-Key": "mock-full-key"},
    ) as client:
        for name in ("leads", "deals"):
            topic = client.post("/topics", json={"name": name}).json()["id"]
            body = {"topicId": topic, "eventType": "installation.created"}
            assert client.post("/notification-event-topic-routes", json=body).is_success
    return mock


def test_the_mock_holds_and_reaches_enough(busy: Mock):
    report = check(Twisted(busy), profile=OBSERVE).report
    assert [one.name for one in report.findings] == []
    assert (report.exit_code, report.reasons) == (0, [])
    assert report.tried > 20


def listed_otherwise(method: str, path: str, response: httpx.Response) -> httpx.Response:
    if path.endswith("/destinations/") or "/destinations/" in path:
        return changed(response, {**response.json(), "name": "other"})
    return response


def unfiltered(method: str, path: str, response: httpx.Response) -> httpx.Response:
    if path.endswith("/notification-event-topic-routes") and response.request.url.query:
        other = [{**one, "id": "x", "topicId": "y"} for one in response.json()]
        return changed(response, [*response.json(), *other])
    return response


def another_provider(method: str, path: str, response: httpx.Response) -> httpx.Response:
    if path.startswith("/providers/"):
        return changed(response, {**response.json(), "displayName": "Somebody"})
    return response


@pytest.mark.parametrize(
    ("twist", "name"),
    [
        (listed_otherwise, "getDestination is-as-it-is-listed /name"),
        (unfiltered, "listEventTopicRoutes topicId-keeps-what-fits"),
        (another_provider, "getProvider is-as-it-is-listed /displayName"),
    ],
)
def test_what_does_not_agree_is_found(busy: Mock, twist: Twist, name: str):
    report = check(Twisted(busy, twist), profile=OBSERVE).report
    assert name in {one.name for one in report.findings}
    assert report.exit_code == 1


def test_it_looks_only_where_the_profile_lets_it():
    allowed = load_profile(OBSERVE, CONTRACT).operations
    assert {rule.operation_id for rule in observations(CONTRACT)} <= set(allowed)
