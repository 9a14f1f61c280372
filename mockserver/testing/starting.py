"""`mockserver.running()`: a mock for a block or a function, with any test framework or none."""

from __future__ import annotations

import functools
import inspect
import os
import secrets
from collections.abc import Callable
from types import TracebackType
from typing import Any, TypeVar

from mockserver.testing.servers import DEFAULT, OwnServer, Server, SharedServer
from mockserver.testing.twin import Twin

URL = "MOCKSERVER_URL"
TOKEN = "MOCKSERVER_ADMIN_TOKEN"  # noqa: S105 # the name of a variable, not its value
Function = TypeVar("Function", bound=Callable[..., Any])


class running:  # it is used like a function
    """Runs a mock, or joins one: `with running() as mock`, or `@running()` above a function.

    A function that has a parameter `mock` is given it. Each block has a world of its own: a new
    mock in this process, or a new sandbox of the one that `url` or MOCKSERVER_URL names.
    """

    def __init__(
        self,
        *,
        fixture: str | None = None,
        seed: int | None = None,
        url: str | None = None,
        admin_token: str | None = None,
        **settings: Any,
    ) -> None:
        """Say how; nothing is started before the block.

        Args:
            fixture: name of a fixture set, or a YAML file, to start from.
            seed: of every id, key and fake value.
            url: of a mock that runs already.
            admin_token: what opens its control plane; else MOCKSERVER_ADMIN_TOKEN.
            settings: of a mock in this process, as in `mockserver serve`: `strict=True`.
        """
        self._fixture, self._seed = fixture, seed
        self._url = url or os.environ.get(URL, "")
        self._token = admin_token or os.environ.get(TOKEN, "")
        self._settings = settings
        self._server: Server | None = None
        self._twin: Twin | None = None

    def __enter__(self) -> Twin:
        self._twin = self._joined() if self._url else self._started()
        return self._twin

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._twin is not None and self._server is not None:
            self._twin.close()
            if self._twin.name != DEFAULT:
                self._server.drop(self._twin.name)
            self._server.close()
        self._twin = self._server = None

    def __call__(self, function: Function) -> Function:
        """Decorate a function: each call of it has a mock of its own."""
        parameters = inspect.signature(function).parameters
        wants_mock = "mock" in parameters

        @functools.wraps(function)
        def inside(*arguments: Any, **named: Any) -> Any:
            with self._again() as mock:
                if wants_mock:
                    named["mock"] = mock
                return function(*arguments, **named)

        if wants_mock:  # frameworks that fill parameters in must not look for it
            left = [one for name, one in parameters.items() if name != "mock"]
            inside.__signature__ = inspect.Signature(left)  # type: ignore[attr-defined] # read by inspect
        return inside  # type: ignore[return-value] # it takes one parameter less

    def _started(self) -> Twin:
        settings = {**self._settings, "fixture": self._fixture, "seed": self._seed}
        self._server = OwnServer(settings)
        return Twin(self._server, DEFAULT)

    def _joined(self) -> Twin:
        if self._settings:
            given = ", ".join(self._settings)
            raise TypeError(f"{given}: settings of a mock that runs already, at {self._url}")
        name = f"run-{secrets.token_hex(6)}"
        self._server = SharedServer(self._url, self._token)
        try:
            self._server.open(name, self._fixture, self._seed)
        except BaseException:
            self._server.close()
            raise
        return Twin(self._server, name)

    def _again(self) -> running:
        return running(
            fixture=self._fixture,
            seed=self._seed,
            url=self._url,
            admin_token=self._token,
            **self._settings,
        )
