"""Uploads zips in tests, as the vendor's CLI does."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from tests.client import Client, Response
from tests.manifests import cli_zip, yaml_of

GENERATE = "/generate-upload-url"
BATCH = "/projects/my-project/integrations:batch"
ZIP = cli_zip(yaml_of())


def signed(client: Client, md5: str | None = None) -> dict[str, str]:
    answer = client.get(f"{GENERATE}?md5={quote(md5, safe='')}" if md5 else GENERATE)
    assert answer.status == 200, answer.body
    found: dict[str, str] = answer.json
    return found


def put(
    client: Client, url: str, content: bytes = ZIP, headers: dict[str, str | None] | None = None
) -> Response:
    """Put something to an absolute URL as the CLI does: without credentials or a media type."""
    parts = urlsplit(url)
    anonymous = client.as_()
    bare = {"content-type": None, "content-length": str(len(content)), **(headers or {})}
    path = f"{parts.path}?{parts.query}"
    return anonymous.call("PUT", path, raw=content, root=True, headers=bare)


def deploy(client: Client, url: str) -> Response:
    return client.put(BATCH, {"sourceZipUrl": url})


def gs(address: dict[str, str]) -> str:
    return f"gs://{address['bucket']}/{address['path']}"
