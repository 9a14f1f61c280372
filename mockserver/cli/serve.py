"""`mockserver serve`: start the mock, and tell how to use it."""

from __future__ import annotations

import gc
import socket
from contextlib import closing
from dataclasses import replace
from typing import Any

import click

from mockserver.app import Mock
from mockserver.cli import serving
from mockserver.cli.listening import listen
from mockserver.cli.listening import shown_host as _shown_host
from mockserver.cli.options import mock_of, setting_options, settings_of
from mockserver.settings import Settings

#: New objects, then young, then middle-aged collections. A young one costs by the object, so few
#: at a time make short pauses: with 20,000 one call in a hundred waited for 15 ms.
_COLLECTIONS = (1_000, 2_000, 50)
_SHOWN_KEYS = 4
_SHOWN_TOKENS = 3


@click.command("serve")
@setting_options()
def command(**given: Any) -> None:
    """Start the mock.

    Every option is also a variable: --fixture is MOCKSERVER_FIXTURE. A flag counts before its
    variable.

    \b
    mockserver serve
    mockserver serve --port 5000 --fixture empty
    mockserver serve --clock 2026-01-05T09:00:00Z --seed 7
    """  # noqa: D301 # click reads the backslash
    settings = settings_of(given)
    serving.check_tls(settings)
    gc.disable()  # what the start makes stays: there is no garbage to be found among it
    with closing(_listen(settings)) as listener:
        # What is sent when nobody asks names the port as well: of port 0, the one it became.
        settings = replace(settings, port=listener.getsockname()[1])
        mock = mock_of(settings, serving=True)
        # The collector need not look again at what the start made, however many requests there are.
        gc.collect()
        gc.freeze()
        # A request leaves nothing for it, and records are no garbage: it looks at them seldom.
        gc.set_threshold(*_COLLECTIONS)
        gc.enable()
        server = serving.build(mock)
        scheme = "https" if settings.tls_cert else "http"
        click.echo(banner(mock, f"{scheme}://{_shown_host(settings.host)}:{settings.port}"))
        server.run(sockets=[listener])
    serving.report(server)


def _listen(settings: Settings) -> socket.socket:
    return listen(settings.host, settings.port)


def banner(mock: Mock, url: str) -> str:
    """Return what the start prints: where, what, with which credentials."""
    contract, settings, root = mock.contract, mock.settings, mock.sandbox.root
    info = contract.document["info"]
    lines = [
        "",
        click.style("  Ampersand mock server", bold=True)
        + click.style(f"  {info['title']} {info['version']}", dim=True),
        "",
        _line("API", click.style(f"{url}/v1", fg="cyan")),
        _line("Docs", click.style(f"{url}/ui", fg="cyan")),
        _line("Dashboard", click.style(f"{url}/__admin/ui{_way_in(mock)}", fg="cyan")),
        _line("Operations", str(len(contract.operations))),
        _line("Fixture", f"{settings.fixture}, seed {settings.seed}, clock {root.clock.mode}"),
        "",
    ]
    lines += _credentials(mock)
    project = next(iter(root.tables["projects"]), None)
    key = next(iter(root.tables["apiKeys"]), None)
    if project is not None and key is not None:
        example = f"curl -H 'X-Api-Key: {key['key']}' {url}/v1/projects/{project['name']}"
        lines += ["", _line("Try", example)]
    lines += ["", click.style(f"  {_kept(mock)} Ctrl-C stops.", dim=True), ""]
    return "\n".join(lines)


def _way_in(mock: Mock) -> str:
    """Return what opens the dashboard: the token that the start made up, which nobody knows yet.

    One that was given is not repeated.
    """
    if not mock.admin_token:
        return ""
    return "  (asks for the token)" if mock.settings.admin_token else f"?token={mock.admin_token}"


def _kept(mock: Mock) -> str:
    """Tell whether what the sandboxes hold outlives the process."""
    keeper = mock.keeper
    if keeper is None:
        return "Kept in memory only."
    taken = f", taken from what was saved at {keeper.saved_at}" if keeper.saved_at else ""
    return f"All sandboxes are saved to {keeper.path} every {keeper.every:g} s{taken}."


def _line(name: str, value: str) -> str:
    return "  " + click.style(f"{name:<12}", dim=True) + value


def _credentials(mock: Mock) -> list[str]:
    tables = mock.sandbox.root.tables
    keys = [key for key in tables["apiKeys"] if key["active"]]
    tokens = list(tables["builderTokens"])
    lines = []
    for number, key in enumerate(keys[:_SHOWN_KEYS]):
        project = tables["projects"].get(key["projectId"]) or {}
        what = f"{project.get('name')} ({', '.join(key['scopes'])})"
        lines.append(_line("" if number else "X-Api-Key", f"{key['key']:<22}{what}"))
    for number, token in enumerate(tokens[:_SHOWN_TOKENS]):
        builder = tables["builders"][token["builderId"]]
        who = builder.get("primaryEmail") or builder["idpRef"]
        lines.append(_line("" if number else "Bearer", f"{token['token']:<22}{who}"))
    left = len(keys[_SHOWN_KEYS:]) + len(tokens[_SHOWN_TOKENS:])
    if left:
        lines.append(
            _line(
                "",
                click.style(
                    f"and {left} more: mockserver fixtures {mock.settings.fixture}", dim=True
                ),
            )
        )
    return lines
