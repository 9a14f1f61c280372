"""The published React library installs integrations, in a browser, against a running mock."""

from __future__ import annotations

import re
import time
from pathlib import Path

from mockserver.contract.documents import fixtures_directory
from tests.browser.backend import Backend
from tests.browser.visits import Visit

_REFUSED = "the server responded with a status of"


def test_an_api_key_connects_then_the_integration_is_installed_edited_paused_and_uninstalled(
    visit: Visit, backend: Backend
):
    visit.open(integration="my-integration")
    assert backend.connections() == []
