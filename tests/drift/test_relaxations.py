"""Every relaxation is needed, does what it says, and holds where it should."""

from __future__ import annotations

from typing import Any

import jsonpatch
import orjson
import pytest

from mockserver.contract.contract import Contract, load_api
from mockserver.contract.documents import read_yaml, spec_directory
from mockserver.contract.relaxations import (
    Relaxation,
    bundle_pointer,
    for_requests,
    for_responses,
    read_relaxations,
)
from mockserver.contract.schemas import Schemas

SPEC = spec_directory()
ENTRIES = read_relaxations(SPEC)
EACH = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)


@pytest.fixture(scope="module")
def names() -> dict[str, str]:
    origins = orjson.loads((SPEC / "api.bundle.json").read_bytes())["origins"]
    return {origin: name for name, origin in origins.items()}


@pytest.fixture(scope="module")
def written() -> Schemas:
    """Read the contract to the letter."""
    return Schemas(load_api().document)


@pytest.fixture(scope="module")
def contract() -> Contract:
    return load_api()


@pytest.fixture(scope="module")
def strict() -> Contract:
    return load_api(strict=True)


@EACH
def test_an_entry_changes_its_document(entry: Relaxation):
    document = read_yaml(SPEC / entry.document)

    assert jsonpatch.apply_patch(document, entry.patch) != document


@EACH
def test_an_entry_says_why(entry: Relaxation):
    assert entry.side in {"request", "response"}
    assert entry.reason.strip()
    assert entry.evidence.strip()


@EACH
def test_the_sample_is_refused_as_written_and_taken_once_relaxed(
    entry: Relaxation, names: dict[str, str], written: Schemas, contract: Contract
):
    pointer = bundle_pointer(entry.document, entry.schema, names)

    assert written.violations(pointer, entry.sample)
    assert contract.request_schemas.violations(pointer, entry.sample) == []


@EACH
def test_only_response_entries_hold_for_responses_and_under_strict(
    entry: Relaxation, names: dict[str, str], contract: Contract, strict: Contract
):
    pointer = bundle_pointer(entry.document, entry.schema, names)
    always = entry.side == "response"

    for schemas in (contract.response_schemas, strict.request_schemas, strict.response_schemas):
        assert (schemas.violations(pointer, entry.sample) == []) == always


def test_responses_are_relaxed_in_exactly_two_places():
    changed = {entry.schema for entry in ENTRIES if entry.side == "response"}

    assert changed == {
        "/components/schemas/IntegrationField",
        "/components/schemas/HydratedIntegrationField",
    }
    assert len(for_responses(ENTRIES)) == 2
    assert for_requests(ENTRIES, strict=True) == for_responses(ENTRIES)
    assert for_requests(ENTRIES, strict=False) == ENTRIES


def test_names_are_unique():
    assert len({entry.name for entry in ENTRIES}) == len(ENTRIES)


@pytest.mark.parametrize("strict_mode", [False, True])
def test_what_is_served_is_never_relaxed(strict_mode: bool):
    served: Any = load_api(strict=strict_mode).document

    assert served == orjson.loads((SPEC / "api.bundle.json").read_bytes())["document"]
