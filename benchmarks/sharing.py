"""Eight workers of pytest-xdist on one mock: whether tests disturb each other, what each costs.

    python -m benchmarks.sharing [--tests 2000] [--workers 8]

Runs so many tests in a pytest of its own for each row of the table that it prints: tests that
create, delete and reset, on one shared mock (`--mock-shared`), with a mock in each worker, and in
one process without workers; then tests that ask for nothing, to compare with. Every test sees
whether it finds anything that another one left behind.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_HEAD = "import pytest\n\n\n@pytest.mark.parametrize('number', range({tests}))\n"
_NOTHING = _HEAD + "def test_nothing(number):\n    pass\n"
_WORK = (
    _HEAD
    + """
def test_alone(mock, number):
    given = {{topic["name"] for topic in mock.call("listTopics")}}
    assert given == {{"installation-events", "system-alerts"}}
    names = [f"topic-{{n}}" for n in range(number % 3 + 1)]
    made = [mock.call("createTopic", body={{"name": name}}) for name in names]
    mock.call("deleteTopic", topicId=made[0]["id"])
    assert mock.diff().tables().get("topics", (0, 0, 0)) == (number % 3, 0, 0)
    if number % 2:
        mock.reset()
        assert not mock.diff()
    mock.call("createTopic", body={{"name": "topic-0"}})
"""
)
_FIXTURE = _HEAD + "def test_sandbox(mock, number):\n    pass\n"
_TOOK = re.compile(r"(\d+) passed.* in ([0-9.]+)s")


def run(content: str, tests: int, *options: str) -> tuple[float, float]:
    """Run tests; return the seconds of the session as pytest counts them, and those of all.

    Raises:
        RuntimeError: a test failed.
    """
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "test_shared.py").write_text(content.format(tests=tests))
        command = [sys.executable, "-m", "pytest", "-q", "-p", "mockserver", "-p", "xdist"]
        environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "MOCKSERVER_URL": ""}
        began = time.perf_counter()
        done = subprocess.run(  # noqa: S603 # our own command
            [*command, "-p", "no:cacheprovider", *options],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        whole = time.perf_counter() - began
    found = _TOOK.search(done.stdout)
    if done.returncode or found is None or int(found[1]) != tests:
        raise RuntimeError(done.stdout[-4000:] + done.stderr[-4000:])
    return float(found[2]), whole


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tests", type=int, default=2000)
    parser.add_argument("--workers", type=int, default=8)
    given = parser.parse_args()
    workers = ("-n", str(given.workers))
    beside = f"{given.workers} workers"
    rows = [
        (f"create, delete, reset; {beside}, one mock", _WORK, (*workers, "--mock-shared")),
        (f"nothing; {beside}", _NOTHING, workers),
        ("create, delete, reset; one process", _WORK, ()),
        ("a sandbox each; one process", _FIXTURE, ()),
        ("nothing; one process", _NOTHING, ()),
        (f"create, delete, reset; {beside}, a mock each", _WORK, workers),
    ]
    print(f"| {given.tests} tests | seconds | with start and end | milliseconds a test |")
    print("|---|---:|---:|---:|")
    for name, content, options in rows:
        seconds, whole = run(content, given.tests, *options)
        each = seconds / given.tests * 1000
        print(f"| {name} | {seconds:.1f} | {whole:.1f} | {each:.2f} |", flush=True)


if __name__ == "__main__":
    main()
