"""What counts as a web address, and as this machine."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.resources.urls import is_this_machine, is_web_url, split_web_url


@pytest.mark.parametrize(
    "text",
    [
        "https://a.example",
        "http://a.example:8080/hooks?x=1#y",
        "HTTPS://A.example",
        "http://[::1]:80/",
        "http://localhost",
        "https://user:secret@a.example/",
    ],
)
def test_web_addresses(text: str):
    assert is_web_url(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.example",
        "//a.example",
        "https://",
        "https:///path",
        "https://:80",
        "ftp://a.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://a.example:port",
        "https://a.example:99999",
        "https://[::1",
        "https://a.example/a b",
        "https://a.example/\n",
        "\thttps://a.example",
        "https://a.example/\x00",
    ],
)
def test_what_is_no_web_address(text: str):
    assert not is_web_url(text)


@given(st.text(max_size=40))
def test_any_text_is_judged_and_what_is_taken_has_scheme_and_host(text: str):
    parts = split_web_url(text)
    assert parts is None or (parts.scheme in {"http", "https"} and parts.hostname)


@pytest.mark.parametrize("host", ["localhost", "api.localhost", "127.0.0.1", "127.9.9.9", "::1"])
def test_hosts_of_this_machine(host: str):
    assert is_this_machine(host)


@pytest.mark.parametrize(
    "host", ["", "a.example", "localhost.example", "notlocalhost", "0.0.0.0", "10.0.0.1", "::2"]
)
def test_hosts_elsewhere(host: str):
    assert not is_this_machine(host)
