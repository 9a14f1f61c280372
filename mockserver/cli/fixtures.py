"""`mockserver fixtures`: what the fixture sets hold."""

from __future__ import annotations

from typing import Any

import click
import yaml
from rich.console import Console
from rich.table import Table

from mockserver.app import create
from mockserver.cli.options import setting_options, settings_of
from mockserver.resources.tables import RESOURCES
from mockserver.seeding.export import export
from mockserver.seeding.source import FixtureError, available, locate, read
from mockserver.settings import SettingError
from mockserver.state.root import Root


@click.command("fixtures")
@click.argument("name", required=False)
@setting_options("seed")
def command(name: str | None, **given: Any) -> None:
    """List the fixture sets, or print one in full.

    NAME is a fixture set or a YAML file; it is printed with every id, as it would be loaded.
    """
    if name is None:
        _list(given)
    else:
        sections = export(_load(name, given))
        click.echo(
            yaml.safe_dump(sections, sort_keys=False, allow_unicode=True, width=100), nl=False
        )


def _list(given: dict[str, Any]) -> None:
    table = Table(title="Fixture sets", title_justify="left", box=None, pad_edge=False)
    table.add_column("name", style="bold")
    table.add_column("what it holds")
    for name, path in available().items():
        root = _load(name, given)
        counts = [
            f"{len(root.tables[section])} {resource.noun}s"
            for section, resource in RESOURCES.items()
            if len(root.tables[section])
        ]
        description = read(path).content.get("description", "")
        table.add_row(name, f"{description}\n[dim]{', '.join(counts)}[/dim]")
    Console().print(table)


def _load(name: str, given: dict[str, Any]) -> Root:
    try:
        path = locate(name)
        return create(settings_of({**given, "fixture": str(path)})).sandbox.root
    except (FixtureError, SettingError) as error:
        raise click.UsageError(str(error)) from None
