"""What the control plane refuses before it looks at what is asked."""

from __future__ import annotations

import pytest

from mockserver.app import Mock
from tests.client import Client


@pytest.fixture
def control(mock: Mock) -> Client:
    return Client(mock, key=None, prefix="/__admin")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/clock"),
        ("POST", "/clock"),
        ("PUT", "/delivery-modes"),
        ("POST", "/mappings"),
        ("PUT", "/mappings/any"),
        ("POST", "/mappings/import"),
        ("PUT", "/scenarios/any/state"),
        ("PUT", "/settings"),
        ("POST", "/settings"),
        ("PUT", "/chaos"),
        ("PUT", "/rate-limit"),
        ("POST", "/near-misses/request"),
        ("POST", "/near-misses/request-pattern"),
    ],
)
def test_what_is_not_json_is_refused_by_its_type(control: Client, method: str, path: str):
    answer = control.call(method, path, raw=b"mode: real", headers={"Content-Type": "text/yaml"})

    assert answer.status == 415
    assert answer.media_type == "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "/drills/%FF"),
        ("GET", "/deliveries/%FF"),
        ("POST", "/deliveries/%FF/redeliver"),
        ("GET", "/destinations/%FF/health"),
        ("POST", "/destinations/%FF/recover"),
        ("GET", "/mappings/%FF"),
        ("DELETE", "/mappings/%FF"),
        ("GET", "/requests/%FF"),
        ("DELETE", "/requests/%FF"),
    ],
)
def test_a_path_that_is_no_text_names_nothing(control: Client, method: str, path: str):
    answer = control.call(method, path)

    assert answer.status == 400
    assert answer.media_type == "application/problem+json"
