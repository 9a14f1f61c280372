"""One measurement: wrk against one route of one server, and what it answered."""

from __future__ import annotations

import json
import re
import statistics
import subprocess
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.peers import HERE, Peer
from benchmarks.processes import on_core
from benchmarks.workload import POSTED, Route

_RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
_QUANTILE = re.compile(r"^\s+(50|99)%\s+([\d.]+)(us|ms|s)\s*$", re.MULTILINE)
_MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


@dataclass
class Series:
    """The rounds of one route of one server."""

    rates: list[float] = field(default_factory=list)  # requests per second
    p50: list[float] = field(default_factory=list)  # milliseconds
    p99: list[float] = field(default_factory=list)
    status: int = 0
    size: int = 0  # bytes of the answer's body
    is_right: bool = False

    @property
    def rate(self) -> float:
        """The median of the rounds."""
        return statistics.median(self.rates) if self.rates else 0.0

    @property
    def quartiles(self) -> tuple[float, float]:
        """The lower and the upper quartile of the rounds."""
        if len(self.rates) < 2:
            return self.rate, self.rate
        low, _, high = statistics.quantiles(self.rates, n=4, method="inclusive")
        return low, high


def path_of(peer: Peer, route: Route) -> str | None:
    """Return the path of a route on a server; None where it has none."""
    if peer.only is not None and route.name not in peer.only:
        return None
    return peer.paths.get(route.name) or peer.base + route.path


def look(url: str, route: Route, series: Series) -> None:
    """Ask once, and note what came."""
    body = json.dumps(dict(POSTED)).encode() if route.method == "POST" else None
    headers = {**route.headers, "Content-Type": "application/json", "Accept": "application/json"}
    request = urllib.request.Request(url, body, headers, method=route.method)  # noqa: S310 # loopback
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 # as above
            series.status, content = answer.status, answer.read()
    except urllib.error.HTTPError as error:
        series.status, content = error.code, error.read()
    series.size = len(content)
    series.is_right = series.status == route.status and route.is_right(_json(content))


def load(url: str, route: Route, seconds: int, series: Series) -> None:
    """Load a route for some seconds, and note how it went."""
    command = ["wrk", "-t1", "-c16", f"-d{seconds}s", "--latency"]
    for name, value in route.headers.items():
        command += ["-H", f"{name}: {value}"]
    if route.method == "POST":
        command += ["-H", "Content-Type: application/json", "-s", str(_script("topic.lua"))]
    with on_core(-1):
        done = subprocess.run(  # noqa: S603 # wrk, on loopback
            [*command, url], capture_output=True, text=True, check=True
        )
    series.rates.append(float(_RATE.search(done.stdout)[1]))  # type: ignore[index] # wrk prints it
    for quantile, value, unit in _QUANTILE.findall(done.stdout):
        target = series.p50 if quantile == "50" else series.p99
        target.append(float(value) * _MILLISECONDS[unit])


def _script(name: str) -> Path:
    return HERE / "peers" / name


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return None
