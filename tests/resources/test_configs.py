"""How a config is completed and checked, without any request."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.app import Mock
from mockserver.resources import config_checks, configs, installations
from mockserver.resources.config_checks import Context
from mockserver.rules.errors import Kind, Refused
from tests import worlds
from tests.installing import everything
from tests.worlds import GROUP


@pytest.fixture
def context(mock: Mock) -> Context:
    integration = worlds.add_integration(mock, everything())
    with worlds.change(mock) as work:
        revision = {"content": everything()}
        return installations.context_of(work, worlds.catalog(), integration, revision, GROUP)


def read(context: Context, **parts: Any) -> dict[str, Any]:
    content = {"provider": "salesforce", "read": {"objects": {"contact": parts}}}
    found: dict[str, Any] = configs.complete(context, content)["read"]["objects"]["contact"]
    return found


def test_completing_twice_changes_nothing(context: Context):
    once = read(context, objectName="contact", selectedFields={"phone": True})

    assert read(context, **once) == once


def test_completing_changes_nothing_that_it_was_given(context: Context):
    fields = {"phone": True}
    given = {"objectName": "contact", "selectedFields": fields}

    read(context, **given)

    assert given == {"objectName": "contact", "selectedFields": {"phone": True}}
    assert fields == {"phone": True}
    assert context.manifest == everything()


@pytest.mark.parametrize("action", configs.ACTIONS)
def test_what_is_completed_has_the_shape_that_answers_have(context: Context, action: str):
    for name in configs.manifest_objects(context.manifest, action):
        completed = configs.complete_object(context, action, name, {})

        assert context.work.mistakes(configs.COMPONENTS[action], completed) == []
        assert completed["objectName"] == name


@pytest.mark.parametrize("action", configs.ACTIONS)
def test_an_object_that_the_manifest_lacks_is_refused_with_those_it_has(
    context: Context, action: str
):
    with pytest.raises(Refused) as refused:
        configs.complete_object(context, action, "task", {})

    assert refused.value.kind == Kind.UNPROCESSABLE
    assert refused.value.remedy is not None
    assert all(
        name in refused.value.remedy for name in configs.manifest_objects(context.manifest, action)
    )


@pytest.mark.parametrize(
    ("names", "wanted", "found"),
    [
        (["Lead", "lead"], "lead", "lead"),
        (["Lead", "lead"], "LEAD", "Lead"),
        (["lead"], "Lead", "lead"),
        (["lead"], "leads", "leads"),
        ([], "lead", "lead"),
    ],
)
def test_a_name_means_itself_before_it_means_another_spelling(
    names: list[str], wanted: str, found: str
):
    assert configs.find_name(names, wanted) == found


def broken(**fields: Any) -> dict[str, Any]:
    contact = {"objectName": "contact", "selectedFields": {}, "selectedFieldMappings": {}}
    bad = {**contact, "schedule": "* * * * *", **fields}
    return {"provider": "salesforce", "read": {"objects": {"contact": bad}}}


def test_of_a_content_that_replaces_another_only_the_differences_are_checked(context: Context):
    def issues(after: Any, before: Any = None) -> int:
        return len(config_checks.content_issues(context, after, before))

    old = broken(selectedFields={"email": True})
    changed = broken(selectedFields={"email": True}, destination="other")
    paused = broken(selectedFields={"email": True}, disabled=True)
    assert issues(old) == issues(changed) == issues(paused) == 1
    assert issues(old, old) == issues(paused, old) == issues(paused, paused) == 0
    assert issues(changed, old) == issues(old, paused) == 1
    assert issues(broken(selectedFields={"phone": True}, disabled=True), old) == 1


def test_an_event_of_a_manifest_is_translated(context: Context):
    completed = configs.complete_object(context, "subscribe", "account", {})

    assert completed["updateEvent"] == {"enabled": "always"}
    assert "inheritFieldsAndMapping" not in completed
