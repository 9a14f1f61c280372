"""`mockserver check`: holds an implementation of the API against its contract and rules."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from mockserver.cli.extras import require

_EXTRA = ("httpx", "hypothesis", "jinja2", "platformdirs", "schemathesis", "tenacity")
_SECRET: Mapping[str, Any] = {"metavar": "TEXT", "show_envvar": True, "default": ""}


@click.command(
    "check",
    epilog="Exit code: 0 conforms, 1 violations, 2 says too little or could not run. Try:"
    " mockserver check http://127.0.0.1:4010 --api-key mock-full-key --bearer mock-builder-token"
    " --project my-project",
)
@click.argument("url")
@click.option(
    "--api-key", envvar="MOCKSERVER_CHECK_API_KEY", help="An API key of the project.", **_SECRET
)
@click.option(
    "--bearer",
    envvar="MOCKSERVER_CHECK_BEARER",
    help="A builder's token. Without it the operations that take nothing else are left out.",
    **_SECRET,
)
@click.option("--project", default="", help="Its id or name. Default: the only one reached.")
@click.option(
    "--neighbour-project",
    default="",
    help="A second project, to see that nothing leaks. Default: another one that the bearer sees.",
)
@click.option(
    "--neighbour-api-key",
    envvar="MOCKSERVER_CHECK_NEIGHBOUR_API_KEY",
    help="Its API key. Default: one is made with the bearer.",
    **_SECRET,
)
@click.option(
    "--profile",
    type=click.Choice(["observe", "own-data", "full"]),
    default="own-data",
    show_default=True,
    help="observe: only reads. own-data: changes only what it made itself, and deletes it."
    " full: everything; for targets that are thrown away.",
)
@click.option(
    "--budget",
    type=click.FloatRange(min=1),
    default=120.0,
    show_default=True,
    metavar="SECONDS",
    help="How long it may try; cleaning up comes on top.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Of everything generated.")
@click.option(
    "--only",
    default="",
    metavar="PATTERN",
    help="Only rules that fit, e.g. 'createTopic/*': to look at a repair. Exits 2 at best.",
)
@click.option("--layer", "layers", multiple=True, help="Only this layer; may be given again.")
@click.option("--rate", type=click.FloatRange(min=0), default=0.0, help="Requests per second.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0.1),
    default=15.0,
    show_default=True,
    metavar="SECONDS",
    help="For one answer.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["violation", "suspect"]),
    default="violation",
    show_default=True,
    help="From when on the exit code is 1.",
)
@click.option("--fail-fast", is_flag=True, help="End at the first violation.")
@click.option("--baseline", type=click.Path(path_type=Path), help="Findings that are known.")
@click.option("--baseline-update", is_flag=True, help="Write what is found into the baseline.")
@click.option("--junit", type=click.Path(path_type=Path), help="Write JUnit XML.")
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write all as JSON.")
@click.option("--html", type=click.Path(path_type=Path), help="Write one page to look at.")
@click.option("--har", type=click.Path(path_type=Path), help="Write every exchange, redacted.")
@click.option(
    "--state-dir",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where it writes down what it makes. Default: your state folder.",
)
@click.option("--cleanup", metavar="RUN", default="", help="Only delete what a run left behind.")
def command(**given: Any) -> int:
    """Hold any implementation of the API against its contract and rules.

    URL is the root of a server, or its /v1. What is made there carries a name with `ct-`, is
    written down before it is made, and is deleted at the end. 429, 502, 503, 504 and timeouts
    are tried again and never held against anybody.
    """
    require("check", *_EXTRA)
    from mockserver.cli import checking  # it needs the extra

    return checking.cleanup(given) if given["cleanup"] else checking.check(given)
