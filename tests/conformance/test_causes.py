"""One cause is told once, and hides no other."""

from __future__ import annotations

import pytest

from mockserver.conformance.causes import explains
from mockserver.conformance.exchange import Answer, Exchange, Flaw, Request
from mockserver.conformance.findings import Finding, Verdict


def met(
    check: str, pointer: str = "", status: int = 201, *, is_suspect: bool = False
) -> tuple[Exchange, Flaw]:
    flaw = Flaw(check, "wrong", pointer, is_suspect=is_suspect)
    return Exchange(1, Request("createTopic", "POST", "/"), Answer(status, {}, b""), (flaw,)), flaw


def broken(detail: str = "", pointer: str = "", verdict: Verdict = Verdict.VIOLATION) -> Finding:
    return Finding(verdict, "listTopics", "rule", detail, pointer)


@pytest.mark.parametrize(
    ("flawed", "finding"),
    [
        (met("schema", "/label"), broken(pointer="/label")),
        (met("schema", "/0/label"), broken("the answer: label differs")),
        (met("schema", "/id"), broken("is not in the list")),
        (met("schema"), broken("is not in the list")),
        (met("schema", "/label"), broken("the rule failed", verdict=Verdict.INCONCLUSIVE)),
        (met("server-error", status=500), broken("is not in the list")),
        (met("status", status=418), broken("is answered 418, not 404")),
        (met("media-type"), broken("is not in the list")),
        (met("secret", "/clientSecret"), broken("shows clientSecret")),
    ],
)
def test_what_a_flaw_explains(flawed: tuple[Exchange, Flaw], finding: Finding):
    assert explains(*flawed, finding)


@pytest.mark.parametrize(
    ("flawed", "finding"),
    [
        (met("schema", "/label"), broken("is not in the list")),
        (met("schema", "/label"), broken(pointer="/name")),
        (met("problem-status", "/status", 404), broken("is not in the list")),
        (met("media-type", status=404), broken("is not in the list")),
        (met("request-id"), broken("is not in the list")),
        (met("schema", "/id", is_suspect=True), broken("is not in the list")),
    ],
)
def test_what_a_flaw_does_not_explain(flawed: tuple[Exchange, Flaw], finding: Finding):
    assert not explains(*flawed, finding)
