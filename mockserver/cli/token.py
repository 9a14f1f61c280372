"""`mockserver token`: mint tokens that a running mock accepts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mockserver.cli.options import mock_of, setting_options, settings_of
from mockserver.resources import tokens
from mockserver.resources.credentials import LONGEST_CUSTOMER_LIFETIME
from mockserver.resources.tokens import BUILDER_LIFETIME
from mockserver.simulation import clock

_TTL = click.IntRange(1, 1_000_000_000)


@click.group("token")
def command() -> None:
    """Mint a builder token or a customer token.

    A token is printed alone, so that it can be put into a variable.
    """


def _at(_context: click.Context, _option: click.Parameter, text: str | None) -> int:
    """Return a moment in seconds: the one given, or now."""
    if text is None:
        return clock.wall_clock() // clock.SECOND
    try:
        return clock.moment(text) // clock.SECOND
    except ValueError:
        raise click.BadParameter(f"{text!r} is no RFC 3339 time") from None


def _filled(_context: click.Context, _option: click.Parameter, text: str) -> str:
    if not text:
        raise click.BadParameter("it is empty")
    return text


def _email(_context: click.Context, _option: click.Parameter, text: str) -> str:
    if "@" not in text:
        raise click.BadParameter(f"{text!r} is no e-mail address")
    return text


_AT = click.option(
    "--at", "issued", callback=_at, metavar="TIME", help="When it is issued (RFC 3339).  [now]"
)


@command.command("builder")
@click.option("--email", required=True, callback=_email, help="E-mail address of the builder.")
@click.option("--subject", default="", help="The identity provider's name for them.")
@click.option(
    "--ttl",
    type=_TTL,
    default=BUILDER_LIFETIME,
    show_default=True,
    help="Seconds until it expires.",
)
@_AT
@setting_options("token_secret")
def builder(email: str, subject: str, ttl: int, issued: int, **given: Any) -> None:
    """Mint a builder token. A builder who is not in the fixture is made on first sight."""
    secret = settings_of(given).token_secret
    click.echo(tokens.builder(secret, email=email, subject=subject, issued=issued, lifetime=ttl))


@command.command("customer")
@click.option("--project", default="my-project", show_default=True, help="Name or id.")
@click.option(
    "--group",
    "group_ref",
    required=True,
    callback=_filled,
    help="groupRef that the token is limited to.",
)
@click.option(
    "--consumer",
    "consumer_ref",
    required=True,
    callback=_filled,
    help="consumerRef of the person.",
)
@click.option("--subject", default="", help="Free text.")
@click.option(
    "--ttl",
    type=_TTL,
    default=LONGEST_CUSTOMER_LIFETIME,
    show_default=True,
    help=f"Seconds until it expires; more than {LONGEST_CUSTOMER_LIFETIME} are refused by the API.",
)
@click.option("--kid", help="Id of the JWT key, with --private-key.  [one of the fixture]")
@click.option(
    "--private-key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="PEM file of the key's private half.",
)
@_AT
@setting_options("fixture", "seed")
def customer(  # one parameter per option
    project: str,
    group_ref: str,
    consumer_ref: str,
    subject: str,
    ttl: int,
    kid: str | None,
    private_key: Path | None,
    issued: int,
    **given: Any,
) -> None:
    """Mint a customer token, signed with a JWT key of the fixture or with your own."""
    if (kid is None) != (private_key is None):
        raise click.UsageError("--kid and --private-key go together")
    if kid is None or private_key is None:
        kid, pem = _fixture_key(project, given)
    else:
        pem = _private_key(private_key)
    token = tokens.customer(
        pem,
        kid,
        group_ref=group_ref,
        consumer_ref=consumer_ref,
        subject=subject,
        issued=issued,
        lifetime=ttl,
    )
    click.echo(token)


def _private_key(path: Path) -> str:
    from cryptography.exceptions import UnsupportedAlgorithm  # slow to import
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        content = path.read_bytes()
        key: object = load_pem_private_key(content, password=None)
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror}") from None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, RSAPrivateKey):
        raise click.ClickException(f"{path} holds no RSA private key in PEM without a password")
    return content.decode("ascii")


def _fixture_key(project: str, given: dict[str, Any]) -> tuple[str, str]:
    mock = mock_of(settings_of(given))
    tables = mock.sandbox.root.tables
    wanted = {p["id"] for p in tables["projects"] if project.lower() in {p["id"], p["name"]}}
    for key in tables["jwtKeys"]:
        if key["projectId"] in wanted and key["active"] and "privateKeyPem" in key:
            return key["id"], key["privateKeyPem"]
    raise click.ClickException(
        f"fixture {mock.settings.fixture} has no active JWT key with a private half in project "
        f"{project}; give --kid and --private-key"
    )
