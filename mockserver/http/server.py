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

from mockserver.events.ending import Ending
from mockserver.events.scheduler import Scheduler
from mockserver.faults.armory import Armory
from mockserver.handlers.call import Handler
from mockserver.http.cors import Cors
from mockserver.http.faults import Faults
from mockserver.http.forwarding import Forwarding
from mockserver.http.guard import Guard
from mockserver.http.hosts import Hosts
from mockserver.http.journal import Journal, Noted
from mockserver.http.lifespan import Companion, Lifespan
from mockserver.http.operations import Operations
from mockserver.http.origins import origin
from mockserver.http.plans import House, Plan
from mockserver.http.recorder import Recorder, Recording
from mockserver.http.request_log import RequestLog
from mockserver.http.routing import Router
from mockserver.http.sandboxes import Sandboxes
from mockserver.http.sessions import Sessions
from mockserver.settings import Settings
from mockserver.state.worlds import Worlds

#: The whole application, as a server runs it.
Application = ASGIApp


class BundledSpecification(OpenAPISpecification):  # type: ignore[misc] # Connexion is not typed
    """A bundle, which the build has validated: starting does not do it again."""

    def __init__(self, raw_spec: dict[str, Any], *, base_uri: str = "") -> None:
        """Take a bundle as it is: the plans follow its references, Connexion need not.

        Its own way copies the document twice and writes out every reference, which takes longer
        than all the rest of a start.
        """
        self._raw_spec = {**raw_spec}  # Connexion writes the servers into it
        self._set_defaults(self._raw_spec)
        self._spec = self._raw_spec
        self._base_uri = base_uri


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
    ending: Ending,
    admin_prefix: str,
    admin_token: str,
    armory: Armory,
    pages: ASGIApp,
    page_prefixes: Sequence[str],
    open_prefixes: Sequence[str],
    proxy_prefix: str = "/proxy",
    closed: Sequence[Noted] = (),
    aside: Noted | None = None,
    left_out: str | None = None,
    name: str,
    companions: Sequence[Companion] = (),
) -> ASGIApp:
    """Return the application.

    Args:
        served: the contracts, each under its base path.
        settings: the switches.
        worlds: the sandboxes that requests act on.
        scheduler: does what falls due, from the start of the server to its end.
        ending: ends what is under way when the server ends.
        admin_prefix: what the paths of the control plane begin with.
        admin_token: opens the control plane; empty: it is open to this machine.
        armory: what is to go wrong.
        pages: answers below `page_prefixes`.
        page_prefixes: the paths of pages; "/" means that path alone.
        open_prefixes: the paths that browsers of any origin may call.
        proxy_prefix: what the paths of calls of providers begin with.
        closed: called with each exchange, at its end.
        aside: called in their place with the exchanges below `left_out`.
        left_out: what the paths begin with that are not noted.
        name: tells this application's recording from others in the same folder.
        companions: run from the start of the server to its end.
    """
    recording = Recording(Path(settings.record), name) if settings.record else None
    opened = recording.arrived if recording else None
    delay = partial(asyncio.sleep, settings.latency / 1000) if settings.latency else None
    sandboxes = partial(
        Sandboxes,
        worlds=worlds,
        strict=settings.sandboxes == "strict",
        public_url=settings.public_url,
    )
    routers: dict[str, Router[Plan]] = {}  # filled by the last layer, read by the one of faults
    layers: list[Callable[[ASGIApp], ASGIApp]] = [
        partial(Lifespan, worlds=worlds, scheduler=scheduler, ending=ending, companions=companions),
        Hosts,
        sandboxes,
        partial(Cors, prefixes=open_prefixes),
        partial(
            Journal,
            scheduler=scheduler,
            opened=opened,
            closed=closed,
            aside=aside,
            left_out=left_out,
        ),
        partial(
            Guard,
            prefix=admin_prefix,
            token=admin_token,
            sessions=Sessions(settings.port),
        ),
        partial(Faults, armory=armory, routers=routers, scheduler=scheduler),
        partial(Forwarding, prefix=proxy_prefix, scheduler=scheduler, delay=delay),
        partial(
            Operations,
            houses={one.base_path: one.house for one in served},
            routers=routers,
            origin=partial(origin, settings),
            page_prefixes=page_prefixes,
            delay=delay,
        ),
    ]
    if settings.log_requests:
        # Right behind the one that selects the sandbox: what is logged knows it.
        layers.insert(layers.index(sandboxes) + 1, partial(RequestLog, wall=scheduler.wall))
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
