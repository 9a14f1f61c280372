"""Reading recordings back: nothing may get lost unnoticed."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from mockserver.contract.recordings import Exchange, read_recordings
from tests.client import Client
from tests.conftest import make_mock


def test_an_exchange_is_read_back_as_it_was_sent(tmp_path: Path):
    client = Client(make_mock(record=str(tmp_path)))

    answer = client.post("/projects/my-project/topics?a=%20b", {"name": "lead-alerts"})

    (recording,) = read_recordings(tmp_path)
    (exchange,) = recording.exchanges
    assert (recording.arrived, recording.lost) == (1, 0)
    assert (exchange.method, exchange.query) == ("POST", "a=%20b")
    assert exchange.path == "/v1/projects/my-project/topics"
    assert exchange.plain_request_body == b'{"name": "lead-alerts"}'
    assert (exchange.status, exchange.response_body) == (answer.status, answer.body)
    assert exchange.response_type == answer.media_type


def test_a_line_that_is_absent_or_cut_short_counts_as_lost(tmp_path: Path):
    client = Client(make_mock(record=str(tmp_path)))
    for _ in range(3):
        client.get("/providers/salesforce")
    (lines,) = tmp_path.glob("*.jsonl")
    lines.write_bytes(lines.read_bytes()[:-1])

    (recording,) = read_recordings(tmp_path)

    assert (len(recording.exchanges), recording.lost) == (2, 1)


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(b"{}", mtime=0)),
        ("deflate", zlib.compress(b"{}")),
        ("deflate", zlib.compress(b"{}", wbits=-15)),
        ("", b"{}"),
    ],
)
def test_a_content_coding_is_undone(coding: str, body: bytes):
    exchange = Exchange("POST", "/v1/orgs", "", (), body, 201, (), b"")
    if coding:
        exchange = replace(exchange, request_headers=(("Content-Encoding", coding),))

    assert exchange.plain_request_body == b"{}"
