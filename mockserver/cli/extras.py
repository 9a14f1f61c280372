"""Says in one line what to install when a command needs more than the core."""

from __future__ import annotations

from importlib.util import find_spec

import click


def require(extra: str, *modules: str) -> None:
    """Refuse to go on when a module of an extra is missing.

    Raises:
        click.ClickException: with the command that installs it.
    """
    if any(find_spec(module) is None for module in modules):
        raise click.ClickException(
            f"this needs the extra {extra}: pip install 'ampersand-mockserver[{extra}]'"
        )
