"""YAML that strangers wrote, read as JSON values."""

from __future__ import annotations

import re
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.resources.yaml_text import DEEPEST, LONGEST, MOST_VALUES, YamlError, parse
from tests.manifests import LAUGHS


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("# nothing", None),
        ("a: 1\nb: -2\nc: 0x1f\nd: 0o17\ne: 1.5\nf: 1e3", [1, -2, 31, 15, 1.5, 1000.0]),
        ("a: true\nb: False\nc: null\nd: ~\ne:", [True, False, None, None, None]),
        ("a: '1'\nb: \"true\"\nc: !!str 5\nd: ! 6\ne: !!int '7'", ["1", "true", "5", "6", 7]),
        ("a: !!float 5\nb: !!bool 'true'\nc: !!null ''", [5.0, True, None]),
        ("a: |\n  two\n  lines\nb: >-\n  one\n  line", ["two\nlines\n", "one line"]),
        ("a: []\nb: {}\nc: [1, [2]]", [[], {}, [1, [2]]]),
        ("a: ä\nb: '😀'\nc: \"\\u00e4\"", ["ä", "😀", "ä"]),
        ("\ufeffa: 1", [1]),
    ],
)
def test_values_are_those_of_the_core_schema(text: str, value: Any):
    read = parse(text)

    assert (list(read.values()) if isinstance(read, dict) else read) == value


def test_what_other_versions_take_for_times_or_truth_stays_text():
    read = parse("a: 2026-01-01\nb: 2026-01-01T00:00:00Z\nc: on\nd: no\ne: 1:30\nf: 1.0.0\ng: 1_0")

    assert all(isinstance(value, str) for value in read.values())


def test_keys_are_texts():
    assert parse("1: a\ntrue: b\nnull: c\n? d\n: e") == {
        "1": "a",
        "true": "b",
        "null": "c",
        "d": "e",
    }


def test_anchors_aliases_and_merge_keys_are_followed():
    text = "x: &x {a: 1, b: 2}\ny: {<<: *x, b: 3}\nz: {<<: [*x, {b: 9, c: 4}]}\nk: &k name\nl: *k"

    assert parse(text) == {
        "x": {"a": 1, "b": 2},
        "y": {"a": 1, "b": 3},
        "z": {"a": 1, "b": 2, "c": 4},
        "k": "name",
        "l": "name",
    }


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("a: 1\nb: 2\na: 3", "the key a is repeated at line 3"),
        ("<<: {}\n<<: {}", "<<"),
        ("a: {<<: 5}", "<< needs a mapping"),
        ("a: &x [*x]", "nothing finished is called &x"),
        ("a: *b", "nothing finished is called &b"),
        ("a: &x 1\nb: {*x : 2, *x : 3}", "only a text can be a key"),
        ("? [1]\n: 2", "cannot be a key"),
        ("{{a: 1}: 2}", "cannot be a key"),
        ("--- 1\n--- 2", "a second document begins at line 2"),
        ("a: !!python/object/apply:os.system [ls]", "is not taken"),
        ("a: !!binary aGk=", "is not taken"),
        ("a: !!set {b}", "is not taken"),
        ("a: !!timestamp 2026-01-01", "is not taken"),
        ("a: !own 1", "is not taken"),
        ("a: !!int x", "not what the tag"),
        ("a: .inf", "JSON has no such number"),
        ("a: .NaN", "JSON has no such number"),
        ("a: 1e999", "too large"),
        ("a: 9223372036854775808", "beyond 64 bits"),
        pytest.param("a: " + "1" * 5000, "too long", id="long number"),
        ("a: b: c", "not YAML: mapping values are not allowed"),
        ("\ta: 1", "not YAML"),
        ("a: \0", "a character that YAML does not allow"),
        ("a: \ud800", "a character that YAML does not allow"),
        ('a: "\\ud800"', "not YAML"),
        ("[", "not YAML"),
        ("%", "not YAML"),
        pytest.param("'" + "x" * LONGEST + "'", "longer than", id="long text"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(text: str, part: str):
    with pytest.raises(YamlError, match=re.escape(part)) as caught:
        parse(text)

    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    "text",
    [
        LAUGHS,
        "[" * 100_000,
        "- " * 100_000,
        "{a: " * 100_000,
        "[" + "1," * 500_000 + "]",
        "".join(" " * n + "a:\n" for n in range(1000)),
        "&a " * 100_000,
        "a: " + "*x " * 100_000,
    ],
    ids=["laughs", "lists", "dashes", "mappings", "long", "indented", "anchors", "aliases"],
)
@pytest.mark.timeout(60)  # a guard against hanging: quadratic work takes far longer
def test_a_bomb_is_refused_quickly(text: str):

    with pytest.raises(YamlError):
        parse(text)


def test_a_text_may_be_as_deep_and_as_long_as_is_allowed():
    assert parse("[" * DEEPEST + "]" * DEEPEST) is not None
    assert len(parse("[" + "1," * (MOST_VALUES - 1) + "]")) == MOST_VALUES - 1


@given(st.text() | st.text("abc:-[]{}&*!#|>'\"%@`, \n\t~?<0.1eE", max_size=60))
def test_any_text_is_a_json_value_or_a_mistake(text: str):
    try:
        value = parse(text)
    except YamlError:
        return
    orjson.dumps(value)


@pytest.mark.timeout(60)  # a guard against hanging: quadratic work takes far longer
def test_a_mapping_that_merges_thousands_is_built_at_once():
    own = "".join(f"  k{number}: 1\n" for number in range(15_000))
    text = f"s: &s {{a: 1}}\nbig:\n  <<: [{','.join(['*s'] * 6_500)}]\n{own}"

    read = parse(text)

    assert (read["big"]["a"], len(read["big"])) == (1, 15_001)
