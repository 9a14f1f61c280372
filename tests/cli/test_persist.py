"""`serve --persist`, killed: at most the last seconds are lost, and never the file."""

from __future__ import annotations

from pathlib import Path

import httpx

from tests.server import Server, serving

KEY = {"X-Api-Key": "mock-full-key"}
EVERY = 0.1


def create(server: Server, number: int) -> None:
    url = f"{server.url}/__sandbox/mine/v1/projects/my-project/topics"
    made = httpx.post(url, json={"name": f"topic-{number}"}, headers=KEY)
    assert made.status_code == 201, made.text


def topics(server: Server) -> set[str]:
    url = f"{server.url}/__sandbox/mine/v1/projects/my-project/topics"
    return {topic["name"] for topic in httpx.get(url, headers=KEY).json()}


def test_a_killed_server_comes_back_with_what_was_saved(tmp_path: Path):
    path = tmp_path / "worlds.jsonl"
    options = ("--persist", str(path), "--persist-every", str(EVERY))
    with serving(*options) as server:
        assert f"All sandboxes are saved to {path} every 0.1 s." in server.banner
        before = path.stat().st_mtime_ns
        create(server, 0)
        # The save that comes after the topic holds it; more is written until it is there, so that
        # the end comes at any moment of a later one.
        number = 0
        while path.stat().st_mtime_ns == before or number < 40:
            number += 1
            create(server, number)
        server.process.kill()
        server.process.wait(timeout=20)
    assert server.process.returncode == -9

    with serving(*options) as again:
        assert "taken from what was saved at" in again.banner
        kept = topics(again)
        assert "topic-0" in kept
        # Topics are kept in the order in which they were made: none in between is missing.
        made = sorted(int(name.removeprefix("topic-")) for name in kept if "topic-" in name)
        assert made == list(range(len(made)))
        create(again, number + 1)
        again.process.terminate()
        again.process.wait(timeout=20)

    with serving(*options) as third:
        assert topics(third) == kept | {f"topic-{number + 1}"}, "a proper end saves everything"


def test_without_the_flag_the_banner_says_that_nothing_is_kept(tmp_path: Path):
    with serving() as server:
        assert "Kept in memory only." in server.banner
