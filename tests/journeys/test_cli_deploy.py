"""What the vendor's CLI does when it deploys, re-enacted over a real socket."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from mockserver.resources.uploads import LARGEST
from tests.client import KEY
from tests.connecting import request
from tests.manifests import cli_zip, integration, md5_of, read_object, yaml_of
from tests.server import serving

PROJECT = "/v1/projects/my-project"
APOLLO = "apolloSync"
READS_ONE = integration(APOLLO, "apollo", read={"objects": [read_object("contacts")]})
READS_TWO = integration(
    APOLLO, "apollo", read={"objects": [read_object("contacts"), read_object("accounts")]}
)
HEADERS = {
    "Accept": "application/json",
    "X-Amp-Client": "amp-cli",
    "X-Amp-Client-Commit": "0123456",
    "X-Amp-Client-Branch": "main",
    "X-Amp-Client-Build-Date": "2026-01-01",
    "X-Amp-Client-Version": "v1.0.0",
    "X-Api-Key": KEY,
}


@dataclass
class Cli:
    """Sends what the CLI sends, one connection per call."""

    url: str

    def api(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        headers = {k: v for k, v in HEADERS.items() if method != "DELETE" or k != "Accept"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        content = None if body is None else json.dumps(body).encode()
        status, answer = self.send(method, f"{self.url}{path}", content, headers)
        return status, json.loads(answer) if answer else None

    def send(
        self, method: str, url: str, content: Any, headers: dict[str, str], *, chunked: bool = False
    ) -> tuple[int, bytes]:
        parts = urlsplit(url)
        connection = HTTPConnection(parts.netloc, timeout=20)
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        try:
            connection.request(method, target, content, headers, encode_chunked=chunked)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def deploy(self, manifest: str, *, destructive: bool = False) -> list[dict[str, Any]]:
        """Deploy a manifest; the array that the CLI prints the names of."""
        archive = cli_zip(manifest)
        md5 = md5_of(archive)
        status, _ = self.api("GET", f"{PROJECT}/integrations")
        assert status == 200
        status, address = self.api("GET", f"/v1/generate-upload-url?md5={quote(md5, safe='')}")
        assert status == 200
        status, body = self.send("PUT", address["url"], archive, {"Content-MD5": md5})
        assert status == 200, body
        query = "?destructive=true" if destructive else ""
        status, deployed = self.api(
            "PUT",
            f"{PROJECT}/integrations:batch{query}",
            {"sourceZipUrl": f"gs://{address['bucket']}/{address['path']}"},
        )
        assert status == 200, deployed
        found: list[dict[str, Any]] = deployed
        return found


@pytest.fixture(scope="module")
def cli() -> Iterator[Cli]:
    with serving() as server:
        yield Cli(server.url)


def install(cli: Cli, group: str) -> dict[str, Any]:
    status, connection = cli.api("POST", f"{PROJECT}/connections:generate", request(groupRef=group))
    assert status == 201, connection
    objects = {name: {"objectName": name} for name in ("contacts", "accounts")}
    content = {"provider": "apollo", "read": {"objects": objects}}
    status, made = cli.api(
        "POST",
        f"{PROJECT}/integrations/{APOLLO}/installations",
        {"groupRef": group, "connectionId": connection["id"], "config": {"content": content}},
    )
    assert status == 201, made
    found: dict[str, Any] = made
    return found


def test_a_deployment_creates_changes_and_pauses(cli: Cli):
    (first,) = cli.deploy(yaml_of(READS_TWO))
    assert first["name"] == APOLLO
    installed = install(cli, "group-cli")

    # The CLI compares the objects, and asks whether to pause when there are installations.
    _, listed = cli.api("GET", f"{PROJECT}/integrations")
    latest = next(one for one in listed if one["name"] == APOLLO)["latestRevision"]
    assert [o["objectName"] for o in latest["content"]["read"]["objects"]] == [
        "contacts",
        "accounts",
    ]
    _, installations = cli.api("GET", f"{PROJECT}/integrations/{first['id']}/installations")
    assert [one["group"]["groupRef"] for one in installations] == ["group-cli"]

    (second,) = cli.deploy(yaml_of(READS_ONE), destructive=True)

    assert second["id"] == first["id"]
    assert second["latestRevision"]["id"] != first["latestRevision"]["id"]
    path = f"{PROJECT}/integrations/{first['id']}/installations/{installed['id']}"
    _, found = cli.api("GET", path)
    objects = found["config"]["content"]["read"]["objects"]
    assert objects["accounts"]["disabled"] is True
    assert "disabled" not in objects["contacts"]

    status, _ = cli.api("DELETE", f"{PROJECT}/integrations/{first['id']}")
    assert status == 204
    status, problem = cli.api("GET", f"{PROJECT}/integrations/{first['id']}")
    assert (status, problem["status"]) == (404, 404)


def test_an_altered_zip_is_refused_by_the_storage(cli: Cli):
    archive = cli_zip(yaml_of())
    md5 = md5_of(archive)
    _, address = cli.api("GET", f"/v1/generate-upload-url?md5={quote(md5, safe='')}")

    status, body = cli.send("PUT", address["url"], archive + b"x", {"Content-MD5": md5})

    assert status == 400
    assert b"Content-MD5" in body


def test_a_zip_may_come_in_chunks(cli: Cli):
    archive = cli_zip(yaml_of(integration("chunked")))
    _, address = cli.api("GET", "/v1/generate-upload-url")
    chunks = iter([archive[:100], archive[100:]])
    headers = {"Transfer-Encoding": "chunked", "Content-MD5": md5_of(archive)}

    status, body = cli.send("PUT", address["url"], chunks, headers, chunked=True)

    assert status == 200, body
    status, deployed = cli.api(
        "PUT",
        f"{PROJECT}/integrations:batch",
        {"sourceZipUrl": f"gs://{address['bucket']}/{address['path']}"},
    )
    assert (status, [one["name"] for one in deployed]) == (200, ["chunked"])


@pytest.mark.parametrize("chunked", [False, True])
def test_the_size_limit_holds_however_the_body_comes(cli: Cli, chunked: bool):
    _, address = cli.api("GET", "/v1/generate-upload-url")
    part = b"x" * (1024 * 1024)
    number = LARGEST // len(part) + 5
    content = iter([part] * number) if chunked else part * number
    headers = {"Transfer-Encoding": "chunked"} if chunked else {}

    status, body = cli.send("PUT", address["url"], content, headers, chunked=chunked)

    assert status == 400
    assert b"EntityTooLarge" in body
