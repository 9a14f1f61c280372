"""How handlers are marked and found."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from mockserver.contract.contract import load_api
from mockserver.handlers.call import Call, collect, operation
from mockserver.handlers.registry import platform_handlers
from mockserver.resources.principals import API_KEY, Principal


def module(**members: Any) -> ModuleType:
    made = ModuleType("made")
    vars(made).update(members)
    return made


def test_marked_functions_are_found_by_their_operation():
    @operation("listThings")
    def list_things() -> None: ...

    def unmarked() -> None: ...

    assert collect([module(a=list_things, b=unmarked, c=5)]) == {"listThings": list_things}


def test_a_function_that_two_modules_import_is_one_handler():
    @operation("listThings")
    def list_things() -> None: ...

    assert collect([module(a=list_things), module(b=list_things)]) == {"listThings": list_things}


def test_two_functions_for_one_operation_are_refused():
    @operation("listThings")
    def first() -> None: ...

    @operation("listThings")
    def second() -> None: ...

    with pytest.raises(ValueError, match="two functions are marked as the operation listThings"):
        collect([module(a=first, b=second)])


def test_every_operation_of_the_contract_has_a_handler_and_nothing_else_has():
    assert platform_handlers().keys() == load_api().operations.keys()


def test_an_operation_of_builders_is_not_run_for_anybody_else():
    call: Any = object.__new__(Call)
    call.principal = Principal(API_KEY, "project")

    with pytest.raises(TypeError):
        _ = call.builder
