"""`mockserver coverage`: how much of the contracts a test suite has exercised."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from mockserver.cli.files import file_option, save
from mockserver.coverage.report import MEASURES, merge

_UNDER = 1
_SECONDS = 30
Report = Mapping[str, Any]


@click.command("coverage")
@click.argument("sources", metavar="URL|FILE...", nargs=-1, required=True)
@click.option("--all", "everybody", is_flag=True, help="Every sandbox of a mock, added up.")
@click.option("--sandbox", metavar="NAME", help="That sandbox of a mock.  [default]")
@click.option(
    "--token",
    envvar="MOCKSERVER_ADMIN_TOKEN",
    metavar="TEXT",
    show_envvar=True,
    help="The token of its control plane, where it has one.",
)
@click.option(
    "--measure",
    type=click.Choice(MEASURES),
    default="all",
    show_default=True,
    help="What --fail-under is about.",
)
@click.option(
    "--fail-under",
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="End with 1 when less was exercised.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@file_option("--junit", "Write a JUnit report as well: one case an operation.")
@file_option("--html", "Write the heat map as well: operations by answers, on one page.")
def command(
    sources: tuple[str, ...],
    everybody: bool,
    sandbox: str | None,
    token: str | None,
    measure: str,
    fail_under: float | None,
    as_json: bool,
    junit: Path | None,
    html: Path | None,
) -> int:
    """Show which operations, answers, parameters and media types were exercised.

    URL is a running mock; FILE is what --json printed, e.g. of one shard of a suite.
    Several are added up. Ends with 0, with 1 below --fail-under, with 2 when a source
    cannot be read.

    \b
    mockserver coverage http://127.0.0.1:4010 --fail-under 60
    mockserver coverage http://127.0.0.1:4010 --all --json > shard1.json
    mockserver coverage shard1.json shard2.json --html coverage.html
    """  # noqa: D301 # click reads the backslash
    if everybody and sandbox:
        raise click.ClickException("--all and --sandbox say different things: give one of them")
    reports = [
        _fetched(source, everybody=everybody, sandbox=sandbox, token=token)
        if "://" in source
        else _loaded(Path(source))
        for source in sources
    ]
    try:
        report = merge(reports)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    _write_files(report, " + ".join(sources), measure, fail_under, junit=junit, html=html)
    share = report["summary"][measure]
    failed = fail_under is not None and share["percent"] < fail_under
    if as_json:
        click.echo(json.dumps(report))
    else:
        from mockserver.cli.covered import show_coverage

        show_coverage(report)
    if failed:
        text = f"{measure}: {share['percent']} % exercised, {fail_under:g} % wanted"
        click.echo(f"mockserver: {text}", err=True)
    return _UNDER if failed else 0


def _fetched(url: str, *, everybody: bool, sandbox: str | None, token: str | None) -> Report:
    import httpx

    root = url.rstrip("/").removesuffix("/v1").removesuffix("/__admin")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    if sandbox is not None:
        headers["X-Mock-Sandbox"] = sandbox
    address = f"{root}/__admin/coverage{'?all=true' if everybody else ''}"
    try:
        answer = httpx.get(address, headers=headers, timeout=_SECONDS)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        reason = str(error) or type(error).__name__
        raise click.ClickException(f"{address}: {reason}") from None
    if answer.status_code != httpx.codes.OK:
        raise click.ClickException(
            f"{address}: answered {answer.status_code}; is it a mockserver, and the token right?"
        )
    return _checked(address, answer.content)


def _loaded(path: Path) -> Report:
    try:
        return _checked(str(path), path.read_bytes())
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror}") from None


def _checked(source: str, content: bytes) -> Report:
    """Return the report that a source holds; whatever else it holds is refused."""
    from mockserver.contract.contract import load_admin

    try:
        report = json.loads(content)
    except (ValueError, RecursionError):
        raise click.ClickException(f"{source}: not JSON") from None
    schemas = load_admin().response_schemas
    violations = schemas.violations("/components/schemas/Coverage", report)
    if violations:
        place = "".join(f"/{part}" for part in violations[0].path) or "/"
        raise click.ClickException(
            f"{source}: no report of mockserver coverage --json: at {place}:"
            f" {violations[0].keyword}"
        )
    found: Report = report
    return found


def _write_files(
    report: Report,
    title: str,
    measure: str,
    threshold: float | None,
    *,
    junit: Path | None,
    html: Path | None,
) -> None:
    if junit is not None:
        from mockserver.coverage.junit import junit as junit_of

        save(junit, junit_of(report, measure, threshold), f"--junit {junit}")
    if html is not None:
        from mockserver.coverage.page import html as html_of

        save(html, html_of(report, title).encode(), f"--html {html}")
