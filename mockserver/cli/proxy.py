"""`mockserver proxy`: stand in front of an implementation and judge what passes."""

from __future__ import annotations

import secrets
import signal
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import uvicorn
from rich.console import Console

from mockserver.addresses import AddressRules
from mockserver.addresses import read_place as read_destination
from mockserver.cli.extras import require
from mockserver.cli.files import file_option
from mockserver.cli.listening import listen, shown_host

DEFAULT_PORT = 4020
_MIB = 1 << 20
_NOTHING_JUDGED = 2


@dataclass(frozen=True, slots=True)
class _Options:
    upstream: str
    host: str
    port: int
    log: Path | None
    record: Path | None
    allow_destination: tuple[str, ...]
    timeout: float
    max_body: int  # MiB
    fail_on: str | None


@click.command("proxy")
@click.option(
    "--upstream",
    required=True,
    metavar="URL",
    help="The implementation: its root, or its /v1. Its own host and port are allowed.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    default=DEFAULT_PORT,
    show_default=True,
    type=click.IntRange(0, 65_535),
    help="Port to listen on; 0 takes a free one.",
)
@file_option("--log", "Append a JSON line for each exchange that breaks the contract.")
@file_option("--record", "Write FILE.har, and FILE.yaml for mockserver serve --fixture, anew.")
@click.option(
    "--allow-destination",
    multiple=True,
    metavar="HOST:PORT",
    help="Allow a further private address that the upstream's name resolves to.",
)
@click.option(
    "--timeout",
    default=30.0,
    show_default=True,
    type=click.FloatRange(0.1, 3600),
    help="Seconds until the upstream must have answered.",
)
@click.option(
    "--max-body",
    default=16,
    show_default=True,
    type=click.IntRange(1, 1024),
    metavar="MIB",
    help="Largest body that is passed on, either way.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning"]),
    help="End with 1 when there was one, with 2 when nothing was judged.",
)
def command(**given: Any) -> int:
    """Stand in front of an implementation and hold each exchange against the contract.

    Everything is passed on as it is. An answer whose exchange breaks the contract
    carries the header sl-violations, a JSON array of {location, severity, code,
    message}. Errors are what no correct implementation does; a request that was
    rightly refused is a warning. Secrets are taken out of log and recording.

    \b
    mockserver proxy --upstream https://api.example.com/v1
    mockserver proxy --upstream http://127.0.0.1:4010 --log broken.jsonl
    mockserver proxy --upstream http://127.0.0.1:8080/v1 --record morning
    """  # noqa: D301 # click reads the backslash
    require("check", "openapi_core", "httpx")
    return _run(_Options(**given))


def _run(options: _Options) -> int:
    # Imported here: they need the extra.
    from mockserver.cli.judged import summary
    from mockserver.cli.proxy_session import Session
    from mockserver.cli.terminal import show

    with ExitStack() as stack:
        session = Session.opened(
            stack,
            upstream=options.upstream,
            rules=AddressRules(frozenset(_destinations(options.allow_destination))),
            timeout=options.timeout,
            most=options.max_body * _MIB,
            only_loopback=options.host in {"127.0.0.1", "::1", "localhost"},
            log=options.log,
            record=options.record,
            alias=f"mockserver-{secrets.token_hex(6)}",
            console=Console(highlight=False),
        )
        listener = stack.enter_context(listen(options.host, options.port))
        port = listener.getsockname()[1]
        server = _server(session.application)
        # From before the banner on: whoever reads it may stop the proxy before it serves.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, server.handle_exit)
        session.begin(f"http://{shown_host(options.host)}:{port}")
        server.run(sockets=[listener])
        session.end()
    show(summary(session.tally))
    for line in session.closing:
        click.echo(line)
    if options.fail_on is None:
        return 0
    if session.tally.fails(options.fail_on.capitalize()):
        return 1
    return 0 if session.tally.judged else _NOTHING_JUDGED


def _destinations(texts: tuple[str, ...]) -> list[tuple[str, int]]:
    try:
        return [read_destination(text) for text in texts]
    except ValueError as error:
        raise click.ClickException(f"--allow-destination: {error} is not HOST:PORT") from None


def _server(application: Any) -> uvicorn.Server:
    config = uvicorn.Config(
        application,
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=False,  # the upstream's own is passed on
        lifespan="on",
        ws="none",
        timeout_graceful_shutdown=5,
    )
    return uvicorn.Server(config)
