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
@click.option("--pending", is_flag=True, help="Only those that are not built yet.")
@click.argument("word", required=False)
def command(pending: bool, word: str | None) -> None:
    """List the operations, and whether they are built.

    WORD narrows the list to operations and paths that contain it.
    """
    contract = load_api()
    wanted = (word or "").lower()
    found = [
        operation
        for operation in contract.operations.values()
        if wanted in f"{operation.method} /v1{operation.path} {operation.operation_id}".lower()
        and (not pending or operation.operation_id in contract.pending)
    ]
    if not found:
        what = f" contains {word!r}" if word else " is left"
        raise click.ClickException(f"no {'pending ' if pending else ''}operation{what}")
    show(_lines(found, contract.pending, width()))


def _lines(
    operations: Sequence[Operation], pending: Sequence[str], limit: int | None
) -> list[Text]:
    """Return a line per operation where the terminal has room for it, else two or three."""
    paths = max((len(_path(operation)) for operation in operations), default=0)
    names = max((len(operation.operation_id) for operation in operations), default=0)
    whole = limit is None or _METHOD + paths + 2 + names + len("  pending") <= limit
    lines: list[Text] = []
    for operation in operations:
        state = "  pending" if operation.operation_id in pending else ""
        style = "dim" if state else ""
        method = f"{operation.method:<{_METHOD}}"
        if whole:
            name = operation.operation_id.ljust(names if state else 0)
            lines.append(Text(f"{method}{_path(operation):<{paths}}  {name}{state}", style))
        else:
            lines.append(Text(f"{method}{operation.operation_id}{state}", style or "bold"))
            room = None if limit is None else limit - _METHOD
            for part in fill(_PIECES.findall(_path(operation)), "", room):
                lines.append(Text(" " * _METHOD + part, style))
    return lines


def _path(operation: Operation) -> str:
    return f"/v1{operation.path}"
