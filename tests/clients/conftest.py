"""What clients are generated from: the bundle that the mock serves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mockserver.contract.contract import Contract, load_api


@pytest.fixture(scope="session")
def contract() -> Contract:
    return load_api()


@pytest.fixture(scope="session")
def built(contract: Contract) -> set[str]:
    """Return the operationIds that answer."""
    return set(contract.operations)


@pytest.fixture(scope="session")
def bundle_file(contract: Contract, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Save the contract as one document, as a user would."""
    path: Path = tmp_path_factory.mktemp("contract") / "openapi.json"
    document: dict[str, Any] = contract.document
    path.write_text(json.dumps(document), encoding="utf-8")
    return path
