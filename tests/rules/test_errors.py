"""How a rule says no."""

from __future__ import annotations

from mockserver.rules.errors import (
    ABSENT,
    MOST_ISSUES,
    Issue,
    Kind,
    Refused,
    not_found,
    wrong_value,
)


def test_a_refusal_reads_like_its_detail():
    refused = Refused(Kind.CONFLICT, "the name is taken", issues=(Issue("body", "name", "x"),))
    assert str(refused) == "the name is taken"
    assert refused.remedy is None
    assert [issue.value for issue in refused.issues] == [ABSENT]


def test_a_refusal_lists_no_more_places_than_a_person_reads():
    issues = (Issue("body", f"items[{number}]", "x") for number in range(10 * MOST_ISSUES))
    assert Refused(Kind.INVALID, "x", issues=issues).issues[-1].name == f"items[{MOST_ISSUES - 1}]"


def test_an_absent_value_is_not_null():
    assert ABSENT is not None
    assert repr(ABSENT) == "ABSENT"


def test_what_is_not_found_is_named_with_the_way_out():
    refused = not_found("topic", "topicId", "t1")
    assert refused.kind is Kind.NOT_FOUND
    assert refused.detail == "topic not found"
    assert refused.remedy == "check the topic id or name and its parent, or list first"
    assert refused.issues == (Issue("path", "topicId", "topic not found", "t1"),)


def test_a_wrong_value_is_unprocessable_unless_said_otherwise():
    refused = wrong_value("name", "too long", "x", remedy="shorten it")
    assert refused.kind is Kind.UNPROCESSABLE
    assert refused.issues == (Issue("body", "name", "too long", "x", "shorten it"),)
    assert wrong_value("n", "d", remedy="r", kind=Kind.INVALID).kind is Kind.INVALID
