"""Builds the ASGI application: the layers of a request's way, as a list."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from connexion.middleware.main import API, ConnexionMiddleware
from connexion.resolver import Resolver
from connexion.spec import OpenAPISpecification
from starlette.types import ASGIApp

from mockserver.events.scheduler import Scheduler
from mockserver.handlers.call import Handler
from mockserver.http.cors import Cors
from mockserver.http.forwarding import Forwarding
from mockserver.http.hosts import Hosts
from mockserver.http.journal import Journal
from mockserver.http.lifespan import Lifespan
from mockserver.http.operations import Operations
from mockserver.http.origins import origin
from mockserver.http.plans import House
from mockserver.http.precedence import Precedence
from mockserver.http.recorder import Recorder, Recording
from mockserver.http.sandboxes import Sandboxes
from mockserver.settings import Settings
from mockserver.state.worlds import Worlds

#: The whole application, as a server runs it.
Application = ASGIApp


class BundledSpecification(OpenAPISpecification):  # type: ignore[misc] # Connexion is not typed
    """A bundle, which the build has validated: starting does not do it again."""

    @classmethod
    def _validate_spec(cls, spec: dict[str, Any]) -> None:
        """Skip what the tests prove of the shipped documents."""


@dataclass(frozen=True, slots=True)
class Served:
    """A contract, where it is served and who answers it."""

    base_path: str
    house: House
    handlers: Mapping[str, Handler]


def build(
    served: Sequence[Served],
    *,
    settings: Settings,
    worlds: Worlds,
    scheduler: Scheduler,
    pages: ASGIApp,
    page_prefixes: Sequence[str],
    open_prefixes: Sequence[str],
    proxy_prefix: str = "/proxy",
    name: str,
) -> ASGIApp:
    """Return the application.

    Args:
        served: the contracts, each under its base path.
        settings: the switches.
        worlds: the sandboxes that requests act on.
        scheduler: does what falls due, from the start of the server to its end.
        pages: answers below `page_prefixes`.
        page_prefixes: the paths of pages; "/" means that path alone.
        open_prefixes: the paths that browsers of any origin may call.
        proxy_prefix: what the paths of calls of providers begin with.
        name: tells this application's recording from others in the same folder.
    """
    recording = Recording(Path(settings.record), name) if settings.record else None
    opened = recording.arrived if recording else None
    delay = partial(asyncio.sleep, settings.latency / 1000) if settings.latency else None
    layers: list[Callable[[ASGIApp], ASGIApp]] = [
        partial(Lifespan, worlds=worlds, scheduler=scheduler),
        partial(Precedence, traffic=scheduler.traffic),
        Hosts,
        partial(Sandboxes, worlds=worlds),
        partial(Cors, prefixes=open_prefixes),
        partial(Journal, scheduler=scheduler, opened=opened),
        partial(Forwarding, prefix=proxy_prefix, scheduler=scheduler, delay=delay),
        partial(
            Operations,
            houses={one.base_path: one.house for one in served},
            origin=partial(origin, settings),
            page_prefixes=page_prefixes,
            delay=delay,
        ),
    ]
    if recording is not None:
        layers.insert(0, partial(Recorder, recording=recording))
    connexion = ConnexionMiddleware(pages, middlewares=layers)
    for one in served:
        connexion.apis.append(_api(one))
    application: Application = connexion
    return application


def _api(served: Served) -> API:
    specification = BundledSpecification(served.house.contract.document)
    return API(specification, base_path=served.base_path, resolver=Resolver(served.handlers.get))
