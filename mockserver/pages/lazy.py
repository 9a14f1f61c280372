"""The pages' door: Flask is started when the first page is asked for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from mockserver.contract.contract import Contract
from mockserver.simulation.clock import WallClock
from mockserver.state.sandbox import Sandbox

#: The paths that belong to pages; "/" means the front page alone.
PREFIXES = ("/", "/ui", "/openapi.json", "/_provider")


class LazyPages:
    """An ASGI application that builds the Flask one on its first request."""

    def __init__(
        self,
        *,
        contract: Contract,
        sandbox: Sandbox,
        wall: WallClock,
        api_path: str,
        public_url: str,
    ) -> None:
        """Remember what the pages show.

        Args:
            contract: the contract of the mocked API.
            sandbox: the world that pages read.
            wall: the machine's clock.
            api_path: where the mocked API is served.
            public_url: the origin that pages show; empty for the one they were asked at.
        """
        self._parts = (contract, sandbox, wall, api_path, public_url)
        self._app: Any = None

    async def __call__(
        self,
        scope: MutableMapping[str, Any],
        receive: Callable[[], Awaitable[Any]],
        send: Callable[[Any], Awaitable[None]],
    ) -> None:
        """Handle one request."""
        if self._app is None:
            from a2wsgi import WSGIMiddleware  # starting the mock does not need it

            from mockserver.pages.site import create

            site: Any = create(*self._parts)  # a2wsgi types its applications more narrowly
            self._app = WSGIMiddleware(site)
        await self._app(scope, receive, send)
