"""What a terminal shows while a check goes on."""

from __future__ import annotations

import io

from rich.console import Console

from mockserver.conformance.findings import Finding, Verdict
from mockserver.conformance.pace import Watch, within
from mockserver.conformance.reports.live import Board, Lines

FOUND = Finding(Verdict.VIOLATION, "createTopic", "echo", "wrong")
HELD = Finding(Verdict.HELD, "listTopics", "echo")


def text(width: int) -> str:
    clock = [0.0]
    console = Console(file=io.StringIO(), width=width, record=True)
    board = Board(
        console, ["createTopic", "listTopics", "deleteTopic"], within(60, Watch(lambda: clock[0]))
    )
    board.begun("rules", 12)
    board.tried("rules", FOUND)
    board.found(FOUND)
    board.tried("rules", HELD)
    clock[0] = 20.0
    console.print(board.render())
    return console.export_text()


def test_the_board_shows_every_operation_in_every_layer_and_the_time():
    shown = text(100)
    assert "✖■·" in shown
    assert "2/12" in shown
    assert "40 s left" in shown
    assert "✖ createTopic echo" in shown


def test_the_board_fits_a_narrow_terminal():
    assert max(len(line) for line in text(40).splitlines()) <= 40


def test_a_log_names_layers_and_violations_once():
    console = Console(file=io.StringIO(), width=80, record=True)
    lines = Lines(console)
    lines.begun("rules", 3)
    lines.begun("rules", 3)
    lines.found(FOUND)
    lines.found(Finding(Verdict.SUSPECT, "createTopic", "other"))
    assert console.export_text().split("\n") == ["rules: 3 planned", "  ✖ createTopic echo", ""]
