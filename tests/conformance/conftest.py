"""`pytest tests/conformance --target URL …`: the check as tests, one item per operation and rule.

Without `--target` the items run against the mock in this process, beside the referee's own tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from mockserver.conformance.patience import Patience
from mockserver.conformance.reports.live import Silent
from mockserver.conformance.run import Run
from mockserver.conformance.suite import Options, layers_of, prepared
from tests.conformance.checking import CONTRACT, Twisted, options
from tests.conftest import make_mock

FRONT = "test_target.py"
_TEXTS = {
    "--target": "base URL of an implementation: its root, or its /v1",
    "--api-key": "an API key of the project",
    "--bearer": "a builder's token",
    "--project": "id or name of the project; default: the only one that is reached",
    "--neighbour-project": "a second project; default: another one that the bearer sees",
    "--neighbour-api-key": "its API key; default: one is made with the bearer",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("conformance", "hold an implementation against the contract")
    for name, text in _TEXTS.items():
        group.addoption(name, default="", help=text)
    group.addoption("--profile", default="own-data", help="observe, own-data or full")
    group.addoption("--seed", type=int, default=0, help="of everything that is generated")
    group.addoption("--budget", type=float, default=120.0, help="seconds of the other layers")
    group.addoption("--rate", type=float, default=0.0, help="requests per second; 0: no limit")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With a target, only what is about the target."""
    if not config.getoption("--target", ""):
        return
    others = [item for item in items if item.path.name != FRONT]
    config.hook.pytest_deselected(items=others)
    items[:] = [item for item in items if item.path.name == FRONT]


@pytest.fixture(scope="session")
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """Prepare the target once; what was made there is deleted at the end."""
    config = request.config
    state = tmp_path_factory.mktemp("ledger")
    if config.getoption("--target", ""):
        with prepared(_given(config, state), CONTRACT) as ready:
            yield Run(ready.session, layers_of(CONTRACT), Silent())
        assert ready.remains is None or not ready.remains.failed, ready.remains
        return
    # Not recorded for the other judge: what it would have to say of 20 000 exchanges takes minutes,
    # and every kind of them is recorded by the tests of the laws.
    with closing(Twisted(make_mock(record=""))) as target:
        with prepared(options(target, state=state), CONTRACT) as ready:
            yield Run(ready.session, layers_of(CONTRACT), Silent())
        assert ready.remains is not None
        assert ready.remains.failed == []


def _given(config: pytest.Config, state: Path) -> Options:
    names = {name: name[2:].replace("-", "_") for name in _TEXTS if name != "--target"}
    return Options(
        config.getoption("--target"),
        **{field: config.getoption(option) for option, field in names.items()},
        profile=config.getoption("--profile"),
        seed=config.getoption("--seed"),
        budget=config.getoption("--budget"),
        patience=Patience(rate=config.getoption("--rate")),
        state=state,
    )
