"""`mockserver routes`: the operations of the contract."""

from __future__ import annotations

import re
from collections.abc import Sequence

import click
from rich.text import Text

from mockserver.cli.terminal import fill, show, width
from mockserver.contract.contract import load_api
from mockserver.contract.operations import Operation

_METHOD = 8  # columns of the method and the space behind it
_PIECES = re.compile(r"[^/]*/|[^/]+$")  # where a path may be broken: behind a slash


@click.command("routes")
@click.argument("word", required=False)
def command(word: str | None) -> None:
    """List the operations.

    WORD narrows the list to operations and paths that contain it.
    """
    wanted = (word or "").lower()
    found = [
        operation
        for operation in load_api().operations.values()
        if wanted in f"{operation.method} /v1{operation.path} {operation.operation_id}".lower()
    ]
    if not found:
        raise click.ClickException(f"no operation contains {word!r}")
    show(_lines(found, width()))


def _lines(operations: Sequence[Operation], limit: int | None) -> list[Text]:
    """Return a line per operation where the terminal has room for it, else two or three."""
    paths = max(len(_path(operation)) for operation in operations)
    names = max(len(operation.operation_id) for operation in operations)
    whole = limit is None or _METHOD + paths + 2 + names <= limit
    lines: list[Text] = []
    for operation in operations:
        method = f"{operation.method:<{_METHOD}}"
        if whole:
            lines.append(Text(f"{method}{_path(operation):<{paths}}  {operation.operation_id}"))
        else:
            lines.append(Text(f"{method}{operation.operation_id}", "bold"))
            room = None if limit is None else limit - _METHOD
            for part in fill(_PIECES.findall(_path(operation)), "", room):
                lines.append(Text(" " * _METHOD + part))
    return lines


def _path(operation: Operation) -> str:
    return f"/v1{operation.path}"
