"""The pages' door: Flask is started when the first page is asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from mockserver.pages.world import World

#: The paths that belong to pages; "/" means the front page alone.
PREFIXES = (
    "/",
    "/ui",
    "/openapi.json",
    "/_provider",
    "/_storage",
    "/callbacks",
    "/_clerk",
    "/__admin/ui",
    "/__admin/docs",
    "/__admin/openapi.json",
)


class LazyPages:
    """An ASGI application that builds the Flask one on its first request."""

    def __init__(self, world: World) -> None:
        """Remember what the pages show and change."""
        self.world = world
        self._app: Any = None

    async def __call__(
        self,
        scope: MutableMapping[str, Any],
        receive: Callable[[], Awaitable[Any]],
        send: Callable[[Any], Awaitable[None]],
    ) -> None:
        """Handle one request."""
        self.world.loop = asyncio.get_running_loop()
        if self._app is None:
            from a2wsgi import WSGIMiddleware  # starting the mock does not need it

            from mockserver.pages.site import create

            site: Any = create(self.world)  # a2wsgi types its applications more narrowly
            self._app = WSGIMiddleware(site)
        await self._app(scope, receive, send)
