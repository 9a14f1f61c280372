"""Full load for a while: `python -m benchmarks.soak --seconds 600`.

wrk loads `mockserver serve` with every measured route in turn, with what is created deleted again,
in slices of a few seconds. After each slice the resident memory of the server is noted. It holds
when no answer was an error, and when the memory after the first fifth of the time stays within 5 %:
before that, journals and caches fill up to their bounds.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.material import world
from benchmarks.peers import HERE
from benchmarks.processes import Running, resident, running

_COUNT = re.compile(r"(\d+) requests in")
_WRONG = re.compile(r"mixed: (\d+) answers, (\d+) wrong")
_ERRORS = re.compile(r"Socket errors: (.*)")
_MEGABYTE = 1_000_000
_WARM = 0.2  # of the time: until everything bounded has reached its bound
_TOLERANCE = 0.05


@dataclass
class Soak:
    """What was seen so far."""

    requests: int = 0
    wrong: int = 0
    errors: list[str] = field(default_factory=list)
    memory: list[tuple[float, int]] = field(default_factory=list)  # seconds, bytes

    def drift(self) -> float:
        """Return by which part the memory left its middle, once everything bounded was full."""
        last = self.memory[-1][0]
        warm = [size for when, size in self.memory if when >= _WARM * last]
        middle = (max(warm) + min(warm)) / 2
        return (max(warm) - middle) / middle


def main() -> None:
    """Load, look, and tell; end with 1 when it does not hold."""
    given = _parser().parse_args()
    soak = Soak()
    with tempfile.TemporaryDirectory(prefix="mockserver-soak-") as name:
        fixture = Path(name) / "bench.json"
        fixture.write_text(json.dumps(world()))
        command = [sys.executable, "-m", "mockserver", "serve", "--fixture", str(fixture)]
        log = Path(name) / "serve.log"
        with running(lambda port: [*command, "--port", str(port)], log, "/v1/providers") as server:
            _load(server, soak, given)
            bounds = _bounds(server.url)
        complaints = [line for line in log.read_text().splitlines() if "defect" in line.lower()]
    _tell(soak, bounds, complaints)
    sys.exit(bool(soak.wrong or soak.errors or complaints or soak.drift() > _TOLERANCE))


def _load(server: Running, soak: Soak, given: argparse.Namespace) -> None:
    began = time.monotonic()
    while (passed := time.monotonic() - began) < given.seconds:
        left = max(1, min(given.slice, round(given.seconds - passed)))
        script = HERE / "peers" / "mixed.lua"
        command = ["wrk", "-t1", "-c16", f"-d{left}s", "-s", str(script), server.url]
        done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 # wrk
        soak.requests += int(_COUNT.search(done.stdout)[1])  # type: ignore[index] # wrk prints it
        soak.wrong += int(_WRONG.search(done.stdout)[2])  # type: ignore[index] # the script prints it
        soak.errors += _ERRORS.findall(done.stdout)
        soak.memory.append((time.monotonic() - began, resident(server.pid)))
        when, size = soak.memory[-1]
        print(
            f"{when:6.0f} s  {soak.requests:>12,} requests  {size / _MEGABYTE:6.1f} MB", flush=True
        )


def _bounds(url: str) -> dict[str, Any]:
    """Return what the control plane says of its journal; nothing where it has none."""
    try:
        with urllib.request.urlopen(f"{url}/__admin/requests?limit=1") as answer:  # noqa: S310 # ours
            told: dict[str, Any] = json.load(answer)
    except urllib.error.HTTPError:
        return {}
    kept: dict[str, Any] = told.get("meta", {})
    return kept


def _tell(soak: Soak, bounds: dict[str, Any], complaints: list[str]) -> None:
    print(f"{soak.requests:,} requests, {soak.wrong} wrong answers, {len(soak.errors)} errors")
    for line in [*soak.errors, *complaints[:5]]:
        print(f"  {line}")
    print(f"memory within ±{soak.drift():.1%} after the first fifth of the time")
    if bounds:
        print(f"journal: {bounds}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--slice", type=int, default=5, help="seconds between two looks")
    return parser


if __name__ == "__main__":
    main()
