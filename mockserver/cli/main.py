"""The `mockserver` command: finds the verb, and says what went wrong in one line."""

from __future__ import annotations

import difflib
import importlib
import sys
from collections.abc import Mapping, Sequence

import click

from mockserver import __version__

#: Verb → what it does. A verb's module is imported when it is called.
VERBS: Mapping[str, str] = {
    "serve": "Start the mock.",
    "check": "Hold an implementation of the API against its contract.",
    "token": "Mint a builder token or a customer token.",
    "fixtures": "List the fixture sets, or print one in full.",
    "routes": "List the operations: method, path, name.",
    "proxy": "Judge what passes between clients and an implementation.",
    "audit": "Judge recorded traffic (HAR).",
    "coverage": "Show how much of the contract a test suite exercised.",
}
USAGE = 2  # exit code of a mistake on the command line, in a setting or in a fixture


class Verbs(click.Group):
    """Loads a verb's module only when it is needed."""

    def list_commands(self, _: click.Context) -> list[str]:
        """Return the verbs in the order of the help."""
        return list(VERBS)

    def resolve_command(
        self, context: click.Context, arguments: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb; of an unknown one tell the nearest."""
        nearest = difflib.get_close_matches(arguments[0], VERBS, n=1)
        if arguments[0] not in VERBS and nearest:
            context.fail(f"no verb {arguments[0]!r}; did you mean {nearest[0]}?")
        return super().resolve_command(context, arguments)

    def get_command(self, _: click.Context, name: str) -> click.Command | None:
        """Return a verb, or None."""
        if name not in VERBS:
            return None
        command: click.Command = importlib.import_module(f"mockserver.cli.{name}").command
        return command

    def format_commands(self, _: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the verbs without importing them."""
        with formatter.section("Verbs"):
            formatter.write_dl(list(VERBS.items()))


@click.group(
    cls=Verbs,
    context_settings={"help_option_names": ["-h", "--help"]},
    subcommand_metavar="VERB",
    epilog="Start with: mockserver serve. It prints its URL and the credentials to use; each verb"
    " explains itself: mockserver VERB --help",
)
@click.version_option(__version__, prog_name="mockserver")
def cli() -> None:
    """Run a local, stateful twin of the Ampersand platform API.

    It answers like the real API, keeps what you create, and needs no network.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command. Mistakes of the caller are one line on stderr and exit code 2."""
    try:
        code = cli.main(args=arguments, prog_name="mockserver", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as help_wanted:
        click.echo(help_wanted.format_message())
        code = 0
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        hint = f" (see {context.command_path} --help)" if context else ""
        line = " ".join(error.format_message().split()).removesuffix(".")
        click.echo(f"mockserver: {line}{hint}", err=True)
        code = USAGE
    except click.Abort:
        code = 0
    sys.exit(code if isinstance(code, int) else 0)
