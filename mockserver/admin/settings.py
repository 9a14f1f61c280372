"""The settings that are in force, as the control plane shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from mockserver.faults.armory import Armory
from mockserver.handlers.call import Call, Deferred, Handler
from mockserver.settings import Settings
from mockserver.state.sandbox import Sandbox


def settings_handlers(settings: Settings, armory: Armory) -> Mapping[str, Handler]:
    """Return the handlers of the settings by operationId; the delay is that of a sandbox."""
    names = [one.name for one in fields(Settings) if not one.metadata["secret"]]

    def get_settings(_: Call) -> Deferred:
        async def show(sandbox: Sandbox) -> dict[str, Any]:
            shown = {_camel(name): getattr(settings, name) for name in names}
            return {"settings": {**shown, **armory.arms(sandbox).settings}}

        return Deferred(show)

    return {"getSettings": get_settings}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
