"""Progressions and failure drills, as the control plane shows and arranges them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.handlers.call import Call, operation
from mockserver.resources import drills, progressions
from mockserver.rules.errors import not_found, wrong_value
from mockserver.rules.work import Work
from mockserver.state.tables import Record

_NEEDED: Mapping[str, str] = {"time": "seconds", "manual": "times"}


@operation("listProgressions")
def list_progressions(call: Call) -> dict[str, Any]:
    return progressions.listed(call.work)


@operation("setProgression")
def set_progression(call: Call, *, model: str, body: Record) -> dict[str, Any]:
    if model not in progressions.DEFAULTS:
        raise not_found("model", "model", model)
    needed = _NEEDED.get(body["progression"], "")
    if needed and needed not in body:
        detail = f"{body['progression']} needs {needed}"
        raise wrong_value(needed, detail, remedy=f"give {needed} a value")
    kept = {name: body[name] for name in ("progression", needed) if name in body}
    progressions.arrange(call.work, model, kept)
    return progressions.listed(call.work)


@operation("resetProgressions")
def reset_progressions(call: Call) -> None:
    progressions.reset(call.work)


@operation("listDrills")
def list_drills(call: Call) -> dict[str, Any]:
    return _shown(call.work)


@operation("armDrill")
def arm_drill(call: Call, *, drill: str, body: Record) -> dict[str, Any]:
    _check(drill)
    drills.arm(call.work, drill, body)
    return _shown(call.work)


@operation("disarmDrill")
def disarm_drill(call: Call, *, drill: str) -> None:
    _check(drill)
    drills.disarm(call.work, drill)


@operation("disarmDrills")
def disarm_drills(call: Call) -> None:
    drills.disarm(call.work)


def _check(name: str) -> None:
    if name not in drills.DRILLS:
        raise not_found("drill", "drill", name)


def _shown(work: Work) -> dict[str, Any]:
    armed = drills.armed(work)
    rows = []
    for name, text in drills.DRILLS.items():
        row: dict[str, Any] = {"name": name, "description": text, "armed": name in armed}
        if name in armed:
            row["arming"] = armed[name]
        rows.append(row)
    return {"drills": rows}
