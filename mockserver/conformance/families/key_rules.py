"""What keys open: API keys, and the tokens of customers that JWT keys stand for."""

from __future__ import annotations

from mockserver.conformance import tokens
from mockserver.conformance.attempts import each
from mockserver.conformance.callers import Caller, by_key
from mockserver.conformance.calls import Call
from mockserver.conformance.exchange import Exchange
from mockserver.conformance.families.api_keys import API_KEYS
from mockserver.conformance.families.jwt_keys import JWT_KEYS
from mockserver.conformance.family import there
from mockserver.conformance.lab import Lab
from mockserver.conformance.laws.expect import granted, refused
from mockserver.conformance.rules import Broken, Rule, Strength, Unreached
from mockserver.conformance.things import Thing, make

_REJECTED = frozenset({401, 403})
_ELSEWHERE = frozenset({401, 403, 404})
_KEYS = "/paths/~1projects~1{projectIdOrName}~1api-keys"
_KEY = f"{_KEYS}~1{{apiKey}}"
_JWT_KEYS = "/paths/~1projects~1{projectIdOrName}~1jwt-keys"
_ACTIVE = "/components/schemas/ApiKey/properties/active/description"
_SCOPES = "/components/schemas/ApiKeyScopes/description"
_JWT_ACTIVE = "/components/schemas/JWTKey/properties/active/description"


def opener(key: Thing) -> Caller:
    """Return who shows an API key that was made here."""
    return by_key("made-key", key.id)


def knock(lab: Lab, who: Caller, operation_id: str = "getProject") -> Exchange:
    """Call a read of our project as somebody."""
    return lab.make(Call(operation_id), caller=who)


def _opens(lab: Lab) -> None:
    """Hold that new keys open their project: those with scope `full` all of it."""
    for variant in ("full", "both"):
        who = opener(make(lab, API_KEYS, variant=variant))
        for operation in ("getProject", "listTopics", "listApiKeys"):
            granted(knock(lab, who, operation), f"{operation} with a new key")


def _opens_without_scopes(lab: Lab) -> None:
    who = opener(make(lab, API_KEYS, variant="unscoped"))
    granted(knock(lab, who, "listTopics"), "listTopics with a new key that was made without scopes")


def _is_active(lab: Lab) -> None:
    record = make(lab, API_KEYS).record()
    if record.get("active", True) is not True:
        raise Broken("a new key is not active", pointer="/active")


def _opens_no_other_project(lab: Lab) -> None:
    theirs = opener(make(lab, API_KEYS, there(lab)))
    for operation in ("getProject", "listTopics", "listApiKeys"):
        exchange = knock(lab, theirs, operation)
        refused(exchange, _ELSEWHERE, f"{operation} with a new key of another project")


def _follows_active(lab: Lab) -> None:
    """Switch a key off and on again, twice: it opens exactly while it is on."""
    key = make(lab, API_KEYS)
    who = opener(key)
    if not knock(lab, who).answer.is_success:
        raise Unreached("a new key opens nothing")
    for _ in range(2):
        granted(key.change({"active": False}), "deactivating a key")
        refused(knock(lab, who), _REJECTED, "a call with an inactive key")
        granted(key.change({"active": True}), "activating a key again")
        granted(knock(lab, who), "a call with a key that is active again")


def _other_keys_stay(lab: Lab) -> None:
    first, second = make(lab, API_KEYS), make(lab, API_KEYS)
    granted(first.change({"active": False}), "deactivating a key")
    granted(knock(lab, opener(second)), "a call with a key beside the one that was deactivated")


def _follows_scopes(lab: Lab) -> None:
    """Narrow a key to the UI library: it cannot manage keys any more, but read its project."""
    key = make(lab, API_KEYS)
    who = opener(key)
    granted(knock(lab, who, "listApiKeys"), "listApiKeys with a key of scope full")
    granted(key.change({"scopes": ["frontend"]}), "changing scopes")
    refused(knock(lab, who, "listApiKeys"), _ELSEWHERE, "listApiKeys with a key of scope frontend")
    granted(knock(lab, who), "getProject with a key of scope frontend")
    granted(key.change({"scopes": ["full"]}), "changing scopes back")
    granted(knock(lab, who, "listApiKeys"), "listApiKeys with a key of scope full again")


def _frontend_reads(lab: Lab) -> None:
    who = opener(make(lab, API_KEYS, variant="frontend"))
    for operation in ("getProject", "listIntegrations", "listConnections", "listProviderApps"):
        granted(knock(lab, who, operation), f"{operation} with a key of scope frontend")


def _frontend_manages_nothing(lab: Lab) -> None:
    who = opener(make(lab, API_KEYS, variant="frontend"))
    for operation in ("listApiKeys", "listDestinations", "listTopics", "listJWTKeys"):
        refused(knock(lab, who, operation), _ELSEWHERE, f"{operation} with a key of scope frontend")


