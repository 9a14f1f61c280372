"""A client that openapi-python-client generates from the bundle, against a running mock."""

from __future__ import annotations

import importlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any, get_type_hints

import pytest

from mockserver.contract.contract import Contract
from tests.client import BUILDER, KEY
from tests.clients.calling import Call
from tests.clients.walk import WALK
from tests.server import Server, serving

_TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)")
PACKAGE = "generated_ampersand_client"
#: The tool makes a class without fields of `oneOf` inside `allOf`; what it is given is sent.
UNTYPED = frozenset({"patchObjectConfigContent"})


@pytest.fixture(scope="module")
def generated(bundle_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Generate the package; any warning of the tool fails here."""
    folder = tmp_path_factory.mktemp("python-client")
    (folder / "config.yaml").write_text("post_hooks: []\n", encoding="utf-8")  # no formatting
    command: list[str | Path] = [sys.executable, "-m", "openapi_python_client", "generate"]
    command += ["--path", bundle_file, "--config", folder / "config.yaml"]
    command += ["--output-path", folder / PACKAGE, "--meta", "none", "--fail-on-warning"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=100)
    assert run.returncode == 0, run.stdout + run.stderr
    return folder / PACKAGE


@pytest.fixture(scope="module")
def modules(generated: Path) -> Iterator[dict[str, ModuleType]]:
    """Import the module of each operation, by its operationId in lower case."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(generated.parent))
        yield {
            path.stem.replace("_", ""): importlib.import_module(
                f"{PACKAGE}.api.{path.parent.name}.{path.stem}"
            )
            for path in generated.glob("api/*/*.py")
            if path.stem != "__init__"
        }


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


class Caller:
    """Calls operations of the generated package by their operationId."""

    def __init__(self, modules: Mapping[str, ModuleType], url: str) -> None:
        self.modules = modules
        self.url = f"{url}/v1"
        self.kept: dict[str, str] = {}

    def client(self, *, bearer: bool = False, **options: Any) -> Any:
        package = importlib.import_module(PACKAGE)
        if bearer:
            return package.AuthenticatedClient(self.url, BUILDER, **options)
        credential = {"prefix": "", "auth_header_name": "X-Api-Key"}
        return package.AuthenticatedClient(self.url, KEY, **credential, **options)

    def call(self, call: Call, client: Any = None) -> Any:
        function = self.modules[call.operation.lower()].sync_detailed
        given = {name: self._filled(value) for name, value in call.query.items()}
        if call.body is not None:
            given["body"] = self._body(function, call)
        with client or self.client(bearer=call.bearer) as connected:
            return function(*map(self._filled, call.path), client=connected, **given)

    def _body(self, function: Any, call: Call) -> Any:
        """Build the generated class of the body, which must not lose anything."""
        fields = {name: self._filled(value) for name, value in (call.body or {}).items()}
        hint = get_type_hints(function)["body"]
        taken = next(one for one in getattr(hint, "__args__", (hint,)) if one.__name__ != "Unset")
        body = taken.from_dict(fields)
        assert body.to_dict() == fields, call.operation
        untyped = set(body.additional_properties)
        assert untyped == set(fields if call.operation in UNTYPED else ()), call.operation
        return body

    def _filled(self, value: Any) -> Any:
        return self.kept[value[1:]] if isinstance(value, str) and value[:1] == "$" else value


def test_every_operation_is_generated_without_a_warning(
    modules: Mapping[str, ModuleType], contract: Contract
):
    assert set(modules) == {operation_id.lower() for operation_id in contract.operations}


def test_the_walk_calls_every_built_operation(built: set[str]):
    assert {call.operation for call in WALK} == built


def test_every_built_operation_answers_with_its_class(
    modules: Mapping[str, ModuleType], contract: Contract, server: Server
):
    caller = Caller(modules, server.url)

    for call in WALK:
        answer = caller.call(call)

        success = int(contract.operations[call.operation].success.status)
        assert answer.status_code == success, f"{call.operation}: {answer.content!r}"
        check_parsed(call, answer)
        if call.keep:
            caller.kept[call.keep] = shown_id(call, json.loads(answer.content))


def shown_id(call: Call, shown: Any) -> str:
    """Return the id that an answer shows where the call says it is."""
    for part in filter(None, call.at.split(".")):
        shown = shown[int(part) if part.isdigit() else part]
    if call.at:
        return str(shown)
    return str(shown.get("id") or shown.get("key") or shown["kid"])


def check_parsed(call: Call, answer: Any) -> None:
    """Check that an answer is of its class, and that the class keeps every part of it."""
    if not call.answer:
        assert (answer.content, answer.parsed) == (b"", None), call.operation
        return
    if call.answer == "str":
        assert answer.parsed == answer.content.decode(), call.operation
        assert answer.headers["content-type"].startswith("text/plain"), call.operation
        return
    sent = json.loads(answer.content)
    objects, bodies = [answer.parsed], [sent]
    if call.answer.startswith("["):
        objects, bodies = answer.parsed, sent
        assert objects, f"{call.operation}: an empty list shows nothing"
    wanted = call.answer.strip("[]")
    assert {type(one).__name__ for one in objects} == {wanted}, call.operation
    assert in_moments([one.to_dict() for one in objects]) == in_moments(bodies), call.operation


def in_moments(value: Any) -> Any:
    """Read times as moments: the client writes the same ones in another way."""
    if isinstance(value, dict):
        return {name: in_moments(item) for name, item in value.items()}
    if isinstance(value, list):
        return [in_moments(item) for item in value]
    if isinstance(value, str) and _TIME.fullmatch(value):
        return datetime.fromisoformat(value)
    return value


@pytest.mark.parametrize(
    ("call", "status", "media_type", "detail"),
    [
        (
            Call("getApiKey", "", ("my-project", "nowhere")),
            404,
            "application/problem+json",
            "API key not found",
        ),
        (
            Call("getJWTKey", "", ("my-project", "nowhere")),
            404,
            "application/json",
            "JWT key not found",
        ),
    ],
    ids=["problem+json", "json"],
)
def test_a_declared_problem_is_parsed(
    modules: Mapping[str, ModuleType],
    server: Server,
    call: Call,
    status: int,
    media_type: str,
    detail: str,
):
    answer = Caller(modules, server.url).call(call)

    assert answer.headers["content-type"] == media_type
    assert type(answer.parsed).__name__ == "Problem"
    assert (answer.parsed.status, answer.parsed.detail) == (status, detail)


def test_the_issues_of_a_refused_body_reach_the_caller(
    modules: Mapping[str, ModuleType], server: Server
):
    refused = Call("createTopic", "", ("my-project",), {"name": "no spaces please"})

    answer = Caller(modules, server.url).call(refused)

    # The tool reads `allOf` with one reference as that reference alone, so its class is Problem;
    # what InputValidationProblem adds is among the additional properties.
    assert type(answer.parsed).__name__ == "Problem"
    assert [issue["name"] for issue in answer.parsed["issues"]] == ["name"]


def test_a_refusal_that_the_contract_cannot_express_is_an_unexpected_status(
    modules: Mapping[str, ModuleType], server: Server
):
    caller = Caller(modules, server.url)
    errors = importlib.import_module(f"{PACKAGE}.errors")
    stranger = caller.client(headers={"X-Api-Key": "wrong"}, raise_on_unexpected_status=True)
    stranger.token = "wrong"

    with pytest.raises(errors.UnexpectedStatus, match="401"):
        caller.call(Call("listJWTKeys", "", ("my-project",)), stranger)
