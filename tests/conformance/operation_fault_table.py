"""Which rule about JSON Patch, metadata and operations must fire on which fault."""

from __future__ import annotations

from tests.conformance import customer_faults as c
from tests.conformance import faults as f
from tests.conformance import installation_faults as i
from tests.conformance.customer_fault_table import Cases, rules, starting
from tests.conformance.twisting import at

PATCHING: Cases = {
    "a patch is not kept": (
        at("patchObjectConfigContent", f.forgets),
        (
            *starting(
                "patchObjectConfigContent/adds-",
                "patchObjectConfigContent/replaces-",
                "patchObjectConfigContent/removes-",
                "patchObjectConfigContent/takes-an-",
                "patchObjectConfigContent/changes-",
            ),
            *rules(
                "patchObjectConfigContent",
                "keeps-false",
                "applies-all-in-order",
                "group-is-as-good-as-id",
            ),
        ),
    ),
    "the last change only": (
        c.asked_as("patchObjectConfigContent", "changes", lambda changes: changes[-1:]),
        rules("patchObjectConfigContent", "applies-all-in-order"),
    ),
    "whatever is asked is patched": (
        c.yes("patchObjectConfigContent"),
        (
            *starting("patchObjectConfigContent/refuses-"),
            *rules(
                "patchObjectConfigContent",
                "one-of-group-and-id",
                "object-is-of-the-manifest",
                "absent-is-refused",
                "is-kept-in-its-project",
            ),
        ),
    ),
    "a refused patch is half applied": (
        at("patchObjectConfigContent", i.change_by_change),
        starting("patchObjectConfigContent/refuses-removing-"),
    ),
    "a patch is of every group": (
        c.besides("patchObjectConfigContent", c.for_every_group),
        rules("patchObjectConfigContent", "leaves-others-alone"),
    ),
    "the config stays the same": (
        at("patchObjectConfigContent", i.old_config),
        rules("patchObjectConfigContent", "writes-a-new-config"),
    ),
}

_READS = ("getObjectMetadataForInstallation", "getObjectMetadataForConnection")
_UPSERTS = ("upsertMetadataForInstallation", "upsertMetadataForConnection")

TELLING: Cases = {
    **{
        f"{name} has other keys": (
            at(name, f.answers(i.other_keys)),
            rules(name, "keys-are-names"),
        )
        for name in _READS
    },
    **{
        f"{name} always shows what is read-only": (
            at(name, f.without_query("excludeReadOnly")),
            rules(name, "leaves-out-what-is-read-only"),
        )
        for name in _READS
    },
    "anything is told through an installation": (
        c.yes(_READS[0]),
        rules(
            _READS[0],
            "unknown-objects-are-refused",
            "an-installation-is-needed",
            "is-kept-in-its-project",
        ),
    ),
    "anything is told through a connection": (
        c.yes(_READS[1]),
        rules(
            _READS[1],
            "unknown-objects-are-refused",
            "a-connection-is-needed",
            "knows-native-names-only",
            "is-kept-in-its-project",
        ),
    ),
    "the mapped name is not told": (
        c.changed(_READS[0], "mappedObjectName", c.drop),
        rules(_READS[0], "takes-either-name"),
    ),
    "fewer fields through an installation": (
        c.changed(_READS[0], "fields/email", c.drop),
        rules(_READS[0], "agrees-with-the-connection"),
    ),
    **{
        f"{name} keeps nothing": (
            at(name, f.forgets),
            rules(
                name,
                "creates-a-field",
                "same-again-is-no-new-field",
                "takes-every-type",
                "takes-several-objects",
            ),
        )
        for name in _UPSERTS
    },
    **{
        f"{name} takes anything": (
            c.yes(name),
            rules(
                name,
                "unknown-types-are-refused",
                "other-providers-are-refused",
                "absent-is-refused",
                "is-kept-in-its-project",
            ),
        )
        for name in _UPSERTS
    },
    **{
        f"{name} is for every group": (
            at(name, i.everyones_fields),
            rules(name, "leaves-other-groups-alone"),
        )
        for name in _UPSERTS
    },
}

OPERATING: Cases = {
    "page tokens are ignored": (
        at("listOperations", c.last_page_again),
        rules("listOperations", "pages-hold-all"),
    ),
    "pages lose an operation": (
        at("listOperations", c.swallows_one),
        rules("listOperations", "pages-hold-all"),
    ),
    "page sizes are ignored": (
        at("listOperations", f.without_query("pageSize")),
        rules("listOperations", "pages-hold-all", "pages-are-full"),
    ),
    "a last page has a token": (
        c.changed("listOperations", "pagination", lambda p: {"nextPageToken": "t", **p}),
        rules("listOperations", "page-sizes-at-the-bounds-are-taken"),
    ),
    "operations have no owner": (
        c.changed("listOperations", "results/*/installationId", c.to("i")),
        rules("listOperations", "are-of-the-installation"),
    ),
    "an operation is told otherwise": (
        c.changed("getOperation", "configId", c.to("c")),
        rules("getOperation", "equals-the-entry"),
    ),
    "any operation is shown": (
        c.yes("getOperation"),
        rules("getOperation", "absent-is-refused", "is-kept-in-its-project"),
    ),
    "any logs are shown": (
        c.yes("listOperationLogs"),
        rules("listOperationLogs", "is-kept-in-its-project"),
    ),
    "logs are of another operation": (
        c.changed("listOperationLogs", "*/message/operation_id", c.to("o")),
        rules("listOperationLogs", "are-of-the-operation"),
    ),
    "the last status is old": (
        c.changed("getInstallation", "lastOperationStatus", c.to("failure")),
        rules("getInstallation", "last-status-is-of-the-latest"),
    ),
    "progress is of another object": (
        c.changed("getBackfillProgress", "objectName", c.to("x")),
        rules("getBackfillProgress", "is-of-the-object"),
    ),
    "progress goes back": (
        at("getBackfillProgress", c.shrinks),
        rules("getBackfillProgress", "only-grows"),
    ),
    "progress is of no operation": (
        c.changed("getBackfillProgress", "operationId", c.to("o")),
        rules("getBackfillProgress", "is-a-listed-operation"),
    ),
    "nothing is estimated": (
        c.changed("getBackfillProgress", "recordsEstimatedTotal", c.drop),
        rules("getBackfillProgress", "crms-are-estimated"),
    ),
    "everything is estimated": (
        at("getBackfillProgress", f.answers(lambda b: {**b, "recordsEstimatedTotal": 9999})),
        rules("getBackfillProgress", "others-are-not-estimated"),
    ),
    "any progress is shown": (
        c.yes("getBackfillProgress"),
        rules(
            "getBackfillProgress",
            "none-before-any",
            "none-of-no-days",
            "absent-is-refused",
            "is-kept-in-its-project",
        ),
    ),
}
