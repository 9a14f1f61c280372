"""Which rule about installations must fire on which fault."""

from __future__ import annotations

from tests.conformance import customer_faults as c
from tests.conformance import faults as f
from tests.conformance import installation_faults as i
from tests.conformance import odd_mocks as odd
from tests.conformance.customer_fault_table import Cases, rules, starting
from tests.conformance.twisting import at

INSTALLING: Cases = {
    "a subscription is completed over what was chosen": (
        c.asked_as("createInstallation", "config/content/subscribe/objects/*/createEvent", c.drop),
        rules("createInstallation", "subscription-is-kept"),
    ),
    "a config loses a mapping": (
        c.asked_as(
            "createInstallation",
            "config/content/read/objects/*/selectedValueMappings",
            c.drop,
        ),
        rules("createInstallation", "is-found-as-given"),
    ),
    "an installation must read": (
        c.no("createInstallation", lambda a: "read" not in a.body["config"]["content"]),
        rules("createInstallation", "parts-are-enough"),
    ),
    "nothing is completed": (
        c.changed(
            "createInstallation", "config/content/read/objects/*/selectedFields/email", c.drop
        ),
        rules("createInstallation", "is-completed"),
    ),
    "a new installation is unhealthy": (
        c.changed("createInstallation", "healthStatus", c.to("unhealthy")),
        rules("createInstallation", "starts-healthy"),
    ),
    "nobody created it": (
        c.changed("createInstallation", "config/createdBy", c.to("")),
        rules("createInstallation", "creator-has-a-default"),
    ),
    "the named revision is taken": (
        at("createInstallation", i.named_revision),
        rules("createInstallation", "revision-is-the-latest"),
    ),
    "any connection is taken": (
        c.changed("createInstallation", "connection/id", c.to("c")),
        rules("createInstallation", "takes-the-groups-connection", "takes-the-named-connection"),
    ),
    "installations have one id": (
        at("createInstallation", odd.same_id),
        rules("createInstallation", "groups-do-not-meet", "is-found-as-given"),
    ),
    "integrations go by their id only": (
        c.no("createInstallation", lambda a: "/integrations/ct-" in a.url.path, 404),
        rules("createInstallation", "name-is-as-good"),
    ),
    "groups are not told apart": (
        at("listInstallations", f.without_query("groupRef")),
        rules("listInstallations", "groups-and-integrations-are-told-apart"),
    ),
    "groups are not told apart in the project": (
        at("listInstallationsForProject", f.without_query("groupRef")),
        rules("listInstallationsForProject", "groups-and-integrations-are-told-apart"),
    ),
    "configs never have a revision": (
        c.changed("getInstallation", "config/revisionId", c.to("r")),
        rules("createRevision", "installations-keep-their-revision"),
    ),
    "whatever is asked is installed": (
        c.yes("createInstallation"),
        (
            *starting("createInstallation/refuses-"),
            *rules(
                "createInstallation",
                "a-connection-is-needed",
                "connection-must-fit",
                "one-for-each-group",
                "absent-is-refused",
                "mappings-are-needed",
            ),
        ),
    ),
    "an update is not kept": (
        at("updateInstallation", f.forgets),
        (
            *starting("updateInstallation/applies-read", "updateInstallation/applies-write"),
            *rules(
                "updateInstallation",
                "applies-creator",
                "applies-proxy-off",
                "applies-no-write-objects",
                "applies-no-subscribe-objects",
                "switches-the-connection",
                "pauses-one-object",
            ),
        ),
    ),
    "updates are refused": (
        c.no("updateInstallation"),
        (
            *starting("updateInstallation/applies-"),
            *rules("updateInstallation", "leaves-others-alone", "writes-a-new-config"),
        ),
    ),
    "an object's update is merged": (
        at("updateInstallation", i.merged),
        rules(
            "updateInstallation",
            "applies-read-object",
            "applies-write-objects",
            "applies-subscribe-objects",
            "applies-no-write-objects",
        ),
    ),
    "the first mask only": (
        at("updateInstallation", f.asks(f.first_mask_only)),
        starting(
            "updateInstallation/applies-read-object-and",
            "updateInstallation/applies-creator-and",
            "updateInstallation/applies-proxy-off-and",
        ),
    ),
    "masks are ignored": (
        at("updateInstallation", i.unmasked),
        rules("updateInstallation", "ignores-the-unmasked"),
    ),
    "the config stays the same": (
        c.changed("updateInstallation", "config/id", c.to("c")),
        rules("updateInstallation", "writes-a-new-config"),
    ),
    "an update is of every group": (
        c.besides("updateInstallation", i.for_all),
        rules("updateInstallation", "leaves-others-alone"),
    ),
    "a pause forgets the fields": (
        c.changed("updateInstallation", "config/content/read/objects/*/selectedFields", c.drop),
        rules("updateInstallation", "pauses-one-object"),
    ),
    "wrong updates are granted": (
        c.yes("updateInstallation"),
        rules(
            "updateInstallation",
            "unknown-masks-are-refused",
            "missing-values-are-refused",
            "wrong-values-are-refused",
            "unfit-connections-are-refused",
            "is-of-its-integration",
            "absent-installation-is-refused",
        ),
    ),
    "any installation is shown": (
        c.yes("getInstallation"),
        rules("getInstallation", "is-of-its-integration", "absent-installation-is-refused"),
    ),
    "any operations are shown": (
        c.yes("listOperations"),
        rules(
            "listOperations",
            "is-of-its-integration",
            "absent-installation-is-refused",
            "page-sizes-out-of-bounds-are-refused",
            "foreign-tokens-are-refused",
            "is-kept-in-its-project",
        ),
    ),
    "anything is deleted": (
        c.yes("deleteInstallation"),
        rules(
            "deleteInstallation",
            "is-of-its-integration",
            "absent-installation-is-refused",
            "is-gone-from-every-list",
        ),
    ),
    "installations stay": (
        at("deleteInstallation", f.forgets),
        rules(
            "deleteInstallation",
            "can-be-made-again",
            "takes-its-connection-along",
            "is-gone-from-every-list",
            "leaves-a-shared-connection",
        ),
    ),
    "deleting takes what nobody uses along": (
        c.besides("deleteInstallation", c.clears_connections),
        rules("deleteInstallation", "leaves-other-connections"),
    ),
    "deleting takes a shared connection along": (
        i.takes_connections,
        rules("deleteInstallation", "leaves-a-shared-connection"),
    ),
}
