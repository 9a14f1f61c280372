"""`mockserver.running()`: as a block, as a decorator, in unittest, in a script."""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
import threading
import unittest
from pathlib import Path

import pytest

import mockserver


def test_a_block_has_a_mock_and_ends_with_it():
    before = {thread.ident for thread in threading.enumerate()}
    with mockserver.running() as mock:
        mock.call("createTopic", body={"name": "invoices"})
        assert mock.url.startswith("http://127.0.0.1:")
        assert mock.url.count("/") == 2  # it is the whole mock: no sandbox in the path
    assert {thread.ident for thread in threading.enumerate()} <= before
    with pytest.raises(RuntimeError, match="the mock ended"):
        mock.call("listTopics")


def test_every_block_starts_anew_with_what_it_says():
    with mockserver.running(fixture="empty") as mock:
        made = mock.call("createTopic", body={"name": "x"})
    with mockserver.running(fixture="empty", seed=7, clock="2026-03-01T00:00:00Z") as mock:
        assert mock.call("listTopics") == []
        assert mock.call("createTopic", body={"name": "x"})["id"] != made["id"]
        assert mock.clock.now.isoformat() == "2026-03-01T00:00:00+00:00"
        assert "hubspot" in mock.call("listProviders")


def test_two_blocks_are_two_mocks():
    with mockserver.running() as one, mockserver.running() as other:
        one.call("createTopic", body={"name": "mine"})
        assert "mine" not in [topic["name"] for topic in other.call("listTopics")]


def test_the_block_ends_when_it_fails():
    running = mockserver.running()
    with pytest.raises(ZeroDivisionError), running as mock:
        _ = 1 / 0
    with pytest.raises(RuntimeError, match="the mock ended"):
        mock.call("listTopics")


def test_a_function_is_given_a_mock_each_time_it_is_called():
    @mockserver.running(seed=5)
    def create(name: str, mock: mockserver.Twin) -> list[str]:
        mock.call("createTopic", body={"name": name})
        return [topic["name"] for topic in mock.call("listTopics")]

    assert "mock" not in inspect.signature(create).parameters
    assert "a" in create("a")  # type: ignore[call-arg] # the decorator gives the rest
    assert "a" not in create("b")  # type: ignore[call-arg] # the same


def test_a_function_without_a_parameter_for_it_is_called_all_the_same():
    @mockserver.running()
    def add(one: int, *, other: int) -> int:
        return one + other

    assert add(1, other=2) == 3


def test_settings_are_for_a_mock_of_ones_own_only():
    with pytest.raises(TypeError, match="strict: settings of a mock that runs already"):
        mockserver.running(url="http://127.0.0.1:4010", strict=True).__enter__()


def test_a_wrong_setting_is_refused_and_nothing_is_left():
    before = threading.active_count()
    with pytest.raises(ValueError, match="port=-1 is not in 0 to 65535"):
        mockserver.running(port=-1).__enter__()
    assert threading.active_count() == before


def test_unittest_can_use_it():
    class Topics(unittest.TestCase):
        def setUp(self) -> None:
            self.mock = self.enterContext(mockserver.running())

        def test_create(self) -> None:
            self.mock.call("createTopic", body={"name": "invoices"})

        def test_create_again(self) -> None:
            self.mock.call("createTopic", body={"name": "invoices"})

    suite = unittest.defaultTestLoader.loadTestsFromTestCase(Topics)
    result = unittest.TestResult()
    suite.run(result)
    assert (result.testsRun, result.errors, result.failures) == (2, [], [])


def test_a_process_that_was_forked_is_told_that_the_mock_is_elsewhere():
    script = """
import os, mockserver
with mockserver.running() as mock:
    if os.fork() == 0:
        try:
            mock.call("listTopics")
        except RuntimeError as error:
            print(error, flush=True)
        os._exit(0)
    os.wait()
"""
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", script]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert "runs in the process that forked this" in run.stdout


def test_importing_the_package_imports_nothing_more():
    script = (
        "import sys, mockserver; print([n for n in sys.modules if n.startswith('mockserver.')])"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True
    )
    assert run.stdout.strip() == "[]"
    with pytest.raises(AttributeError, match="no attribute 'run'"):
        mockserver.run  # noqa: B018 # that it is not there is the point


def test_a_variable_names_a_mock_that_runs_already(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("MOCKSERVER_URL", "http://127.0.0.1:9")  # where nobody listens
    with pytest.raises(Exception, match="refused"):
        mockserver.running().__enter__()
    assert os.environ["MOCKSERVER_URL"]
