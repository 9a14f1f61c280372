"""Options made from the settings, so that a flag, its variable and its default are said once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import click

from mockserver.app import Mock, create
from mockserver.seeding.source import FixtureError
from mockserver.settings import PREFIX, SettingError, Settings, read_settings

Command = Callable[..., Any]
#: Settings that only make sense as a variable, or whose flag has another form.
_HIDDEN = frozenset({"record"})


def setting_options(*names: str) -> Callable[[Command], Command]:
    """Add one option per setting (all, or the named ones) to a command."""

    def decorate(command: Command) -> Command:
        for setting in reversed(fields(Settings)):
            if not names or setting.name in names:
                command = _option(setting)(command)
        return command

    return decorate


def _option(setting: Any) -> Callable[[Command], Command]:
    flag = "--" + setting.name.replace("_", "-")
    text = f"{setting.metadata['help']}  [{shown_default(setting.default)}]"
    if isinstance(setting.default, bool):
        return click.option(
            f"{flag}/--no-{flag[2:]}", setting.name, default=None, help=text, is_flag=True
        )
    repeated = isinstance(setting.default, tuple)
    taken = str if repeated else type(setting.default)
    return click.option(
        flag,
        setting.name,
        default=None,
        type=taken,
        multiple=repeated,
        metavar=taken.__name__.upper().replace("STR", "TEXT"),
        help=text,
        hidden=setting.name in _HIDDEN,
    )


def shown_default(default: Any) -> str:
    """Return a default as people read it."""
    if isinstance(default, bool):
        return "on" if default else "off"
    return str(default) if default not in {"", ()} else "none"


def settings_of(given: dict[str, Any]) -> Settings:
    """Return the settings of a command: its flags, else the environment, else the defaults.

    Raises:
        click.ClickException: a value cannot be used.
    """
    try:
        # Of an option that may be repeated, click says () when it was not given at all.
        return read_settings(
            {name: None if value == () else value for name, value in given.items()}
        )
    except SettingError as error:
        raise click.ClickException(str(error)) from None


def mock_of(settings: Settings, *, serving: bool = False) -> Mock:
    """Return the mock that settings describe; one that does not serve leaves files alone.

    Raises:
        click.ClickException: a setting or the fixture cannot be used.
    """
    try:
        return create(settings if serving else replace(settings, persist="", watch=False))
    except (FixtureError, SettingError) as error:
        raise click.ClickException(str(error)) from None


def variable(name: str) -> str:
    """Return the environment variable of a setting."""
    return PREFIX + name.upper()
