"""Where the two judges are known to differ: one test for each entry of KNOWN_DIFFERENCES."""

from __future__ import annotations

from pathlib import Path

import pytest

from mockserver.contract.judge import Judge
from mockserver.contract.recordings import read_recordings
from tests.client import Client
from tests.conftest import make_mock
from tests.judging import KNOWN_DIFFERENCES

ROUTES = "/projects/my-project/topic-destination-routes"


@pytest.fixture(scope="module")
def reasons(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder: Path = tmp_path_factory.mktemp("recorded")
    open_to_keys = Client(make_mock(record=str(folder), bearer_only_accepts_api_key=True))
    assert open_to_keys.get(f"{ROUTES}?topicId=").json == []
    assert open_to_keys.get("/my-info").status == 200
    with Judge() as judge:
        return [d.reason for d in judge.judge_all(read_recordings(folder)).disagreements]


@pytest.mark.parametrize("number", range(len(KNOWN_DIFFERENCES)))
def test_a_known_difference_is_one(reasons: list[str], number: int):
    assert any(KNOWN_DIFFERENCES[number].reason in reason for reason in reasons)


def test_there_is_no_other(reasons: list[str]):
    assert len(reasons) == len(KNOWN_DIFFERENCES)


def test_the_differences_occur_in_this_session_too():
    """Record them for the judge of the session, which wants every entry to be needed."""
    client = Client(make_mock(bearer_only_accepts_api_key=True))

    assert client.get(f"{ROUTES}?topicId=").status == 200
    assert client.get("/my-info").status == 200
