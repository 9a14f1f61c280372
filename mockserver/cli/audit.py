"""`mockserver audit`: judge recorded traffic."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.text import Text

from mockserver.cli.extras import require
from mockserver.cli.files import file_option, save
from mockserver.cli.terminal import show

if TYPE_CHECKING:
    from mockserver.proxy.audit import Audit

_UNJUDGED = 2
_MOST_HOSTS = 5


@click.command("audit")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--server",
    "servers",
    multiple=True,
    metavar="URL",
    help="Judge only what went to this root of the API, or its /v1; may be repeated.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@file_option("--junit", "Write a JUnit report as well: one case an operation.")
@click.option(
    "--fail-on",
    default="error",
    show_default=True,
    type=click.Choice(["error", "warning", "never"]),
    help="End with 1 when there was one of these.",
)
def command(
    file: Path, servers: tuple[str, ...], as_json: bool, junit: Path | None, fail_on: str
) -> int:
    """Hold recorded traffic against the contract.

    FILE is an HTTP archive (HAR) of a browser, of Playwright, of schemathesis or of
    mockserver proxy. What went to other hosts is counted and left alone; a body or
    value that is not in the archive breaks nothing. Ends with 0, with 1 for
    violations, with 2 when the file cannot be read or nothing in it was judged.

    \b
    mockserver audit morning.har
    mockserver audit session.har --server https://api.example.com --junit a.xml
    """  # noqa: D301 # click reads the backslash
    require("check", "openapi_core", "httpx")
    # Imported here: they need the extra.
    from mockserver.proxy.audit import audit
    from mockserver.proxy.bench import Bench
    from mockserver.proxy.har_reading import NoArchive, read_archive
    from mockserver.proxy.junit import report

    roots = [_root(url) for url in servers]
    try:
        archive = read_archive(file)
    except NoArchive as error:
        raise click.ClickException(f"{file}: {error}") from None
    with Bench() as bench:
        done = audit(archive, bench, roots)
    threshold = None if fail_on == "never" else fail_on.capitalize()
    if junit is not None:
        save(
            junit,
            report(done.tally, f"mockserver audit {file.name}", threshold),
            f"--junit {junit}",
        )
    if as_json:
        click.echo(json.dumps({"file": str(file), **done.as_json()}, indent=2))
    else:
        show(_lines(done, file))
    if done.tally.fails(threshold):
        return 1
    return 0 if done.tally.judged else _UNJUDGED


def _root(url: str) -> str:
    from mockserver.proxy.upstream import read_place

    try:
        return read_place(url).root
    except ValueError as error:
        raise click.ClickException(f"--server {url!r}: {error}") from None


def _lines(done: Audit, file: Path) -> list[Text]:
    from mockserver.cli.judged import summary

    lines = [
        Text(),
        Text.assemble("  ", ("Contract audit", "bold"), "  ", (str(file), "dim")),
        Text(),
    ]
    for root, number in done.servers.items():
        lines.append(
            Text.assemble("  ", ("Server      ", "dim"), (f"{root}/v1", "cyan"), f"  {number}")
        )
    for host, number in done.elsewhere.most_common(_MOST_HOSTS):
        lines.append(Text(f"  Not judged  {host}  {number}", "dim"))
    left = done.elsewhere.total() - sum(n for _, n in done.elsewhere.most_common(_MOST_HOSTS))
    if left:
        lines.append(Text(f"  Not judged  other hosts  {left}", "dim"))
    for reason, number in done.skipped.items():
        lines.append(Text(f"  Skipped     {number} {reason}", "dim"))
    if done.credentials_hidden:
        text = "  Note        the browser left credentials out: not judged"
        lines.append(Text(text, "dim"))
    lines += [Text(), *summary(done.tally)]
    if not done.tally.judged:
        lines.append(Text("  Nothing was judged: no entry is of an operation.", "yellow"))
        lines.append(Text())
    return lines
