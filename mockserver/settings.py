"""Every switch of the mock: read once, then frozen.

A setting is given by flag, else by environment variable (`MOCKSERVER_` and its name in capitals),
else it has the default below. Switches that stand for an undocumented behaviour say `Assumed:`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any

PREFIX = "MOCKSERVER_"
_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off"})


def _setting(
    default: Any,
    text: str,
    *,
    choices: tuple[str, ...] = (),
    waits: str = "",
    group: str = "server",
) -> Any:
    metadata = {"help": text, "choices": choices, "waits": waits, "group": group}
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The switches, with their defaults."""

    host: str = _setting("127.0.0.1", "Address to listen on.")
    port: int = _setting(4010, "Port to listen on; 0 takes a free one.")
    fixture: str = _setting("acme", "Fixture set to start from: a name or a YAML file.")
    seed: int = _setting(0, "Seed of every id, key and fake value.")
    strict: bool = _setting(
        False, "Hold requests to the contract's letter (drops the request relaxations)."
    )
    public_url: str = _setting("", "Origin for absolute URLs in answers; else the request's own.")
    catalog: str = _setting("", "JSON file of providers to serve in place of the built-in catalog.")
    clock: str = _setting(
        "real",
        "How the mock tells the time: real, or an RFC 3339 instant at which it stands still.",
    )
    latency: int = _setting(0, "Milliseconds to wait before each answer of the mocked API.")
    token_secret: str = _setting(
        "ampersand-mockserver-builder-tokens",
        "Secret that builder tokens are minted and checked with (32 bytes or more).",
    )
    record: str = _setting("", "Folder to record every exchange into, for an independent judge.")

    bearer_only_accepts_api_key: bool = _setting(
        False,
        "Let a full API key call the operations that the contract keeps for builders.",
        group="behaviour",
    )
    strict_bearer_org: bool = _setting(
        False,
        "Refuse API keys with 403 on the organization operations that are for builders upstream.",
        group="behaviour",
    )
    allow_http_destinations: bool = _setting(
        True, "Take http:// webhook URLs of this machine (localhost).", group="behaviour"
    )
    jwt_pem_strict: bool = _setting(
        False, "Take only PEM texts that parse as an RSA public key.", group="behaviour"
    )
    one_org_per_builder: bool = _setting(
        False, "Refuse a second organization for a builder who has one.", group="behaviour"
    )
    accept_legacy_project_key: bool = _setting(
        True,
        "Let OAuth connect name its project as projectId or as projectIdOrName.",
        group="behaviour",
    )
    duplicate_installation_status: int = _setting(
        400,
        "Status of a second installation for a group.",
        waits="installations",
        group="behaviour",
    )
    delete_connection_in_use_status: int = _setting(
        400,
        "Status of deleting a connection in use.",
        waits="connections",
        group="behaviour",
    )
    sample_read: bool = _setting(
        True,
        "Read a sample record before an installation is made.",
        waits="installations",
        group="behaviour",
    )
    identical_deploy_creates_revision: bool = _setting(
        False,
        "Make a revision even when a deployed manifest did not change.",
        waits="integrations",
        group="behaviour",
    )
    emit_post_contract_events: bool = _setting(
        False,
        "Also send events that the contract does not name yet.",
        waits="events",
        group="behaviour",
    )
    webhook_retry_scale: float = _setting(
        1.0,
        "Factor on the waiting times between webhook attempts.",
        waits="events",
        group="behaviour",
    )


class SettingError(ValueError):
    """A setting has a value that it cannot have."""


def read_settings(
    given: Mapping[str, Any] | None = None, environment: Mapping[str, str] | None = None
) -> Settings:
    """Return the settings: `given` first, then the environment, then the defaults.

    Args:
        given: values by setting name; None stands for "not given".
        environment: the environment; None for the process's own.

    Raises:
        SettingError: a variable of the environment cannot be read as its setting's type.
    """
    variables = os.environ if environment is None else environment
    values: dict[str, Any] = {}
    for setting in fields(Settings):
        name = PREFIX + setting.name.upper()
        if given is not None and given.get(setting.name) is not None:
            values[setting.name] = given[setting.name]
        elif name in variables:
            values[setting.name] = _convert(name, variables[name], _default(setting))
    return Settings(**values)


def _default(setting: Any) -> Any:
    return None if setting.default is MISSING else setting.default


def _convert(name: str, text: str, default: Any) -> Any:
    try:
        if isinstance(default, bool):
            return _boolean(text)
        return type(default)(text)
    except ValueError:
        wanted = "true or false" if isinstance(default, bool) else f"a {type(default).__name__}"
        raise SettingError(f"{name}={text!r} is not {wanted}") from None


def _boolean(text: str) -> bool:
    if text.lower() in _TRUE:
        return True
    if text.lower() in _FALSE:
        return False
    raise ValueError(text)
