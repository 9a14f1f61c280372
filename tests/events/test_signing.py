"""Signatures, judged by the library that real consumers verify with."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from svix.webhooks import Webhook, WebhookVerificationError

from mockserver.events import signing
from mockserver.simulation.identity import Identity

SECRET = "whsec_YW1wZXJzYW5kLW1vY2stc2lnbmluZy1r"
BODY = b'{"notificationType":"connection.created","data":{"projectId":"p1"}}'
ID = "msg_2mockAAAAAAAAAAAAAAAAAAAAAA"
TIME = 1767225600


def now() -> int:
    return int(datetime.now(UTC).timestamp())


def test_a_signature_is_the_known_one():
    expected = "v1,SNdBNRPH0MQRkbkmTqSHHOg9J00oJn3uvCCbGuJySgc="
    assert signing.signature(SECRET, ID, TIME, BODY) == expected
    assert signing.headers([SECRET], ID, TIME, BODY) == [
        ("svix-id", ID),
        ("svix-timestamp", str(TIME)),
        ("svix-signature", expected),
    ]


@given(st.text(st.characters(codec="utf-8"), max_size=200), st.integers(0, 10**6))
def test_consumers_verify_any_body_with_any_key(text: str, number: int):
    secret, body = Identity(0).signing_secret("keys", number), text.encode()
    headers = dict(signing.headers([secret], ID, now(), body))

    Webhook(secret).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body + b"x", headers)


@pytest.mark.parametrize("names", ["svix", "webhook", "both"])
def test_consumers_verify_under_either_name(names: str):
    headers = dict(signing.headers([SECRET], ID, now(), BODY, names=names))

    Webhook(SECRET).verify(BODY, headers)
    assert len(headers) == (6 if names == "both" else 3)


def test_each_key_signs_and_the_first_comes_first():
    old = Identity(0).signing_secret("keys", 1)
    headers = dict(signing.headers([SECRET, old], ID, now(), BODY))

    Webhook(SECRET).verify(BODY, headers)
    Webhook(old).verify(BODY, headers)
    first, second = headers["svix-signature"].split(" ")
    assert first == signing.signature(SECRET, ID, int(headers["svix-timestamp"]), BODY)
    assert second != first


def test_another_key_does_not_verify():
    other = "whsec_" + base64.b64encode(b"another key of that length").decode()
    with pytest.raises(WebhookVerificationError):
        Webhook(other).verify(BODY, dict(signing.headers([SECRET], ID, now(), BODY)))


def test_a_secret_that_is_no_base64_is_refused():
    with pytest.raises(ValueError, match=r"base64|padding|character|alphabet"):
        signing.signature("whsec_!!!", ID, TIME, BODY)
