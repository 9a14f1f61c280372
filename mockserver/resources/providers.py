"""The catalog of providers: global, read-only, built from the table of facts.

What the table leaves empty is left out or, where the contract requires it, empty or false.
"""

from __future__ import annotations

import csv
import difflib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mockserver.resources.object_catalog import ObjectCatalog

#: Support codes of the table, by the name in the contract.
_SUPPORT: Mapping[str, str] = {
    "read": "r",
    "write": "w",
    "subscribe": "s",
    "proxy": "p",
    "delete": "d",
}
_BULK: Mapping[str, str] = {"insert": "i", "update": "u", "upsert": "s", "delete": "d"}
_API_KEY = re.compile(r'(?P<place>header|query):(?P<name>\S+)(?: prefix="(?P<prefix>[^"]*)")?')


@dataclass(frozen=True)
class Catalog:
    """Every provider by its key, as the contract's CatalogType, and what pretend ones know."""

    providers: Mapping[str, dict[str, Any]]
    objects: ObjectCatalog = field(default_factory=ObjectCatalog)

    def get(self, name: str) -> dict[str, Any] | None:
        """Return a provider, or None. Keys are case-sensitive."""
        return self.providers.get(name)

    def remedy(self, name: str) -> str:
        """Return what to do about an unknown provider: the nearest key, or the list."""
        nearest = difflib.get_close_matches(name[:64], self.providers, n=1, cutoff=0.6)
        folded = [key for key in self.providers if key.lower() == name.lower()]
        hint = f"did you mean {(folded or nearest)[0]}? " if folded or nearest else ""
        return f"{hint}GET /providers lists them all"


def load_catalog(table: Path, replacement: Path | None = None) -> Catalog:
    """Read the catalog.

    Args:
        table: the tab-separated facts; the providers' objects lie in the folder beside it.
        replacement: a JSON file to serve instead: a map of providers, or `{"catalog": map}`.

    Raises:
        OSError: a file cannot be read.
        ValueError: the replacement is no JSON object.
    """
    objects = ObjectCatalog(table.parent / "objects")
    if replacement is not None:
        content = json.loads(replacement.read_text(encoding="utf-8"))
        providers = content.get("catalog", content) if isinstance(content, dict) else None
        if not isinstance(providers, dict):
            raise ValueError("not an object of providers")
        return Catalog(providers, objects)
    with table.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        return Catalog({row["provider"]: provider(row) for row in rows}, objects)


def provider(row: Mapping[str, str]) -> dict[str, Any]:
    """Return one row of the table as a ProviderInfo."""
    info: dict[str, Any] = {
        "name": row["provider"],
        "displayName": row["displayName"],
        "authType": row["authType"],
        "baseURL": row["baseURL"],
        "defaultModule": row["defaultModule"],
        "support": _support(row),
    }
    info.update(_auth(row))
    if row["modules"]:
        info["modules"] = {name: _module(name, row) for name in row["modules"].split(",")}
    if row["inputs"]:
        info["metadata"] = {"input": [_input(name, row) for name in row["inputs"].split(",")]}
    return info


def _input(name: str, row: Mapping[str, str]) -> dict[str, Any]:
    """Return a value to ask customers for.

    Assumed: of a provider with modules, a value that no address of its has a place for is needed
    by the modules other than the default one (Salesforce's businessUnitId, LinkedIn's adAccountId).
    """
    item: dict[str, Any] = {"name": name}
    others = [module for module in row["modules"].split(",") if module != row["defaultModule"]]
    if row["modules"] and others and f".{name}}}}}" not in row["baseURL"] + row["authURL"]:
        item["moduleDependencies"] = {module: {} for module in others}
    return item


def _support(row: Mapping[str, str]) -> dict[str, Any]:
    return {
        **{name: code in row["support"] for name, code in _SUPPORT.items()},
        "bulkWrite": {name: code in row["bulkWrite"] for name, code in _BULK.items()},
        "search": {"operators": {"equals": row["searchEquals"] == "y"}},
    }


def _module(name: str, row: Mapping[str, str]) -> dict[str, Any]:
    return {"displayName": name, "baseURL": row["baseURL"], "support": _support(row)}


def _auth(row: Mapping[str, str]) -> dict[str, Any]:
    if row["authType"] == "oauth2":
        return {"oauth2Opts": _oauth2(row)}
    if row["authType"] == "apiKey":
        return {"apiKeyOpts": _api_key(row["apiKey"])}
    return {}


def _oauth2(row: Mapping[str, str]) -> dict[str, Any]:
    options: dict[str, Any] = {
        "grantType": row["grantType"],
        "tokenURL": row["tokenURL"],
        "explicitScopesRequired": row["explicitScopes"] == "y",
        "explicitWorkspaceRequired": row["explicitWorkspace"] == "y",
        "tokenMetadataFields": {},
    }
    if row["authURL"]:
        options["authURL"] = row["authURL"]
    return options


def _api_key(text: str) -> dict[str, Any]:
    match = _API_KEY.fullmatch(text)
    if match is None:
        raise ValueError(f"cannot read the API key rule {text!r}")
    attachment = {"name": match["name"]}
    if match["prefix"]:
        attachment["valuePrefix"] = match["prefix"]
    return {"attachmentType": match["place"], match["place"]: attachment}
