"""The code and the contracts' operations are the same, one for one: 81 of the platform's API."""

from __future__ import annotations

import inspect
import re

import pytest

from mockserver.contract.contract import HOSTS, load_api, load_hosts
from mockserver.contract.operations import Operation
from mockserver.handlers.registry import host_handlers, platform_handlers
from mockserver.http import access
from mockserver.http.parameters import snake_case
from mockserver.http.routing import Router
from mockserver.http.statuses import EXCEPTIONS
from mockserver.settings import Settings
from tests.client import Client
from tests.paths import path_of

API = load_api()
OPERATIONS = API.operations
HANDLERS = platform_handlers()
#: Of the APIs with hosts of their own, by prefix.
OTHERS = {f"/{host}/v1": contract.operations for host, contract in load_hosts().items()}
EVERY = {
    **OPERATIONS,
    **{name: one for operations in OTHERS.values() for name, one in operations.items()},
}
EVERY_HANDLER = {**HANDLERS, **{n: h for host in HOSTS for n, h in host_handlers(host).items()}}
EACH = pytest.mark.parametrize("operation", EVERY.values(), ids=lambda o: o.operation_id)


def prefix_of(operation: Operation) -> str:
    found = (prefix for prefix, own in OTHERS.items() if operation.operation_id in own)
    return next(found, "/v1")


def siblings(operation: Operation) -> list[Operation]:
    return list(OTHERS.get(prefix_of(operation), OPERATIONS).values())


def test_there_are_81_operations_and_each_has_its_handler():
    assert len(OPERATIONS) == 81
    assert set(HANDLERS) == set(OPERATIONS)


def test_every_other_api_has_its_handlers():
    for host in HOSTS:
        assert set(host_handlers(host)) == set(OTHERS[f"/{host}/v1"])
    assert len(EVERY) == len(EVERY_HANDLER) == 81 + 6


@EACH
def test_an_operation_has_exactly_one_success(operation: Operation):
    assert [s for s in operation.answers if s.startswith("2")] == [operation.success.status]


@pytest.mark.parametrize("operation_id", EVERY_HANDLER)
def test_a_handler_takes_the_contracts_parameters(operation_id: str):
    operation, handler = EVERY[operation_id], EVERY_HANDLER[operation_id]
    tenant = access.tenant_parameter(operation)
    wanted = {snake_case(p.name) for p in operation.parameters if p.name != tenant}
    wanted |= {"body"} if operation.bodies else set()

    call, *others = inspect.signature(handler).parameters.values()

    assert call.name == "call"
    assert {parameter.name for parameter in others} == wanted
    assert all(parameter.kind is parameter.KEYWORD_ONLY for parameter in others)
    assert all(parameter.default is parameter.empty for parameter in others)
    assert handler.__name__ == snake_case(operation_id)


@EACH
def test_the_parameters_of_a_template_are_declared(operation: Operation):
    declared = [p.name for p in operation.parameters if p.place == "path"]

    assert sorted(re.findall(r"\{(\w+)\}", operation.path)) == sorted(declared)
    assert {p.place for p in operation.parameters} <= {"path", "query"}


@EACH
def test_a_template_leads_to_its_operation(operation: Operation):
    router: Router[str] = Router()
    for one in siblings(operation):
        router.add(one.method, one.path, one.operation_id)

    match = router.match(path_of(operation))

    assert match is not None
    assert match.methods[operation.method] == operation.operation_id
    assert len(match.values) == operation.path.count("{")


@EACH
def test_the_application_serves_every_operation(operation: Operation, anonymous: Client):
    path = prefix_of(operation) + path_of(operation)
    answer = anonymous.call(operation.method, path, root=True)

    if operation.is_public:
        assert answer.status in {200, 404}
        assert "no operation has the path" not in answer.body.decode()
    else:
        assert answer.status == 401, answer.body


@EACH
def test_another_method_names_the_contracts_methods(operation: Operation, client: Client):
    same = {o.method for o in siblings(operation) if path_of(o) == path_of(operation)}

    answer = client.call("TRACE", prefix_of(operation) + path_of(operation), root=True)

    assert answer.status == 405
    assert set(answer.headers["allow"].split(", ")) >= same | {"OPTIONS"}


@pytest.mark.parametrize(
    "names",
    [
        access.FRONTEND,
        access.BUILDERS_UPSTREAM,
        access.OPEN_TO_OUTSIDERS,
        {name for name, _ in EXCEPTIONS},
    ],
    ids=["FRONTEND", "BUILDERS_UPSTREAM", "OPEN_TO_OUTSIDERS", "EXCEPTIONS"],
)
def test_tables_name_operations_of_the_contract(names: set[str]):
    assert names <= set(OPERATIONS)


def test_tables_of_organizations_name_their_operations():
    for name in access.BUILDERS_UPSTREAM | access.OPEN_TO_OUTSIDERS:
        assert access.tenant_parameter(OPERATIONS[name]) == "orgId"
    for name in access.BUILDERS_UPSTREAM:
        assert not access.takes_bearer_only(OPERATIONS[name])


def test_statuses_of_exceptions_come_from_settings():
    for name in EXCEPTIONS.values():
        assert isinstance(getattr(Settings(), name), int)
