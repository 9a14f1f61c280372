"""Whatever is sent to change an installation: never a 500, and a refusal changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.client import Response
from tests.conftest import digest, make_mock
from tests.handlers.conftest import CarefulClient
from tests.installing import CONTACT, LEAD, Place, place

# One world for all examples: each goes on from what the ones before it left.
ANY = settings(
    max_examples=120,
    deadline=None,  # two cores are shared with other tests
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
NAMES = ("contact", "lead", "account", "task")
KEYS = (
    "objectName",
    "schedule",
    "disabled",
    "destination",
    "selectedFields",
    "selectedFieldMappings",
    "selectedValueMappings",
    "dynamicMappingsInput",
    "backfill",
    "defaultPeriod",
    "days",
    "fullHistory",
    "fieldFilters",
    "fieldName",
    "value",
    "email",
    "priority",
    "0",
    "-",
)
scalars = st.none() | st.booleans() | st.integers(-2, 40) | st.sampled_from([*NAMES, *KEYS])
values = st.recursive(
    scalars | st.text(max_size=3) | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner),
    max_leaves=8,
)
likely = {
    "objectName": st.sampled_from(NAMES),
    "schedule": st.sampled_from(["", "0 * * * *", "* * * * *", "x"]),
    "disabled": st.booleans(),
    "selectedFields": st.dictionaries(st.sampled_from(["email", "phone", "x"]), st.booleans()),
    "selectedFieldMappings": st.dictionaries(
        st.sampled_from(["priority", "employer", "a"]), st.sampled_from(["rating", "x"])
    ),
    "backfill": st.fixed_dictionaries(
        {
            "defaultPeriod": st.fixed_dictionaries(
                {}, optional={"days": st.integers(0, 400), "fullHistory": st.booleans()}
            )
        }
    ),
    "fieldFilters": st.lists(
        st.fixed_dictionaries(
            {"fieldName": st.sampled_from(["email", "x"]), "operator": st.just("eq")},
            optional={"value": values},
        ),
        max_size=3,
    ),
}
# Mostly likely, now and then anything at all.
objects = st.fixed_dictionaries({}, optional=likely) | st.fixed_dictionaries(
    {}, optional={**likely, "schedule": values, "selectedFields": values, "fieldFilters": values}
)
maps = st.dictionaries(st.sampled_from(NAMES), objects | values, max_size=3)
actions = st.fixed_dictionaries({"objects": maps}) | values
contents = st.fixed_dictionaries(
    {},
    optional={
        "provider": st.sampled_from(["salesforce", "hubspot"]) | values,
        "read": actions,
        "write": actions,
        "subscribe": actions,
        "proxy": st.fixed_dictionaries({}, optional={"enabled": st.booleans()}) | values,
    },
)
masks = st.sampled_from(
    [
        "connectionId",
        "config.createdBy",
        "config.content.write.objects",
        "config.content.subscribe.objects",
        "config.content.proxy.enabled",
    ]
) | st.builds(
    "config.content.{}.objects.{}{}".format,
    st.sampled_from(["read", "write", "subscribe", "x"]),
    st.sampled_from([*NAMES, "", r"a\.b", "."]) | st.text(max_size=4),
    st.sampled_from(["", ".disabled", ".disabled.disabled", ".schedule"]),
)
paths = st.lists(
    st.sampled_from([*KEYS, "~0", "~1", "~2", "", "9" * 40, "-1", "01"]), max_size=4
).map(lambda parts: "".join(f"/{part}" for part in parts))
changes = st.lists(
    st.fixed_dictionaries(
        {"op": st.sampled_from(["add", "remove", "replace", "move"]), "path": paths},
        optional={"value": likely["selectedFields"] | likely["schedule"] | values},
    ),
    max_size=4,
)


@pytest.fixture(scope="module")
def here() -> Place:
    mock = make_mock()
    return place(CarefulClient(mock), mock)


@pytest.fixture(scope="module")
def empty() -> Place:
    """Return a place where nothing is installed yet."""
    mock = make_mock()
    return place(CarefulClient(mock), mock)


@pytest.fixture(scope="module")
def made(here: Place) -> dict[str, Any]:
    return here.installed(here.reading(contact=CONTACT, lead=LEAD))


def check(here: Place, answer: Response) -> None:
    """Hold that an answer is meant, and that what is stored can still be shown."""
    assert answer.status in {200, 201, 400, 422}, answer.body
    assert here.client.get(here.path).status == 200


@ANY
@given(mask=st.lists(masks | st.text(), max_size=3), content=contents, who=values)
def test_any_mask_and_any_content(
    here: Place, made: dict[str, Any], mask: list[str], content: Any, who: Any
):
    config = {"createdBy": who, "content": content}

    check(here, here.patch(made, mask, config=config, connectionId=here.connection["id"]))


@ANY
@given(content=contents, connection=values)
def test_any_installation(empty: Place, content: Any, connection: Any):
    mock = empty.client.mock
    root = mock.sandbox.root
    asked = empty.body(content)

    check(empty, empty.create({**asked, "connectionId": connection}))
    check(empty, empty.create(asked))
    mock.sandbox.root = root  # a group installs once


@ANY
@given(name=st.sampled_from(NAMES), changes=changes, action=st.sampled_from(["read", "write"]))
def test_any_patch_is_applied_whole_or_not_at_all(
    here: Place, made: dict[str, Any], name: str, changes: list[Any], action: str
):
    before = digest(here.client.mock.sandbox.root)

    answer = here.json_patch(name, *changes, action=action)

    check(here, answer)
    if answer.status != 200:
        assert digest(here.client.mock.sandbox.root) == before
    else:
        assert here.stored(made) == answer.json
