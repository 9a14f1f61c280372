"""`mockserver fixtures`: what the fixture sets hold."""

from __future__ import annotations

from typing import Any

import click
from rich.text import Text

from mockserver.cli.options import mock_of, setting_options, settings_of
from mockserver.cli.terminal import fill, show, width
from mockserver.resources.tables import RESOURCES
from mockserver.seeding.export import text
from mockserver.seeding.source import FixtureError, available, locate, read
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
        click.echo(text(_load(name, given)), nl=False)


def _list(given: dict[str, Any]) -> None:
    limit = width()
    lines: list[Text] = []
    for name, path in available().items():
        root = _load(name, given)
        counts = [
            f"{section} {len(root.tables[section])}"
            for section in RESOURCES
            if len(root.tables[section])
        ]
        description = read(path).content.get("description", "")
        room = None if limit is None else limit - 2
        lines.append(Text(name, "bold"))
        lines += [Text(f"  {line}") for line in fill(description.split(), " ", room)]
        lines += [Text(f"  {line}", "dim") for line in fill(counts, ", ", room)]
    show(lines)


def _load(name: str, given: dict[str, Any]) -> Root:
    try:
        path = locate(name)
    except FixtureError as error:
        raise click.ClickException(str(error)) from None
    return mock_of(settings_of({**given, "fixture": str(path)})).sandbox.root
