"""The APIs with hosts of their own have the structure that was given, whatever our texts say."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from mockserver.contract.contract import HOSTS, load_hosts
from mockserver.contract.documents import read_yaml, spec_directory

#: SHA-256 of the documents without texts, keys in order. `search` is ours as a whole.
STRUCTURES = {
    "read": "54d9c03710ce01089af6133b1b0336251d76daef591de81d57e13e8907f79961",
    "write": "eefb8ea2885602be7067cf3757337f0e36052ef42c32e12c8193d81c3575141d",
}
CONTRACTS = load_hosts()
#: Each operation, its success, and how it says that a request is wrong.
ANSWERS = {
    "triggerRead": ("201", "application/json", "application/json"),
    "deliverResults": ("204", None, "application/json"),
    "pauseReads": ("204", None, "application/problem+json"),
    "unpauseReads": ("204", None, "application/problem+json"),
    "writeRecords": ("200", "application/json", "text/plain"),
    "searchRecords": ("200", "application/json", "application/json"),
}


def bare(node: Any) -> Any:
    """Return a document without what describes it: titles, texts, examples, versions."""
    if isinstance(node, list):
        return [bare(item) for item in node]
    if not isinstance(node, dict):
        return node
    dropped = {"description", "example", "info", "openapi", "title"}
    return {
        key: bare(value)
        for key, value in node.items()
        if key not in dropped or (key == "title" and isinstance(value, dict))
    }


@pytest.mark.parametrize("name", STRUCTURES)
def test_a_documents_structure_has_not_changed(name: str):
    document = bare(read_yaml(spec_directory() / name / f"{name}.yaml"))
    text = json.dumps(document, sort_keys=True)

    assert hashlib.sha256(text.encode()).hexdigest() == STRUCTURES[name]


def test_every_operation_answers_as_declared():
    found = {}
    for host in HOSTS:
        for name, operation in CONTRACTS[host].operations.items():
            success, wrong = operation.success, operation.answers["400"].content
            media_type = success.content.media_type if success.content else None
            assert wrong is not None
            found[name] = (success.status, media_type, wrong.media_type)

    assert found == ANSWERS


@pytest.mark.parametrize("host", HOSTS)
def test_every_operation_takes_keys_only(host: str):
    for operation in CONTRACTS[host].operations.values():
        assert operation.schemes == {"APIKeyHeader"}


@pytest.mark.parametrize("host", HOSTS)
def test_the_server_is_the_host(host: str):
    assert CONTRACTS[host].document["servers"] == [{"url": f"https://{host}.withampersand.com/v1"}]
