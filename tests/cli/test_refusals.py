"""A mistake of the caller is one line on stderr and exit code 2, never a traceback."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from tests.cli.command import Command


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ("serv", "no verb 'serv'; did you mean serve? (see mockserver --help)"),
        ("xyz", "No such command 'xyz' (see mockserver --help)"),
        ("--colour", "No such option '--colour' (see mockserver --help)"),
        ("serve --colour", "No such option '--colour'"),
        ("serve now", "Got unexpected extra argument (now) (see mockserver serve --help)"),
        ("serve --port", "Option '--port' requires an argument"),
        ("serve --port x", "Invalid value for '--port': 'x' is not a valid integer (see"),
        ("serve --port 65536", "port=65536 is not in 0 to 65535"),
        ("serve --port -1", "port=-1 is not in 0 to 65535"),
        ("serve --seed 1.5", "Invalid value for '--seed': '1.5' is not a valid integer (see"),
        ("serve --latency -5", "latency=-5 is not in 0 to 600000"),
        ("serve --public-url mock", "public_url='mock' is not an http:// or https:// origin"),
        ("serve --token-secret short", "token_secret is not 32 bytes or more"),
        ("serve --clock soon", "clock 'soon' is neither 'real' nor an RFC 3339 time"),
        ("serve --clock 2026-01-05", "clock '2026-01-05' is neither 'real' nor an RFC 3339"),
        ("serve --clock 9999-01-01T00:00:00Z", "clock '9999-01-01T00:00:00Z' is neither 'real'"),
        ("serve --fixture nope", "nope: no such fixture; give a YAML file or one of: acme, empty"),
        ("serve --catalog nope", "catalog nope: No such file or directory"),
        ("serve --record /dev/null/x", "record /dev/null/x: Not a directory"),
        ("serve --record /dev/null", "record /dev/null: File exists"),
        ("serve --port 0 --host 203.0.113.1", "cannot listen on 203.0.113.1:0: "),
        ("fixtures nope", "nope: no such fixture; give a YAML file or one of: acme, empty"),
        ("routes nothing-like-that", "no operation contains 'nothing-like-that'"),
    ],
)
def test_a_wrong_word_is_refused_in_one_line(command: Command, arguments: str, line: str):
    assert command.refuses(*arguments.split()).startswith(line)


def test_an_empty_address_is_refused(command: Command):
    assert command.refuses("serve", "--host", "") == "host='' is not an address"


@pytest.mark.parametrize(
    ("variable", "value", "line"),
    [
        ("PORT", "x", "MOCKSERVER_PORT='x' is not a whole number"),
        ("PORT", "99999", "MOCKSERVER_PORT=99999 is not in 0 to 65535"),
        ("STRICT", "maybe", "MOCKSERVER_STRICT='maybe' is not true or false"),
        ("CLOCK", "soon", "clock 'soon' is neither 'real' nor an RFC 3339 time"),
        ("FIXTURE", "nope", "nope: no such fixture"),
    ],
)
def test_a_wrong_variable_is_refused_in_one_line(
    command: Command, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, line: str
):
    monkeypatch.setenv(f"MOCKSERVER_{variable}", value)
    assert command.refuses("serve").startswith(line)


@pytest.mark.parametrize("verb", [["serve", "--fixture"], ["fixtures"]])
def test_a_bad_fixture_is_refused_with_file_line_and_reason(
    command: Command, tmp_path: Path, verb: list[str]
):
    path = tmp_path / "my.yaml"
    path.write_text("orgs:\n  - label: Acme\n  - lable: Acme\n", encoding="utf-8")
    assert command.refuses(*verb, str(path)) == (
        f"{path}:3: unknown field of orgs 'lable'; did you mean label?"
    )


def test_a_port_in_use_is_refused_with_the_way_out(command: Command):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert command.refuses("serve", "--port", str(port)) == (
            f"cannot listen on 127.0.0.1:{port}: Address already in use; try --port 0"
        )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xff\xfe", "not UTF-8 text"),
        (b"{", "not a catalog in JSON: "),
        (b"[]", "not a catalog in JSON: not an object of providers"),
        (b'{"catalog": 5}', "not a catalog in JSON: not an object of providers"),
        (b"[" * 100_000, "not a catalog in JSON: "),
        (json.dumps({"hubspot": {"name": 5}}).encode(), "at /hubspot"),
    ],
)
def test_a_bad_catalog_is_refused(command: Command, tmp_path: Path, content: bytes, reason: str):
    path = tmp_path / "catalog.json"
    path.write_bytes(content)
    assert command.refuses("serve", "--catalog", str(path)).startswith(f"catalog {path}: {reason}")
