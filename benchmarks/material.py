"""Files that servers are started with: one contract, one fixture, and the answers to replay."""

from __future__ import annotations

import json
import sys
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.processes import running
from benchmarks.workload import CONNECTIONS, KEY, PROJECT, ROUTES
from mockserver.contract.documents import read_yaml, spec_directory
from mockserver.seeding.source import fixtures_directory


@dataclass(frozen=True)
class Material:
    """Where everything lies that a server may need."""

    document: Path  # the bundled contract as legal OpenAPI in JSON
    bundle: Path  # the same with our bundle's frame
    fixture: Path  # 20 connections in one project
    answers: Path  # operationId -> status and body, as the mock gives them
    json_database: Path
    json_routes: Path
    wiremock: Path


def prepare(folder: Path) -> Material:
    """Write everything into `folder`; the answers come from the mock itself."""
    bundle = spec_directory() / "api.bundle.json"
    document = folder / "openapi.json"
    document.write_text(json.dumps(json.loads(bundle.read_bytes())["document"]))
    fixture = folder / "bench.yaml"
    fixture.write_text(json.dumps(world()))
    answers = _ask(folder, fixture)
    return Material(
        document,
        bundle,
        fixture,
        _written(folder / "answers.json", answers),
        _written(folder / "db.json", _database(answers)),
        _written(folder / "routes.json", _json_routes()),
        _wiremock(folder / "wiremock", answers),
    )


def world() -> dict[str, Any]:
    """Return the default world with a project of exactly so many connections."""
    world: dict[str, Any] = read_yaml(fixtures_directory() / "frontend.yaml")
    world["connect"] = [
        {
            "projectId": PROJECT,
            "provider": "apollo",
            "groupRef": f"group-{number}",
            "groupName": f"Group number {number}",
            "consumerRef": f"consumer-{number}",
            "consumerName": f"Consumer number {number}",
            "providerWorkspaceRef": f"workspace-{number}",
            "apiKey": "any-key",
        }
        for number in range(CONNECTIONS)
    ]
    return world


def _ask(folder: Path, fixture: Path) -> dict[str, Any]:
    """Return what the mock answers to the measured routes."""
    log = folder / "answers.log"
    command = [sys.executable, "-m", "mockserver", "serve", "--fixture", str(fixture)]
    found = {}
    with running(lambda port: [*command, "--port", str(port)], log, "/v1/providers") as server:
        for route in ROUTES[:4]:
            body = json.dumps({"name": "bench-1"}).encode() if route.method == "POST" else None
            headers = {**KEY, "Content-Type": "application/json"}
            request = urllib.request.Request(  # noqa: S310 # our own server
                f"{server.url}/v1{route.path}", body, headers, method=route.method
            )
            with urllib.request.urlopen(request) as answer:  # noqa: S310 # as above
                found[route.operation_id] = {"status": answer.status, "body": json.load(answer)}
    return found


def _database(answers: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "projects": [{**answers["getProject"]["body"], "id": PROJECT}],
        "connections": answers["listConnections"]["body"],
        "providers": answers["listProviders"]["body"],
        "topics": [],
    }


def _json_routes() -> dict[str, str]:
    inside = f"/v1/projects/{PROJECT}/"
    return {
        f"{inside}connections": "/connections",
        f"{inside}topics": "/topics",
        f"/v1/projects/{PROJECT}": f"/projects/{PROJECT}",
        "/v1/*": "/$1",
    }


def _wiremock(folder: Path, answers: Mapping[str, Any]) -> Path:
    mappings = folder / "mappings"
    mappings.mkdir(parents=True)
    for route in ROUTES[:4]:
        answer = answers[route.operation_id]
        _written(
            mappings / f"{route.name}.json",
            {
                "request": {"method": route.method, "urlPath": f"/v1{route.path}"},
                "response": {
                    "status": answer["status"],
                    "jsonBody": answer["body"],
                    "headers": {"Content-Type": "application/json"},
                },
            },
        )
    return folder


def _written(path: Path, content: Any) -> Path:
    path.write_text(json.dumps(content))
    return path
