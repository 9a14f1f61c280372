"""Begins a coroutine without a task: most of ours wait for nothing, and are at their end then.

What is left of one that waits becomes a task. Until it first waits a coroutine that was begun like
this runs in none: `asyncio.timeout`, and libraries that ask which task they run in, fail there.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator
from contextvars import Context
from dataclasses import dataclass
from functools import partial
from types import coroutine
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class Ended(Generic[T]):
    """A coroutine has ended, with a value."""

    value: T


def begin(coroutine: Coroutine[Any, Any, T], context: Context) -> Ended[T] | Coroutine[Any, Any, T]:
    """Begin a coroutine in a context; return how it ended, or the rest of it for a task.

    The context is to be the task's, too.
    """
    try:
        waited = context.run(coroutine.send, None)
    except StopIteration as end:
        return Ended(end.value)
    return _rest(coroutine, waited)


async def _rest(begun: Coroutine[Any, Any, T], waited: Any) -> T:
    ended: T = await _steps(begun, waited)
    return ended


@coroutine
def _steps(begun: Coroutine[Any, Any, T], waited: Any) -> Generator[Any, Any, T]:
    """Hand on what a coroutine waits for, and to it what comes of that."""
    while True:
        try:
            value = yield waited
        except BaseException as error:  # the task was cancelled, or what it waited for failed
            step: Callable[[], Any] = partial(begun.throw, error)
        else:
            step = partial(begun.send, value)
        try:
            waited = step()
        except StopIteration as end:
            ended: T = end.value
            return ended
