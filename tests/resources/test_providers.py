"""The built-in catalog of providers, and one of ones own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mockserver.contract.contract import load_api
from mockserver.contract.documents import spec_directory
from mockserver.resources.providers import Catalog, load_catalog
from tests.client import Client
from tests.conftest import make_mock

TABLE = spec_directory() / "catalog" / "providers.tsv"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog(TABLE)


def test_the_catalog_is_what_the_contract_says_a_catalog_is(catalog: Catalog):
    schemas = load_api().response_schemas
    assert schemas.violations("/components/schemas/CatalogType", dict(catalog.providers)) == []


def test_every_provider_says_how_it_is_signed_in_to(catalog: Catalog):
    for name, provider in catalog.providers.items():
        assert provider["name"] == name
        options = {"oauth2": "oauth2Opts", "apiKey": "apiKeyOpts"}.get(provider["authType"])
        assert options is None or options in provider


def test_names_are_compared_exactly_and_a_hint_is_given(catalog: Catalog):
    assert catalog.get("hubspot") is not None
    assert catalog.get("HubSpot") is None
    assert catalog.remedy("HubSpot").startswith("did you mean hubspot? ")
    assert catalog.remedy("hubspt").startswith("did you mean hubspot? ")
    assert catalog.remedy("zzzzzz") == "GET /providers lists them all"


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_catalog_of_ones_own_takes_the_place_of_the_built_in_one(
    catalog: Catalog, tmp_path: Path, wrapped: bool
):
    own = {"mine": {**catalog.providers["hubspot"], "name": "mine"}}
    path = tmp_path / "catalog.json"
    path.write_text(json.dumps({"catalog": own} if wrapped else own), encoding="utf-8")
    mock = make_mock(fixture="empty", catalog=str(path))

    assert Client(mock, key=None).get("/providers").json == own
    assert Client(mock, key=None).get("/providers/hubspot").status == 404
