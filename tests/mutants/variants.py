"""Implementations that differ from the mock and are right all the same: nothing may be said."""

from __future__ import annotations

import asyncio
import gzip
import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from tests.mutants.faulty import Call, Fault
from tests.mutants.making import edited, fault, granted, listed, refused

LEGAL = "legal variant"
_UUID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
_OTHER = re.compile(r"\bobj_[0-9a-f]{32}\b")
_TIME = re.compile(r'"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d{6})Z"')


def _to_other(text: str) -> str:
    return _UUID.sub(lambda m: "obj_" + m[0].replace("-", ""), text)


def _to_uuid(text: str) -> str:
    def back(match: re.Match[str]) -> str:
        digits = match[0][4:]
        cuts = (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])
        return "-".join(cuts)

    return _OTHER.sub(back, text)


def _ids_in(call: Call) -> None:
    call.path = _to_uuid(call.path)
    call.query = {name: _to_uuid(value) for name, value in call.query.items()}
    content = _to_uuid(call.content.decode("utf-8", "surrogateescape"))
    call.content = content.encode("utf-8", "surrogateescape")
    if "content-length" in call.headers:
        call.headers["content-length"] = str(len(call.content))


#: Projects are named by UUIDs in JWT keys, by the contract's format, and organizations in projects;
#: the addresses of uploads are signed.
_WITH_UUIDS = re.compile(r"^(list|create|get|update)Projects?$|Org|JWT|MyInfo|Domain|Invite|Upload")
_PROJECT = re.compile(r'("projectId": ?")(obj_[0-9a-f]{32})')


def _ids_out(call: Call) -> None:
    if not _WITH_UUIDS.search(call.operation_id):
        text = _to_other(call.answer.decode())
        call.answer = _PROJECT.sub(lambda m: m[1] + _to_uuid(m[2]), text).encode()


def _times(write: Any) -> Any:
    def step(call: Call) -> None:
        text = call.answer.decode()
        call.answer = _TIME.sub(lambda m: f'"{write(m[1], m[2])}"', text).encode()

    return granted(step)


def _with_offset(seconds: str, fraction: str) -> str:
    moment = datetime.fromisoformat(f"{seconds}.{fraction}+00:00")
    return moment.astimezone(timezone(timedelta(hours=2))).isoformat(timespec="microseconds")


def _in_utc(seconds: str, fraction: str) -> str:
    moment = datetime.fromisoformat(f"{seconds}.{fraction}+00:00").astimezone(UTC)
    return moment.isoformat(timespec="milliseconds")


def _hide(call: Call) -> None:
    if call.status == 403:
        call.status = 404
        result = call.result
        call.result = {**result, "status": 404, "title": "Not Found"}


def _show(call: Call) -> None:
    """403 for what is not there, where only `default` declares either."""
    declared = call.mock.contract.operations[call.operation_id].answers
    if call.status == 404 and "404" not in declared and "default" in declared:
        call.status = 403
        call.result = {**call.result, "status": 403, "title": "Forbidden"}


def _other_texts(call: Call) -> None:
    result = call.result
    if isinstance(result, dict) and "status" in result:
        short = {k: result[k] for k in ("status", "issues") if k in result}
        call.result = {
            **short,
            "title": "No",
            "detail": "It is not possible.",
            "type": "about:blank",
        }


def _no_issues(call: Call) -> None:
    result = call.result
    if isinstance(result, dict):
        result.pop("issues", None)
        result.pop("requestId", None)
        call.result = result


def _more(record: dict[str, Any], call: Call) -> None:
    if call.operation_id != "listProviders":  # a map: a further name in it is a provider
        record.update(_links={"self": "/"}, version=3)


def _bare_error(call: Call) -> None:
    """Say nothing that the schema of problems knows: all of its fields are optional."""
    call.result = {"error": "something went wrong"}


def _zipped(call: Call) -> None:
    if call.answer:
        call.answer = gzip.compress(call.answer)
        call.answer_headers["content-encoding"] = "gzip"


async def _slow(call: Call) -> None:
    await asyncio.sleep(0.02)


def _spaced(call: Call) -> None:
    if "json" in call.answer_headers.get("content-type", ""):
        call.answer = b"\n " + call.answer.replace(b'","', b'",\n  "') + b"\n"
        call.answer_headers["content-type"] += "; charset=utf-8"


def _either(call: Call) -> None:
    """400 and 422 the other way round, where the contract declares both."""
    declared = call.mock.contract.operations[call.operation_id].answers
    if call.status in {400, 422} and {"400", "422"} <= declared.keys():
        call.status = 822 - call.status
        result = call.result
        call.result = {**result, "status": call.status}


def _sorted_by_name(items: list[Any], _: Call) -> list[Any]:
    return sorted(items, key=lambda item: str(item.get("name") or item.get("id")))


VARIANTS: tuple[Fault, ...] = (
    fault(LEGAL, "other-id-shapes", "*", before=_ids_in, after=_ids_out),
    fault(
        LEGAL,
        "extra-fields",
        "*",
        after=edited(_more),
    ),
    fault(
        LEGAL,
        "extra-headers",
        "*",
        after=lambda call: call.answer_headers.update(
            {"x-served-by": "node-7", "etag": '"abc"', "cache-control": "no-store"}
        ),
    ),
    fault(LEGAL, "lists-newest-first", "*", after=listed(lambda items, _: items[::-1])),
    fault(LEGAL, "lists-by-name", "*", after=listed(_sorted_by_name)),
    fault(LEGAL, "absent-for-forbidden", "*", after=refused(_hide)),
    fault(LEGAL, "forbidden-for-absent", "*", after=refused(_show)),
    fault(LEGAL, "times-with-offset", "*", after=_times(_with_offset)),
    fault(LEGAL, "times-in-milliseconds", "*", after=_times(lambda s, f: f"{s}.{f[:3]}Z")),
    fault(LEGAL, "times-in-seconds", "*", after=_times(lambda s, _: f"{s}Z")),
    fault(LEGAL, "times-with-zero-offset", "*", after=_times(_in_utc)),
    fault(LEGAL, "slow-answers", "*", before=_slow),
    fault(LEGAL, "gzip", "*", after=_zipped),
    fault(LEGAL, "other-problem-texts", "*", after=refused(_other_texts)),
    fault(LEGAL, "no-issues-no-request-id", "*", after=refused(_no_issues)),
    fault(LEGAL, "bare-errors", "*", after=refused(_bare_error)),
    fault(LEGAL, "spaced-json-with-charset", "*", after=_spaced),
    fault(LEGAL, "400-and-422-swapped", "*", after=refused(_either)),
)
