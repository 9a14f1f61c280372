"""The worked example of CONTRIBUTING: a new operation costs a handler and a test."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

from mockserver.contract.documents import read_yaml

PROJECT = Path(__file__).parents[2]
_EXAMPLE = re.compile(r"<!-- a test applies this.*?-->\n```python\n(.*?)```", re.DOTALL)
_CALL = """
from mockserver.app import create
from mockserver.settings import Settings
from tests.client import Client

client = Client(create(Settings()))
topics = "/projects/my-project/topics"
topic = client.post(topics, {"name": "lead-alerts"}).json
assert client.get(f"{topics}/{topic['id']}").json == topic
assert client.get(f"{topics}/nope").status == 404
assert client.as_(key="mock-prod-key").get(f"{topics}/{topic['id']}").status == 403
"""


def test_the_worked_example_adds_an_operation_with_one_handler(tmp_path: Path):
    example = _EXAMPLE.search((PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    assert example, "CONTRIBUTING has no worked example"
    for folder in ("mockserver", "spec", "fixtures", "tests"):
        shutil.copytree(
            PROJECT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("node_modules")
        )
    _declare_get_topic(tmp_path / "spec" / "api" / "api.yaml")
    _run(tmp_path, "-m", "mockserver.contract.bundle")

    without = _run(tmp_path, "-c", _CALL, check=False)
    handlers = tmp_path / "mockserver" / "handlers" / "topics.py"
    handlers.write_text(f"{handlers.read_text(encoding='utf-8')}\n\n{example[1]}", encoding="utf-8")
    _run(tmp_path, "-c", _CALL)

    assert "getTopic has no handler" in without.stderr


def _declare_get_topic(path: Path) -> None:
    document = read_yaml(path)
    item = document["paths"]["/projects/{projectIdOrName}/topics/{topicId}"]
    answers = {"200": item["patch"]["responses"]["200"], "404": item["patch"]["responses"]["404"]}
    item["get"] = {
        "operationId": "getTopic",
        "summary": "Get a Topic",
        "tags": ["Destination"],
        "parameters": item["patch"]["parameters"],
        "responses": {**answers, "default": item["patch"]["responses"]["default"]},
    }
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")


def _run(folder: Path, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    # Without the recording: what a copy with another contract answers is not for our judge.
    environment = {k: v for k, v in os.environ.items() if k != "MOCKSERVER_RECORD"}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**environment, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=check,
    )
