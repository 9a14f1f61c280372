"""Wires the rooms together: settings in, one application out. Nothing else does."""

from __future__ import annotations

import os
import secrets
from asyncio import Protocol
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from mockserver import admin, pages
from mockserver.addresses import Resolve, is_this_machine, resolve
from mockserver.contract.contract import HOSTS, Contract, load_admin, load_api, load_hosts
from mockserver.contract.documents import spec_directory
from mockserver.coverage.tally import Tallies
from mockserver.events.delivery import Deliveries
from mockserver.events.dispatcher import Dispatcher
from mockserver.events.ending import Ending
from mockserver.events.scheduler import Scheduler
from mockserver.faults.armory import Armory
from mockserver.faults.surface import Surface
from mockserver.handlers.registry import host_handlers, platform_handlers
from mockserver.http.exchange import BREAK
from mockserver.http.plans import House
from mockserver.http.sandboxes import prefix_of, sandbox_of
from mockserver.http.server import Application, Served, build
from mockserver.http.shapes import ContractShapes
from mockserver.jobs.registry import every_job
from mockserver.journal.observed import Observed, observe
from mockserver.resources.providers import Catalog, load_catalog
from mockserver.resources.tables import RESOURCES
from mockserver.seeding.fixtures import Fixtures
from mockserver.seeding.persistence import Keeper, Origin
from mockserver.seeding.watching import Watcher
from mockserver.settings import SettingError, Settings
from mockserver.simulation import clock
from mockserver.simulation.clock import SECOND
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
    ending: Ending
    admin_token: str  # opens the control plane; empty: it is open to this machine
    armory: Armory
    observed: Observed
    tallies: Tallies
    keeper: Keeper | None = None  # who saves the worlds to a file; None where nobody does

    def breaks(self) -> str:
        """Return the key of the extension of ASGI that breaks the connection of a request.

        Whoever calls this offers it: a callable that takes a fault and some noise. What is sent as
        an answer after that must be ignored.
        """
        self.armory.breaks_sockets = True
        return BREAK

    def breakable_protocol(self) -> type[Protocol]:
        """Return the protocol for a server whose connections can be broken on purpose.

        A server that runs this application with another one cannot: such faults are refused.
        """
        from mockserver.http.sockets import BreakableProtocol  # nobody needs it without a server

        self.armory.breaks_sockets = True
        return BreakableProtocol

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
    fixtures = Fixtures(settings, catalog, contract, _clock(settings), lenient)
    root = fixtures.load(fixtures.file, settings.seed)
    sandbox = Sandbox(DEFAULT, settings.seed, root, root, fixture=fixtures.default)
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
    scheduler.begin(sandbox)
    sandbox.baseline = sandbox.root
    idle = round(settings.sandbox_idle * SECOND)
    worlds = Worlds(sandbox, wall=wall, idle=idle)
    worlds.begins = scheduler.begin
    worlds.attach(scheduler)
    worlds.attach(deliveries)
    keeper = _keeper(settings, Origin(contract.digest, fixtures.default, settings.seed), worlds)
    companions: list[Keeper | Watcher] = [keeper] if keeper else []
    if settings.watch:
        companions.append(Watcher(fixtures, worlds=worlds, scheduler=scheduler))
    ending = Ending(scheduler, settings.shutdown_seconds)
    token = _admin_token(settings)
    apis = {API_PATH: contract} | {f"/{h}{API_PATH}": own for h, own in load_hosts().items()}
    counted = {base_path: own.operations for base_path, own in apis.items()}
    armory = Armory(Surface(apis))
    observed, tallies = observe(settings, counted), Tallies(counted.values())
    for belongings in (armory, observed.journals, observed.happenings, tallies):
        worlds.attach(belongings)
    deliveries.told = observed.happenings.delivered
    rooms = admin.Rooms(
        contract=contract,
        worlds=worlds,
        scheduler=scheduler,
        deliveries=deliveries,
        fixtures=fixtures,
        settings=settings,
        ending=ending,
        armory=armory,
        observed=observed,
        tallies=tallies,
        counted=counted,
    )
    house = partial(House, settings=settings, catalog=catalog, scheduler=scheduler)
    served = [
        Served(API_PATH, house(contract), platform_handlers()),
        Served(ADMIN_PATH, house(control, is_pure=False), admin.handlers(rooms)),
        *(
            Served(base_path, house(own), host_handlers(base_path.split("/")[1]))
            for base_path, own in apis.items()
            if base_path != API_PATH
        ),
    ]
    world = pages.World(
        contract, control, settings, sandbox_of, prefix_of, scheduler, catalog, API_PATH
    )
    try:
        asgi = build(
            served,
            settings=settings,
            worlds=worlds,
            scheduler=scheduler,
            ending=ending,
            admin_prefix=ADMIN_PATH,
            admin_token=token,
            armory=armory,
            pages=pages.LazyPages(world),
            page_prefixes=pages.PREFIXES,
            open_prefixes=(API_PATH, *(f"/{host}" for host in HOSTS), PROXY_PATH, "/_storage"),
            proxy_prefix=PROXY_PATH,
            closed=(*observed.each, tallies.count),
            aside=observed.happenings.controlled,
            left_out=None if settings.journal_admin else ADMIN_PATH,
            name=f"{os.getpid()}-{secrets.token_hex(4)}",
            companions=companions,
        )
    except OSError as error:  # only the recording touches the disk
        raise SettingError(f"record {settings.record}: {error.strerror}") from None
    return Mock(
        asgi=asgi,
        worlds=worlds,
        contract=contract,
        settings=settings,
        scheduler=scheduler,
        deliveries=deliveries,
        ending=ending,
        admin_token=token,
        armory=armory,
        observed=observed,
        tallies=tallies,
        keeper=keeper,
    )


def _admin_token(settings: Settings) -> str:
    """Return the token of the control plane: none is needed where only this machine can call."""
    if settings.admin_token or is_this_machine(settings.host):
        return settings.admin_token
    return secrets.token_urlsafe(24)


def _keeper(settings: Settings, origin: Origin, worlds: Worlds) -> Keeper | None:
    """Take the worlds from the file that keeps them, if there is to be one."""
    if not settings.persist:
        return None
    path = Path(settings.persist)
    keeper = Keeper(path, every=settings.persist_every, origin=origin, worlds=worlds)
    keeper.open()
    return keeper


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
