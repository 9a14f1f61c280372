"""Which status a kind of mistake gets, by what an operation declares."""

from __future__ import annotations

import pytest

from mockserver.contract.operations import Answer, Operation
from mockserver.http.statuses import EXCEPTIONS, PREFERRED, choose_status
from mockserver.rules.errors import Kind
from mockserver.settings import Settings, read_settings


def operation(*declared: str, operation_id: str = "doIt") -> Operation:
    answers = {status: Answer(status, ()) for status in ("200", *declared)}
    return Operation(operation_id, "GET", "/x", "", "", (), False, (), answers, frozenset())


@pytest.mark.parametrize(
    ("kind", "declared", "status"),
    [
        (Kind.INVALID, ("400", "422"), 400),
        (Kind.INVALID, ("422", "400"), 400),
        (Kind.INVALID, ("422", "default"), 422),
        (Kind.INVALID, ("default",), 400),
        (Kind.INVALID, (), 400),
        (Kind.INVALID, ("409",), 400),
        (Kind.UNPROCESSABLE, ("400", "422"), 422),
        (Kind.UNPROCESSABLE, ("400", "default"), 400),
        (Kind.UNPROCESSABLE, ("default",), 422),
        (Kind.CONFLICT, ("400", "409", "422"), 409),
        (Kind.CONFLICT, ("400", "422"), 422),
        (Kind.CONFLICT, ("400",), 400),
        (Kind.CONFLICT, ("default",), 409),
        (Kind.IN_USE, ("400", "409", "422"), 422),
        (Kind.IN_USE, ("400", "409"), 409),
        (Kind.IN_USE, ("400",), 400),
        (Kind.IN_USE, ("default",), 422),
    ],
)
def test_the_first_preferred_status_that_is_declared_counts(
    kind: Kind, declared: tuple[str, ...], status: int
):
    assert choose_status(operation(*declared), kind, Settings()) == status


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (Kind.UNAUTHENTICATED, 401),
        (Kind.FORBIDDEN, 403),
        (Kind.NOT_FOUND, 404),
        (Kind.METHOD, 405),
        (Kind.TOO_LARGE, 413),
        (Kind.MEDIA_TYPE, 415),
        (Kind.THROTTLED, 429),
        (Kind.DEFECT, 500),
    ],
)
@pytest.mark.parametrize("declared", [(), ("400", "422"), ("default",)])
def test_these_never_become_another_status(kind: Kind, status: int, declared: tuple[str, ...]):
    assert choose_status(operation(*declared), kind, Settings()) == status


def test_every_kind_has_a_status():
    assert set(PREFERRED) == set(Kind)


@pytest.mark.parametrize("chosen", [400, 409, 422])
@pytest.mark.parametrize(
    ("operation_id", "kind", "setting"),
    [
        ("createInstallation", Kind.CONFLICT, "duplicate_installation_status"),
        ("deleteConnection", Kind.IN_USE, "delete_connection_in_use_status"),
    ],
)
def test_some_statuses_are_a_setting(operation_id: str, kind: Kind, setting: str, chosen: int):
    settings = read_settings({setting: chosen}, {})
    declared = operation("400", "422", "default", operation_id=operation_id)

    assert choose_status(declared, kind, settings) == chosen
    assert choose_status(declared, Kind.NOT_FOUND, settings) == 404


def test_without_a_setting_they_are_400():
    for operation_id, kind in EXCEPTIONS:
        assert choose_status(operation("422", operation_id=operation_id), kind, Settings()) == 400
