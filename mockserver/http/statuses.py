"""Which status a kind of mistake gets: the preferred one that the operation declares."""

from __future__ import annotations

from collections.abc import Mapping

from mockserver.contract.operations import Operation
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
    Kind.DEFECT: (500,),
}

#: Operations that answer a kind with the status of a setting.
EXCEPTIONS: Mapping[tuple[str, Kind], str] = {
    ("createInstallation", Kind.CONFLICT): "duplicate_installation_status",
    ("deleteConnection", Kind.IN_USE): "delete_connection_in_use_status",
}


def choose_status(operation: Operation, kind: Kind, settings: Settings) -> int:
    """Return the status of a mistake in an operation.

    The first preferred status that the operation names; if it names none, the first.
    """
    exception = EXCEPTIONS.get((operation.operation_id, kind))
    if exception is not None:
        status: int = getattr(settings, exception)
        return status
    preferred = PREFERRED[kind]
    named = (status for status in preferred if str(status) in operation.answers)
    return next(named, preferred[0])
