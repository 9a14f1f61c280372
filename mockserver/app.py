"""Wires the rooms together: settings in, one application out. Nothing else does."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from mockserver import admin, pages
from mockserver.addresses import Resolve, resolve
from mockserver.contract.contract import HOSTS, Contract, load_admin, load_api, load_hosts
from mockserver.contract.documents import spec_directory
from mockserver.events.delivery import Deliveries
from mockserver.events.dispatcher import Dispatcher
from mockserver.events.scheduler import Scheduler
from mockserver.handlers.registry import host_handlers, platform_handlers
from mockserver.http.plans import House
from mockserver.http.server import Application, Served, build
from mockserver.http.shapes import ContractShapes
from mockserver.jobs.registry import every_job
from mockserver.resources.providers import Catalog, load_catalog
from mockserver.resources.tables import RESOURCES
from mockserver.seeding import loader
from mockserver.seeding.source import locate, read
from mockserver.settings import SettingError, Settings
from mockserver.simulation import clock
from mockserver.state.root import ClockState
from mockserver.state.sandbox import Sandbox
from mockserver.state.worlds import DEFAULT, Worlds

API_PATH = "/v1"
ADMIN_PATH = "/__admin"
PROXY_PATH = "/proxy"
_LEGACY_PROJECT_KEY = "oauth-connect-project-key"  # the relaxation of that name


@dataclass(frozen=True, slots=True)
class Mock:
    """An application and the worlds it serves."""

    asgi: Application
    worlds: Worlds
    contract: Contract
    settings: Settings
    scheduler: Scheduler
    deliveries: Deliveries

    @property
    def sandbox(self) -> Sandbox:
        """The world of requests that select none."""
        return self.worlds.default


def create(
    settings: Settings,
    *,
    wall: clock.WallClock = clock.wall_clock,
    dispatcher: Dispatcher | None = None,
    resolver: Resolve = resolve,
) -> Mock:
    """Build the mock.

    Args:
        settings: the switches.
        wall: the machine's clock.
        dispatcher: who delivers messages; None for the one that does it over HTTP.
        resolver: finds the addresses of the hosts that messages are delivered to.

    Raises:
        SettingError: a setting names something that cannot be used.
        FixtureError: the fixture cannot be loaded; says file, line and reason.
    """
    dropped = () if settings.accept_legacy_project_key else (_LEGACY_PROJECT_KEY,)
    contract, control = load_api(strict=settings.strict, dropped=dropped), load_admin()
    catalog = _catalog(settings, contract)
    shapes = ContractShapes(contract.request_schemas)
    # A fixture is no request: it may always leave out what the relaxations allow.
    lenient = ContractShapes(load_api().request_schemas) if settings.strict else shapes
    source = read(locate(settings.fixture))
    root = loader.load(
        source,
        settings=settings,
        catalog=catalog,
        contract=contract,
        clock_state=_clock(settings),
        known=lenient,
    )
    sandbox = Sandbox(DEFAULT, settings.seed, root, root)
    deliveries = Deliveries(settings, wall=wall, resolver=resolver)
    scheduler = Scheduler(
        settings=settings,
        resources=RESOURCES,
        catalog=catalog,
        shapes=shapes,
        jobs=every_job(),
        dispatcher=dispatcher or deliveries,
        wall=wall,
    )
    scheduler.replay(sandbox)
    sandbox.baseline = sandbox.root
    worlds = Worlds(sandbox)
    worlds.attach(deliveries)
    rooms = admin.Rooms(contract, worlds, scheduler, deliveries)
    house = partial(House, settings=settings, catalog=catalog, scheduler=scheduler)
    served = [
        Served(API_PATH, house(contract), platform_handlers()),
        Served(ADMIN_PATH, house(control), admin.handlers(rooms)),
        *(
            Served(f"/{host}{API_PATH}", house(own), host_handlers(host))
            for host, own in load_hosts().items()
        ),
    ]
    world = pages.World(contract, settings, sandbox, scheduler, catalog, API_PATH)
    try:
        asgi = build(
            served,
            settings=settings,
            worlds=worlds,
            scheduler=scheduler,
            pages=pages.LazyPages(world),
            page_prefixes=pages.PREFIXES,
            open_prefixes=(API_PATH, *(f"/{host}" for host in HOSTS), PROXY_PATH, "/_storage"),
            proxy_prefix=PROXY_PATH,
            name=f"{os.getpid()}-{secrets.token_hex(4)}",
        )
    except OSError as error:  # only the recording touches the disk
        raise SettingError(f"record {settings.record}: {error.strerror}") from None
    return Mock(asgi, worlds, contract, settings, scheduler, deliveries)


def _catalog(settings: Settings, contract: Contract) -> Catalog:
    table = spec_directory() / "catalog" / "providers.tsv"
    if not settings.catalog:
        return load_catalog(table)
    try:
        catalog = load_catalog(table, Path(settings.catalog))
    except OSError as error:
        raise SettingError(f"catalog {settings.catalog}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SettingError(f"catalog {settings.catalog}: not UTF-8 text") from None
    except (ValueError, RecursionError) as error:
        raise SettingError(f"catalog {settings.catalog}: not a catalog in JSON: {error}") from None
    violations = contract.response_schemas.violations(
        "/components/schemas/CatalogType", dict(catalog.providers)
    )
    if violations:
        place = "/".join(str(part) for part in violations[0].path)
        raise SettingError(f"catalog {settings.catalog}: at /{place}: {violations[0].message}")
    return catalog


def _clock(settings: Settings) -> ClockState:
    if settings.clock == "real":
        return ClockState()
    try:
        return clock.freeze(ClockState(), clock.moment(settings.clock))
    except ValueError:
        raise SettingError(
            f"clock {settings.clock!r} is neither 'real' nor an RFC 3339 time before the year 9000"
        ) from None
