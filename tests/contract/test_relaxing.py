"""Relaxations are put into a document, not into the one that is served."""

from __future__ import annotations

import copy
from typing import Any

import jsonpatch
import pytest

from mockserver.contract.relaxations import (
    Relaxation,
    bundle_pointer,
    for_requests,
    for_responses,
    relax,
)

DOCUMENT: dict[str, Any] = {
    "paths": {"/pets": {"post": {"requestBody": {"required": True}}}},
    "components": {"schemas": {"Pet": {"required": ["a"]}, "ZooPet": {"required": ["b"]}}},
}
ORIGINS = {"ZooPet": "zoo/zoo.yaml#/components/schemas/Pet"}


def entry(document: str, path: str, value: Any, *, side: str = "request") -> Relaxation:
    patch = [{"op": "replace", "path": path, "value": value}]
    return Relaxation("one", side, document, "reason", "evidence", patch, path, None)


def test_a_component_of_a_sibling_is_found_under_its_name_in_the_bundle():
    names = {origin: name for name, origin in ORIGINS.items()}
    pointer = "/components/schemas/Pet/required/0"
    assert bundle_pointer("zoo/zoo.yaml", pointer, names) == "/components/schemas/ZooPet/required/0"
    assert bundle_pointer("api/api.yaml", pointer, names) == pointer
    assert bundle_pointer("zoo/zoo.yaml", "/components/schemas/Pet", names) == (
        "/components/schemas/ZooPet"
    )
    assert bundle_pointer("zoo/zoo.yaml", "/paths/~1pets", names) == "/paths/~1pets"


def test_relaxing_changes_a_copy():
    before = copy.deepcopy(DOCUMENT)
    relaxed = relax(
        DOCUMENT, [entry("zoo/zoo.yaml", "/components/schemas/Pet/required", [])], ORIGINS
    )

    assert relaxed["components"]["schemas"] == {
        "Pet": {"required": ["a"]},
        "ZooPet": {"required": []},
    }
    assert before == DOCUMENT


def test_nothing_to_relax_leaves_the_document_as_it_is():
    assert relax(DOCUMENT, [], ORIGINS) == DOCUMENT


def test_an_entry_that_fits_nothing_stops_the_start():
    lost = entry("api/api.yaml", "/components/schemas/Pet/nope", 1)
    with pytest.raises(jsonpatch.JsonPatchConflict):
        relax(DOCUMENT, [lost], ORIGINS)


def test_which_entries_hold_where():
    asked, answered = entry("a", "/x", 1), entry("a", "/x", 1, side="response")
    entries = [asked, answered]
    assert for_requests(entries, strict=False) == entries
    assert for_requests(entries, strict=True) == [answered]
    assert for_requests(entries, strict=False, dropped=["one"]) == [answered]
    assert for_responses(entries) == [answered]
