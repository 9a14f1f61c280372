"""Loads fixtures that a test writes itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mockserver.contract.contract import Contract, load_api
from mockserver.contract.documents import spec_directory
from mockserver.resources.providers import Catalog, load_catalog
from mockserver.seeding import loader
from mockserver.seeding.source import FixtureError, read
from mockserver.settings import Settings
from mockserver.state.root import ClockState, Root

#: What most sections hang on. Twelve lines: what a test adds starts at line 13.
WORLD = """\
orgs:
  - id: org-1
    label: Acme
builders:
  - id: builder-1
    idpRef: user_jane
    primaryEmail: jane@acme.com
projects:
  - id: 3b1f6f0e-4c8d-4a7b-9e2f-5d6c7b8a9f01
    name: shop
    appName: Shop
    orgId: Acme
"""


@dataclass(frozen=True)
class Seeding:
    """Loads texts as fixtures."""

    path: Path
    contract: Contract
    catalog: Catalog

    def load(self, text: str, **settings: Any) -> Root:
        """Return the world that `text` describes."""
        self.path.write_text(text, encoding="utf-8")
        return loader.load(
            read(self.path),
            settings=Settings(**settings),
            catalog=self.catalog,
            contract=self.contract,
            clock_state=ClockState(),
        )

    def refusal(self, text: str) -> str:
        """Return why `text` is refused: `LINE: reason`, without the path that stands in front."""
        with pytest.raises(FixtureError) as refused:
            self.load(text)
        message = str(refused.value)
        assert message.startswith(f"{self.path}:")
        assert "\n" not in message
        return message.removeprefix(f"{self.path}:").strip()

    def records(self, text: str, section: str, **settings: Any) -> list[dict[str, Any]]:
        """Return the records of a section of the world that `text` describes."""
        return [dict(record) for record in self.load(text, **settings).tables[section]]


@pytest.fixture(scope="session")
def contract() -> Contract:
    return load_api()


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load_catalog(spec_directory() / "catalog" / "providers.tsv")


@pytest.fixture
def seeding(tmp_path: Path, contract: Contract, catalog: Catalog) -> Seeding:
    return Seeding(tmp_path / "my.yaml", contract, catalog)


@pytest.fixture
def refusal(seeding: Seeding) -> Callable[[str], str]:
    return seeding.refusal
