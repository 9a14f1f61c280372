"""Where the mock may connect to: every kind of special address, in every way to write it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.addresses import AddressRules, Forbidden, literal, normalised, read_place

CLOSED = AddressRules()
LOCAL = AddressRules(this_machine=True)


def answering(*addresses: str):
    """Return a resolver that gives the same addresses for every name."""

    async def resolve(host: str, port: int) -> Sequence[str]:
        return addresses

    return resolve


def found(rules: AddressRules, host: str, port: int, *addresses: str) -> list[str]:
    return asyncio.run(rules.addresses(host, port, answering(*addresses)))


SPECIAL = [
    ("127.0.0.1", "loopback"),
    ("127.255.1.2", "loopback"),
    ("::1", "loopback"),
    ("10.1.2.3", "private"),
    ("172.16.0.1", "private"),
    ("192.168.1.1", "private"),
    ("100.64.0.1", "private"),
    ("192.0.2.1", "private"),
    ("198.18.0.1", "private"),
    ("240.0.0.1", "private"),
    ("255.255.255.255", "private"),
    ("0.1.2.3", "private"),
    ("fc00::1", "private"),
    ("fd12:3456::1", "private"),
    ("fec0::1", "private"),
    ("2001:db8::1", "private"),
    ("169.254.0.1", "link-local"),
    ("169.254.169.254", "link-local"),
    ("fe80::1", "link-local"),
    ("0.0.0.0", "unspecified"),
    ("::", "unspecified"),
    ("224.0.0.1", "multicast"),
    ("239.1.2.3", "multicast"),
    ("ff02::1", "multicast"),
    ("ff0e::1", "multicast"),
    ("::ffff:127.0.0.1", "loopback"),
    ("::ffff:10.0.0.1", "private"),
    ("::ffff:169.254.169.254", "link-local"),
    ("64:ff9b::a9fe:a9fe", "link-local"),
    ("2002:a9fe:a9fe::1", "link-local"),
    ("2002:7f00:1::1", "loopback"),
]


@pytest.mark.parametrize(("address", "kind"), SPECIAL)
def test_a_special_address_is_closed_and_the_reason_says_what_it_is_and_what_opens_it(
    address: str, kind: str
):
    objection = CLOSED.objection(address, 8080)

    assert objection is not None
    assert f"is a {kind} address" in objection
    assert "--allow-destination" in objection


@pytest.mark.parametrize(("address", "kind"), SPECIAL)
def test_a_name_that_resolves_to_a_special_address_is_closed(address: str, kind: str):
    with pytest.raises(Forbidden, match=rf"rebound.example \(.*\) is a {kind} address"):
        found(CLOSED, "rebound.example", 443, address)


@pytest.mark.parametrize(("address", "kind"), SPECIAL)
def test_only_loopback_is_open_when_this_machine_is(address: str, kind: str):
    assert (LOCAL.objection(address, 80) is None) == (kind == "loopback")


@pytest.mark.parametrize(
    "host",
    [
        "2130706433",
        "0x7f000001",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "127.1",
        "127.0.1",
        "127.0.0.01",
        "0xA9FEA9FE",
        "2852039166",
        "0x",
        "1.2.3.4.5",
        "256.1.1.1",
        "a.example.1",
    ],
)
def test_an_address_in_an_odd_notation_is_closed_whatever_is_allowed(host: str):
    for rules in (CLOSED, LOCAL):
        objection = rules.objection(host, 80)
        assert objection is not None
        assert "standard notation" in objection
        with pytest.raises(Forbidden):
            found(rules, host, 80, "93.184.215.14")


@pytest.mark.parametrize(
    "host", ["\uff11\uff12\uff17.0.0.1", "127\u30020\u30020\u30021", "\u246027.0.0.1"]
)
def test_look_alikes_of_digits_and_dots_are_read_as_what_they_stand_for(host: str):
    assert normalised(host) == "127.0.0.1"
    assert CLOSED.objection(host, 80) is not None


@pytest.mark.parametrize("host", ["127.0.0.1.", "LOCALHOST", "localhost.", "api.LocalHost"])
def test_case_and_a_dot_at_the_end_change_nothing(host: str):
    assert CLOSED.objection(host, 80) is not None
    assert LOCAL.objection(host, 80) is None


@pytest.mark.parametrize("host", ["", ".", "127%2e0.0.1", "fe80::1%eth0", "a b", "a" * 254, "a\0"])
def test_what_is_no_host_name_is_refused(host: str):
    objection = LOCAL.objection(host, 80)
    assert objection is not None
    assert "is no host name" in objection or "label" in objection


@pytest.mark.parametrize("host", ["93.184.215.14", "2606:4700::6810:84e5", "::ffff:8.8.8.8"])
def test_the_open_internet_is_open(host: str):
    assert found(CLOSED, host, 443) == [host]
    assert found(CLOSED, "a.example", 443, host) == [host]


def test_a_name_is_not_judged_before_it_is_resolved():
    assert CLOSED.objection("intranet.example", 443) is None


def test_one_closed_address_among_several_closes_the_name():
    with pytest.raises(Forbidden, match=r"10\.0\.0\.1"):
        found(CLOSED, "a.example", 443, "93.184.215.14", "10.0.0.1")


def test_local_names_never_ask_a_resolver():
    assert found(LOCAL, "localhost", 80, "93.184.215.14") == ["127.0.0.1", "::1"]
    assert found(LOCAL, "a.localhost", 80, "93.184.215.14") == ["127.0.0.1", "::1"]


def test_an_allowed_place_is_open_at_its_port_only():
    rules = AddressRules(frozenset({("sink", 3000), ("10.0.0.5", 80)}))

    assert found(rules, "sink", 3000, "172.18.0.2") == ["172.18.0.2"]
    assert found(rules, "SINK.", 3000, "172.18.0.2") == ["172.18.0.2"]
    assert found(rules, "10.0.0.5", 80) == ["10.0.0.5"]
    assert found(rules, "other.example", 80, "10.0.0.5") == ["10.0.0.5"]
    for host, port in [("sink", 3001), ("10.0.0.5", 81), ("10.0.0.6", 80)]:
        with pytest.raises(Forbidden):
            found(rules, host, port, "172.18.0.2")


def test_a_name_that_does_not_resolve_is_an_error_of_the_system():
    async def nowhere(host: str, port: int) -> Sequence[str]:
        raise OSError("no such name")

    with pytest.raises(OSError, match="no such name"):
        asyncio.run(CLOSED.addresses("a.example", 443, nowhere))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("sink:3000", ("sink", 3000)),
        (" Sink.:3000 ", ("sink", 3000)),
        ("10.0.0.5:80", ("10.0.0.5", 80)),
        ("[fd00::1]:8080", ("fd00::1", 8080)),
        ("[FD00:0::1]:8080", ("fd00::1", 8080)),
    ],
)
def test_a_place_is_a_host_and_a_port(text: str, place: tuple[str, int]):
    assert read_place(text) == place


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sink",
        "sink:",
        ":80",
        "sink:0",
        "sink:65536",
        "sink:http",
        "fd00::1:80",
        "[sink]:80",
        "http://sink:80",
        "sink:80/path",
        "sink:-1",
        "sink:\u0663",
    ],
)
def test_what_is_no_place(text: str):
    with pytest.raises(ValueError):  # noqa: PT011 # of any kind: the setting words the message
        read_place(text)


@given(st.integers(0, 2**32 - 1))
def test_a_number_is_never_an_address(number: int):
    for text in (str(number), hex(number), f"0{number:o}"):
        assert literal(text) is None
        assert LOCAL.objection(text, 80) is not None


@given(st.text(max_size=30))
def test_any_text_is_judged(host: str):
    CLOSED.objection(host, 80)
