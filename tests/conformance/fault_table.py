"""Which law must fire on which fault."""

from __future__ import annotations

from tests.conformance import faults as f
from tests.conformance import odd_mocks as odd
from tests.conformance.twisting import Fault, at

PROJECTS = "my-project", "mailmonkey-prod"

#: What is broken, the fault, and the rules that must see it.
CASES: dict[str, tuple[Fault, tuple[str, ...]]] = {
    "create lower-cases a label": (
        at("createApiKey", f.answers(odd.lower("label"))),
        ("createApiKey/shows-what-was-sent", "createApiKey/is-kept", "createApiKey/ids-are-new"),
    ),
    "create stores a trimmed label": (
        at("createApiKey", f.asks(odd.stripped("label"))),
        ("createApiKey/label-takes-what-it-may",),
    ),
    "create drops headers": (
        at(
            "createDestination",
            f.asks(lambda b: {**b, "metadata": odd.without("headers")(b["metadata"])}),
        ),
        ("createDestination/shows-what-was-sent-webhook-with-headers",),
    ),
    "create keeps nothing": (
        at("createTopic", f.forgets),
        (
            "createTopic/is-found-again",
            "createTopic/is-kept",
            "createTopic/makes-one-and-moves-nothing",
        ),
    ),
    "create makes two": (
        at("createTopic", odd.doubled),
        ("createTopic/makes-one-and-moves-nothing",),
    ),
    "ids repeat": (at("createTopic", odd.same_id), ("createTopic/ids-are-new",)),
    "createTime runs backwards": (odd.backwards_creation, ("createTopic/is-stamped",)),
    "unknown keys are refused": (
        at("createTopic", odd.strict_keys("name")),
        ("createTopic/unknown-keys-are-ignored",),
    ),
    "lists have both projects": (
        at("listTopics", odd.mine_too),
        ("createTopic/works-in-each-project", "listTopics/shows-own-only"),
    ),
    "get shows another record": (
        at("getApiKey", odd.swapped_record),
        ("getApiKey/shows-the-one-asked-for",),
    ),
    "a read moves updateTime": (odd.touched_by_reading, ("getDestination/moves-nothing",)),
    "a list moves updateTime": (odd.touched_by_listing, ("listTopics/moves-nothing",)),
    "get finds what is not there": (
        at("getDestination", f.grants(200, {"id": "x", "name": "x", "type": "webhook"})),
        ("getDestination/absent-is-refused", "getDestination/malformed-is-refused"),
    ),
    "a list shows one twice": (
        at("listTopics", f.answers(odd.listed_twice)),
        ("listTopics/shows-each-once", "createTopic/is-kept"),
    ),
    "a list misses the last": (
        at("listTopics", f.answers(lambda entries: entries[:-1])),
        ("listTopics/shows-each-once",),
    ),
    "a list alters a field": (
        at("listApiKeys", f.answers(f.each_entry(odd.lower("label")))),
        ("listApiKeys/shows-each-once", "createApiKey/is-kept"),
    ),
    "secrets are always shown": (
        at("getDestination", f.always_query(includeSecrets="true")),
        ("getDestination/includeSecrets-shows-what-it-says",),
    ),
    "secrets are never shown": (
        at("getDestination", f.without_query("includeSecrets")),
        ("getDestination/includeSecrets-shows-what-it-says",),
    ),
    "update is answered, not kept": (
        at("updateDestination", f.forgets),
        ("updateDestination/is-kept", "updateDestination/only-metadata.url-changes"),
    ),
    "update is kept, not answered": (
        at("updateApiKey", f.answers(odd.fixed(label="old"))),
        ("updateApiKey/only-label-changes",),
    ),
    "update applies the first mask only": (
        at("updateDestination", f.asks(f.first_mask_only)),
        ("updateDestination/several-masks",),
    ),
    "update applies what is not masked": (
        at("updateProviderApp", f.asks(f.mask_of_everything("providerApp"))),
        ("updateProviderApp/unmasked-is-ignored",),
    ),
    "update of one path replaces the rest": (
        at(
            "updateDestination",
            f.answers(lambda b: {**b, "metadata": {"url": b["metadata"].get("url")}}),
        ),
        ("updateDestination/only-metadata.url-changes-webhook-with-headers",),
    ),
    "false is no value": (
        at("updateApiKey", f.refuses(422, lambda a: a.body["apiKey"].get("active") is False)),
        ("updateApiKey/empty-active-counts",),
    ),
    "an empty object is no value": (
        at(
            "updateProviderApp",
            f.refuses(400, lambda a: a.body["providerApp"].get("metadata") == {}),
        ),
        ("updateProviderApp/empty-metadata-counts",),
    ),
    "update changes another record": (
        at("updateTopic", odd.renamed_with_it),
        ("updateTopic/moves-nothing-else",),
    ),
    "update takes createTime": (
        at("updateTopic", f.answers(odd.fixed(createTime="2001-01-01T00:00:00Z"))),
        ("updateTopic/id-and-createTime-stay", "updateTopic/is-kept"),
    ),
    "update makes what is not there": (
        at("updateTopic", odd.upsert),
        ("updateTopic/absent-is-refused", "deleteTopic/deleted-cannot-be-updated"),
    ),
    "updateTime stays": (f.stale_times, ("updateTopic/updateTime-moves",)),
    "unknown masks are ignored": (
        at("updateApiKey", f.asks(f.drops_unknown_masks("active", "label", "scopes"))),
        ("updateApiKey/unknown-mask-is-refused", "updateApiKey/refused-applies-nothing"),
    ),
    "masks without a value are ignored": (
        at("updateJWTKey", f.asks(f.drops_valueless_masks("jwtKey"))),
        ("updateJWTKey/mask-without-value-is-refused",),
    ),
    "a refused update is half applied": (
        at("updateDestination", f.half_applied("destination")),
        ("updateDestination/unknown-mask-is-refused", "updateDestination/refused-applies-nothing"),
    ),
    "delete does nothing": (
        at("deleteTopic", f.forgets),
        (
            "deleteTopic/deleted-is-gone",
            "deleteTopic/deleted-cannot-be-deleted",
            "deleteTopic/deleted-is-not-listed",
            "deleteTopic/frees-the-name",
        ),
    ),
    "delete is always 204": (
        at("deleteTopic", f.grants(204)),
        ("deleteTopic/absent-is-refused", "deleteTopic/deleted-cannot-be-deleted"),
    ),
    "what is deleted can be read": (
        f.keeps_the_dead("/destinations/", listed=False),
        ("deleteDestination/deleted-is-gone",),
    ),
    "what is deleted is listed": (
        f.keeps_the_dead("/api-keys", listed=True),
        ("deleteApiKey/deleted-is-not-listed",),
    ),
    "ids are used again": (odd.old_ids, ("deleteTopic/id-is-not-used-again",)),
    "delete takes another along": (
        at("deleteTopic", odd.takes_the_siblings),
        ("deleteTopic/others-stay",),
    ),
    "routes outlive their topic": (
        odd.keep_all_dead,
        ("deleteTopic/takes-each-event-topic-route",),
    ),
    "delete keeps what has routes": (
        at("deleteTopic", f.forgets),
        ("deleteTopic/deleted-is-gone-with-each-event-topic-route",),
    ),
    "a filter is ignored": (
        at("listEventTopicRoutes", f.without_query("topicId")),
        (
            "listEventTopicRoutes/topicId-narrows",
            "listEventTopicRoutes/topicId-and-eventType-narrows",
        ),
    ),
    "filters are joined by or": (
        at("listEventTopicRoutes", odd.or_filters),
        ("listEventTopicRoutes/topicId-and-eventType-narrows",),
    ),
    "a filter is inverted": (at("listApiKeys", odd.inverted), ("listApiKeys/active-narrows",)),
    "duplicates are taken": (
        at("createTopic", f.grants(201, {"id": "x", "name": "x"})),
        ("createTopic/name-is-taken-once", "updateTopic/frees-the-old-name"),
    ),
    "capitals make another name": (
        at("createProject", odd.exact_projects),
        ("createProject/name-is-taken-in-capitals",),
    ),
    "names are shared by projects": (
        odd.shared_names,
        ("createTopic/name-is-free-in-another-project",),
    ),
    "a deleted name stays taken": (
        at("createTopic", odd.name_is_in_use),
        ("deleteTopic/frees-the-name", "updateTopic/frees-the-old-name"),
    ),
    "a rename to a taken name is granted": (
        at("updateTopic", f.grants(200, {"id": "x", "name": "x"})),
        ("updateTopic/name-is-taken-once", "updateTopic/name-refuses-the-rest"),
    ),
    "labels must be unique": (
        at("createApiKey", odd.unique_labels),
        ("createApiKey/equals-are-taken",),
    ),
    "routes of no topic": (
        at("createEventTopicRoute", odd.any_topic),
        ("createEventTopicRoute/topicId-must-be-there",),
    ),
    "records of another project can be read": (
        at("getApiKey", f.anywhere(*PROJECTS)),
        ("getApiKey/foreign-through-own-path",),
    ),
    "own records can be read through another project": (
        at("getDestination", f.anywhere("mailmonkey-prod", "my-project")),
        ("getDestination/own-through-foreign-path",),
    ),
    "records of another project can be deleted": (
        at("deleteTopic", f.anywhere(*PROJECTS)),
        ("deleteTopic/foreign-through-own-path",),
    ),
    "a foreign key opens our project": (
        at("updateTopic", f.with_key("mock-full-key")),
        ("updateTopic/own-with-foreign-key",),
    ),
    "our key opens a foreign project": (
        lambda world, asked: (
            f.with_key("mock-prod-key")(world, asked)
            if "mailmonkey-prod" in asked.url.path
            else world.send(asked)
        ),
        (
            "deleteTopic/foreign-with-own-key",
            "listTopics/shows-own-only",
            "createTopic/not-in-a-foreign-project",
        ),
    ),
    "names are checked too strictly": (
        at("createTopic", f.refuses(422, lambda a: len(a.body["name"]) >= 64)),
        ("createTopic/name-takes-what-it-may",),
    ),
    "names are not checked": (
        at("createTopic", f.grants(201, {"id": "x"})),
        ("createTopic/name-refuses-the-rest",),
    ),
    "an update checks too strictly": (
        at("updateTopic", f.refuses(422, lambda a: any(c.isupper() for c in a.body["name"]))),
        ("updateTopic/name-takes-what-it-may",),
    ),
    "names mean nothing": (
        at("getDestination", f.refuses(404, odd.path_has("/ct-"))),
        ("getDestination/takes-the-name", "getDestination/follows-the-name"),
    ),
    "names in capitals mean nothing": (
        odd.into_capitals,
        ("getProject/takes-the-name-in-capitals",),
    ),
    "an old name is still found": (odd.old_name_lives, ("getDestination/follows-the-name",)),
    "the name of the project is refused": (
        at("listTopics", f.refuses(404, odd.path_has("/projects/my-project"))),
        ("listTopics/takes-the-project-name",),
    ),
    "the id of the project is refused": (
        at("listTopics", f.refuses(404, odd.path_has("/projects/3b1f6f0e"))),
        ("listTopics/takes-the-project-id",),
    ),
    "capitals of the project are refused": (
        at("listTopics", f.refuses(404, odd.path_has("/projects/MY-PROJECT"))),
        ("listTopics/takes-the-project-name-in-capitals",),
    ),
    "a project that is not there is empty": (
        at("listTopics", f.grants(200, [])),
        ("listTopics/absent-project-is-refused",),
    ),
    "unknown query parameters are refused": (
        at("listTopics", f.refuses(400, lambda a: bool(a.url.params))),
        ("listTopics/unknown-query-is-ignored",),
    ),
    "renaming to its own name is refused": (
        at("updateTopic", f.refuses(409, lambda a: "-Topic-" in a.body["name"])),
        ("updateTopic/name-may-stay",),
    ),
    "a secret is shown": (
        at("listProviderApps", f.answers(f.each_entry(odd.fixed(clientSecret="x")))),
        ("listProviderApps/hides-secrets",),
    ),
    "a record names another project": (
        at("listTopics", f.answers(f.each_entry(odd.fixed(projectId="other")))),
        ("createTopic/names-its-parents",),
    ),
    "what is ours is below every project": (
        at("getIntegration", f.anywhere("mailmonkey-prod", "my-project")),
        ("getIntegration/not-through-a-foreign-project",),
    ),
}
