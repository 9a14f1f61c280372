"""HTTP archives as different tools write them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mockserver.proxy.audit import audit
from mockserver.proxy.bench import Bench
from mockserver.proxy.har_reading import read_archive
from tests.proxy.standing import TOPIC, TOPICS

API = "https://api.withampersand.com"


def entry(
    method: str = "GET",
    url: str = f"{API}{TOPICS}",
    *,
    status: int = 200,
    answer: Any = (TOPIC,),
    sent: Any = None,
    **changes: Any,
) -> dict[str, Any]:
    """Return an entry; `changes` replace parts of it.

    `headers` and `answered` are the headers of both sides; `content`, `postData` and `bodySize`
    replace what is so called; `request`, `response` and `entry` add to these.
    """
    text = json.dumps(answer)
    headers = changes.get("headers", [("X-Api-Key", "k"), ("Content-Type", "application/json")])
    request: dict[str, Any] = {
        "method": method,
        "url": url,
        "httpVersion": "HTTP/2",
        "headers": [{"name": name, "value": value} for name, value in headers],
        "queryString": [],
        "cookies": [],
        "headersSize": -1,
        "bodySize": 0 if sent is None else len(json.dumps(sent)),
    }
    if sent is not None:
        request["postData"] = {"mimeType": "application/json", "text": json.dumps(sent)}
    if "postData" in changes:
        request["postData"] = changes["postData"]
    content = {"size": len(text), "mimeType": "application/json", "text": text}
    answered = changes.get("answered", [("content-type", "application/json")])
    response = {
        "status": status,
        "statusText": "",
        "httpVersion": "HTTP/2",
        "headers": [{"name": name, "value": value} for name, value in answered],
        "cookies": [],
        "content": changes.get("content", content),
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": changes.get("bodySize", len(text)),
    }
    return {
        "startedDateTime": "2026-02-01T12:00:00.000Z",
        "time": 1,
        "request": {**request, **changes.get("request", {})},
        "response": {**response, **changes.get("response", {})},
        "cache": {},
        "timings": {"send": 0, "wait": 1, "receive": 0},
        **changes.get("entry", {}),
    }


def archive(folder: Path, *entries: dict[str, Any], creator: str = "test") -> Path:
    """Write an archive and return its path."""
    log = {"version": "1.2", "creator": {"name": creator, "version": "1"}, "entries": entries}
    path = folder / "seen.har"
    path.write_text(json.dumps({"log": log}))
    return path


def facts(bench: Bench, path: Path, *servers: str) -> dict[str, Any]:
    """Return what comes of an archive, as `--json` says it."""
    return audit(read_archive(path), bench, servers).as_json()


def places(found: dict[str, Any]) -> list[str]:
    return [f"{v['location'][0]} {v['location'][1]} {v['pointer']}" for v in found["violations"]]
