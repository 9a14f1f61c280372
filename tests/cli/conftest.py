"""What the tests of the command stand on."""

from __future__ import annotations

import pytest

from tests.cli.command import Command


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("MOCKSERVER_PORT", "0")  # a mock may be running here
    return Command(capsys)
