"""The hot functions, timed in the process: `make bench-hot`. No suite collects this file.

Nothing is asserted about times: what is slow on one machine is quick on another. The table is read
beside the one of the day before.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

import mockserver
from benchmarks.inprocess import InProcess
from benchmarks.material import world
from mockserver.app import Mock, create
from mockserver.http.routing import Router
from mockserver.rules import records
from mockserver.settings import Settings
from mockserver.state.root import Root

Benchmark = Callable[..., Any]
PROJECT = "/v1/projects/my-project"


@pytest.fixture(scope="module")
def mock(tmp_path_factory: pytest.TempPathFactory) -> Mock:
    fixture: Path = tmp_path_factory.mktemp("bench") / "bench.json"
    fixture.write_text(json.dumps(world()))
    return create(Settings(fixture=str(fixture)))


@pytest.fixture
def call(mock: Mock) -> Iterator[InProcess]:
    yield InProcess(mock.asgi)
    mock.sandbox.reset()


# ---------------------------------------------------------------- whole requests


@pytest.mark.parametrize(
    ("path", "key", "status"),
    [
        pytest.param(PROJECT, b"mock-full-key", 200, id="project"),
        pytest.param(f"{PROJECT}/connections", b"mock-full-key", 200, id="20-connections"),
        pytest.param("/v1/providers", b"mock-full-key", 200, id="providers"),
        pytest.param(PROJECT, b"wrong", 401, id="401"),
        pytest.param("/v1/projects/no-such-project", b"mock-full-key", 404, id="404"),
        pytest.param("/v1/nowhere", b"mock-full-key", 404, id="no-such-path"),
    ],
)
@pytest.mark.parametrize("is_anew", [False, True], ids=["again", "anew"])
def test_get(
    benchmark: Benchmark, call: InProcess, path: str, key: bytes, status: int, *, is_anew: bool
) -> None:
    answer = benchmark(call, "GET", path, key=key, is_anew=is_anew)

    assert answer[0] == status


def test_post_topic(benchmark: Benchmark, call: InProcess) -> None:
    numbers = count()

    def post() -> int:
        body = b'{"name": "bench-%d"}' % next(numbers)
        return call("POST", f"{PROJECT}/topics", body)[0]

    assert benchmark(post) == 201


def test_post_a_wrong_body(benchmark: Benchmark, call: InProcess) -> None:
    answer = benchmark(call, "POST", f"{PROJECT}/topics", b'{"nam": 1}')

    assert answer[0] == 400


def test_mock_call(benchmark: Benchmark) -> None:
    """As tests call the mock in their process: the application runs in the thread that calls."""
    with mockserver.running() as mock:
        assert benchmark(mock.call, "getProject")["name"] == "my-project"


# ---------------------------------------------------------------- their parts


@pytest.mark.parametrize("is_anew", [False, True], ids=["again", "anew"])
def test_route(benchmark: Benchmark, mock: Mock, *, is_anew: bool) -> None:
    router: Router[str] = Router()
    for one in mock.contract.operations.values():
        router.add(one.method, one.path, one.operation_id)
    numbers = count()

    def match() -> object:
        return router.match(f"/projects/my-project/topics/{next(numbers) if is_anew else 0}")

    assert benchmark(match) is not None


def test_check_an_answer(benchmark: Benchmark, mock: Mock) -> None:
    providers = dict(mock.scheduler.catalog.providers)
    validator = mock.contract.response_schemas.validator("/components/schemas/CatalogType")

    assert benchmark(validator.is_valid, providers)


def test_create_a_record_and_keep_it(benchmark: Benchmark, mock: Mock) -> None:
    sandbox, scheduler = mock.sandbox, mock.scheduler
    topics = scheduler.resources["topics"]
    project = next(iter(sandbox.root.tables["projects"]))
    numbers = count()

    def create_one() -> None:
        work = scheduler.work(sandbox)
        fields = {"name": f"bench-{next(numbers)}", "projectId": project["id"]}
        records.create(work, topics, fields)
        scheduler.commit(sandbox, work)

    benchmark(create_one)
    sandbox.reset()


def test_number_a_request(benchmark: Benchmark, mock: Mock) -> None:
    numbered: Root = benchmark(mock.sandbox.root.numbered)

    assert numbered.requests == mock.sandbox.root.requests + 1
