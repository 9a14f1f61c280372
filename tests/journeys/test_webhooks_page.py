"""docs/webhooks.md, run as it is written, with the sinks that it shows."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import orjson
import pytest

from mockserver.cli import timeline
from mockserver.events.inbox import STATUSES
from mockserver.events.schedule import WAITS
from tests.listening import PROJECT
from tests.posting import post
from tests.server import serving
from tests.sinks import closed_port

PAGE = Path(__file__).parents[2] / "docs" / "webhooks.md"
TEXT = PAGE.read_text(encoding="utf-8")
_RUN = re.compile(r"<!-- a test runs this block -->\n```sh\n(.*?)```", re.DOTALL)
#: What the script leaves behind is ended with it.
_END = "trap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n"


def shown(language: str) -> str:
    (found,) = re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)
    return str(found)


def fetch(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=20) as answer:  # noqa: S310 # our own server
        return orjson.loads(answer.read())


def test_the_page_runs_from_top_to_bottom(tmp_path: Path):
    if not all(map(shutil.which, ("bash", "curl", "node"))):
        pytest.skip("the page needs bash, curl and node")
    blocks = _RUN.findall(TEXT)
    port = str(closed_port())
    (tmp_path / "sink.mjs").write_text(shown("js").replace("3000", port))

    with serving() as server:
        script = _END + "\n".join(blocks)
        script = script.replace("http://127.0.0.1:4010", server.url).replace("3000", port)
        command = ["bash", "-euo", "pipefail", "-c", script]
        run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=90)
        assert run.returncode == 0, run.stderr
        inbox = fetch(f"{server.url}/__admin/deliveries?destination=defaultWebhook")["deliveries"]
        health = fetch(f"{server.url}/__admin/destinations/defaultWebhook/health")

    assert len(blocks) == TEXT.count("```sh\n")  # every one of them is run
    # Whatever was cat from the log: verified, never forged.
    assert run.stdout.count("verified installation.created msg_") >= 4, run.stdout
    assert "FORGED" not in run.stdout
    assert '"status":"disabled"' in run.stdout
    assert '"resent":1' in run.stdout
    assert {one["status"] for one in inbox} == {"delivered"}
    created = [one for one in inbox if one["eventType"] == "installation.created"]
    assert [one["payload"]["data"]["groupRef"] for one in created] == [
        f"group-{letter}" for letter in "edcba"
    ]
    assert health["status"] == "healthy"


def test_the_sink_in_python_verifies_what_it_gets(tmp_path: Path):
    port = closed_port()
    here = post(signature_time="wall")
    (tmp_path / "sink.py").write_text(shown("python").replace("3001", str(port)))
    here.hook("first", f"http://localhost:{port}/")
    environment = {**os.environ, "SECRET": here.secret("first")}
    with subprocess.Popen(
        [sys.executable, "sink.py"],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "listening\n"
            here.emit()
            here.turn()
            assert process.stdout.readline().startswith("verified msg_")
            assert here.delivery()["status"] == "delivered"
        finally:
            process.terminate()


def test_the_picture_is_drawn_from_the_constants():
    drawn = (PAGE.parent / "images" / "webhook-timeline.svg").read_text(encoding="utf-8")
    assert drawn == timeline.render(), "run: python -m mockserver.cli.timeline"
    texts = ["".join(node.itertext()) for node in ElementTree.fromstring(drawn).iter()]  # noqa: S314 # our own file
    for wait in WAITS:
        assert timeline.duration(wait) in texts
    for word in ("at once", "+27 h 35 min", "+5 days", "old and new key sign, for 24 h"):
        assert word in texts
    assert "(images/webhook-timeline.svg)" in TEXT


def test_the_page_explains_every_status():
    table = TEXT.partition("## What a status means")[2]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == list(STATUSES)


def test_the_page_names_the_bounds_as_they_are():
    assert "fails for five days" in TEXT
    assert "none within 15 s" in TEXT
    assert "up to 10,000 messages" in TEXT
    assert PROJECT in TEXT
