"""What a completed config must hold, place by place.

Source: the vendor's manifest rules and installation guides. Each check yields issues; none
raises, so that one answer names every mistake.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.resources import manifests, objects
from mockserver.resources.providers import Catalog
from mockserver.rules.errors import ABSENT, Issue
from mockserver.rules.work import Work
from mockserver.state.tables import Record

#: Source: the vendor's guide to read filters. The only providers that take them.
FILTERING_PROVIDERS = frozenset({"salesforce", "hubspot"})


@dataclass(frozen=True, slots=True)
class Context:
    """What a config is checked against."""

    work: Work
    catalog: Catalog
    project_id: str
    integration: Record
    manifest: Record  # the content of the revision in force
    group_ref: str
    prefix: str = "config.content."  # where the content stands in the request body


def content_issues(context: Context, content: Record, before: Record | None = None) -> list[Issue]:
    """Return every mistake of a completed content.

    Assumed: of a content that replaces another (`before`), only what differs is checked. A new
    revision of the manifest must not stand in the way of pausing an object.
    """
    issues = list(_provider_issues(context, content))
    held = _objects(before or {}, "read")
    for name, config in _objects(content, "read").items():
        if name not in held or not _stands(held[name], config):
            issues += read_issues(context, name, config)
    if content.get("proxy") != (before or {}).get("proxy"):
        issues += _proxy_issues(context, content)
    return issues


def _stands(before: Record, after: Record) -> bool:
    """Tell whether an object is as it was, or was only paused."""
    if before == after:
        return True
    paused = bool(after.get("disabled", False))
    return paused and {**before, "disabled": True} == after


def read_issues(context: Context, name: str, config: Record) -> list[Issue]:
    """Return every mistake of one read object."""
    place = f"{context.prefix}read.objects.{name}"
    return [
        *_schedule_issues(place, config),
        *_backfill_issues(place, config),
        *_mapping_issues(context, place, name, config),
        *_field_issues(context, place, name, config),
        *_filter_issues(context, place, config),
    ]


def _objects(content: Record, action: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = content.get(action, {}).get("objects", {})
    return found


def _provider_issues(context: Context, content: Record) -> Iterator[Issue]:
    provider = context.integration["provider"]
    if content["provider"] != provider:
        yield Issue(
            "body",
            f"{context.prefix}provider",
            "not the integration's provider",
            content["provider"],
            f"use {provider}",
        )


def _proxy_issues(context: Context, content: Record) -> Iterator[Issue]:
    wanted = content.get("proxy", {}).get("enabled", False)
    if wanted and not context.manifest.get("proxy", {}).get("enabled", False):
        yield Issue(
            "body",
            f"{context.prefix}proxy.enabled",
            "the manifest does not enable the proxy",
            True,
            "enable the proxy in the manifest and deploy it",
        )


def _schedule_issues(place: str, config: Record) -> Iterator[Issue]:
    # An absent schedule is written as an empty text: the object is read when triggered.
    schedule = config.get("schedule", "")
    mistake = manifests.schedule_mistake(schedule) if schedule else None
    if mistake is not None:
        yield Issue("body", f"{place}.schedule", mistake, schedule, "use a cron like */30 * * * *")


def _backfill_issues(place: str, config: Record) -> Iterator[Issue]:
    period = config.get("backfill", {}).get("defaultPeriod")
    if period is not None and ("days" in period) == bool(period.get("fullHistory", False)):
        yield Issue(
            "body",
            f"{place}.backfill.defaultPeriod",
            "needs either days or fullHistory",
            remedy="give days (0 or more), or fullHistory: true",
        )


def _mapping_issues(context: Context, place: str, name: str, config: Record) -> Iterator[Issue]:
    declared = manifests.read_objects(context.manifest)[name]
    given = config["selectedFieldMappings"]
    for field in declared.get("requiredFields", []):
        target = field.get("mapToName")
        if "fieldName" not in field and target not in given:
            yield Issue(
                "body",
                f"{place}.selectedFieldMappings.{target}",
                "a required mapping is missing",
                remedy=f"map {target} to a field of the provider",
            )
    fields = [*declared.get("requiredFields", []), *declared.get("optionalFields", [])]
    fixed = {f["mapToName"] for f in fields if "fieldName" in f and "mapToName" in f}
    for target in given:
        if target in fixed:
            yield Issue(
                "body",
                f"{place}.selectedFieldMappings.{target}",
                "the manifest maps this name already",
                remedy="leave it out",
            )


def _field_issues(context: Context, place: str, name: str, config: Record) -> Iterator[Issue]:
    chosen = [field for field, wanted in config["selectedFields"].items() if wanted]
    mapped = config["selectedFieldMappings"]
    declared = manifests.read_objects(context.manifest)[name]
    has_fields = bool(chosen or mapped or declared.get("optionalFieldsAuto") == "all")
    if not has_fields and config.get("selectedFieldsAuto") != "all":
        yield Issue(
            "body",
            f"{place}.selectedFields",
            "the object has no field to read",
            remedy="select a field, or set selectedFieldsAuto to all",
        )
    if context.work.settings.sample_read:
        yield from _sample_read_issues(context, place, name, config)


def _sample_read_issues(context: Context, place: str, name: str, config: Record) -> Iterator[Issue]:
    """Refuse what a sample read of one record would: fields that the provider does not have.

    Source: the vendor's guide to installations (sample read on creation, 422).
    """
    provider = context.integration["provider"]
    if objects.find(context.catalog, provider, name) is None:
        yield Issue("body", place, f"the provider has no object {name}", name, "use another object")
        return
    selected = config["selectedFields"]
    wanted = [(f"selectedFields.{field}", field) for field in selected if selected[field]]
    mapped = config["selectedFieldMappings"]
    wanted += [(f"selectedFieldMappings.{target}", field) for target, field in mapped.items()]
    unknown = objects.unknown_fields(
        context.work,
        context.catalog,
        context.project_id,
        provider,
        context.group_ref,
        name,
        [field for _, field in wanted],
    )
    for key, field in wanted:
        if field in unknown:
            yield _unknown_field(f"{place}.{key}", field)


def _unknown_field(place: str, field: str) -> Issue:
    return Issue(
        "body", place, "the provider has no such field", field, "use a field of the object metadata"
    )


def _filter_issues(context: Context, place: str, config: Record) -> Iterator[Issue]:
    backfill = config.get("backfill", {})
    for part, filters in (
        ("", config.get("fieldFilters")),
        ("backfill.", backfill.get("fieldFilters")),
    ):
        if not filters:
            continue
        where = f"{place}.{part}fieldFilters"
        provider = context.integration["provider"]
        if provider not in FILTERING_PROVIDERS:
            yield Issue("body", where, f"{provider} takes no filters", remedy="leave them out")
        yield from _one_filter_issues(where, filters)


def _one_filter_issues(where: str, filters: list[Record]) -> Iterator[Issue]:
    names = Counter(one["fieldName"] for one in filters)
    for number, one in enumerate(filters):
        if names[one["fieldName"]] > 1:
            yield Issue(
                "body",
                f"{where}[{number}].fieldName",
                "a field has more than one filter",
                one["fieldName"],
                "filter each field once",
            )
        # The schema does not ask for it; a filter without a value filters nothing.
        if one.get("value", ABSENT) is ABSENT:
            remedy = "give the value to compare with"
            yield Issue("body", f"{where}[{number}].value", "a filter needs a value", remedy=remedy)
