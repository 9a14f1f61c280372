"""What a terminal shows while a run goes on: every operation in every layer, and the time left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from mockserver.conformance.findings import Finding, Verdict
from mockserver.conformance.pace import Deadline
from mockserver.conformance.reach import worst
from mockserver.conformance.reports.summary import STYLES

_CELLS: Mapping[Verdict, str] = {
    Verdict.HELD: "■",
    Verdict.VIOLATION: "✖",
    Verdict.SUSPECT: "▲",
    Verdict.INCONCLUSIVE: "?",
}
_EACH = 8  # refreshes per second


class Silent:
    """Shows nothing."""

    def begun(self, layer: str, planned: int) -> None:
        """Take that a layer's turn has come."""

    def tried(self, layer: str, finding: Finding) -> None:
        """Take what a trial came to."""

    def found(self, finding: Finding) -> None:
        """Take a finding that was confirmed."""


class Lines(Silent):
    """One line for each layer and each violation: for logs."""

    def __init__(self, console: Console) -> None:
        """Take where to print."""
        self._console = console
        self._begun: set[str] = set()

    def begun(self, layer: str, planned: int) -> None:
        """Print a layer when its first turn comes."""
        if layer not in self._begun:
            self._begun.add(layer)
            self._console.print(f"{layer}: {planned} planned" if planned else layer, style="dim")

    def found(self, finding: Finding) -> None:
        """Print a violation."""
        if finding.verdict is Verdict.VIOLATION and not finding.accepted:
            self._console.print(Text(f"  ✖ {finding.name}", style="red"))


class Board(Silent):
    """A board of all operations, one cell each, one row of cells per layer."""

    def __init__(self, console: Console, operations: Sequence[str], deadline: Deadline) -> None:
        """Take the operations in their order, and when time is up."""
        self._operations = list(operations)
        self._deadline = deadline
        self._budget = max(deadline.left, 1.0)
        self._layers: dict[str, dict[str, list[Verdict]]] = {}
        self._planned: dict[str, int] = {}
        self._done: dict[str, int] = {}
        self._findings: list[Finding] = []
        self._live = Live(
            console=console, get_renderable=self.render, refresh_per_second=_EACH, transient=True
        )

    def __enter__(self) -> Board:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def begun(self, layer: str, planned: int) -> None:
        """Add a row for a layer."""
        self._layers.setdefault(layer, {})
        self._planned[layer] = planned
        self._done.setdefault(layer, 0)

    def tried(self, layer: str, finding: Finding) -> None:
        """Colour a cell."""
        self._done[layer] = self._done.get(layer, 0) + 1
        cells = self._layers.setdefault(layer, {})
        cells.setdefault(finding.operation_id, []).append(finding.verdict)

    def found(self, finding: Finding) -> None:
        """Add a finding to the list below the board."""
        if finding.verdict is Verdict.VIOLATION and not finding.accepted:
            self._findings.append(finding)

    def render(self) -> RenderableType:
        """Return the board as it is now."""
        return Group(*self._parts())

    def _parts(self) -> Iterator[RenderableType]:
        table = Table.grid(padding=(0, 1), expand=True)
        table.add_column(no_wrap=True, style="bold")
        table.add_column(ratio=1)
        table.add_column(justify="right", no_wrap=True, style="dim")
        for layer, cells in self._layers.items():
            row = Text("", overflow="fold")
            for operation in self._operations:
                row.append(*self._cell(cells.get(operation, [])))
            planned = self._planned.get(layer, 0)
            count = f"{self._done[layer]}/{planned}" if planned else str(self._done[layer])
            table.add_row(layer, row, count)
        yield table
        left = self._deadline.left
        bar = ProgressBar(total=self._budget, completed=self._budget - left)
        time = Table.grid(padding=(0, 1), expand=True)
        time.add_column(no_wrap=True, style="bold")
        time.add_column(ratio=1)
        time.add_column(justify="right", no_wrap=True, style="dim")
        time.add_row("time", bar, f"{left:.0f} s left")
        yield time
        for finding in self._findings[-5:]:
            yield Text(f"  ✖ {finding.name}", style="red", overflow="ellipsis", no_wrap=True)

    def _cell(self, verdicts: Sequence[Verdict]) -> tuple[str, str]:
        found = worst(verdicts)
        if found is None or found not in _CELLS:
            return ("·", "dim")
        return (_CELLS[found], STYLES[found.value])
