"""`mockserver serve` as a process: what it prints, where it listens, how it ends."""

from __future__ import annotations

import json
import re
import signal
import socket
import urllib.request
from pathlib import Path

import click
import pytest

from mockserver.cli.serve import banner
from tests.conftest import make_mock
from tests.server import Server, serving


def fetch(url: str, key: str = "mock-full-key") -> int:
    request = urllib.request.Request(url, headers={"X-Api-Key": key})  # noqa: S310 # our own server
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 # the same
        status: int = answer.status
        return status


def ended(server: Server, sent: signal.Signals) -> tuple[int, str, str]:
    """Send a signal; return exit code, what was printed after the banner, and stderr."""
    server.process.send_signal(sent)
    out, _ = server.process.communicate(timeout=20)
    server.errors.seek(0)
    return server.process.returncode, out.strip(), server.errors.read()


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_told_to_stop_and_ends_cleanly(sent: signal.Signals):
    with serving() as server:
        assert fetch(f"{server.url}/v1/projects/my-project") == 200
        assert ended(server, sent) == (0, "stopped", "")


def test_a_client_that_keeps_its_connection_does_not_hold_up_the_end():
    with serving() as server:
        port = int(server.url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=20) as idle:
            idle.sendall(b"GET /__admin/health HTTP/1.1\r\nHost: x\r\n\r\n")
            assert idle.recv(1000).startswith(b"HTTP/1.1 200")
            assert ended(server, signal.SIGTERM) == (0, "stopped", "")


def test_it_listens_on_ipv6_when_asked():
    if not socket.has_ipv6:
        pytest.skip("no IPv6 on this machine")
    with serving("--host", "::1") as server:
        assert server.url.startswith("http://[::1]:")
        assert fetch(f"{server.url}/v1/projects/my-project") == 200


def test_every_interface_is_shown_as_an_address_that_can_be_called():
    with serving("--host", "0.0.0.0") as server:
        assert server.url.startswith("http://127.0.0.1:")
        assert fetch(f"{server.url}/v1/providers") == 200


def test_variables_and_flags_reach_the_server(tmp_path: Path):
    environment = {"MOCKSERVER_FIXTURE": "empty", "MOCKSERVER_SEED": "5"}
    with serving("--seed", "7", environment=environment) as server:
        assert "empty, seed 7, clock real" in server.banner


def test_two_servers_do_not_share_a_port():
    with serving() as one, serving() as other:
        assert one.url != other.url
        port = one.url.rpartition(":")[2]
        with (
            pytest.raises(AssertionError, match="Address already in use; try --port 0"),
            serving("--port", port),
        ):
            pass


def test_the_banner_tells_where_what_and_with_which_credentials():
    mock = make_mock()
    text = banner(mock, "http://127.0.0.1:4010")

    for wanted in (
        "http://127.0.0.1:4010/v1",
        "http://127.0.0.1:4010/ui",
        "acme, seed 0, clock frozen",
        "mock-full-key",
        "my-project (full)",
        "mock-builder-token",
        "jane@mailmonkey.com",
        "curl -H 'X-Api-Key: mock-full-key' http://127.0.0.1:4010/v1/projects/my-project",
        "Ctrl-C stops",
    ):
        assert wanted in text
    assert "mock-inactive-key" not in text
    assert re.search(r"Operations +81$", click.unstyle(text), re.MULTILINE)


def test_the_banner_of_a_world_without_credentials_offers_none(tmp_path: Path):
    path = tmp_path / "my.yaml"
    path.write_text(
        "builders:\n  - {idpRef: no_mail}\nbuilderTokens:\n  - {token: t, builderId: no_mail}\n",
        encoding="utf-8",
    )
    text = banner(make_mock(fixture=str(path)), "http://x")

    assert "curl" not in text
    assert "no_mail" in text


def test_the_banner_counts_what_it_does_not_show(tmp_path: Path):
    path = tmp_path / "my.yaml"
    content = {
        "orgs": [{"label": "A"}],
        "projects": [{"name": "shop", "appName": "S", "orgId": "A"}],
        "apiKeys": [{"key": f"key-{n}", "projectId": "shop", "label": "x"} for n in range(9)],
    }
    path.write_text(json.dumps(content), encoding="utf-8")
    text = banner(make_mock(fixture=str(path)), "http://x")

    assert "key-3" in text
    assert "key-4" not in text
    assert f"and 5 more: mockserver fixtures {path}" in text