def _deleted_opens_nothing(lab: Lab) -> None:
    key = make(lab, API_KEYS)
    who = opener(key)
    if not knock(lab, who).answer.is_success:
        raise Unreached("a new key opens nothing")
    granted(key.delete(), "deleting a key")
    refused(knock(lab, who), _REJECTED, "a call with a deleted key")


def accepted(lab: Lab) -> tuple[Thing, Caller]:
    """Return a new JWT key and a customer whose token it accepts.

    Raises:
        Unreached: it does not.
    """
    key = make(lab, JWT_KEYS)
    who = tokens.customer(key, tokens.claims(key))
    if not knock(lab, who).answer.is_success:
        raise Unreached("a customer's token is not accepted")
    return key, who


def _takes_tokens(lab: Lab) -> None:
    key = make(lab, JWT_KEYS)
    for lifetime in (tokens.LONGEST, 60):
        said = tokens.claims(key)
        said["exp"] = said["iat"] + lifetime
        exchange = knock(lab, tokens.customer(key, said))
        granted(exchange, f"a call with a customer's token for {lifetime} s")


def _follows_jwt_active(lab: Lab) -> None:
    key, who = accepted(lab)
    granted(key.change({"active": False}), "deactivating a JWT key")
    refused(knock(lab, who), _REJECTED, "a call with a token of an inactive key")
    granted(key.change({"active": True}), "activating a JWT key again")
    granted(knock(lab, who), "a call with a token of a key that is active again")


def _deleted_jwt_opens_nothing(lab: Lab) -> None:
    key, who = accepted(lab)
    granted(key.delete(), "deleting a JWT key")
    refused(knock(lab, who), _REJECTED, "a call with a token of a deleted key")


def _is_new_and_active(lab: Lab) -> None:
    record = make(lab, JWT_KEYS).record()
    if record.get("active") is not True:
        raise Broken("a new JWT key is not active", pointer="/active")


def _customers_of_one_project(lab: Lab) -> None:
    key, who = accepted(lab)
    project = lab.neighbour.given

    def attempt(operation_id: str) -> None:
        call = Call(operation_id, {"projectIdOrName": project})
        what = f"{operation_id} of another project with a customer's token"
        refused(lab.make(call, caller=who), _ELSEWHERE, what)

    each(("getProject", "listConnections", "listIntegrations"), attempt)
    granted(knock(lab, who), f"getProject with a token of {key.id}")


_NEIGHBOUR = frozenset({"neighbour"})


def _key_rules() -> tuple[Rule, ...]:
    made, changed, gone = "createApiKey", "updateApiKey", "deleteApiKey"
    inferred = Strength.INFERRED
    return (
        Rule(made, "opens-its-project", f"{_KEYS}/post/summary", _opens),
        Rule(made, "is-active", _ACTIVE, _is_active),
        Rule(made, "opens-without-scopes", _SCOPES, _opens_without_scopes, inferred),
        Rule(made, "frontend-reads", _SCOPES, _frontend_reads, inferred),
        Rule(made, "frontend-manages-nothing", _SCOPES, _frontend_manages_nothing, inferred),
        Rule(
            made,
            "opens-no-other-project",
            "/components/schemas/ApiKey/properties/projectId/description",
            _opens_no_other_project,
            needs=_NEIGHBOUR,
        ),
        Rule(changed, "active-counts-at-once", _ACTIVE, _follows_active),
        Rule(changed, "other-keys-stay-active", _ACTIVE, _other_keys_stay),
        Rule(changed, "scopes-count-at-once", _SCOPES, _follows_scopes, inferred),
        Rule(gone, "deleted-opens-nothing", f"{_KEY}/delete/summary", _deleted_opens_nothing),
    )


def _jwt_rules() -> tuple[Rule, ...]:
    made = "createJWTKey"
    text = f"{_JWT_KEYS}/post/description"
    return (
        Rule(made, "takes-its-tokens", text, _takes_tokens, Strength.INFERRED),
        Rule(made, "is-active", _JWT_ACTIVE, _is_new_and_active),
        Rule(
            made,
            "tokens-open-one-project",
            text,
            _customers_of_one_project,
            Strength.INFERRED,
            _NEIGHBOUR,
        ),
        Rule("updateJWTKey", "active-counts-at-once", _JWT_ACTIVE, _follows_jwt_active),
        Rule(
            "deleteJWTKey",
            "deleted-opens-nothing",
            f"{_JWT_KEYS}~1{{keyId}}/delete/description",
            _deleted_jwt_opens_nothing,
        ),
    )


RULES: tuple[Rule, ...] = (*_key_rules(), *_jwt_rules())
