"""What the proxy shows while it runs: each broken exchange as it passes, and one living line."""

from __future__ import annotations

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
        self._live = Live(
            console=console, get_renderable=self._line, refresh_per_second=4, transient=True
        )

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._live.stop()

    def __call__(self, judged: Judged) -> None:
        """Count one exchange, and show it if it breaks the contract."""
        line = in_one_line(judged.exchange)
        self._tally.add(judged.verdict, line, unread=bool(judged.unread))
        violations = judged.verdict.violations
        if violations:
            worst = min((v.severity for v in violations), key=SEVERITIES.index)
            self._console.print(
                Text(f"{worst.upper():<9}", f"{COLOURS[worst]} bold").append(
                    line, "not bold default"
                ),
                soft_wrap=True,
            )
        for violation in violations[:_MOST_LINES]:
            self._console.print(_detail(violation), soft_wrap=True)
        if len(violations) > _MOST_LINES:
            more = len(violations) - _MOST_LINES
            self._console.print(Text(f"         and {more} more", "dim"), soft_wrap=True)

    def unanswered(self, reason: str) -> None:
        """Count a request that the upstream did not answer, and say why."""
        self._tally.unanswered += 1
        self._console.print(
            Text("FAILED   ", "red bold").append(reason, "not bold default"), soft_wrap=True
        )

    def say(self, text: str) -> None:
        """Show a line."""
        self._console.print(Text(text, "dim"), soft_wrap=True)

    def _line(self) -> Text:
        line = headline(self._tally)
        broken = sorted(
            (
                (sum(row.violations.values()), name or "no operation")
                for name, row in list(self._tally.rows.items())
            ),
            reverse=True,
        )
        names = [f"{name} {number}" for number, name in broken if number][:_MOST_NAMES]
        if names:
            line.append(f"  ({', '.join(names)})", "dim")
        line.no_wrap = True
        line.overflow = "ellipsis"
        return line


def _detail(violation: Violation) -> Text:
    return Text(f"         {violation}", "dim")
