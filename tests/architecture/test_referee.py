"""The referee knows the contract, not the mock: what it imports of this house."""

from __future__ import annotations

from tests.architecture.sources import PACKAGE, imports, room, tree

KNOWN = (
    "mockserver.conformance",
    "mockserver.contract",
    "mockserver.pointers",
    "mockserver.__version__",
)
_WIRE = "mockserver.conformance.wire"


def test_the_referee_imports_only_the_contract():
    foreign = {
        f"{path.name}:{line}: {name}"
        for path in PACKAGE
        if room(path) == "conformance"
        for name, line in imports(tree(path))
        if name.startswith("mockserver") and not name.startswith(KNOWN)
    }
    assert foreign == set()


def test_only_the_door_speaks_to_the_target():
    """Nothing goes around policy, ledger and redaction."""
    # The door sends, by its wire; the others name its transport, or the answers of another library.
    doors = {"door.py", "inprocess.py", "target.py", "suite.py", "patience.py", "judging.py"}
    named = [
        (path.name, name)
        for path in PACKAGE
        if room(path) == "conformance"
        for name, _ in imports(tree(path))
    ]
    clients = {"httpx", "requests", "urllib3", "socket"}
    others = {path for path, name in named if name.partition(".")[0] in clients}
    assert others <= {*doors, "wire.py"}
    assert {path for path, name in named if name.startswith(_WIRE)} == {"door.py"}
