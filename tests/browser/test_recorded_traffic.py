"""An archive that Playwright records of a real page's calls can be audited."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.cli.command import Command
from tests.server import Server

_CALLS = """async () => {
    const project = '/v1/projects/my-project', key = {'X-Api-Key': 'mock-full-key'};
    const json = {...key, 'Content-Type': 'application/json'};
    const post = body => fetch(project + '/topics', {method: 'POST', headers: json, body});
    const made = await post('{"name": "seen"}');
    const list = await fetch(project + '/topics', {headers: key});
    await post('{"name": 7}');
    return [await made.json(), await list.json()];
}"""


def test_what_a_page_called_is_judged(
    browser: Browser, server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = tmp_path / "page.har"
    context = browser.new_context(record_har_path=path)
    page = context.new_page()
    page.goto(f"{server.url}/")
    made, listed = page.evaluate(_CALLS)
    context.close()
    assert made in listed

    ended = Command(capsys)("audit", str(path), "--json")

    found = json.loads(ended.out)
    assert (ended.code, found["judged"], found["errors"]) == (0, 3, 0)
    assert [v["pointer"] for v in found["violations"]] == ["/name"]
    assert found["servers"] == {server.url: 3}
