"""Answers that break the contract by themselves, and secrets that get out."""

from __future__ import annotations

from typing import Any

from tests.mutants.faulty import Call, Fault, Json
from tests.mutants.making import (
    answering,
    edited,
    fault,
    granted,
    listed,
    refused,
    setting,
    typed,
    without,
)

STATUS, SHAPE, SECRET = "status and media type", "schema", "secret"


def _other_status(call: Call) -> None:
    result = call.result
    if isinstance(result, dict):
        result["status"] = 500 if call.status != 500 else 400
        call.result = result


def _no_content(call: Call) -> None:
    call.status, call.answer = 204, b""


def _quoted(call: Call) -> None:
    call.result = call.answer.decode()


def _wrapped(call: Call) -> None:
    call.result = {"items": call.result}


def _same_request_id(call: Call) -> None:
    result = call.result
    if isinstance(result, dict):
        result["requestId"] = "89eb1ffb-2a54-4105-aaae-7bf990f1aa69#1"
        call.result = result


def _nested_time(call: Call) -> None:
    result = call.result
    for record in result if isinstance(result, list) else [result]:
        if isinstance(record, dict) and isinstance(record.get("group"), dict):
            record["group"].pop("createTime", None)
    call.result = result


def _stored(table: str, field: str, name: str) -> Any:
    """Show a field that the mock keeps for itself."""

    def change(record: dict[str, Any], call: Call) -> None:
        row = call.mock.sandbox.root.tables[table].get(str(record.get("id"))) or {}
        value: Json = row
        for part in field.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        if value is not None:
            record[name] = value

    return edited(change)


def _echo_request(call: Call) -> None:
    result = call.result
    if isinstance(result, dict):
        result["detail"] = f"{result.get('detail')} (got {call.content.decode(errors='replace')})"
        call.result = result


def _first_item(change: Any) -> Any:
    def step(items: list[Any], call: Call) -> list[Any]:
        for item in items[-1:]:
            change(item, call)
        return items

    return listed(step)


FAULTS: tuple[Fault, ...] = (
    fault(STATUS, "create-is-200", "createTopic createDestination", after=answering(200)),
    fault(STATUS, "create-provider-app-is-201", "createProviderApp", after=answering(201)),
    fault(
        STATUS,
        "delete-is-200-with-body",
        "deleteTopic",
        after=answering(200, {}, "application/json"),
    ),
    fault(STATUS, "delete-is-202", "deleteDestination deleteConnection", after=answering(202)),
    fault(STATUS, "update-is-204", "updateTopic", after=granted(_no_content)),
    fault(
        STATUS,
        "create-integration-with-body",
        "createIntegration createRevision",
        after=answering(201, {"ok": True}, "application/json"),
    ),
    fault(
        STATUS,
        "problems-are-json",
        "createTopic getConnection getDestination",
        after=refused(typed("application/json")),
    ),
    fault(
        STATUS,
        "jwt-problems-are-problem-json",
        "getJWTKey deleteJWTKey",
        after=refused(typed("application/problem+json")),
    ),
    fault(STATUS, "text-is-json", "oauthConnect", after=granted(typed("application/json"))),
    fault(STATUS, "problem-status-differs", "*", after=refused(_other_status)),
    fault(
        STATUS,
        "conflict-is-500",
        "createTopic",
        after=refused(
            lambda call: setattr(call, "status", 500 if call.status == 409 else call.status)
        ),
    ),
    fault(STATUS, "html-list", "listTopics", after=granted(typed("text/html"))),
    fault(SHAPE, "text-is-quoted", "oauthConnect", after=granted(_quoted)),
    fault(SHAPE, "list-is-wrapped", "listDestinations listApiKeys", after=granted(_wrapped)),
    fault(SHAPE, "create-time-missing", "listTopics getDestination", after=without("createTime")),
    fault(SHAPE, "create-without-id", "createTopicDestinationRoute", after=without("id")),
    fault(SHAPE, "null-name", "listIntegrations", after=setting(name=None)),
    fault(
        SHAPE,
        "status-outside-enum",
        "listConnections getConnection",
        after=setting(status="connected"),
    ),
    fault(
        SHAPE,
        "active-is-text",
        "listApiKeys",
        after=edited(lambda r, _: r.update(active=str(r.get("active")).lower())),
    ),
    fault(SHAPE, "time-is-number", "createTopic", after=setting(createTime=1767225600)),
    fault(
        SHAPE,
        "time-without-zone",
        "getIntegration",
        after=setting(createTime="2026-01-05 09:00:00"),
    ),
    fault(
        SHAPE,
        "group-without-time",
        "getInstallation listInstallations",
        after=granted(_nested_time),
    ),
    fault(
        SHAPE,
        "one-item-lacks-type",
        "listDestinations",
        after=_first_item(lambda item, _: item.pop("type", None)),
    ),
    fault(
        SHAPE,
        "config-without-content",
        "getInstallation",
        after=edited(lambda r, _: r.get("config", {}).pop("content", None)),
    ),
    fault(
        SHAPE,
        "catalog-name-missing",
        "listProviders",
        after=granted(
            lambda call: setattr(
                call,
                "result",
                {k: {f: v for f, v in p.items() if f != "name"} for k, p in call.result.items()},
            )
        ),
    ),
    fault("request id", "same-request-id", "*", after=refused(_same_request_id)),
    fault(
        SECRET,
        "client-secret-listed",
        "listProviderApps",
        after=_stored("providerApps", "clientSecret", "clientSecret"),
    ),
    fault(
        SECRET,
        "client-secret-in-create",
        "createProviderApp",
        after=edited(lambda r, call: r.update(clientSecret=(call.body or {}).get("clientSecret"))),
    ),
    fault(
        SECRET,
        "signing-key-without-asking",
        "getDestination",
        before=lambda call: call.query.update(includeSecrets="true"),
    ),
    fault(
        SECRET,
        "credentials-without-asking",
        "getConnection",
        before=lambda call: call.query.update(includeCreds="true"),
    ),
    fault(
        SECRET,
        "refresh-token-with-creds",
        "getConnection",
        before=lambda call: (
            call.query.update(includeRefreshToken="true") if "includeCreds" in call.query else None
        ),
    ),
    fault(
        SECRET,
        "credentials-listed",
        "listConnections",
        after=_stored(
            "connections", "credentials.oauth2AuthorizationCode", "oauth2AuthorizationCode"
        ),
    ),
    fault(
        SECRET,
        "api-key-of-connection-listed",
        "listConnections generateConnection",
        after=_stored("connections", "credentials.apiKey", "apiKey"),
    ),
    fault(
        SECRET,
        "aws-secret-shown",
        "getDestination createDestination",
        after=edited(
            lambda r, call: r.setdefault("metadata", {}).update(
                awsSecretKey=((call.body or {}).get("secrets") or {}).get("awsSecretKey", "AKIA")
            )
        ),
    ),
    fault(
        SECRET,
        "problem-repeats-request",
        "generateConnection createProviderApp",
        after=refused(_echo_request),
    ),
)
