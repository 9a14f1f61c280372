"""A path for every operation, so that each can be called."""

from __future__ import annotations

import re

from mockserver.contract.operations import Operation

#: What path parameters name in the acme fixture; other values need not exist.
EXAMPLES = {"projectIdOrName": "my-project", "orgId": "9f7c3e2a-61b8-4f5c-8d1a-eb24f3b05d79"}


def path_of(operation: Operation) -> str:
    """Return the template of an operation with its parameters filled in."""
    return re.sub(r"\{(\w+)\}", lambda m: EXAMPLES.get(m[1], "some-value"), operation.path)
