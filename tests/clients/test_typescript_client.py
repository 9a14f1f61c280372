"""A client that openapi-typescript and openapi-fetch make of the bundle, against a running mock.

Needs node and the packages of package.json: `make clients` installs them. Without them these
tests are skipped, or fail where MOCKSERVER_REQUIRE_CLIENTS is set.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mockserver.contract.contract import Contract
from tests.server import serving

HERE = Path(__file__).parent
Node = Callable[..., "subprocess.CompletedProcess[str]"]
_COMPILER = ["--strict", "--noUncheckedIndexedAccess", "--exactOptionalPropertyTypes"]
#: Bodies of the contract need both: an `allOf` part with nothing but `required` is no empty object,
#: and what has a default may be left out.
_TYPES = ["--empty-objects-unknown", "--default-non-nullable=false", "-o", "schema.d.ts"]
_TARGET = ["--target", "es2022", "--module", "nodenext", "--lib", "es2022,dom,dom.iterable"]


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Node:
    """Run node in a folder that has the driver and the packages."""
    found = shutil.which("node")
    packages = HERE / "node_modules"
    if found is None or not (packages / "openapi-fetch").is_dir():
        missing = "node is not here" if found is None else "its packages are not installed"
        reason = f"THE TYPESCRIPT CLIENT IS NOT TESTED: {missing} (make clients)"
        if os.environ.get("MOCKSERVER_REQUIRE_CLIENTS"):
            pytest.fail(reason)
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("typescript-client")
    (folder / "node_modules").symlink_to(packages)
    (folder / "package.json").write_text('{"type": "module"}\n', encoding="utf-8")
    for source in HERE.glob("*.ts"):
        shutil.copy(source, folder)

    def run(*arguments: Any) -> subprocess.CompletedProcess[str]:
        command = [found, *map(str, arguments)]
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=100)

    return run


@pytest.fixture
def types(node: Node, bundle_file: Path) -> str:
    """Generate the types; return their text."""
    generated = node("node_modules/openapi-typescript/bin/cli.js", bundle_file, *_TYPES)
    assert generated.returncode == 0, generated.stderr
    return node("-p", "require('node:fs').readFileSync('schema.d.ts', 'utf8')").stdout


def test_every_operation_has_types(types: str, contract: Contract):
    declared = types.partition("export interface operations {")[2]

    assert set(re.findall(r"^    (\w+): \{$", declared, re.MULTILINE)) == set(contract.operations)


def test_a_typed_client_calls_every_built_operation(
    types: str, node: Node, contract: Contract, built: set[str]
):
    operations = {f"{o.method} {o.path}": o.operation_id for o in contract.operations.values()}

    checked = node("node_modules/typescript/bin/tsc", *_COMPILER, *_TARGET, "driver.ts")
    with serving() as server:
        run = node("driver.js", server.url)

    assert checked.returncode == 0, checked.stdout
    assert run.returncode == 0, run.stderr
    assert {operations[line] for line in run.stdout.splitlines()} == built
