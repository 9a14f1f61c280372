"""What goes out with a request, and what comes of the headers of its answer."""

from __future__ import annotations

import httpx
import pytest

from mockserver.conformance.wire import Wire, headers_of, proxy_for


def test_no_cookie_of_an_answer_goes_out_with_another_request():
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, headers={"set-cookie": "session=1"})

    wire = Wire(httpx.MockTransport(answer), 5.0, {"accept": "*/*"})
    for _ in range(2):
        wire.send("GET", "http://target.invalid/v1/topics", [], {"X-Api-Key": "k"}, None)
    wire.close()
    assert [request.headers.get("cookie") for request in asked] == [None, None]
    assert [request.headers["x-api-key"] for request in asked] == ["k", "k"]


def test_headers_that_repeat_are_one_line():
    response = httpx.Response(200, headers=[("Vary", "Origin"), ("vary", "Accept"), ("ETag", "1")])
    assert headers_of(response) == {"vary": "Origin, Accept", "etag": "1"}


@pytest.mark.parametrize(
    ("url", "proxy"),
    [
        ("https://staging.example/v1", "http://proxy.example:3128"),
        ("http://staging.example/v1", "http://other.example:3128"),
        ("https://near.example/v1", None),
    ],
)
def test_the_proxy_is_the_one_of_the_environment(
    url: str, proxy: str | None, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("all_proxy", "http://other.example:3128")
    monkeypatch.setenv("no_proxy", "near.example")
    monkeypatch.delenv("http_proxy", raising=False)
    assert proxy_for(url) == proxy
