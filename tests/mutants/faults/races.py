"""Two writers at once: what a store without transactions gets wrong."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from tests.mutants.faulty import Call, Fault
from tests.mutants.making import fault

RACE = "concurrency"


async def _slow_write(call: Call) -> None:
    """Read, wait, and write everything back: the slower of two writers wins."""
    stale = call.mock.sandbox.root.tables["destinations"]
    await asyncio.sleep(0.05)
    call.memory.setdefault("stale", []).append(stale)


def _write_back(call: Call) -> None:
    stale = call.memory["stale"].pop(0)
    root = call.mock.sandbox.root
    identifier = str(call.result["id"]) if call.granted else ""
    old, new = stale.get(identifier), root.tables["destinations"].get(identifier)
    if old is None or new is None or not isinstance(call.body, dict):
        return
    merged = dict(old)
    for path in call.body.get("updateMask", []):
        top, _, below = path.partition(".")
        value = {**(merged.get(top) or {}), below: new[top].get(below)} if below else new[top]
        merged[top] = value
    merged["updateTime"] = new["updateTime"]
    tables = root.tables.set("destinations", root.tables["destinations"].put(identifier, merged))
    call.mock.sandbox.restore(replace(root, tables=tables))


async def _both_create(call: Call) -> None:
    name = str((call.body or {}).get("name")) if isinstance(call.body, dict) else ""
    running = call.memory.setdefault("running", {})
    running[name] = running.get(name, 0) + 1
    await asyncio.sleep(0.05)


def _both_created(call: Call) -> None:
    name = str((call.body or {}).get("name")) if isinstance(call.body, dict) else ""
    running = call.memory["running"]
    if call.status == 409 and running.get(name, 0) > 1:
        twin = next(r for r in call.mock.sandbox.root.tables["topics"] if r["name"] == name)
        call.status = 201
        call.answer_headers["content-type"] = "application/json"
        call.result = {**twin, "id": "7d0f3c4e-0000-4000-8000-00000000dcba"}


FAULTS: tuple[Fault, ...] = (
    fault(RACE, "lost-update", "updateDestination", before=_slow_write, after=_write_back),
    fault(RACE, "both-creates-granted", "createTopic", before=_both_create, after=_both_created),
)
