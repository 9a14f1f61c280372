"""The settings that are in force, as the control plane shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from mockserver.handlers.call import Call, Handler
from mockserver.settings import Settings

_SECRET = frozenset({"token_secret"})


def settings_handlers(settings: Settings) -> Mapping[str, Handler]:
    """Return the handlers of the settings by operationId."""

    def get_settings(_: Call) -> dict[str, Any]:
        names = [one.name for one in fields(Settings) if one.name not in _SECRET]
        return {"settings": {_camel(name): getattr(settings, name) for name in names}}

    return {"getSettings": get_settings}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
