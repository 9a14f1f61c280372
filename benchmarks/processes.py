"""Servers as processes: started, waited for, measured, ended."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

_PATIENCE = 60  # seconds until a server must answer
_STEP = 0.01
_REST = 0.25  # seconds for which processes must rest
_AT_REST = 0.1  # of a core
_LONGEST_REST = 10  # seconds


@dataclass
class Running:
    """A server that answers."""

    url: str
    pid: int
    cold_start: float  # seconds from the start of the process to the first answer


@contextmanager
def running(command: Callable[[int], list[str]], log: Path, ready: str) -> Iterator[Running]:
    """Start a server on a free port, wait for an answer on `ready`, and end it afterwards.

    Raises:
        RuntimeError: it ended, or did not answer in time; the log says why.
    """
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    started = time.perf_counter()
    with log.open("wb") as output:
        with on_core(0):
            process = subprocess.Popen(  # noqa: S603 # the commands are ours
                command(port),
                stdout=output,
                stderr=output,
                start_new_session=True,
                env=_environment(),
            )
        try:
            _wait(process, url + ready, log)
            yield Running(url, process.pid, time.perf_counter() - started)
        finally:
            _end(process)


@contextmanager
def on_core(number: int) -> Iterator[None]:
    """Let what is started in the block run on one core of the machine: -1 is the last one."""
    mine = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {sorted(mine)[number]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, mine)


def resident(pid: int) -> int:
    """Return the resident memory of a process and its children, in bytes."""
    pages = 0
    for one in _family(pid):
        with suppress(FileNotFoundError):  # it has just ended
            pages += int(Path(f"/proc/{one}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def settle(pids: Iterable[int]) -> None:
    """Wait until these processes and their children rest, or have not for long enough.

    Some collect garbage or compile for seconds after they were loaded, on the core of all.
    """
    some, until = list(pids), time.perf_counter() + _LONGEST_REST
    while time.perf_counter() < until:
        before = sum(map(_processor_time, some))
        time.sleep(_REST)
        if sum(map(_processor_time, some)) - before < _AT_REST * _REST:
            return


def _processor_time(pid: int) -> float:
    """Return the seconds that a process and its children have worked."""
    ticks = sum(sum(map(int, _stat(one)[11:13])) for one in _family(pid))
    return ticks / os.sysconf("SC_CLK_TCK")


def _stat(pid: int) -> list[str]:
    """Return the fields of /proc/PID/stat behind the name, which may hold anything."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return ["0"] * 13  # it has just ended


def _family(pid: int) -> Iterator[int]:
    """Yield a process and all below it."""
    waiting = [pid]
    while waiting:
        current = waiting.pop()
        yield current
        with suppress(FileNotFoundError):  # it has just ended
            children = Path(f"/proc/{current}/task/{current}/children").read_text()
            waiting += map(int, children.split())


def _environment() -> dict[str, str]:
    """Return ours, with Python keeping what it compiled, as it does wherever nobody forbids it."""
    left = {"PYTHONDONTWRITEBYTECODE", "PYTHONPATH"}
    return {name: value for name, value in os.environ.items() if name not in left}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    until = time.perf_counter() + _PATIENCE
    request = urllib.request.Request(url, headers={"X-Api-Key": "mock-full-key"})  # noqa: S310 # ours
    while time.perf_counter() < until:
        try:
            with urllib.request.urlopen(request, timeout=5):  # noqa: S310 # as above
                return
        except urllib.error.HTTPError:
            return  # it answers
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(_STEP)
    raise RuntimeError(f"no answer from {url}: {log.read_text(errors='replace')[-800:]}")


def _end(process: subprocess.Popen[bytes]) -> None:
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
