"""Which rule of every operation must fire on which fault."""

from __future__ import annotations

from tests.client import KEY
from tests.conformance import faults as f
from tests.conformance import matrix_faults as m
from tests.conformance import odd_mocks as odd
from tests.conformance.twisting import Fault, at

#: What is broken, the fault, and the rules that must see it.
CASES: dict[str, tuple[Fault, tuple[str, ...]]] = {
    # ------------------------------------------------------------- who may call
    "everybody may list": (
        at("listTopics", m.takes(lambda _: True)),
        (
            "listTopics/credentials-are-needed",
            "listTopics/odd-credentials-are-refused",
            "listTopics/revoked-keys-are-refused",
            "listTopics/keys-of-other-projects-are-refused",
            "listTopics/frontend-keys-are-refused",
            "listTopics/customer-tokens-are-refused",
        ),
    ),
    "everybody may create": (
        at("createTopic", m.takes(lambda a: not m.key_of(a))),
        ("createTopic/credentials-are-needed",),
    ),
    "every bearer is somebody": (
        at("getMyInfo", m.takes(lambda a: bool(m.token_of(a)), m.BUILDER_HEADERS)),
        ("getMyInfo/credentials-are-needed",),
    ),
    "keys that are cut short do": (
        m.takes(lambda a: bool(m.key_of(a)) and KEY.startswith(m.key_of(a))),
        ("getDestination/odd-credentials-are-refused",),
    ),
    "keys do where builders are asked for": (
        at("getMyInfo", m.takes(lambda a: bool(m.key_of(a)), m.BUILDER_HEADERS)),
        ("getMyInfo/api-keys-are-refused",),
    ),
    "revoked keys go on": (
        at("updateApiKey", m.takes(m.is_other_key)),
        ("updateApiKey/revoked-keys-are-refused",),
    ),
    "keys open other projects": (
        at("getDestination", m.takes_whoever_may_not(m.is_other_key)),
        ("getDestination/keys-of-other-projects-are-refused",),
    ),
    "scopes mean nothing": (
        at("listApiKeys", m.takes_whoever_may_not(m.is_other_key)),
        ("listApiKeys/frontend-keys-are-refused",),
    ),
    "refused, but done": (
        at("deleteDestination", m.does_it_all_the_same),
        ("deleteDestination/credentials-are-needed",),
    ),
    "refused, but created": (
        at("createTopic", m.does_it_all_the_same),
        ("createTopic/credentials-are-needed",),
    ),
    "the catalog asks for a key": (
        at("getProvider", f.refuses(401, lambda a: m.key_of(a) != KEY)),
        ("getProvider/credentials-do-not-matter",),
    ),
    "the catalog minds bad credentials": (
        at("listProviders", f.refuses(401, lambda a: "wrong" in m.key_of(a))),
        ("listProviders/credentials-do-not-matter",),
    ),
    "no bearer is taken": (
        at("listTopics", f.refuses(401, lambda a: bool(m.token_of(a)))),
        ("listTopics/bearer-tokens-are-taken", "listTopics/both-credentials-are-taken"),
    ),
    "frontend keys open nothing": (
        at("listConnections", f.refuses(403, m.is_other_key)),
        ("listConnections/frontend-keys-are-taken",),
    ),
    "customers' tokens are not read": (
        at("getConnection", m.takes(m.is_customer)),
        (
            "getConnection/forged-customer-tokens-are-refused",
            "getConnection/other-groups-are-hidden",
        ),
    ),
    "groups mean nothing": (
        at("listConnections", m.takes(m.is_customer)),
        ("listConnections/other-groups-are-hidden",),
    ),
    "customers may do everything": (
        at("listJWTKeys", m.takes(m.is_customer)),
        ("listJWTKeys/customer-tokens-are-refused",),
    ),
    "customers may do nothing": (
        at("getInstallation", f.refuses(403, m.is_customer)),
        ("getInstallation/customer-tokens-are-taken",),
    ),
    # --------------------------------------------------------- which requests
    "nothing can be created": (
        at("createTopic", f.refuses(422, lambda _: True)),
        ("createTopic/right-call-is-granted",),
    ),
    "a missing name is made up": (
        at("createTopic", m.mends(m.defaulted("name"))),
        ("createTopic/missing-property-is-refused",),
    ),
    "numbers are taken for texts": (
        at("createTopic", m.mends(m.as_text("name"))),
        ("createTopic/wrong-type-is-refused",),
    ),
    "nulls are dropped": (
        at("createProviderApp", m.mends(m.without_nulls)),
        ("createProviderApp/null-is-refused",),
    ),
    "any type is a webhook": (
        at("createDestination", m.mends(m.replaced("type", "webhook"))),
        ("createDestination/unknown-member-is-refused",),
    ),
    "long names are cut": (
        at("createTopic", m.mends(m.shortened("name", 64))),
        ("createTopic/length-is-bounded",),
    ),
    "names are cleaned": (
        at("createProject", m.only_if_wrong(m.mends(m.letters_only))),
        ("createProject/pattern-holds",),
    ),
    "negative numbers are zero": (
        at("createInstallation", m.only_if_wrong(m.mends(m.not_negative))),
        ("createInstallation/number-is-bounded",),
    ),
    "no mask means every mask": (
        at("updateJWTKey", m.mends(m.some_mask)),
        ("updateJWTKey/item-count-is-bounded",),
    ),
    "bad times are dropped": (
        at("generateConnection", m.only_if_wrong(m.mends(m.right_times))),
        ("generateConnection/wrong-oauth2AuthorizationCode-is-refused",),
    ),
    "tokens are not looked at": (
        at("generateConnection", m.only_if_wrong(m.mends(odd.without("oauth2AuthorizationCode")))),
        ("generateConnection/format-holds",),
    ),
    "masked texts may be anything": (
        at("updateDestination", m.mends(m.masked_texts("destination"))),
        ("updateDestination/masked-values-are-checked",),
    ),
    "another place is blamed": (
        at("createTopic", m.blames_another),
        ("createTopic/missing-property-is-refused",),
    ),
    "no body is an empty body": (
        at("createTopic", m.takes_no_body),
        ("createTopic/body-is-needed",),
    ),
    "what follows a body is left": (
        at("createDestination", m.reads_loosely),
        ("createDestination/body-must-be-json",),
    ),
    "every media type is JSON": (
        at("createTopic", m.any_media_type),
        ("createTopic/media-type-is-checked",),
    ),
    "a charset is refused": (
        at("createTopic", f.refuses(415, lambda a: ";" in a.headers.get("content-type", ""))),
        ("createTopic/media-type-may-have-a-charset",),
    ),
    "deep bodies break it": (
        at("createTopic", m.breaks(lambda a: a.content.count(b"[") > 100)),
        ("createTopic/no-body-breaks-the-server",),
    ),
    "unknown keys are refused": (
        at("createTopic", odd.strict_keys("name")),
        ("createTopic/keys-may-be-more-and-in-any-order",),
    ),
    "an optional key is asked for": (
        at("createApiKey", f.refuses(400, lambda a: "scopes" not in a.body)),
        ("createApiKey/optional-property-may-be-absent",),
    ),
    "one event is not known": (
        at(
            "createEventTopicRoute",
            f.refuses(422, lambda a: a.body["eventType"] == "read.schedule.paused"),
        ),
        ("createEventTopicRoute/every-member-is-taken",),
    ),
    "the longest name is too long": (
        at("createTopic", f.refuses(422, lambda a: len(a.body["name"]) > 63)),
        ("createTopic/bounds-themselves-are-taken",),
    ),
    "a wrong flag is no flag": (
        at("listApiKeys", f.without_query("active")),
        ("listApiKeys/wrong-active-is-refused",),
    ),
    "a right flag is refused": (
        at("listApiKeys", f.refuses(400, lambda a: a.url.params.get("active") == "false")),
        ("listApiKeys/active-is-taken",),
    ),
    "page sizes have no bounds": (
        at("listOperations", f.without_query("pageSize")),
        ("listOperations/wrong-pageSize-is-refused",),
    ),
    "a needed parameter is not needed": (
        at("checkClaimedDomain", f.grants(200, {"domain": "x"})),
        ("checkClaimedDomain/domain-is-needed",),
    ),
    "nothing can be deleted": (
        at("deleteTopic", f.grants(204)),
        ("deleteTopic/absent-topicId-is-not-found", "deleteTopic/odd-paths-name-nothing"),
    ),
    "updates create": (
        at("updateTopic", odd.upsert),
        ("updateTopic/absent-topicId-is-not-found",),
    ),
    "PUT is PATCH": (
        m.as_method("PUT", "PATCH"),
        ("deleteTopic/other-methods-are-refused",),
    ),
    "HEAD breaks it": (
        m.breaks(lambda a: a.method == "HEAD"),
        ("listTopics/odd-requests-break-nothing",),
    ),
    "encoded colons are unknown": (
        at("generateConnection", f.refuses(404, lambda a: b"%3A" in a.url.raw_path)),
        ("generateConnection/colon-may-be-encoded",),
    ),
    # ------------------------------------------------------ at the same time
    "twins": (at("createTopic", m.takes_twins), ("createTopic/two-writers-make-one",)),
    "one id for two": (at("createTopic", odd.same_id), ("createTopic/writers-do-not-mix",)),
    "the first of two updates is lost": (
        at("updateDestination", m.forgets_the_first),
        ("updateDestination/two-updates-survive",),
    ),
    "an update revives": (m.revives, ("deleteDestination/no-update-revives",)),
    "deletes are forgotten": (
        at("deleteDestination", f.forgets),
        ("deleteDestination/two-deletes-leave-nothing",),
    ),
}
