"""Follows absolute URLs in tests, as a browser or a program that was handed one does."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from mockserver.app import Mock
from tests.client import Client, Response
from tests.consenting import FORM, form_of

_ACTION = re.compile(r'<form method="post" action="([^"]*)"')


def follow(mock: Mock, url: str, method: str = "GET", **options: Any) -> Response:
    """Open an absolute URL without credentials and without anything that selects a sandbox."""
    parts = urlsplit(url)
    headers = {"host": parts.netloc, **options.pop("headers", {})}
    path = f"{parts.path}?{parts.query}"
    return Client(mock, key=None).call(method, path, root=True, headers=headers, **options)


def submit(mock: Mock, url: str, page: Response, **fields: str) -> Response:
    """Send the form of a page, to where the page says."""
    found = _ACTION.search(page.body.decode())
    assert found, page.body
    raw = urlencode({**form_of(page), **fields}).encode()
    cookie = page.headers.get("set-cookie", "").partition(";")[0]
    headers = {**FORM, **({"cookie": cookie} if cookie else {})}
    return follow(mock, urljoin(url, found[1]), "POST", raw=raw, headers=headers)
