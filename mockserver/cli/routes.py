"""`mockserver routes`: the operations of the contract."""

from __future__ import annotations

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mockserver.contract.contract import load_api


@click.command("routes")
@click.option("--pending", is_flag=True, help="Only those that are not built yet.")
@click.argument("word", required=False)
def command(pending: bool, word: str | None) -> None:
    """List the operations, and whether they are built.

    WORD narrows the list to operations and paths that contain it.
    """
    contract = load_api()
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("method", "path", "operation", ""):
        table.add_column(name, no_wrap=name != "path", overflow="fold")
    for operation in contract.operations.values():
        waits = operation.operation_id in contract.pending
        text = f"{operation.method} /v1{operation.path} {operation.operation_id}".lower()
        if (pending and not waits) or (word or "").lower() not in text:
            continue
        table.add_row(
            operation.method,
            Text(f"/v1{operation.path}"),
            operation.operation_id,
            "pending" if waits else "",
            style="dim" if waits else "",
        )
    Console().print(table)
