"""The judge's bench: one thread beside the event loop, so that no other request waits for it."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from types import TracebackType
from typing import Self

from mockserver.contract.judge import Judge
from mockserver.contract.recordings import Exchange
from mockserver.contract.verdicts import WARNING, Verdict, Violation
from mockserver.proxy.unseen import seen

#: Judgements of each kind that are remembered: some 200 bytes each.
_MOST_REMEMBERED = 20_000


class Bench:
    """Judges exchanges one after the other. Use it in a `with` block."""

    def __init__(self) -> None:
        self._judge = Judge(most=_MOST_REMEMBERED)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="judge")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._thread.shutdown(cancel_futures=True)
        self._judge.__exit__(kind, error, trace)

    async def judge(self, exchange: Exchange, unread: frozenset[str] = frozenset()) -> Verdict:
        """Judge an exchange.

        Args:
            exchange: bodies without content coding.
            unread: "request" and "response", where a body could not be decoded.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self.judge_now, exchange, unread)

    def judge_now(self, exchange: Exchange, unread: frozenset[str] = frozenset()) -> Verdict:
        """Judge an exchange in this thread."""
        if "response" in unread:  # its media type is judged all the same
            exchange = replace(exchange, response_body=b"null")
        try:
            return seen(self._judge.examine(exchange), exchange, unread)
        except RecursionError:
            found = self._judge.find(exchange)
            where = ("response", "body")
            deep = Violation(where, "depth", "a body is nested too deeply to be judged", WARNING)
            name = found.operation_id if found else None
            return Verdict(name, exchange.status, violations=(deep,))

    def knows(self, exchange: Exchange) -> bool:
        """Tell whether an exchange is of an operation."""
        return self._judge.find(exchange) is not None
