"""Ids, keys and secrets: look random, and are the same for the same seed."""

from __future__ import annotations

import base64
import re
from uuid import RFC_4122, UUID

from hypothesis import given
from hypothesis import strategies as st

from mockserver.simulation.identity import Identity

seeds = st.integers()
streams = st.text("abcXYZ /", max_size=8)
numbers = st.integers(0, 10**6)


@given(seeds, streams, numbers)
def test_every_value_is_a_pure_function_of_seed_stream_and_number(
    seed: int, stream: str, number: int
):
    one, other = Identity(seed), Identity(seed)
    assert one.uuid(stream, number) == other.uuid(stream, number)
    assert one.key(stream, number) == other.key(stream, number)
    assert one.hexadecimal(stream, number) == other.hexadecimal(stream, number)
    assert one.signing_secret(stream, number) == other.signing_secret(stream, number)


@given(seeds, streams, numbers)
def test_ids_are_lower_case_uuids_of_version_4(seed: int, stream: str, number: int):
    text = Identity(seed).uuid(stream, number)
    assert text == str(UUID(text)) == text.lower()
    assert (UUID(text).version, UUID(text).variant) == (4, RFC_4122)


@given(seeds, streams, numbers)
def test_keys_and_secrets_have_their_form(seed: int, stream: str, number: int):
    identity = Identity(seed)
    assert re.fullmatch(r"[A-Z2-7]{40}", identity.key(stream, number))
    assert re.fullmatch(r"[0-9a-f]{32}", identity.hexadecimal(stream, number))

    secret = identity.signing_secret(stream, number)
    assert secret.startswith("whsec_")
    assert len(base64.b64decode(secret.removeprefix("whsec_"), validate=True)) == 24


def test_no_two_numbers_streams_or_seeds_share_a_value():
    made = [
        Identity(seed).uuid(stream, number)
        for seed in range(4)
        for stream in ("topics", "projects", "topics/1", "")
        for number in range(50)
    ]
    assert len(set(made)) == len(made)


def test_values_do_not_depend_on_what_was_asked_before():
    fresh, used = Identity(7), Identity(7)
    used.uuid("projects", 0)
    used.key("topics", 3)
    assert used.uuid("topics", 3) == fresh.uuid("topics", 3)


def test_the_same_seed_gives_the_same_values_on_every_machine_and_release():
    assert Identity(0).uuid("topics", 0) == "d81ed95a-aeaf-4104-a4ee-77872aa4818a"
    assert Identity(0).key("apiKeys", 0) == "P4S5P6JNU6XWIJRBFNJ7EIVBFH6HITZDARPLCOXF"
    assert (
        Identity(0).signing_secret("webhookSigningKeys", 0)
        == "whsec_5R85ZJeRTDgXxDcocHhnf+9JddWiRe2q"
    )
