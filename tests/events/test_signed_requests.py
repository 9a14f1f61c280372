"""What a sink gets: headers that verify, whatever a destination adds, whichever key is valid."""

from __future__ import annotations

from typing import Any

import pytest
from svix.webhooks import WebhookVerificationError

from tests.posting import DAY, headers, post
from tests.sinks import sink

WALL: dict[str, Any] = {"signature_time": "wall"}


def test_custom_headers_replace_neither_the_signature_nor_what_http_needs():
    here = post(**WALL)
    own = {
        "svix-id": "msg_forged",
        "Svix-Signature": "v1,forged",
        "webhook-signature": "v1,forged",
        "Host": "elsewhere.example",
        "Content-Length": "3",
        "Transfer-Encoding": "chunked",
        "Connection": "close",
        "User-Agent": "ours",
        "X-Padded": "  spaces  ",
        "X-Latin": "caf\u00e9",
        "Authorization": "Bearer top-secret",
    }
    with sink() as there:
        here.hook("own", there.url, headers=own)
        here.emit()
        here.turn()

        (got,) = there.received
    got.verify(here.secret("own"))
    names = [name.lower() for name, _ in got.header_lines]
    assert len(names) == len(set(names))
    assert got.headers["host"] == f"localhost:{there.port}"
    assert got.headers["user-agent"] == "ours"
    assert got.headers["x-padded"] == "spaces"
    assert got.headers["x-latin"] == "caf\u00e9"
    assert got.headers["authorization"] == "Bearer top-secret"
    assert "webhook-signature" not in got.headers
    (attempt,) = here.delivery()["attempts"]
    assert headers(attempt)["authorization"] == "Bearer ***"
    assert b"top-secret" not in here.admin.get(f"/deliveries/{here.delivery()['id']}").body


@pytest.mark.parametrize(("setting", "names"), [("svix", 3), ("webhook", 3), ("both", 6)])
def test_the_names_of_the_signature_headers_can_be_chosen(setting: str, names: int):
    here = post(signature_headers=setting, **WALL)
    with sink() as there:
        here.hook("first", there.url)
        here.emit()
        here.turn()

        (got,) = there.received
    got.verify(here.secret("first"))
    assert len([n for n in got.headers if n.startswith(("svix-", "webhook-"))]) == names


def test_time_of_the_sandbox_signs_unless_the_wall_is_asked_for():
    for settings, fresh in [({}, False), (WALL, True)]:
        here = post(**settings)
        with sink() as there:
            here.hook("first", there.url)
            here.emit()
            here.turn(3 * 365 * DAY)
            (got,) = there.received
        if fresh:
            got.verify(here.secret("first"))
        else:
            assert got.headers["svix-timestamp"] == "1769947200"  # START
            with pytest.raises(WebhookVerificationError, match="old"):
                got.verify(here.secret("first"))


def test_after_a_rotation_both_keys_verify_for_a_day():
    here = post(**WALL)
    with sink() as there:
        here.hook("first", there.url)
        old = here.secret("first")
        newer = here.secret("first", rotate=True)
        newest = here.secret("first", rotate=True)
        here.emit()
        here.turn(DAY - 1)
        here.emit()
        here.turn(1)
        here.emit()
        here.turn()

        at_once, just_before, after = there.received
    assert len({old, newer, newest}) == 3
    for secret in (old, newer, newest):
        at_once.verify(secret)
        just_before.verify(secret)
    after.verify(newest)
    for secret in (old, newer):
        with pytest.raises(WebhookVerificationError):
            after.verify(secret)
    assert after.headers["svix-signature"].count("v1,") == 1
