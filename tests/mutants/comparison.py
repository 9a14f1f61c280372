"""Plain schemathesis as it is compared with the referee: with every help that it takes.

It gets a good credential and real ids (`schemathesis.toml` beside this file), all its checks but
the two about the `Allow` header and methods that the contract does not have, all its phases, the
same time and the same seed. Failures that it reports of the mock as it is stand in a baseline
file, its own mechanism, and count no more; neither do the answers that the contract cannot express
(`spec/gaps.yaml`).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from mockserver.contract.contract import Contract
from mockserver.contract.documents import spec_directory

_CONFIG = Path(__file__).with_name("schemathesis.toml")


def command(url: str, seed: int, seconds: int, baseline: Path) -> list[str]:
    """Return the command of one run.

    Args:
        url: the base URL of the API.
        seed: of what it draws.
        seconds: its time.
        baseline: the failures that do not count.
    """
    run = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(_CONFIG), "run"]
    run += [str(spec_directory() / "api" / "api.yaml"), "--url", url]
    return [*run, "--seed", str(seed), "--max-time", str(seconds), "--baseline", str(baseline)]


def begin(baseline: Path, contract: Contract) -> None:
    """Write a baseline that accepts the answers which the contract cannot express."""
    entries = [
        {
            "operation": f"{operation.method} {operation.path}",
            "check": "status_code_conformance",
            "failure": "UndefinedStatusCode",
            "signature": str(status),
            "first_seen": _EVER,
            "last_seen": _EVER,
        }
        for name, status in sorted(contract.undeclared)
        for operation in (contract.operations[name],)
    ]
    text = json.dumps({"format_version": 1, "schemathesis_version": "", "entries": entries})
    baseline.write_text(text, encoding="utf-8")


_EVER = "2026-01-01"
