"""Regular expressions of patterns: what they mean, and that they end."""

from __future__ import annotations

import pytest

from mockserver.simulation.expressions import compile_expression
from mockserver.simulation.patterns import Asked, compile_pattern

ENDLESS = "(x+x+)+y"


def test_the_whole_value_must_match():
    matches = compile_expression(r"/v1/[a-z]+.*")
    assert matches("/v1/projects\n") is True
    assert matches("/v2/v1/projects") is False


@pytest.mark.parametrize("text", ["(", "[[:alpha:]]", "a{2,1}", "(?P<a>x)(?P<a>y)"])
def test_what_is_none_is_refused(text: str):
    with pytest.raises(ValueError, match=r"."):
        compile_expression(text)


def test_one_that_would_take_for_ever_tells_nothing():
    assert compile_expression(ENDLESS)("x" * 5000) is None


@pytest.mark.parametrize("name", ["matches", "doesNotMatch"])
def test_what_cannot_be_told_fits_neither_a_pattern_nor_its_opposite(name: str):
    pattern = compile_pattern({"headers": {"X-Long": {name: ENDLESS}}})
    asked = Asked("GET", "/v1/projects", "", [("x-long", "x" * 5000)], b"")
    assert not pattern.matches(asked)
