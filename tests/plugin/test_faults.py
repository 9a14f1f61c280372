"""Faults as tests arm them: `mock.fault(…)`, in process and on the port."""

from __future__ import annotations

import httpx
import pytest

import mockserver
from mockserver.testing.exchanges import CallRefused

Twin = mockserver.Twin
TOPICS = "/projects/my-project/topics"


def test_a_fault_lasts_for_its_block(mock: Twin):
    with mock.fault("listTopics", status=503):
        assert mock.client.get(TOPICS).status_code == 503
    assert mock.client.get(TOPICS).status_code == 200


def test_a_fault_may_be_over_after_some_times_and_may_only_be_slow(mock: Twin):
    mock.fault("listTopics", status=500, times=1)
    assert [mock.client.get(TOPICS).status_code for _ in range(2)] == [500, 200]

    mock.fault("listTopics", delay=0.001)
    slow = mock.client.get(TOPICS)
    assert (slow.status_code, "matched-stub-id" in slow.headers) == (200, True)


def test_a_body_that_the_contract_does_not_allow_is_refused_with_its_place(mock: Twin):
    with pytest.raises(CallRefused) as refused:
        mock.fault("createTopic", status=201, body={"name": 7})

    assert "/response/jsonBody" in str(refused.value)


BROKEN: list[tuple[str, type[httpx.TransportError]]] = [
    ("EMPTY_RESPONSE", httpx.RemoteProtocolError),
    ("CONNECTION_RESET_BY_PEER", httpx.ReadError),
    ("MALFORMED_RESPONSE_CHUNK", httpx.RemoteProtocolError),
    ("RANDOM_DATA_THEN_CLOSE", httpx.RemoteProtocolError),
]


@pytest.mark.parametrize(("fault", "error"), BROKEN)
def test_a_client_in_process_sees_the_error_that_a_socket_would_give(
    mock: Twin, fault: str, error: type[httpx.TransportError]
):
    with mock.fault("listTopics", fault=fault), pytest.raises(error) as broken:
        mock.client.get(TOPICS)

    assert fault in str(broken.value)
    assert mock.client.get(TOPICS).status_code == 200
    assert mock.requests.find(operationId="listTopics", status=0)


@pytest.mark.parametrize(("fault", "error"), BROKEN)
def test_a_client_of_the_port_sees_it_on_its_socket(
    mock: Twin, fault: str, error: type[httpx.TransportError]
):
    headers = {"X-Api-Key": mock.api_key}
    with mock.fault("listTopics", fault=fault), pytest.raises(error):
        httpx.get(f"{mock.url}/v1{TOPICS}", headers=headers)
