"""Who may do what, and what may be sent: checks that are missing or wrong."""

from __future__ import annotations

from typing import Any

from tests.mutants.faulty import Call, Fault
from tests.mutants.making import as_key, asked, fault, refused

AUTH, TENANT, INPUT = "authentication", "isolation", "validation"
_FULL = "mock-full-key"


def _when(wanted: Any) -> Any:
    """Let the call in with the full key when its own credential is of the wanted kind."""

    def step(call: Call) -> None:
        if wanted(call):
            call.headers.pop("authorization", None)
            as_key(_FULL)(call)

    return step


def _key_row(call: Call) -> dict[str, Any] | None:
    key = call.headers.get("x-api-key", "")
    row = call.mock.sandbox.root.tables["apiKeys"].get(key)
    return dict(row) if row else None


def _is_inactive(call: Call) -> bool:
    row = _key_row(call)
    return row is not None and not row["active"]


def _is_frontend(call: Call) -> bool:
    row = _key_row(call)
    return row is not None and row["active"] and row["scopes"] == ["frontend"]


def _was_known(call: Call) -> bool:
    """Tell a key that worked once, and is gone."""
    key = call.headers.get("x-api-key", "")
    known = call.memory.setdefault("known", set())
    known.update(row["key"] for row in call.mock.sandbox.root.tables["apiKeys"])
    return key in known and _key_row(call) is None


def _note_keys(call: Call) -> None:
    _was_known(call)


def _is_foreign(call: Call) -> bool:
    row = _key_row(call)
    return row is not None and row["active"] and row["key"] != _FULL


def _is_customer(call: Call) -> bool:
    return call.headers.get("authorization", "").count(".") == 2


def _builder(call: Call) -> None:
    if "x-api-key" in call.headers and "authorization" not in call.headers:
        del call.headers["x-api-key"]
        call.headers["authorization"] = "Bearer mock-builder-token"


def _closed(call: Call) -> bool | None:
    if "x-api-key" in call.headers or "authorization" in call.headers:
        return None
    call.status, call.answer_headers = 401, {"content-type": "application/problem+json"}
    call.result = {"status": 401, "title": "Unauthorized", "detail": "no credential"}
    return True


def _shorten(name: str, limit: int) -> Any:
    def change(body: dict[str, Any], _: Call) -> None:
        if isinstance(body.get(name), str):
            body[name] = body[name][:limit]

    return asked(change)


def _cleaned(name: str) -> Any:
    """Take characters that a name may not have, and drop them."""

    def change(body: dict[str, Any], _: Call) -> None:
        if isinstance(body.get(name), str):
            body[name] = "".join(c for c in body[name] if c.isalnum() or c == "-") or "x"

    return asked(change)


def _default(name: str, value: Any) -> Any:
    def change(body: dict[str, Any], _: Call) -> None:
        body.setdefault(name, value)

    return asked(change)


def _stringly(*names: str) -> Any:
    def change(body: dict[str, Any], _: Call) -> None:
        for name in names:
            if name in body and not isinstance(body[name], str):
                body[name] = str(body[name])

    return asked(change)


def _known_event(body: dict[str, Any], _: Call) -> None:
    if "." not in str(body.get("eventType")):
        body["eventType"] = "connection.created"


def _any_media_type(call: Call) -> None:
    if call.content:
        call.headers["content-type"] = "application/json"


def _too_strict(call: Call) -> bool | None:
    """Refuse names of more than 32 characters."""
    body = call.body
    if not isinstance(body, dict) or len(str(body.get("name", ""))) <= 50:
        return None
    call.status, call.answer_headers = 422, {"content-type": "application/problem+json"}
    call.result = {"status": 422, "title": "Unprocessable", "detail": "too long", "issues": []}
    return True


def _unknown_refused(call: Call) -> bool | None:
    if not set(call.query) - {"active", "topicId", "eventType", "groupRef", "provider"}:
        return None
    call.status, call.answer_headers = 400, {"content-type": "application/problem+json"}
    call.result = {"status": 400, "title": "Bad Request", "detail": "unknown parameter"}
    return True


_ALL_WRITES = "createTopic updateTopic deleteTopic createDestination updateDestination"
FAULTS: tuple[Fault, ...] = (
    fault(
        AUTH,
        "nobody-is-let-in",
        "listTopics createTopic",
        before=_when(lambda c: "x-api-key" not in c.headers and "authorization" not in c.headers),
    ),
    fault(
        AUTH,
        "any-key-is-let-in",
        "getDestination listConnections",
        before=_when(lambda c: "x-api-key" in c.headers and _key_row(c) is None),
    ),
    fault(AUTH, "inactive-key-works", "*", before=_when(_is_inactive)),
    fault(AUTH, "deleted-key-works", "*", before=_when(_was_known), after=_note_keys),
    fault(
        AUTH,
        "frontend-key-writes",
        "createApiKey createDestination listJWTKeys",
        before=_when(_is_frontend),
        is_inferred=True,  # the contract names the two scopes, and not what they open
    ),
    fault(AUTH, "bearer-only-takes-keys", "getMyInfo checkClaimedDomain", before=_builder),
    fault(AUTH, "public-asks-for-a-key", "listProviders getProvider", before=_closed),
    fault(
        AUTH,
        "customer-sees-all",
        "listConnections listInstallations",
        before=_when(_is_customer),
        is_inferred=True,  # only the platform's documentation keeps customers apart
    ),
    fault(
        AUTH,
        "any-bearer-is-let-in",
        "listDestinations createTopic",
        before=_when(lambda c: "authorization" in c.headers and "x-api-key" not in c.headers),
    ),
    fault(
        TENANT,
        "foreign-key-reads",
        "getDestination listTopics getProject",
        before=_when(_is_foreign),
    ),
    fault(TENANT, "foreign-key-writes", _ALL_WRITES, before=_when(_is_foreign)),
    fault(
        TENANT,
        "foreign-key-reads-connections",
        "listConnections getConnection listInstallationsForProject",
        before=_when(_is_foreign),
    ),
    fault(INPUT, "long-topic-name-cut", "createTopic updateTopic", before=_shorten("name", 64)),
    fault(
        INPUT, "odd-characters-dropped", "createTopic createDestination", before=_cleaned("name")
    ),
    fault(
        INPUT,
        "label-not-required",
        "createApiKey createJWTKey",
        before=_default("label", "untitled"),
    ),
    fault(
        INPUT,
        "numbers-as-text",
        "createTopic createApiKey createProviderApp",
        before=_stringly("name", "label", "clientId"),
    ),
    fault(INPUT, "any-event-type", "createEventTopicRoute", before=asked(_known_event)),
    fault(
        INPUT, "destination-type-defaults", "createDestination", before=_default("type", "webhook")
    ),
    fault(INPUT, "group-not-required", "generateConnection", before=_default("groupRef", "anyone")),
    fault(
        INPUT,
        "any-media-type",
        "createTopic createDestination createApiKey",
        before=_any_media_type,
    ),
    fault(INPUT, "names-of-50-at-most", "createTopic", before=_too_strict),
    fault(
        INPUT,
        "unknown-query-refused",
        "listTopics listApiKeys",
        before=_unknown_refused,
        is_inferred=True,  # nobody says that unknown parameters are ignored
    ),
    fault(
        INPUT,
        "crash-on-long-name",
        "createTopic createDestination",
        after=refused(
            lambda call: setattr(call, "status", 500) if len(call.content) > 200 else None
        ),
    ),
)
