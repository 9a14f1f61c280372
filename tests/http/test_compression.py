"""Compressed request bodies."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable

import pytest

from mockserver.http.bodies import LARGEST
from tests.client import Client, Response

TOPICS = "/projects/my-project/topics"
TOPIC = b'{"name":"compressed"}'


def raw_deflate(data: bytes) -> bytes:
    engine = zlib.compressobj(wbits=-15)
    return engine.compress(data) + engine.flush()


ENCODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "deflate without its wrapper": raw_deflate,
}


def post(client: Client, encoding: str, body: bytes) -> Response:
    return client.post(TOPICS, raw=body, headers={"content-encoding": encoding.split(" ")[0]})


@pytest.mark.parametrize("name", ENCODINGS)
def test_a_compressed_body_is_read_like_a_plain_one(client: Client, name: str):
    created = post(client, name, ENCODINGS[name](TOPIC))

    assert (created.status, created.json["name"]) == (201, "compressed")


@pytest.mark.parametrize("encoding", ["identity", "Identity", ""])
def test_identity_means_no_compression(client: Client, encoding: str):
    assert post(client, encoding, TOPIC).status == 201


@pytest.mark.parametrize("encoding", ["GZIP", "\tgzip"])
def test_an_encoding_is_known_in_any_case(client: Client, encoding: str):
    assert post(client, encoding, gzip.compress(TOPIC)).status == 201


@pytest.mark.parametrize(
    "encoding", ["br", "zstd", "compress", "gzip,gzip", "gzip,deflate", "gzip;q=1", "x", "\xff"]
)
def test_other_and_several_encodings_are_415(
    client: Client, is_unchanged: Callable[[], bool], encoding: str
):
    refused = post(client, encoding, gzip.compress(TOPIC))

    assert refused.status == 415
    assert refused.issue_names == ["Content-Encoding"]
    assert refused.json["remedy"] == "use gzip or deflate"
    assert is_unchanged()


@pytest.mark.parametrize("name", ENCODINGS)
@pytest.mark.parametrize("damage", ["cut", "plain", "twice", "followed by something"])
def test_data_that_is_not_what_it_says_is_400(
    client: Client, is_unchanged: Callable[[], bool], name: str, damage: str
):
    whole = ENCODINGS[name](TOPIC)
    body = {
        "cut": whole[:-3],
        "plain": TOPIC,
        "twice": whole + whole,
        "followed by something": whole + b"{}",
    }[damage]

    refused = post(client, name, body)

    assert refused.status == 400
    assert refused.issue_names == ["Content-Encoding"]
    assert is_unchanged()


def test_a_compressed_body_is_held_to_the_same_rules(client: Client):
    empty = post(client, "gzip", gzip.compress(b""))
    broken = post(client, "gzip", gzip.compress(b"\xff"))
    wrong = post(client, "deflate", zlib.compress(b'{"name":1}'))

    assert "this one is empty" in empty.json["detail"]
    assert "not UTF-8" in broken.json["detail"]
    assert wrong.issue_names == ["name"]


@pytest.mark.parametrize("name", ENCODINGS)
def test_a_few_kilobytes_that_unpack_to_more_than_ten_megabytes_are_413(
    client: Client, is_unchanged: Callable[[], bool], name: str
):
    bomb = ENCODINGS[name](b" " * (LARGEST + 1))
    assert len(bomb) < 20_000

    refused = post(client, name, bomb)

    assert refused.status == 413
    assert is_unchanged()


def test_what_unpacks_to_ten_megabytes_is_read(client: Client):
    body = gzip.compress(TOPIC.ljust(LARGEST))

    assert post(client, "gzip", body).status == 201
