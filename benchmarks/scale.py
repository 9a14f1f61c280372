"""What size costs: `python -m benchmarks.scale`.

For worlds of 10² to 10⁵ installations, each with a group, a consumer and a connection of its own,
and as many operations of one of them: how long a world takes to load, how much memory a record
takes, and what one request costs, in the process and without a socket. Each world has a process
of its own, and processor time counts. A cost is the least of many batches, in microseconds.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.inprocess import InProcess
from benchmarks.processes import resident
from mockserver.app import Mock, create
from mockserver.seeding.export import export
from mockserver.settings import Settings

SIZES = (100, 1_000, 10_000, 100_000)
_ABOUT = (
    "Each installation has a group, a consumer and a connection of its own; one of them has as many"
    " operations as there are installations. Costs are microseconds in the process, without a"
    " socket; every answer is made anew. How to read it: [performance.md](performance.md)."
)
_TIME = "2026-01-05T09:00:00.000000Z"
_NOW = "2026-02-01T12:00:00Z"


def world(size: int) -> dict[str, Any]:
    """Return a fixture: the default one, with `size` installations and operations more."""
    made = export(create(Settings(clock=_NOW)).sandbox.root)
    model = next(one for one in made["installations"] if one["connectionId"])
    connection = next(one for one in made["connections"] if one["id"] == model["connectionId"])
    operation = next(one for one in made["operations"] if _is_done(one, model))
    _without_schedules(model)
    for number in range(size):
        group = f"scale-{number}"
        owned = {"projectId": model["projectId"], "createTime": _TIME}
        made["groups"].append({**owned, "groupRef": group, "groupName": group})
        made["consumers"].append({**owned, "consumerRef": group, "consumerName": group})
        tied = {"groupRef": group, "consumerRef": group, "providerWorkspaceRef": group}
        made["connections"].append({**connection, **tied, "id": f"c0000000-{number:06d}"})
        ties = {"groupRef": group, "connectionId": f"c0000000-{number:06d}"}
        made["installations"].append({**model, **ties, "id": f"f0000000-{number:06d}"})
        made["operations"].append({**operation, "id": f"e0000000-{number:06d}"})
    return {"time": _TIME, **made}


def _is_done(operation: dict[str, Any], installation: dict[str, Any]) -> bool:
    is_of_it = operation["installationId"] == installation["id"]
    return bool(is_of_it and operation["status"] == "success")


def _without_schedules(installation: dict[str, Any]) -> None:
    for read in installation["config"]["content"]["read"]["objects"].values():
        read.pop("schedule", None)


def measure(size: int, fixture: Path) -> dict[str, Any]:
    """Load a world and return what it costs."""
    gc.collect()
    before, began = resident(os.getpid()), time.process_time()
    gc.disable()  # as `mockserver serve` does
    mock = create(Settings(fixture=str(fixture), clock=_NOW))
    loaded = time.process_time() - began
    gc.collect()
    memory = resident(os.getpid()) - before
    gc.freeze()
    gc.enable()
    records = sum(map(len, mock.sandbox.root.tables.values()))
    found: dict[str, Any] = {"size": size, "records": records}
    found |= {"seconds to load": loaded, "bytes a record": round(memory / records)}
    for name, act in _acts(mock):
        found[name] = _least(act)
    return found


def _acts(mock: Mock) -> Iterator[tuple[str, Callable[[], object]]]:
    tables = mock.sandbox.root.tables
    installation = tables["installations"]["f0000000-000050"]
    operation = tables["operations"]["e0000000-000050"]
    project, integration = installation["projectId"], installation["integrationId"]
    below = f"/v1/projects/{project}/integrations/{integration}/installations"
    one = f"{below}/{installation['id']}"
    paged = f"{below}/{operation['installationId']}/operations"
    key = next(one["key"] for one in tables["apiKeys"] if one["projectId"] == project)
    call = partial(_ask, InProcess(mock.asgi), key.encode())
    mask = json.dumps(
        {
            "updateMask": ["config.createdBy"],
            "installation": {"config": {"createdBy": "scale"}},
        }
    ).encode()
    yield "page of 50 operations", lambda: call("GET", f"{paged}?pageSize=50")
    token = json.loads(call("GET", f"{paged}?pageSize=50"))["pagination"]["nextPageToken"]
    yield "the page after it", lambda: call("GET", f"{paged}?pageSize=50&pageToken={token}")
    yield "list filtered by groupRef", lambda: call("GET", f"{below}?groupRef=scale-50")
    yield "get one installation", lambda: call("GET", one)
    yield "update by mask", lambda: call("PATCH", one, mask)
    yield "snapshot", mock.sandbox.snapshot
    yield "reset", mock.sandbox.reset
    yield "fork", lambda: _fork(mock)


def _fork(mock: Mock) -> None:
    mock.worlds.make("fork", mock.sandbox.root)
    mock.worlds.drop("fork")


def _ask(ask: InProcess, key: bytes, method: str, path: str, body: bytes = b"") -> bytes:
    status, answer = ask(method, path, body, key=key, is_anew=True)
    if status >= 300:
        raise RuntimeError(f"{method} {path}: {status} {answer.decode()}")
    return answer


def _least(act: Callable[[], object], batches: int = 60, calls: int = 10) -> float:
    """Return the least time of a call, in microseconds of processor time."""
    found = []
    for _ in range(batches):
        began = time.thread_time_ns()
        for _ in range(calls):
            act()
        found.append((time.thread_time_ns() - began) / calls / 1000)
    return min(found)


def main() -> None:
    """Measure every size in a process of its own, and print the table."""
    given = _parser().parse_args()
    if given.measure:
        print(json.dumps(measure(given.sizes[0], given.measure)))
        return
    with tempfile.TemporaryDirectory(prefix="mockserver-scale-") as folder:
        columns = [_measured(size, Path(folder) / f"{size}.json") for size in given.sizes]
    table = "\n".join(_table(columns))
    print(table)
    if given.out:
        page = f"# What `make bench-scale` measured\n\n{_ABOUT}\n\n{table}\n"
        given.out.joinpath("performance-scale.md").write_text(page, encoding="utf-8")


def _table(columns: list[dict[str, Any]]) -> Iterator[str]:
    yield "| installations | " + " | ".join(f"{column['size']:,}" for column in columns) + " |"
    yield "|---" * (len(columns) + 1) + "|"
    for name in list(columns[0])[1:]:
        yield f"| {name} | " + " | ".join(_shown(column[name]) for column in columns) + " |"


def _measured(size: int, fixture: Path) -> dict[str, Any]:
    fixture.write_text(json.dumps(world(size)))
    command = [sys.executable, "-m", "benchmarks.scale", "--measure", str(fixture), str(size)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 # ours
    if done.returncode:
        raise SystemExit(done.stderr)
    fixture.unlink()
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _shown(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("sizes", type=int, nargs="*", default=SIZES)
    parser.add_argument("--out", type=Path, help="a folder: write performance-scale.md there")
    parser.add_argument("--measure", type=Path, help="a fixture: measure it in this process")
    return parser


if __name__ == "__main__":
    main()
