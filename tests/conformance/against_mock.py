"""Holds the mock against the contract, as users would hold theirs.

Serves the default fixture on a free port and runs `mockserver check` on it; options go to it.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

from tests.server import serving

CREDENTIALS = (
    *("--api-key", "mock-full-key", "--bearer", "mock-builder-token", "--project", "my-project"),
    *("--neighbour-project", "mailmonkey-staging", "--neighbour-api-key", "mock-staging-key"),
)


def main(arguments: Sequence[str]) -> int:
    """Return the exit code of the check."""
    with serving() as server:
        command = [sys.executable, "-m", "mockserver", "check", server.url, *CREDENTIALS]
        return subprocess.run([*command, *arguments], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
