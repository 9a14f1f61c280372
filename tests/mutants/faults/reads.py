"""Metadata of objects and operations of installations that are wrong."""

from __future__ import annotations

from tests.mutants.faulty import Call, Fault
from tests.mutants.making import edited, fault, granted, query_without, refused, remembered

META, OPERATION = "metadata", "operations"


def _not_custom(call: Call) -> None:
    result = call.result
    for field in (result.get("fields") or {}).values():
        if isinstance(field, dict) and field.get("isCustom"):
            field["isCustom"] = False
    call.result = result


def _reverse_pages(call: Call) -> None:
    result = call.result
    result["results"] = result["results"][1:] if len(result["results"]) > 1 else result["results"]
    call.result = result


def _any_provider(call: Call) -> None:
    """Say yes to fields for a provider that cannot have any."""
    if call.status == 400 and "issues" not in (call.result or {}):
        call.status = 200
        call.answer_headers["content-type"] = "application/json"
        call.result = {"success": True, "fields": {}}


def _digits_only(call: Call) -> None:
    if not call.query.get("pageSize", "1").isdigit():
        del call.query["pageSize"]


FAULTS: tuple[Fault, ...] = (
    fault(OPERATION, "page-misses-its-first", "listOperations", after=granted(_reverse_pages)),
    fault(
        META,
        "custom-field-is-not-custom",
        "getObjectMetadataForConnection getObjectMetadataForInstallation",
        after=granted(_not_custom),
    ),
    fault(
        META,
        "any-provider-is-extended",
        "upsertMetadataForConnection",
        after=refused(_any_provider),
    ),
    fault(
        META,
        "group-not-asked-for",
        "getObjectMetadataForInstallation",
        before=remembered("groupRef"),
    ),
    fault(
        OPERATION,
        "operation-of-another",
        "getOperation",
        after=edited(lambda r, _: r.update(installationId="00000000-0000-4000-8000-000000000002")),
    ),
    fault(
        OPERATION,
        "bad-page-size-accepted",
        "listOperations",
        before=_digits_only,
    ),
    fault(
        OPERATION,
        "any-token-is-the-first-page",
        "listOperations",
        before=query_without("pageToken"),
    ),
)
