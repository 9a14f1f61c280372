"""What the proxy shows while it runs: each new kind of violation, and one living line."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.text import Text

from mockserver.cli.judged import COLOURS, headline
from mockserver.contract.verdicts import SEVERITIES, Violation
from mockserver.proxy.judged import Judged, in_one_line
from mockserver.proxy.tally import Tally

_MOST_LINES = 3  # violations of one exchange
_MOST_NAMES = 4  # operations in the living line


class Screen:
    """A witness that people watch. On no terminal it writes lines and nothing that moves."""

    def __init__(self, console: Console, tally: Tally) -> None:
        """Show on `console` what is counted in `tally`."""
        self._console = console
        self._tally = tally
        self._lock = threading.Lock()  # of the tally; never held while something is printed
        self._live = Live(
            console=console, get_renderable=self._line, refresh_per_second=4, transient=True
        )

    def begin(self) -> None:
        """Show the living line from now on."""
        if self._console.is_terminal:
            self._live.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._live.stop()

    def __call__(self, judged: Judged) -> None:
        """Count one exchange, and show it if it breaks the contract in a new way."""
        line = in_one_line(judged.exchange)
        with self._lock:
            known = len(self._tally.kinds)
            self._tally.add(judged.verdict, line, unread=bool(judged.unread))
            is_new = len(self._tally.kinds) > known
        if is_new:
            self._show(line, judged.verdict.violations)

    def _show(self, line: str, violations: Sequence[Violation]) -> None:
        worst = min((v.severity for v in violations), key=SEVERITIES.index)
        head = Text(f"{worst.upper():<9}", f"{COLOURS[worst]} bold")
        self._print(head.append(line, "not bold default"))
        for violation in violations[:_MOST_LINES]:
            self._print(Text(f"         {violation}", "dim"))
        if len(violations) > _MOST_LINES:
            self._print(Text(f"         and {len(violations) - _MOST_LINES} more", "dim"))

    def unanswered(self, reason: str) -> None:
        """Count a request that the upstream did not answer, and say why."""
        with self._lock:
            self._tally.unanswered += 1
        self._print(Text("FAILED   ", "red bold").append(reason, "not bold default"))

    def say(self, text: str) -> None:
        """Show a line."""
        self._print(Text(text, "dim"))

    def _print(self, text: Text) -> None:
        self._console.print(text, soft_wrap=True)

    def _line(self) -> Text:
        """Return the living line; the thread that draws it asks for it."""
        with self._lock:
            line = headline(self._tally)
            broken = [
                (sum(row.violations.values()), name or "no operation")
                for name, row in self._tally.rows.items()
            ]
        names = [f"{name} {number}" for number, name in sorted(broken, reverse=True) if number]
        if names:
            line.append(f"  ({', '.join(names[:_MOST_NAMES])})", "dim")
        line.no_wrap = True
        line.overflow = "ellipsis"
        return line
