"""`sl-violations` is JSON in ASCII, however much there is to say."""

from __future__ import annotations

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockserver.contract.verdicts import ERROR, WARNING, Violation
from mockserver.proxy.bench import Bench
from mockserver.proxy.violations_header import LIMIT, header_value
from tests.proxy.standing import TOPIC, TOPICS, Canned, proxying, standing, violations

PARTS = st.lists(st.text(max_size=120) | st.integers(0, 10**6), min_size=1, max_size=40).map(tuple)
VIOLATIONS = st.builds(
    Violation,
    location=PARTS,
    code=st.sampled_from(["required", "type"]),
    message=st.text(max_size=500),
    severity=st.sampled_from([ERROR, WARNING]),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a shared processor
@given(st.lists(VIOLATIONS, min_size=1, max_size=80), st.integers(512, LIMIT))
def test_it_is_a_json_array_within_its_limit(found: list[Violation], limit: int):
    value = header_value(found, limit)

    parsed = json.loads(value.decode("ascii"))
    assert len(value) <= limit
    assert b"\n" not in value
    left = [item for item in parsed if item["code"] == "truncated"]
    told = len(parsed) - len(left)
    said = sum(int(item["message"].partition(" ")[0]) for item in left)
    assert told + said == len(found)
    assert all(set(item) == {"location", "severity", "code", "message"} for item in parsed)


def test_a_list_that_is_broken_throughout_still_gives_json(bench: Bench):
    broken = [{key: value for key, value in TOPIC.items() if key != "name"}] * 1000

    with standing(Canned.json(broken)) as url, proxying(bench, url) as proxy:
        answer = proxy.get(TOPICS)

    found = violations(answer)
    assert len(answer.headers["sl-violations"]) <= LIMIT
    assert found[0]["location"] == ["response", "body", 0, "name"]
    assert found[-1] == {
        "location": [],
        "severity": "Information",
        "code": "truncated",
        "message": f"{1000 - len(found) + 1} more were left out; the log has them",
    }
    assert len(proxy.judged[0].verdict.violations) == 1000


def test_scripts_of_other_origins_may_read_it_where_they_may_read_others(bench: Bench):
    upstream = Canned.json([{}], access_control_expose_headers="Location")

    with standing(upstream) as url, proxying(bench, url) as proxy:
        answer = proxy.get(TOPICS)

    assert answer.headers["access-control-expose-headers"] == "Location, sl-violations"
