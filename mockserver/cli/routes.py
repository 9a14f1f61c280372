"""`mockserver routes`: the operations of the contract, and of what else the mock serves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import click
from rich.text import Text

from mockserver.cli.terminal import fill, show, width
from mockserver.contract.contract import Contract, load_admin, load_api, load_hosts

_METHOD = 8  # columns of the method and the space behind it
_PIECES = re.compile(r"[^/]*/|[^/]+$")  # where a path may be broken: behind a slash


@dataclass(frozen=True, slots=True)
class Route:
    """An operation, and where the mock serves it."""

    method: str
    path: str
    name: str

    def holds(self, word: str) -> bool:
        """Tell whether a word in lower case is in it."""
        return word in f"{self.method} {self.path} {self.name}".lower()


@click.command("routes")
@click.argument("word", required=False)
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="List the read, write and search APIs and the control plane (/__admin) too.",
)
def command(word: str | None, everything: bool) -> None:
    """List the operations of the platform API.

    WORD narrows the list to operations and paths that contain it.

    Each is a method, the path at which the mock serves it, and the operationId. Calls of providers
    are no operations: /proxy/… takes any method and path (docs/hosts.md).

    \b
    mockserver routes topic
    mockserver routes --all 'POST /__admin'
    """  # noqa: D301 # click reads the backslash
    wanted = (word or "").lower()
    served = [*_platform(), *(_others() if everything else ())]
    found = [route for route in served if route.holds(wanted)]
    if not found:
        hint = "" if everything else _elsewhere(wanted)
        raise click.ClickException(f"no operation contains {word!r}{hint}")
    show(_lines(found, width()))


def _platform() -> Iterator[Route]:
    yield from _routes("/v1", load_api())


def _others() -> Iterator[Route]:
    for host, contract in load_hosts().items():
        yield from _routes(f"/{host}/v1", contract)
    yield from _routes("/__admin", load_admin())


def _routes(prefix: str, contract: Contract) -> Iterator[Route]:
    for one in contract.operations.values():
        yield Route(one.method, f"{prefix}{one.path}", one.operation_id)


def _elsewhere(wanted: str) -> str:
    """Return how to find what the platform API does not have and another one does."""
    others = any(route.holds(wanted) for route in _others())
    return " in the platform API; with --all, others do" if others else ""


def _lines(routes: Sequence[Route], limit: int | None) -> list[Text]:
    """Return a line per operation where the terminal has room for it, else two or three."""
    paths = max(len(route.path) for route in routes)
    names = max(len(route.name) for route in routes)
    whole = limit is None or _METHOD + paths + 2 + names <= limit
    lines: list[Text] = []
    for route in routes:
        method = f"{route.method:<{_METHOD}}"
        if whole:
            lines.append(Text(f"{method}{route.path:<{paths}}  {route.name}"))
        else:
            lines.append(Text(f"{method}{route.name}", "bold"))
            room = None if limit is None else limit - _METHOD
            for part in fill(_PIECES.findall(route.path), "", room):
                lines.append(Text(" " * _METHOD + part))
    return lines
