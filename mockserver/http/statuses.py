"""Which status a kind of mistake gets: the preferred one that the operation declares."""

from __future__ import annotations

from collections.abc import Mapping

from mockserver.contract.operations import Answer, Operation
from mockserver.rules.errors import Kind
from mockserver.settings import Settings

#: Preferred statuses of each kind, best first. A kind with one status never becomes another.
PREFERRED: Mapping[Kind, tuple[int, ...]] = {
    Kind.INVALID: (400, 422),
    Kind.UNPROCESSABLE: (422, 400),
    Kind.CONFLICT: (409, 422, 400),
    Kind.IN_USE: (422, 409, 400),
    Kind.NOT_FOUND: (404,),
    Kind.FORBIDDEN: (403,),
    Kind.UNAUTHENTICATED: (401,),
    Kind.TOO_LARGE: (413,),
    Kind.MEDIA_TYPE: (415,),
    Kind.THROTTLED: (429,),
    Kind.METHOD: (405,),
    Kind.FULL: (503,),
    Kind.DEFECT: (500,),
}

#: Operations that answer a kind with the status of a setting.
EXCEPTIONS: Mapping[tuple[str, Kind], str] = {
    ("createInstallation", Kind.CONFLICT): "duplicate_installation_status",
    ("deleteConnection", Kind.IN_USE): "delete_connection_in_use_status",
}


def choose_status(operation: Operation, kind: Kind, settings: Settings) -> int:
    """Return the status of a mistake in an operation.

    The first preferred status that the operation names for a problem; if it names none, the first.
    """
    exception = EXCEPTIONS.get((operation.operation_id, kind))
    if exception is not None:
        status: int = getattr(settings, exception)
        return status
    preferred = PREFERRED[kind]
    answers = operation.answers
    named = (one for one in preferred if str(one) in answers and _is_problem(answers[str(one)]))
    return next(named, preferred[0])


def _is_problem(answer: Answer) -> bool:
    """Tell whether a declared answer says what was wrong with a request: as a problem or in words.

    Writes declare 422 for results, which no refusal can be written as.
    """
    content = answer.content
    if content is None or content.media_type == "text/plain":
        return True
    return (content.component or "").endswith("Problem")
