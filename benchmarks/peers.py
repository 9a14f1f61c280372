"""The servers that are measured, how each is started, and what each one checks."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from benchmarks.material import Material

HERE = Path(__file__).resolve().parent
MODULES = HERE / "peers" / "node_modules"
Command = Callable[[int, Material], list[str]]


@dataclass(frozen=True)
class Peer:
    """One server."""

    name: str
    command: Command
    is_installed: Callable[[], bool] = lambda: True
    base: str = "/v1"  # what stands before a route's path
    checks: str = ""  # what it validates, for the table
    #: Paths of its own for routes that it serves otherwise; a route without any is left out.
    paths: Mapping[str, str] = field(default_factory=dict)
    only: frozenset[str] | None = None  # routes that it has at all


def _python(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", module, *arguments]


def _node(name: str) -> Callable[[], bool]:
    return lambda: shutil.which("node") is not None and (MODULES / name).is_dir()


def _bin(name: str, *arguments: str) -> list[str]:
    return [str(MODULES / ".bin" / name), *arguments]


def _prism(*flags: str) -> Command:
    return lambda port, m: _bin("prism", "mock", "-p", str(port), *flags, str(m.document))


_S3 = {"project": "/bench/small", "connections": "/bench?list-type=2", "providers": "/bench/large"}

PEERS: tuple[Peer, ...] = (
    Peer(
        "mockserver",
        lambda port, m: _python(
            "mockserver", "serve", "--port", str(port), "--fixture", str(m.fixture)
        ),
        checks="requests, responses, credentials, rules, state",
    ),
    Peer(
        "bare uvicorn (limit)",
        lambda port, _: _python("benchmarks.hello", str(port)),
        checks="nothing: answers 17 bytes",
        base="",
        only=frozenset({"project"}),
    ),
    Peer(
        "Prism static",
        _prism("--errors"),
        _node("@stoplight/prism-cli"),
        base="",
        checks="requests, responses; no state",
    ),
    Peer(
        "Prism dynamic",
        _prism("--errors", "-d"),
        _node("@stoplight/prism-cli"),
        base="",
        checks="requests; random bodies, no state",
    ),
    Peer(
        "Mockoon CLI",
        lambda port, m: _bin("mockoon-cli", "start", "-d", str(m.document), "-p", str(port), "-X"),
        _node("@mockoon/cli"),
        checks="nothing",
    ),
    Peer(
        "json-server",
        lambda port, m: _bin(
            "json-server", "-p", str(port), "-r", str(m.json_routes), "-q", str(m.json_database)
        ),
        _node("json-server"),
        checks="nothing; keeps what is posted",
    ),
    Peer(
        "Scalar mock-server",
        lambda port, m: ["node", str(HERE / "peers" / "scalar.mjs"), str(port), str(m.document)],
        _node("@scalar/mock-server"),
        base="",
        checks="nothing",
    ),
    Peer(
        "WireMock",
        lambda port, m: _bin("wiremock", "--port", str(port), "--root-dir", str(m.wiremock)),
        lambda: _node("wiremock")() and shutil.which("java") is not None,
        checks="what each stub matches; no state",
    ),
    Peer(
        "moto_server (S3)",
        lambda port, _: _python("benchmarks.moto_objects", str(port)),
        lambda: find_spec("moto") is not None,
        base="",
        checks="S3's rules, on objects of the same size",
        paths=_S3,
        only=frozenset(_S3),
    ),
    Peer(
        "Connexion FlaskApp",
        lambda port, m: _python(
            "benchmarks.stock_connexion", str(port), str(m.bundle), str(m.answers)
        ),
        checks="requests, responses, credentials; no state",
    ),
)
