"""Which rule about integrations, manifests and revisions must fire on which fault."""

from __future__ import annotations

from tests.conformance import customer_faults as c
from tests.conformance import faults as f
from tests.conformance import odd_mocks as odd
from tests.conformance.customer_fault_table import Cases, rules, starting
from tests.conformance.twisting import at

INTEGRATING: Cases = {
    "a label of the manifest is lost": (
        c.asked_as("createIntegration", "latestRevision/content/displayName", c.drop),
        rules("createIntegration", "is-found-as-given"),
    ),
    "an integration must read": (
        c.no("createIntegration", lambda a: "read" not in a.body["latestRevision"]["content"]),
        (*rules("createIntegration", "proxy-is-enough", "takes-write-only"),),
    ),
    "an integration is listed twice": (
        at("listIntegrations", f.answers(odd.listed_twice)),
        rules("createIntegration", "names-are-one", "is-found-as-given"),
    ),
    "revisions have one id": (
        c.changed("getIntegration", "latestRevision/id", c.to("r")),
        rules("createIntegration", "ids-differ"),
    ),
    "every manifest is taken": (
        c.yes("createIntegration"),
        (
            *starting("createIntegration/refuses-schedule-", "createIntegration/refuses-no-"),
            *rules(
                "createIntegration", "unknown-provider-is-refused", "contradictions-are-refused"
            ),
        ),
    ),
    "integrations stay": (
        at("deleteIntegration", f.forgets),
        rules(
            "deleteIntegration",
            "is-gone-under-every-name",
            "takes-its-installations-along",
            "takes-orphaned-connections-along",
        ),
    ),
    "deleting takes what nobody uses along": (
        c.besides("deleteIntegration", c.clears_connections),
        rules("deleteIntegration", "takes-nothing-else-along"),
    ),
    "orphans can still be read": (
        c.yes("getConnection"),
        rules("deleteIntegration", "takes-orphaned-connections-along"),
    ),
    "the answer lacks an integration": (
        at("batchUpsertIntegrations", f.answers(lambda entries: entries[1:])),
        rules("batchUpsertIntegrations", "deploys-what-is-given"),
    ),
    "a deploy is not kept": (
        at("batchUpsertIntegrations", f.forgets),
        (
            *rules(
                "batchUpsertIntegrations",
                "changes-make-a-revision",
                "zip-is-as-good-as-yaml",
            ),
            *rules("batchUpsertIntegrations", "takes-write-only", "takes-largest-page"),
        ),
    ),
    "each deploy has a new id": (
        at("batchUpsertIntegrations", odd.new_ids),
        rules("batchUpsertIntegrations", "same-again-keeps-the-id"),
    ),
    "a manifest is deployed in parts": (
        c.stored_first("batchUpsertIntegrations"),
        rules("batchUpsertIntegrations", "refusal-changes-nothing"),
    ),
    "whatever is given is deployed": (
        c.yes("batchUpsertIntegrations"),
        (
            *starting(
                "batchUpsertIntegrations/refuses-schedule-", "batchUpsertIntegrations/refuses-no-"
            ),
            *rules(
                "batchUpsertIntegrations",
                "provider-stays",
                "a-source-is-needed",
                "one-source-is-needed",
                "bad-zips-are-refused",
            ),
        ),
    ),
    **{
        f"{name} is always destructive": (
            at(name, f.always_query(destructive="true")),
            rules(name, "what-is-read-stays"),
        )
        for name in ("batchUpsertIntegrations", "createRevision")
    },
    **{
        f"{name} is never destructive": (
            at(name, f.without_query("destructive")),
            rules(name, "removed-objects-are-paused-when-asked"),
        )
        for name in ("batchUpsertIntegrations", "createRevision")
    },
    "a revision is not kept": (
        at("createRevision", f.forgets),
        rules("createRevision", "becomes-the-latest", "zip-is-as-good-as-yaml"),
    ),
    "whatever is given is a revision": (
        c.yes("createRevision"),
        (
            *starting("createRevision/refuses-schedule-", "createRevision/refuses-no-"),
            *rules(
                "createRevision",
                "is-of-its-integration",
                "absent-is-refused",
                "a-source-is-needed",
                "one-source-is-needed",
                "is-kept-in-its-project",
            ),
        ),
    ),
    "a revision is without its writes": (
        c.changed("getHydratedRevision", "content/write/objects", lambda one: one[:-1]),
        rules("getHydratedRevision", "follows-the-manifest"),
    ),
    "fewer fields are offered": (
        c.changed(
            "getHydratedRevision",
            "content/read/objects/*/optionalFields",
            lambda fields: fields[:1],
        ),
        rules("getHydratedRevision", "offers-every-field"),
    ),
    "labels of fields are names": (
        c.changed(
            "getHydratedRevision",
            "content/read/objects/*/allFieldsMetadata/*/displayName",
            c.to("Field"),
        ),
        rules("getHydratedRevision", "tells-what-metadata-tells"),
    ),
    "the latest revision is always hydrated": (
        odd.latest_revision,
        rules("getHydratedRevision", "old-revisions-stay"),
    ),
    "anything is hydrated": (
        c.yes("getHydratedRevision"),
        rules(
            "getHydratedRevision",
            "unfit-is-refused",
            "a-connection-is-needed",
            "is-kept-in-its-project",
        ),
    ),
    "hydrating moves the revision": (
        c.changed("getHydratedRevision", "specVersion", odd.counter()),
        rules("getHydratedRevision", "moves-nothing"),
    ),
}
