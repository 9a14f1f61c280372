"""Results that do not fit into one message: more messages, or a download."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import pytest

from mockserver.resources.webhook_messages import LARGEST
from tests.client import Response
from tests.conftest import START
from tests.hosting import Hosted, install
from tests.worlds import read_object, reading

MINUTE = 60
LIFETIME = 900  # seconds


@pytest.fixture
def here() -> Hosted:
    manifest = reading(
        read_object("account", requiredFields=["name", "description"]),
        write={"objects": [{"objectName": "account"}]},
    )
    return install(manifest, read={"account": {}}, write={"account": {}})


def read(here: Hosted) -> list[bytes]:
    """Read what changed; return the messages as they are sent."""
    assert here.read("account", sinceTimestamp=START).status == 201
    here.ear.advance(MINUTE)
    return [message.content for message in here.ear.messages if message.event_type == "read"]


def test_no_message_is_larger_than_allowed_and_no_record_is_lost(here: Hosted):
    for number in range(10):
        here.created("account", name=f"Number {number}", description="ü" * 30_000)

    sent = read(here)

    assert len(sent) > 1
    assert max(map(len, sent)) <= LARGEST
    names = [entry["fields"]["name"] for one in sent for entry in json.loads(one)["result"]]
    assert names == [f"Number {number}" for number in range(10)]
    assert all(
        json.loads(one)["resultInfo"] == {"type": "inline", "numRecords": len(result)}
        for one in sent
        if (result := json.loads(one)["result"])
    )


def test_messages_are_filled_before_another_one_is_begun(here: Hosted):
    for number in range(10):
        here.created("account", name=f"Number {number}", description="x" * 20_000)

    assert len(read(here)) == 2  # fields and raw: 40 KB a record


def large(here: Hosted) -> str:
    """Read a record that is too large among two that are not; return where to download it."""
    for size in (1, LARGEST, 1):
        here.created("account", name=f"Size {size}", description="x" * size)
    messages = [json.loads(one) for one in read(here)]
    assert [message["resultInfo"]["type"] for message in messages] == ["inline", "url", "inline"]
    assert "result" not in messages[1]
    assert messages[1]["resultInfo"]["numRecords"] == 1
    url: str = messages[1]["resultInfo"]["downloadUrl"]
    return url


def download(here: Hosted, url: str) -> Response:
    parts = urlsplit(url)
    client = here.client.as_()
    return client.call("GET", f"{parts.path}?{parts.query}", root=True)


def test_a_record_that_is_too_large_is_downloaded_without_a_credential(here: Hosted):
    url = large(here)

    answer = download(here, url)

    assert url.startswith("http://127.0.0.1:4010/_storage/")
    assert answer.status == 200
    assert answer.media_type == "application/json"
    [entry] = answer.json
    assert entry["fields"] == {"name": f"Size {LARGEST}", "description": "x" * LARGEST}


def test_a_download_expires_by_the_sandboxs_clock(here: Hosted):
    url = large(here)

    here.ear.advance(LIFETIME - MINUTE - 1)
    assert download(here, url).status == 200
    here.ear.advance(MINUTE + 1)
    assert download(here, url).status == 400


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("X-Goog-Signature=", "X-Goog-Signature=0"),
        ("X-Goog-Expires=900", "X-Goog-Expires=9000"),
        (".json", ".jsn"),
    ],
)
def test_a_download_is_only_for_whoever_got_the_message(here: Hosted, old: str, new: str):
    assert download(here, large(here).replace(old, new)).status == 403


def test_a_download_address_takes_no_upload(here: Hosted):
    parts = urlsplit(large(here))

    answer = here.client.call("PUT", f"{parts.path}?{parts.query}", raw=b"x", root=True)

    assert answer.status == 403
