"""What counts as a domain, and how it is read out of what people paste."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.resources.claimed_domains import normalise

labels = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True).filter(
    # Labels in punycode have rules of their own; "www." is cut off.
    lambda label: label[2:4] != "--" and label != "www"
)
domains = st.builds(
    lambda names, top: ".".join([*names, top]),
    st.lists(labels, min_size=1, max_size=3),
    st.sampled_from(["com", "org", "co", "example"]),
)


@given(domains)
def test_a_domain_is_the_same_in_every_form(domain: str):
    for text in (
        domain,
        domain.upper(),
        f"  {domain}\n",
        f"{domain}.",
        f"www.{domain}",
        f"jane@{domain}",
        f"Jane.Smith+x@{domain.title()}",
        f"https://{domain}",
        f"http://www.{domain}:8443/path?q=a@b#c",
        f"{domain}/path",
    ):
        assert normalise(text) == domain


@given(st.text(max_size=40))
def test_whatever_comes_out_comes_out_again(text: str):
    found = normalise(text)
    assert found is None or normalise(found) in {found, found.removeprefix("www.")}


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "@",
        "jane@",
        "localhost",
        "com",
        ".com",
        "a..com",
        "-a.com",
        "a-.com",
        "a_b.com",
        "a b.com",
        "127.0.0.1",
        "[::1]",
        "https://",
        "https://[::1",
        "a" * 64 + ".com",
        "a." * 127 + "com",
        "a.c",
        "a.1com",
    ],
)
def test_what_holds_no_domain(text: str):
    assert normalise(text) is None


def test_other_letters_are_written_in_punycode():
    assert normalise("jane@bücher.example") == "xn--bcher-kva.example"
