"""Runs the command as people do, in this process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

import pytest

from mockserver.cli.main import main


@dataclass(frozen=True)
class Ended:
    """How a command ended and what it wrote."""

    code: int
    out: str
    err: str


class Command:
    """The `mockserver` command."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self.capture = capture

    def __call__(self, *arguments: str) -> Ended:
        """Run it to its end."""
        with pytest.raises(SystemExit) as ended:
            _run(arguments)
        written = self.capture.readouterr()
        assert isinstance(ended.value.code, int)
        return Ended(ended.value.code, written.out, written.err)

    def refuses(self, *arguments: str) -> str:
        """Run it, hold its refusal to the form that all have, and return the line."""
        ended = self(*arguments)
        assert ended.code == 2
        assert ended.out == ""
        assert ended.err.count("\n") == 1
        assert ended.err.startswith("mockserver: ")
        assert "Traceback" not in ended.err
        return ended.err.removeprefix("mockserver: ").rstrip("\n")


def _run(arguments: tuple[str, ...]) -> NoReturn:
    main(arguments)
    raise AssertionError("the command returned without an exit code")
