"""What the tests of the pipeline share."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mockserver.app import Mock


@pytest.fixture
def is_unchanged(mock: Mock) -> Callable[[], bool]:
    """Tell whether the world is what it was when the test began, except for its request numbers."""
    before = mock.sandbox.root

    def compare() -> bool:
        now = mock.sandbox.root
        return now.tables is before.tables and now.counters is before.counters

    return compare
